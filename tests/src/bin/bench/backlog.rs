use crate::Verdict;
use clap::Args;
#[derive(Args)]
pub(crate) struct Options {}
pub(crate) async fn run(_options: &Options) -> anyhow::Result<Verdict> {
    Ok(Verdict::Kept)
}
