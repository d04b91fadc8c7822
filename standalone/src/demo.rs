//! `kasyr demo`: the main job on real sockets with nothing else installed. A sandbox plays the
//! payment system, the register and the tax service; ingress and worker are the real ones.

mod counter;
mod show;
mod story;
mod verdict;
mod world;

use std::time::Instant;

use ledger::settings::Provider;
use story::Story;
use verdict::Verdict;
use world::World;

/// Tells the story once for a register at each of these providers; says whether the tapes of the sandbox agree
/// with it.
pub async fn run(once: bool, providers: &[Provider]) -> anyhow::Result<bool> {
    let world = World::start(providers).await?;
    show::opening(&world);
    let mut agrees = true;
    for counter in &world.counters {
        let started = Instant::now();
        if world.counters.len() > 1 {
            show::counter(counter);
        }
        let mut story = Story::new(&world, counter);
        story.tell().await?;
        let verdict = Verdict::of(counter, story.scenes());
        show::summary(counter, story.scenes(), &verdict, started.elapsed());
        agrees &= verdict.agrees();
    }
    if !once {
        show::playground(&world);
        tokio::signal::ctrl_c().await?;
    }
    world.stop().await;
    Ok(agrees)
}
