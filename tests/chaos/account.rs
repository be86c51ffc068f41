//! What a device did beside what the harness says that it did.

use std::collections::BTreeSet;
use std::fmt;

use harness_core::event::{Event, Signal};

/// The record does not say what was.
#[derive(Debug)]
pub(crate) struct Untrue {
    truth: Vec<String>,
    record: Vec<String>,
    what: String,
}

/// Where in the truth a record begins.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Beginning {
    First,
    Any,
}

/// Holds a record against the truth: all values that a device had, the first one included.
///
/// Values come in order, each at least once, and none is left out unless the record tells that something
/// may have been missed. Returns whether the record has come to the end of the truth.
pub(crate) fn compare(
    truth: &[String],
    record: &[Event],
    beginning: Beginning,
) -> Result<bool, Untrue> {
    // how many values may have been told: several numbers when it is not known which were missed
    let mut told: BTreeSet<usize> = match beginning {
        Beginning::First => BTreeSet::from([0]),
        Beginning::Any => (0..=truth.len()).collect(),
    };
    for event in record {
        told = match &event.signal {
            Signal::Gap { .. } | Signal::Lost { .. } | Signal::StillLost { .. } => {
                let first = told.first().copied().unwrap_or(0);
                (first..=truth.len()).collect()
            }
            Signal::Error(_) => continue,
            Signal::Initial(_) | Signal::Change(_) | Signal::Back(_) => {
                let value = event.reading().map(ToString::to_string).unwrap_or_default();
                let next = after(&told, truth, &value);
                if next.is_empty() {
                    let what = format!("\"{event}\" is not what comes next");
                    return Err(untrue(truth, record, what));
                }
                next
            }
            other => return Err(untrue(truth, record, format!("{other:?} is unknown here"))),
        };
    }
    Ok(told.contains(&truth.len()))
}

/// How many values may have been told after this one.
fn after(told: &BTreeSet<usize>, truth: &[String], value: &str) -> BTreeSet<usize> {
    let is = |at: usize| truth.get(at).is_some_and(|it| it == value);
    let new = told.iter().filter(|&&at| is(at)).map(|at| at + 1);
    // the same value once more: read anew, or pushed again
    let again = told.iter().filter(|&&at| at > 0 && is(at - 1)).copied();
    new.chain(again).collect()
}

fn untrue(truth: &[String], record: &[Event], what: String) -> Untrue {
    Untrue {
        truth: truth.to_vec(),
        record: record.iter().map(ToString::to_string).collect(),
        what,
    }
}

impl Untrue {
    /// The record stopped before the end of the truth.
    pub(crate) fn incomplete(truth: &[String], record: &[Event]) -> Untrue {
        untrue(truth, record, "what came last is not told".to_owned())
    }
}

impl fmt::Display for Untrue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (truth, record) = (self.truth.join(", "), self.record.join("\n    "));
        let what = &self.what;
        write!(
            formatter,
            "{what}; it was {truth}; the record says:\n    {record}"
        )
    }
}

#[cfg(test)]
mod tests {
    use harness_core::device::Reading;

    use super::*;

    fn truth(values: &str) -> Vec<String> {
        values.chars().map(String::from).collect()
    }

    /// Letters are values pushed, `-` a gap.
    fn record(values: &str) -> Vec<Event> {
        let event = |value: char| {
            let signal = match value {
                '-' => Signal::Gap {
                    missed: None,
                    reason: String::new(),
                },
                value => Signal::Change(Reading::new(value.to_string())),
            };
            Event::new("device".into(), "attribute".into(), signal, None)
        };
        values.chars().map(event).collect()
    }

    #[test]
    fn a_record_that_tells_all_is_complete() {
        for told in ["abc", "aabcc", "-abc", "a-bc", "ab-c"] {
            assert!(
                compare(&truth("abc"), &record(told), Beginning::First).unwrap(),
                "{told}"
            );
        }
    }

    #[test]
    fn what_is_missing_after_a_gap_is_no_lie() {
        for told in ["a-c", "-c", "a-", ""] {
            let complete = compare(&truth("abc"), &record(told), Beginning::First).unwrap();
            assert_eq!(complete, !told.is_empty(), "{told}");
        }
    }

    #[test]
    fn values_left_out_untold_invented_or_out_of_order_are_lies() {
        for told in ["ac", "abd", "acb", "abca", "b", "a-cb"] {
            assert!(
                compare(&truth("abc"), &record(told), Beginning::First).is_err(),
                "{told}"
            );
        }
    }

    #[test]
    fn a_value_that_comes_again_may_be_either_after_a_gap() {
        assert!(compare(&truth("abab"), &record("-ab"), Beginning::First).unwrap());
        assert!(compare(&truth("abac"), &record("-bac"), Beginning::First).unwrap());
    }
}
