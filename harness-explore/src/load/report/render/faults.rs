//! What faults did, in words.

use super::words::{moment, plain, time};
use crate::load::measure::FaultWindow;

/// When a fault was there, and what came after it.
pub(crate) fn outcome(window: &FaultWindow) -> String {
    let from = moment(window.from);
    if let Some(problem) = &window.problem {
        return format!(
            "from {from}; could not be begun or ended: {}",
            plain(problem)
        );
    }
    let Some(to) = window.to else {
        return format!("from {from}, never ended");
    };
    let after = match window.time_to_recover() {
        Some(it) if it.is_zero() => "no error after it".to_owned(),
        Some(it) => format!("last error {} after its end", time(it)),
        None => "nothing was done without error after it".to_owned(),
    };
    format!("from {from} to {}; {after}", moment(to))
}

/// The windows, in which those of one fault that overlap are one: each part of a load has made it at
/// about the same time. It has ended, and all is well again, when that is so for all parts.
pub(crate) fn windows_of(faults: &[FaultWindow]) -> Vec<FaultWindow> {
    let mut windows: Vec<FaultWindow> = Vec::new();
    for fault in faults {
        let overlaps = |it: &&mut FaultWindow| {
            it.fault == fault.fault && it.to.is_none_or(|to| fault.from < to)
        };
        match windows.iter_mut().rev().find(overlaps) {
            None => windows.push(fault.clone()),
            Some(known) => {
                known.to = known.to.zip(fault.to).map(|(a, b)| a.max(b));
                let both = known.first_success.zip(fault.first_success);
                known.first_success = both.map(|(a, b)| a.max(b));
                known.last_error = known.last_error.max(fault.last_error);
                known.problem = known.problem.take().or_else(|| fault.problem.clone());
            }
        }
    }
    windows
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn window(from: u64, to: u64, last_error: Option<u64>) -> FaultWindow {
        let at = Duration::from_secs;
        FaultWindow {
            fault: "it is dark".into(),
            from: at(from),
            to: Some(at(to)),
            first_success: Some(at(to + 1)),
            last_error: last_error.map(at),
            problem: None,
        }
    }

    #[test]
    fn the_same_fault_of_several_parts_is_told_once_until_all_are_well_again() {
        let parts = [
            window(3, 5, Some(6)),
            window(3, 4, Some(7)),
            window(9, 10, None),
        ];
        let told: Vec<String> = windows_of(&parts).iter().map(outcome).collect();
        assert_eq!(
            told,
            [
                "from 3.0 s to 5.0 s; last error 2 s after its end",
                "from 9.0 s to 10.0 s; no error after it"
            ]
        );
    }

    #[test]
    fn what_did_not_end_or_recover_is_told() {
        let mut dark = window(3, 5, None);
        dark.first_success = None;
        assert!(outcome(&dark).ends_with("nothing was done without error after it"));
        dark.to = None;
        assert_eq!(outcome(&dark), "from 3.0 s, never ended");
        dark.problem = Some("the switch\nis stuck".into());
        assert!(outcome(&dark).ends_with("could not be begun or ended: the switch is stuck"));
    }
}
