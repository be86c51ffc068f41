//! A threshold.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;
use std::time::Duration;

use crate::load::report::{Counts, Judgement, Summary};

/// What must hold of a figure of a load.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    text: String,
    ends: bool,
}

/// A threshold that can not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no threshold")]
pub struct ThresholdError(String);

impl Threshold {
    /// Whether the load ends when it does not hold.
    #[must_use]
    pub fn ends_the_load(&self) -> bool {
        self.ends
    }

    /// What it says while the load goes on: something only if it does not hold, and enough was measured
    /// to say so.
    pub(crate) fn crossed(
        &self,
        summary: &Summary,
        counts: &Counts,
        held: Duration,
    ) -> Option<Judgement> {
        let _ = held;
        let judgement = self.judge(summary, counts);
        (!judgement.holds).then_some(judgement)
    }

    /// What it says of figures.
    #[must_use]
    pub fn judge(&self, summary: &Summary, counts: &Counts) -> Judgement {
        let _ = (summary, counts);
        Judgement {
            threshold: self.text.clone(),
            holds: true,
            measured: String::new(),
            ended_at: None,
        }
    }
}

impl FromStr for Threshold {
    type Err = ThresholdError;

    fn from_str(text: &str) -> Result<Self, ThresholdError> {
        Ok(Threshold {
            text: text.to_owned(),
            ends: false,
        })
    }
}

impl Display for Threshold {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
