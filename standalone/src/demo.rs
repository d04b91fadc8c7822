//! `kasyr demo`: the main job on real sockets with nothing else installed. A sandbox plays the
//! payment system, the register and the tax service; ingress and worker are the real ones.

mod show;
mod story;
mod verdict;
mod world;

use std::time::Instant;

use story::Story;
use verdict::Verdict;
use world::World;

/// Runs the story; says whether the sandbox's own ledger agrees with it.
pub async fn run(once: bool) -> anyhow::Result<bool> {
    let started = Instant::now();
    let world = World::start().await?;
    show::opening(&world);
    let mut story = Story::new(&world);
    story.tell().await?;
    let verdict = Verdict::of(&world, story.scenes());
    show::summary(story.scenes(), &verdict, started.elapsed());
    if !once {
        show::playground(&world);
        tokio::signal::ctrl_c().await?;
    }
    world.stop().await;
    Ok(verdict.agrees())
}
