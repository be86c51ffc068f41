//! Users: what each of them does, again and again.

use tokio::time::Instant;

use super::recorder::Recorder;
use crate::load::measure::ResultClass;

/// One of the users of a load.
///
/// What it does is told to the [`Recorder`] with a [`Sample`](crate::load::Sample) each. A user may be
/// dropped where it waits, when a load is ended.
pub trait User: Send + 'static {
    /// Goes through one cycle. `planned` is when it should have begun: the first thing that is done is
    /// measured from then.
    ///
    /// # Errors
    /// What ended the cycle before its end; it is counted, the sample is the user's own business.
    fn cycle(
        &mut self,
        recorder: &Recorder,
        planned: Instant,
    ) -> impl Future<Output = Result<(), CycleError>> + Send;

    /// What is done once before the first cycle, and before the clock is started. Nothing by default.
    ///
    /// # Errors
    /// When the user can't begin: then it does nothing else, and the load fails.
    fn begin(
        &mut self,
        recorder: &Recorder,
    ) -> impl Future<Output = Result<(), CycleError>> + Send {
        let _ = recorder;
        async { Ok(()) }
    }

    /// What is done once after the last cycle, whether or not that went through. Nothing by default.
    ///
    /// # Errors
    /// When it can not be done: it is told as an error.
    fn end(&mut self, recorder: &Recorder) -> impl Future<Output = Result<(), CycleError>> + Send {
        let _ = recorder;
        async { Ok(()) }
    }
}

/// Why a cycle ended before its end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{words}")]
pub struct CycleError {
    /// What became of what ended it.
    pub class: ResultClass,
    /// What was said.
    pub words: String,
}

impl CycleError {
    /// Ended by this.
    pub fn new(class: ResultClass, words: impl Into<String>) -> CycleError {
        let words = words.into();
        CycleError { class, words }
    }
}

/// Which user it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Its number among all users of all parts, from 0.
    pub number: u64,
    /// What all chance of it comes from: always the same for a number and a seed of the plan.
    pub seed: u64,
}

impl Identity {
    pub(crate) fn of(number: u64, plan_seed: u64) -> Identity {
        Identity {
            number,
            seed: mixed(plan_seed ^ mixed(number)),
        }
    }
}

/// Neighbouring numbers far apart: the finisher of SplitMix64 (Steele, Lea, Flood 2014).
fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_user_has_a_seed_of_its_own_and_always_the_same() {
        let seeds = |plan| (0..1000).map(move |number| Identity::of(number, plan).seed);
        let all: HashSet<u64> = seeds(1).chain(seeds(2)).collect();
        assert_eq!(all.len(), 2000);
        assert!(seeds(1).eq(seeds(1)));
    }
}
