use std::collections::BTreeMap;

/// A `.env` file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum EnvError {
    /// It cannot be read.
    #[error(".env cannot be read")]
    Unreadable(#[source] dotenvy::Error),
}

/// The environment, and below it the `.env` file of the working directory if there is one. The one
/// place that reads environment variables.
pub fn environment() -> Result<impl Fn(&str) -> Option<String>, EnvError> {
    let file: BTreeMap<String, String> = match dotenvy::dotenv_iter() {
        Ok(lines) => lines.collect::<Result<_, _>>().map_err(hide)?,
        Err(error) if error.not_found() => BTreeMap::new(),
        Err(error) => return Err(hide(error)),
    };
    Ok(move |name: &str| std::env::var(name).ok().or_else(|| file.get(name).cloned()))
}

/// A parse error shows the line it is about, and the line may hold a secret.
fn hide(error: dotenvy::Error) -> EnvError {
    let hidden = match error {
        dotenvy::Error::LineParse(_, at) => dotenvy::Error::LineParse("(not shown)".to_owned(), at),
        other => other,
    };
    EnvError::Unreadable(hidden)
}
