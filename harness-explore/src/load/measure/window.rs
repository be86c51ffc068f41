//! When something was made to go wrong, and when all was well again.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::seconds;

/// When something was made to go wrong, and when all was well again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FaultWindow {
    /// What went wrong.
    pub fault: Arc<str>,
    /// When it began, after the clock was started.
    #[serde(with = "seconds")]
    pub from: Duration,
    /// When it ended; none while it goes on, or if it could not be ended.
    #[serde(with = "seconds::optional")]
    pub to: Option<Duration>,
    /// When after its end something was done without error for the first time.
    #[serde(with = "seconds::optional")]
    pub first_success: Option<Duration>,
    /// When the last error came after its end, while no other fault went on, and before another ended.
    #[serde(with = "seconds::optional")]
    pub last_error: Option<Duration>,
    /// Why it could not be begun or ended, if so.
    pub problem: Option<String>,
}

impl FaultWindow {
    pub(crate) fn beginning(fault: Arc<str>, from: Duration) -> FaultWindow {
        FaultWindow {
            fault,
            from,
            to: None,
            first_success: None,
            last_error: None,
            problem: None,
        }
    }

    /// How long after its end the last error came; nothing if none came, and none if nothing was ever
    /// done again, or it has not ended.
    #[must_use]
    pub fn time_to_recover(&self) -> Option<Duration> {
        let (to, _) = (self.to?, self.first_success?);
        Some(self.last_error.unwrap_or(to).saturating_sub(to))
    }

    /// Whether any of the time between these moments is in it.
    pub(crate) fn overlaps(&self, from: Duration, to: Duration) -> bool {
        self.from <= to && self.to.is_none_or(|end| from <= end)
    }
}

/// So many windows at most are looked at for each sample, the last ones: a long run may have thousands.
const LOOKED_AT: usize = 64;

/// The windows of a run, in the order in which they began.
#[derive(Debug, Default)]
pub(crate) struct Windows(Vec<FaultWindow>);

impl Windows {
    pub(crate) fn begin(&mut self, fault: &Arc<str>, at: Duration) {
        self.0.push(FaultWindow::beginning(Arc::clone(fault), at));
    }

    pub(crate) fn end(&mut self, fault: &str, at: Duration, problem: Option<String>) {
        let open = |window: &&mut FaultWindow| window.to.is_none() && *window.fault == *fault;
        if let Some(window) = self.0.iter_mut().rfind(open) {
            match problem {
                None => window.to = Some(at),
                problem => window.problem = problem,
            }
        }
    }

    /// Notes something that ended, for what is told of recovery: a success for every fault that has ended
    /// before it began, an error for the one that ended last, unless another one goes on.
    pub(crate) fn note(&mut self, began: Duration, ended: Duration, is_error: bool) {
        let recent = self.recent();
        let windows = &mut self.0[recent..];
        if !is_error {
            for window in windows {
                if window.to.is_some_and(|to| to <= began) {
                    window.first_success.get_or_insert(ended);
                }
            }
            return;
        }
        let goes_on = |it: &FaultWindow| it.to.is_none_or(|to| to > ended);
        if windows.iter().any(goes_on) {
            return;
        }
        if let Some(window) = windows.iter_mut().max_by_key(|it| it.to) {
            window.last_error = Some(ended);
        }
    }

    /// Where the windows begin that are looked at for each sample.
    fn recent(&self) -> usize {
        self.0.len().saturating_sub(LOOKED_AT)
    }

    /// What went wrong in any of the time between these moments; none if nothing did.
    pub(crate) fn within(&self, from: Duration, to: Duration) -> Option<Arc<str>> {
        let recent = self.0[self.recent()..].iter();
        let mut overlapping = recent.filter(|window| window.overlaps(from, to));
        let first = Arc::clone(&overlapping.next()?.fault);
        let mut names = vec![first];
        for window in overlapping {
            if !names.contains(&window.fault) {
                names.push(Arc::clone(&window.fault));
            }
        }
        match names.as_slice() {
            [one] => Some(Arc::clone(one)),
            several => Some(several.join(" + ").into()),
        }
    }

    pub(crate) fn all(&self) -> &[FaultWindow] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    fn dark() -> Arc<str> {
        "the light is out".into()
    }

    #[test]
    fn what_overlaps_a_window_at_all_is_in_it() {
        let mut windows = Windows::default();
        windows.begin(&dark(), at(100));
        windows.end(&dark(), at(200), None);
        for (from, to, inside) in [
            (0, 99, false),
            (0, 100, true),
            (150, 160, true),
            (200, 300, true),
            (201, 300, false),
            (0, 1000, true),
        ] {
            assert_eq!(windows.within(at(from), at(to)).is_some(), inside, "{from}");
        }
    }

    #[test]
    fn the_last_error_after_the_end_tells_when_all_was_well_again() {
        let mut windows = Windows::default();
        windows.begin(&dark(), at(100));
        windows.note(at(110), at(150), true);
        windows.end(&dark(), at(200), None);
        assert_eq!(
            windows.all()[0].time_to_recover(),
            None,
            "nothing was done since"
        );
        windows.note(at(190), at(230), true);
        windows.note(at(240), at(250), false);
        windows.note(at(240), at(260), true);
        windows.note(at(270), at(280), false);
        let window = &windows.all()[0];
        assert_eq!(window.first_success, Some(at(250)));
        assert_eq!(window.time_to_recover(), Some(at(60)));
    }

    #[test]
    fn a_fault_that_goes_on_takes_no_recovery_from_one_that_has_ended() {
        let mut windows = Windows::default();
        windows.begin(&dark(), at(100));
        windows.begin(&"it is cold".into(), at(150));
        windows.end(&dark(), at(200), None);
        windows.note(at(205), at(210), false);
        windows.note(at(215), at(220), true);
        windows.end("it is cold", at(250), None);
        windows.note(at(255), at(260), true);
        windows.note(at(265), at(270), false);
        let [dark, cold] = windows.all() else {
            panic!("{windows:?}")
        };
        assert_eq!(dark.time_to_recover(), Some(Duration::ZERO));
        assert_eq!(cold.time_to_recover(), Some(at(10)));
    }

    #[test]
    fn a_fault_without_errors_recovers_at_once() {
        let mut windows = Windows::default();
        windows.begin(&dark(), at(100));
        windows.end(&dark(), at(200), None);
        windows.note(at(210), at(220), false);
        assert_eq!(windows.all()[0].time_to_recover(), Some(Duration::ZERO));
    }

    #[test]
    fn two_faults_at_once_are_told_together() {
        let mut windows = Windows::default();
        windows.begin(&dark(), at(100));
        windows.begin(&"it is cold".into(), at(100));
        let both = windows.within(at(150), at(151)).unwrap();
        assert_eq!(&*both, "the light is out + it is cold");
    }
}
