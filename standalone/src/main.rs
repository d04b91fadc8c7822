fn main() -> anyhow::Result<()> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    telemetry::init(&telemetry::LogConfig {
        filter: std::env::var("KASYR_LOG").unwrap_or_else(|_| "error".into()),
        format: telemetry::LogFormat::Text,
    })?;
    let ok = tokio::runtime::Runtime::new()?.block_on(kasyr::demo::run(true))?;
    std::process::exit(if ok { 0 } else { 1 })
}
