//! Photographs every page of the admin pages in a world with something of everything, on a wide screen and a
//! phone, in light and dark, and says what is wrong with them. `cargo run -p tests --bin screenshots -- FOLDER`

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Parser;
use tests::browser::Browser;
use tests::gallery::{Gallery, Ways, faults};

/// Photographs the admin pages. Exits 0 only if nothing is wrong with any.
#[derive(Debug, Parser)]
#[command(name = "screenshots")]
struct Options {
    /// Where the pictures go; made if it is not there.
    folder: PathBuf,
    /// Only the pages whose name begins so.
    #[arg(long, default_value = "")]
    only: String,
}

#[expect(clippy::print_stdout, reason = "it is what the command tells")]
#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let options = Options::parse();
    let folder = &options.folder;
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let gallery = Gallery::open().await;
    let browser = Browser::start().await;
    let mut wrong = 0;
    gallery
        .tour(
            &browser,
            |_, shot| shot.name.starts_with(&options.only),
            Ways::All,
            async |page, view| {
                let file = folder.join(format!("{}.png", view.name()));
                page.screenshot(&file).await;
                println!("{}", file.display());
                for fault in faults(page, view).await {
                    wrong += 1;
                    println!("    {fault}");
                }
            },
        )
        .await;
    println!("{wrong} faults");
    Ok(if wrong == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
