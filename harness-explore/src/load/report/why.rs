//! Why a report has the verdict that it has.

use super::document::{Change, Comparison, LoadReport, Verdict};
use super::render::plain;

impl Verdict {
    /// As it is told: `PASSED`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Verdict::Passed => "PASSED",
            Verdict::Failed => "FAILED",
            Verdict::NothingRan => "NOTHING RAN",
        }
    }
}

impl LoadReport {
    /// Why it has its verdict, in a few words.
    #[must_use]
    pub fn why(&self) -> String {
        let mut why = match self.verdict {
            Verdict::Failed => self.what_is_wrong(),
            Verdict::Passed => vec![self.what_holds()],
            Verdict::NothingRan => vec!["nothing was measured".to_owned()],
        };
        if let Some(words) = &self.ended_early {
            let words = plain(words);
            why.push(match words.is_empty() {
                true => "ended early".to_owned(),
                false => format!("ended early: {words}"),
            });
        }
        why.join("; ")
    }

    fn what_is_wrong(&self) -> Vec<String> {
        let broken = self.judgements.iter().filter(|it| !it.holds).count();
        let worse = |it: &&Comparison| it.change == Change::Regressed;
        let counts = [
            (
                broken as u64,
                "threshold does not hold",
                "thresholds do not hold",
            ),
            (
                self.violations.len() as u64 + self.counts.untold_violations,
                "thing happened that must not",
                "things happened that must not",
            ),
            (
                self.counts.users_failed,
                "user could not begin",
                "users could not begin",
            ),
            (
                self.counts.ends_failed,
                "user could not do what it does at the end",
                "users could not do what they do at the end",
            ),
            (
                self.faults.iter().filter(|it| it.problem.is_some()).count() as u64,
                "fault could not be begun or ended",
                "faults could not be begun or ended",
            ),
            (
                self.comparison.iter().filter(worse).count() as u64,
                "figure is worse than in the baseline",
                "figures are worse than in the baseline",
            ),
        ];
        let told = counts.into_iter().filter(|(count, ..)| *count > 0);
        let mut told: Vec<_> = told
            .map(|(count, one, several)| match count {
                1 => format!("1 {one}"),
                _ => format!("{count} {several}"),
            })
            .collect();
        if self.counts.untold_violations > 0 {
            let first = self.violations.len();
            told.push(format!("of what must not be the first {first} are told"));
        }
        if self.nothing_went_well() {
            told.push(match (self.counts.done, self.counts.failed) {
                (0, failed) if failed > 0 => format!("none of {failed} cycles went through"),
                _ => "nothing of what was done went well".to_owned(),
            });
        }
        match told.is_empty() {
            true => vec!["what made it fail is not in the report".to_owned()],
            false => told,
        }
    }

    fn what_holds(&self) -> String {
        match self.judgements.len() {
            0 => "nothing happened that must not; there are no thresholds".to_owned(),
            1 => "its threshold holds".to_owned(),
            count => format!("all {count} thresholds hold"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::report::sample::sample;

    #[test]
    fn everything_that_is_wrong_is_told() {
        assert_eq!(
            sample().why(),
            "1 threshold does not hold; 2 things happened that must not; 1 figure is worse than in the baseline"
        );
    }

    #[test]
    fn a_load_that_was_ended_says_why() {
        let report = LoadReport {
            ended_early: Some("Ctrl-C\u{1b}[31m".into()),
            ..LoadReport::default()
        };
        assert_eq!(
            report.why(),
            "nothing was measured; ended early: Ctrl-C [31m"
        );
    }
}
