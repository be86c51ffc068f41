//! A threshold.

use std::fmt::{self, Display, Formatter};
use std::time::Duration;

use super::figure::{Figure, Scope};
use super::limit::{Kind, Limit};

/// What must hold of a figure of a load. Read and written as text:
///
/// ```
/// use harness_explore::load::Threshold;
///
/// let configure: Threshold = "p99.9 < 1.5s for Configure or end".parse()?;
/// assert!(configure.ends_the_load());
/// assert_eq!(configure.to_string(), "p99.9<1.5s for Configure or end");
///
/// let error = "p95<500".parse::<Threshold>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "the threshold `p95<500`, column 8: `` is no unit of a time; write us, ms, s or m, as in 500ms",
/// );
/// # Ok::<_, harness_explore::load::ThresholdError>(())
/// ```
///
/// | figure | what it is | of an action | in faults |
/// |---|---|---|---|
/// | `p95`, `p99.9`, `avg`, `min`, `max` | how long what went well took, from when it should have begun | yes | yes |
/// | `service p95` and so on | the same, from when it began | yes | yes |
/// | `cycles p95` and so on | whole cycles that went through | | |
/// | `error-rate`, `rejected-rate` | a share of all that was done | yes | yes |
/// | `rate` | how many went well in a second while the load was held | yes | |
/// | `count` | how many there were, whatever became of them | yes | yes |
/// | `dropped`, `dropped-rate` | planned starts that nobody was free for | | |
/// | `violations` | things that must not be, and were | | |
/// | `gaps` | times at which changes of state may have been missed | | |
/// | `recovery` | the longest time that it took to recover from a fault | | |
///
/// After it comes `<`, `<=`, `>` or `>=`, and a number with its unit: `us`, `ms`, `s` or `m`; `%` or a plain
/// share; `/s` or `/m`; none for counts. Then, as far as wanted and in this order, `for ACTION` (or
/// `p95(ACTION)` before the number; odd names in quotes), `outside faults` or `during faults`, and `or end`
/// or `or end after 10s`, which lets it [end the load](Self::ending_the_load).
///
/// Nothing of the warm-up counts. A figure of which nothing was measured does not hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    pub(super) figure: Figure,
    pub(super) action: Option<String>,
    pub(super) scope: Scope,
    pub(super) limit: Limit,
    pub(super) ends: bool,
    /// Not ended by it before, if that was said.
    pub(super) after: Option<Duration>,
}

impl Threshold {
    /// Ends the load as soon as it does not hold. Rates are not looked at for that before the load has been
    /// held for 5 s; shares, averages and percentiles not before there are 20 of what they are made of; and
    /// what can still come to hold, such as `count>=10`, only at the end.
    #[must_use]
    pub fn ending_the_load(mut self) -> Threshold {
        self.ends = true;
        self
    }

    /// Ends the load, but not in this time after the warm-up; of a rate, not before the load has been held
    /// for so long.
    #[must_use]
    pub fn after(mut self, time: Duration) -> Threshold {
        self.after = Some(time);
        self.ending_the_load()
    }

    /// Whether the load ends when it does not hold.
    #[must_use]
    pub fn ends_the_load(&self) -> bool {
        self.ends
    }

    /// Whether one part of a load may not reach what all parts together do.
    pub(crate) fn needs_all_parts(&self) -> bool {
        let adds_up = matches!(self.figure.kind(), Kind::Rate | Kind::Count);
        adds_up && !self.limit.operator.is_upper()
    }

    /// The action that it is of; none if it is of all.
    #[must_use]
    pub fn action(&self) -> Option<&str> {
        self.action.as_deref()
    }
}

impl Display for Threshold {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.figure, self.limit)?;
        match self.action.as_deref() {
            Some(action) if is_plain(action) => write!(f, " for {action}")?,
            Some(action) => {
                let escaped = action.replace('\\', r"\\").replace('"', "\\\"");
                write!(f, " for \"{escaped}\"")?;
            }
            None => {}
        }
        write!(f, "{}", self.scope)?;
        match (self.ends, self.after) {
            (false, _) => Ok(()),
            (true, None) => f.write_str(" or end"),
            (true, Some(after)) => write!(f, " or end after {}s", after.as_secs_f64()),
        }
    }
}

/// Words that are not part of a name unless that stands in quotes.
pub(super) const RESERVED: [&str; 3] = ["or", "outside", "during"];

/// Whether a name can stand without quotes.
fn is_plain(name: &str) -> bool {
    let is_letter = |it: char| it.is_ascii_alphanumeric() || "_-./:".contains(it);
    let is_word = |it: &str| !it.is_empty() && it.chars().all(is_letter) && !RESERVED.contains(&it);
    name.split(' ').all(is_word)
}
