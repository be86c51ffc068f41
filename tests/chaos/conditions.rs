//! What is tried: each kind of condition, and what it may do to a test.

use std::time::Duration;

use harness_chaos::{
    Arrival, Bandwidth, Close, Coalesce, Condition, Corrupt, Delay, Ending, Fate, Hold, LateEnd,
    Rewrite, Slice, Stall, Swallow,
};

use crate::cases::{Case, Effect};

const fn milliseconds(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// All kinds of conditions in a direction, and what they do.
pub(crate) fn in_a_direction() -> Vec<(Condition, Effect)> {
    use Effect::{Falsifies, Hinders, Slows};
    let unchanged = Rewrite::each("are rewritten as they were", || Fate::Pass);
    vec![
        (Hold.into(), Hinders),
        (Swallow.into(), Hinders),
        (Close::at_once().into(), Hinders),
        (Close::at_once().by_reset().into(), Hinders),
        (Close::on_data().into(), Hinders),
        (Close::on_data().by_reset().into(), Hinders),
        (Close::after_octets(300).into(), Hinders),
        (Close::after(milliseconds(500)).into(), Hinders),
        (Close::when_open_for(milliseconds(300)).into(), Hinders),
        (Close::when_silent_for(milliseconds(300)).into(), Hinders),
        (Corrupt::bits(0.001).into(), Falsifies),
        (Corrupt::bits(0.05).into(), Falsifies),
        (Corrupt::inverted().into(), Falsifies),
        (
            Delay::of(milliseconds(80))
                .with_jitter(milliseconds(40))
                .into(),
            Slows,
        ),
        (Delay::of(milliseconds(2500)).into(), Hinders),
        (
            Stall::of(milliseconds(200))
                .with_spread(milliseconds(100))
                .at_rate(0.2)
                .into(),
            Slows,
        ),
        (Bandwidth::octets_per_second(20_000.0).into(), Slows),
        (Bandwidth::octets_per_second(100.0).into(), Hinders),
        (Slice::into(7).with_variation(3).into(), Slows),
        (Slice::into(40).with_pause(milliseconds(2)).into(), Slows),
        (
            Coalesce::until(4096).at_most_for(milliseconds(60)).into(),
            Slows,
        ),
        (LateEnd::by(milliseconds(500)).into(), Slows),
        (LateEnd::never().into(), Slows),
        (unchanged.into(), Slows),
    ]
}

/// All ways in which new connections are met.
pub(crate) const ARRIVALS: [Arrival; 4] = [
    Arrival::Refused,
    Arrival::Unanswered,
    Arrival::Closed(Ending::Fin),
    Arrival::Closed(Ending::Reset),
];

/// That no kind of condition is left out, now or when one is added.
pub(crate) fn assert_complete(cases: &[Case]) {
    for (condition, _) in in_a_direction() {
        // a kind that is new does not compile here until it has its line above
        match condition {
            Condition::Hold(_)
            | Condition::Swallow(_)
            | Condition::Delay(_)
            | Condition::Stall(_)
            | Condition::Bandwidth(_)
            | Condition::Corrupt(_)
            | Condition::Slice(_)
            | Condition::Coalesce(_)
            | Condition::Close(_)
            | Condition::LateEnd(_)
            | Condition::Rewrite(_) => {}
            _ => panic!("nothing is tried with \"{condition}\""),
        }
        for direction in ["requests", "replies"] {
            let words = format!("{direction} {condition}");
            let tried = cases.iter().any(|case| case.name().contains(&words));
            assert!(tried, "nothing is tried with \"{words}\"");
        }
    }
}
