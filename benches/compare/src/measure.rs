//! Times in turns.
//!
//! A machine's speed drifts, and a shared one is disturbed. So all implementations of a row take turns: in each round every
//! one runs a batch of calls, of at least [`BATCH`], after an untimed call that brings its operands into the caches.
//! Its figure is the mean of its fastest batch: what it does when nobody disturbs it, and not the luck of one call.

use std::io;
use std::time::{Duration, Instant};

use crate::candidate::{Entry, Mode};

/// The least time of a batch, in seconds.
const BATCH: f64 = 0.006;

/// However little time there is.
const LEAST_ROUNDS: usize = 5;

/// Who is this many times slower than the fastest, or more, gets no further turn, unless it is this crate.
const HOPELESS: f64 = 6.0;

/// Calls longer than this find the caches as the others left them anyway.
const COLD: f64 = 0.05;

/// The figure of an implementation.
#[derive(Debug, Clone)]
pub struct Sample {
    pub name: &'static str,
    pub mode: Mode,
    /// Seconds of a call.
    pub seconds: f64,
}

struct Turn {
    calls: u32,
    best: f64,
}

/// Times all entries for about that long.
pub fn row(entries: &mut [Entry<'_>], budget: Duration) -> io::Result<Vec<Sample>> {
    let mut turns: Vec<_> = entries.iter_mut().map(first).collect::<io::Result<_>>()?;
    let fastest = turns.iter().map(|turn| turn.best).fold(f64::INFINITY, f64::min);
    let (start, mut rounds) = (Instant::now(), 0);
    while rounds < LEAST_ROUNDS || start.elapsed() < budget {
        for (entry, turn) in entries.iter_mut().zip(&mut turns) {
            if entry.is_ours() || turn.best < HOPELESS * fastest {
                next(entry, turn)?;
            }
        }
        rounds += 1;
    }
    let sample =
        |(entry, turn): (&Entry, &Turn)| Sample { name: entry.name, mode: entry.mode, seconds: turn.best };
    Ok(entries.iter().zip(&turns).map(sample).collect())
}

/// Finds how many calls make a batch.
fn first(entry: &mut Entry) -> io::Result<Turn> {
    let mut calls = 1_u32;
    let mut seconds = entry.candidate.time(calls)?;
    while seconds < BATCH / 2.0 {
        calls *= 2;
        seconds = entry.candidate.time(calls)?;
    }
    let mut turn = Turn { calls, best: seconds / f64::from(calls) };
    // A first sample that somebody disturbed must not decide who is hopeless.
    if turn.best < COLD {
        next(entry, &mut turn)?;
        next(entry, &mut turn)?;
    }
    turn.calls = (BATCH / turn.best).ceil() as u32;
    Ok(turn)
}

fn next(entry: &mut Entry, turn: &mut Turn) -> io::Result<()> {
    if turn.best < COLD {
        entry.candidate.time(1)?;
    }
    let seconds = entry.candidate.time(turn.calls)? / f64::from(turn.calls);
    turn.best = turn.best.min(seconds);
    Ok(())
}
