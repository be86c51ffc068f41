//! The types of toxics.

use std::time::Duration;

use super::attribute::Attribute;
use crate::condition::{
    Bandwidth, Close, Coalesce, Condition, Corrupt, Delay, Hold, LateEnd, Slice, Swallow,
};

/// A type of toxics: what it is called, what it is described by, and what it does.
#[derive(Debug)]
pub(super) struct Kind {
    pub(super) name: &'static str,
    pub(super) attributes: &'static [Attribute],
    condition: fn(&[f64]) -> Option<Condition>,
}

/// All of them: Toxiproxy's first, then those that are ours.
pub(super) static KINDS: [Kind; 13] = [
    Kind {
        name: "latency",
        attributes: &[
            Attribute::milliseconds("latency"),
            Attribute::milliseconds("jitter"),
        ],
        condition: |values| {
            let delay = Delay::of(milliseconds(values, 0));
            Some(delay.with_jitter(milliseconds(values, 1)).into())
        },
    },
    Kind {
        name: "bandwidth",
        attributes: &[Attribute::kilobytes_a_second("rate")],
        condition: |values| match number(values, 0) {
            // nothing passes, and nothing is lost
            0.0 => Some(Hold.into()),
            rate => Some(Bandwidth::octets_per_second(rate * 1000.0).into()),
        },
    },
    Kind {
        name: "slow_close",
        attributes: &[Attribute::milliseconds("delay")],
        condition: |values| Some(LateEnd::by(milliseconds(values, 0)).into()),
    },
    Kind {
        name: "timeout",
        attributes: &[Attribute::milliseconds("timeout")],
        condition: |values| {
            let time = milliseconds(values, 0);
            Some(Close::after_hanging((!time.is_zero()).then_some(time)).into())
        },
    },
    Kind {
        name: "reset_peer",
        attributes: &[Attribute::milliseconds("timeout")],
        condition: |values| {
            let close = Close::this_long_after_data(milliseconds(values, 0));
            Some(close.by_reset().into())
        },
    },
    Kind {
        name: "slicer",
        attributes: &[
            Attribute::bytes("average_size").at_least_one(),
            Attribute::bytes("size_variation"),
            Attribute::microseconds("delay"),
        ],
        condition: |values| {
            let slice = Slice::into(count(values, 0)).with_variation(count(values, 1));
            let pause = Duration::from_micros(count(values, 2));
            Some(slice.with_pause(pause).into())
        },
    },
    Kind {
        name: "limit_data",
        attributes: &[Attribute::bytes("bytes")],
        condition: |values| Some(Close::after_octets(count(values, 0)).into()),
    },
    Kind {
        name: "noop",
        attributes: &[],
        condition: |_| None,
    },
    Kind {
        name: "hold",
        attributes: &[],
        condition: |_| Some(Hold.into()),
    },
    Kind {
        name: "blackhole",
        attributes: &[],
        condition: |_| Some(Swallow.into()),
    },
    Kind {
        name: "corrupt",
        attributes: &[Attribute::fraction("rate").needed()],
        condition: |values| Some(Corrupt::bits(number(values, 0)).into()),
    },
    Kind {
        name: "coalesce",
        attributes: &[
            Attribute::bytes("bytes").at_least_one(),
            Attribute::milliseconds("patience"),
        ],
        condition: |values| {
            let coalesce = Coalesce::until(count(values, 0));
            Some(match milliseconds(values, 1) {
                Duration::ZERO => coalesce.into(),
                patience => coalesce.at_most_for(patience).into(),
            })
        },
    },
    Kind {
        name: "reset",
        attributes: &[Attribute::milliseconds("timeout")],
        condition: |values| Some(Close::after(milliseconds(values, 0)).by_reset().into()),
    },
];

impl Kind {
    /// The one of this name.
    pub(super) fn named(name: &str) -> Option<&'static Kind> {
        KINDS.iter().find(|kind| kind.name == name)
    }

    /// What it does with these values of its attributes; nothing, if it does nothing.
    pub(super) fn condition(&self, values: &[f64]) -> Option<Condition> {
        (self.condition)(values)
    }
}

fn number(values: &[f64], index: usize) -> f64 {
    values.get(index).copied().unwrap_or_default()
}

fn count(values: &[f64], index: usize) -> u64 {
    number(values, index) as u64
}

fn milliseconds(values: &[f64], index: usize) -> Duration {
    Duration::from_millis(count(values, index))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_is_a_condition_that_says_what_it_does() {
        for (name, values, words) in [
            (
                "latency",
                &[200.0, 50.0][..],
                "are delayed by 200 ms ± 50 ms",
            ),
            ("bandwidth", &[1.0], "pass at 1000 octets a second"),
            ("bandwidth", &[0.0], "are not read"),
            ("slow_close", &[2000.0], "end 2 s late"),
            (
                "timeout",
                &[0.0],
                "are swallowed, and close their connection when this ends",
            ),
            (
                "timeout",
                &[5.0],
                "are swallowed, and close their connection when nothing comes for 5 ms or this ends",
            ),
            (
                "reset_peer",
                &[5.0],
                "reset their connection 5 ms after data comes",
            ),
            (
                "slicer",
                &[400.0, 20.0, 1000.0],
                "arrive in pieces of 400 ± 20 octets, 1 ms apart",
            ),
            (
                "limit_data",
                &[12.0],
                "close their connection after 12 octets",
            ),
            ("hold", &[], "are not read"),
            ("blackhole", &[], "are read and not passed on"),
            ("corrupt", &[0.5], "are corrupted, 50 % of the octets"),
            (
                "coalesce",
                &[10.0, 0.0],
                "are kept back until there are 10 octets",
            ),
            ("reset", &[0.0], "reset their connection at once"),
        ] {
            let condition = Kind::named(name).unwrap().condition(values).unwrap();
            assert_eq!(condition.to_string(), words, "{name}");
            assert_eq!(condition.check(), Ok(()), "{name}");
        }
        assert!(Kind::named("noop").unwrap().condition(&[]).is_none());
    }

    #[test]
    fn each_type_is_in_the_documentation_with_its_attributes() {
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/gate.md");
        let page = std::fs::read_to_string(page).unwrap();
        for kind in &KINDS {
            let row = format!("| `{}` |", kind.name);
            let row = page.lines().find(|line| line.starts_with(&row)).unwrap();
            let told = row.split('|').nth(2).unwrap().split('`').skip(1).step_by(2);
            let told: Vec<&str> = told.collect();
            let attributes: Vec<&str> = kind.attributes.iter().map(|it| it.name).collect();
            assert_eq!(told, attributes, "{}", kind.name);
        }
    }
}
