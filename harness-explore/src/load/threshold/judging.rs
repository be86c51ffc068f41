//! What a threshold says of a report.

use std::time::Duration;

use super::figure::{Drift, Figure};
use super::measured::Measured;
use super::threshold::Threshold;
use crate::load::report::{Judgement, LoadReport};

/// How long a load must have been held before its rate can end it.
const HELD: Duration = Duration::from_secs(5);

/// With fewer, a share, an average or a percentile ends nothing.
const FEWEST: u64 = 20;

impl Threshold {
    /// What it says of a report.
    #[must_use]
    pub fn judge(&self, report: &LoadReport) -> Judgement {
        self.judged(self.measured(report))
    }

    /// What it says of what was measured until now, while the load goes on: something only if it does not
    /// hold, enough was measured to say so, and it can't come to hold by itself.
    pub(crate) fn crossed(&self, so_far: &LoadReport, warm_up: Duration) -> Option<Judgement> {
        let (passed, least) = match self.figure {
            Figure::Rate => (so_far.held, HELD),
            _ => (so_far.lasted.saturating_sub(warm_up), Duration::ZERO),
        };
        if passed < self.after.unwrap_or(least) {
            return None;
        }
        let drift = self.figure.drift();
        let may_come_to_hold = match self.limit.operator.is_upper() {
            true => drift == Drift::Shrinks,
            false => drift == Drift::Grows,
        };
        let measured = self.measured(so_far);
        let is_enough = match measured {
            Measured::Nothing => false,
            Measured::So { of, .. } => drift != Drift::Either || of >= FEWEST,
            Measured::After { .. } | Measured::Broken { .. } => true,
        };
        if may_come_to_hold || !is_enough {
            return None;
        }
        let judgement = self.judged(measured);
        (!judgement.holds).then_some(judgement)
    }

    fn judged(&self, measured: Measured) -> Judgement {
        let (holds, measured) = match measured {
            Measured::Nothing => (false, "no samples".to_owned()),
            Measured::So { figure, .. } => (self.limit.holds(figure), self.limit.worded(figure)),
            Measured::After { figure, fault } => {
                let words = format!("{}, after {fault}", self.limit.worded(figure));
                (self.limit.holds(figure), words)
            }
            Measured::Broken { fault, problem } => (false, format!("{fault}: {problem}")),
        };
        Judgement {
            threshold: self.to_string(),
            holds,
            measured,
            ended_at: None,
        }
    }
}
