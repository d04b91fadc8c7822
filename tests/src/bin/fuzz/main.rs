//! Spoils what payment systems and shops send, in bytes and in structure, and holds the decoders to three
//! promises: no panic, no memory out of proportion, and what a decoder promises besides.
//! `cargo run -p tests --bin fuzz -- --seconds 60 --seed 1`
//!
//! A case depends on seed, decoder and number only, so that it can be had again:
//! `… -- --seed 1 --decoder NAME --case N`. A decoder of another protocol is one more entry of
//! `decoders::all`.
#![expect(clippy::print_stdout, reason = "this is what a person sees of a run")]
#![expect(clippy::unwrap_used, reason = "a run that cannot write its notes should say so")]

mod corpus;
mod decoders;
mod dice;
mod judge;
mod lists;
mod mutate;
mod notices;
mod shrink;
mod systems;
mod tree;

use std::io::Write as _;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Parser;

use decoders::Decoder;
use dice::Dice;
use judge::Judge;

/// Counts what is allocated, so that a small input that asks for a lot is seen.
#[global_allocator]
static MEMORY: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;

/// Spoils messages and watches how they are read.
#[derive(Parser)]
struct Options {
    /// How long, all decoders together
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Where chance begins
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only this decoder
    #[arg(long)]
    decoder: Option<String>,
    /// Only this case of it
    #[arg(long, requires = "decoder")]
    case: Option<u64>,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let chosen: Vec<Decoder> = decoders::all()
        .into_iter()
        .filter(|decoder| options.decoder.as_deref().is_none_or(|name| name == decoder.name))
        .collect();
    if chosen.is_empty() {
        println!("there is no such decoder");
        return ExitCode::FAILURE;
    }
    let each = Duration::from_secs(options.seconds) / u32::try_from(chosen.len()).unwrap_or(1);
    let judge = Judge::new();
    println!("seed {}, {} decoders, {each:.1?} each", options.seed, chosen.len());
    let failed = chosen
        .iter()
        .filter(|decoder| !run(decoder, &options, each, &judge))
        .count();
    match failed {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// True if nothing was found.
fn run(decoder: &Decoder, options: &Options, each: Duration, judge: &Judge) -> bool {
    let corpus = (decoder.corpus)();
    let (from, to) = options.case.map_or((0, u64::MAX), |case| (case, case));
    // Should a case end the whole process, its number is in here.
    let mut note = std::fs::File::create(std::env::temp_dir().join("kasyr-fuzz-case")).unwrap();
    let began = Instant::now();
    let mut most = 0;
    for number in from..=to {
        if options.case.is_none() && began.elapsed() >= each {
            println!("  {:<40} {number:>9} cases, at most {most} bytes for one", decoder.name);
            return true;
        }
        writeln!(
            note,
            "--seed {} --decoder {:?} --case {number}",
            options.seed, decoder.name
        )
        .unwrap();
        let input = case(decoder, &corpus, options.seed, number);
        match judge.judge(decoder, &input) {
            Ok(peak) => most = most.max(peak),
            Err(complaint) => {
                println!("  {:<40} FAILED at case {number}: {complaint}", decoder.name);
                let least = shrink::least(input, |input| judge.judge(decoder, input).is_err());
                println!("  the least input that fails so, {} bytes:", least.len());
                println!("    \"{}\"", least.escape_ascii());
                println!("    {}", hex(&least));
                println!(
                    "  again: --seed {} --decoder {:?} --case {number}",
                    options.seed, decoder.name
                );
                return false;
            }
        }
    }
    println!("  {:<40} this case is fine", decoder.name);
    true
}

/// The first cases are the corpus as it stands.
fn case(decoder: &Decoder, corpus: &[Vec<u8>], seed: u64, number: u64) -> Vec<u8> {
    if let Some(whole) = usize::try_from(number).ok().and_then(|number| corpus.get(number)) {
        return whole.clone();
    }
    let mut dice = Dice::new(seed, decoder.name, number);
    mutate::mutated(corpus, &mut dice)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
