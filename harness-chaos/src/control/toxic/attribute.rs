//! The numbers that a toxic is described by.

use serde_json::{Number, Value, json};

use crate::control::problem::{Problem, Result};
use crate::control::request::shown;

/// What a number can be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attribute {
    pub(super) name: &'static str,
    /// What is counted.
    unit: &'static str,
    least: f64,
    most: f64,
    whole: bool,
    /// Whether it must be given; without this one that is missing is zero, as with Toxiproxy.
    needed: bool,
}

impl Attribute {
    const fn whole(name: &'static str, unit: &'static str, most: f64) -> Attribute {
        Attribute {
            name,
            unit,
            least: 0.0,
            most,
            whole: true,
            needed: false,
        }
    }

    /// A time, up to a year.
    pub(super) const fn milliseconds(name: &'static str) -> Attribute {
        Attribute::whole(name, "milliseconds", 31_536_000_000.0)
    }

    /// A short time, up to an hour.
    pub(super) const fn microseconds(name: &'static str) -> Attribute {
        Attribute::whole(name, "microseconds", 3_600_000_000.0)
    }

    /// A number of bytes, up to a pebibyte.
    pub(super) const fn bytes(name: &'static str) -> Attribute {
        Attribute::whole(name, "bytes", 1_125_899_906_842_624.0)
    }

    /// A bandwidth, up to a terabyte a second.
    pub(super) const fn kilobytes_a_second(name: &'static str) -> Attribute {
        Attribute::whole(name, "kilobytes a second", 1_000_000_000.0)
    }

    /// A part of something.
    pub(super) const fn fraction(name: &'static str) -> Attribute {
        Attribute {
            most: 1.0,
            whole: false,
            ..Attribute::whole(name, "a part of all", 1.0)
        }
    }

    /// At least one; it must be given.
    pub(super) const fn at_least_one(mut self) -> Attribute {
        self.least = 1.0;
        self.needed = true;
        self
    }

    /// It must be given.
    pub(super) const fn needed(mut self) -> Attribute {
        self.needed = true;
        self
    }

    /// The number, or what is wrong with it.
    pub(super) fn read(&self, of: &str, given: Option<&Value>) -> Result<f64> {
        let Some(given) = given else {
            return match self.needed {
                true => Err(self.refuse(of, "missing")),
                false => Ok(0.0),
            };
        };
        let number = given.as_f64().filter(|number| {
            (self.least..=self.most).contains(number) && (!self.whole || number.fract() == 0.0)
        });
        number.ok_or_else(|| self.refuse(of, &shown(given)))
    }

    fn refuse(&self, of: &str, given: &str) -> Problem {
        let Attribute {
            name,
            unit,
            least,
            most,
            ..
        } = self;
        let kind = if self.whole { "whole number" } else { "number" };
        Problem::bad(format!(
            "attribute {name} of {of} is {given}: give a {kind} from {least} to {most} ({unit})"
        ))
    }

    /// The number as JSON.
    pub(super) fn json(&self, value: f64) -> Value {
        match self.whole {
            true => json!(value as u64),
            false => Number::from_f64(value).map_or(Value::Null, Value::Number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_within_their_limits_only() {
        let delay = Attribute::milliseconds("delay");
        for (given, number) in [(json!(0), 0.0), (json!(20), 20.0), (json!(2e3), 2000.0)] {
            assert_eq!(delay.read("x", Some(&given)).unwrap(), number);
        }
        assert_eq!(delay.read("x", None).unwrap(), 0.0);
        for given in [
            json!(-1),
            json!(0.5),
            json!("20"),
            json!(null),
            json!(true),
            json!([]),
            json!(1e300),
            json!(31_536_000_001_u64),
        ] {
            delay.read("x", Some(&given)).unwrap_err();
        }
        let part = Attribute::fraction("rate").needed();
        assert_eq!(part.read("x", Some(&json!(0.5))).unwrap(), 0.5);
        part.read("x", None).unwrap_err();
        part.read("x", Some(&json!(1.5))).unwrap_err();
        let size = Attribute::bytes("size").at_least_one();
        size.read("x", Some(&json!(0))).unwrap_err();
        size.read("x", None).unwrap_err();
    }

    #[test]
    fn what_is_wrong_is_told_with_what_would_be_right() {
        let rate = Attribute::kilobytes_a_second("rate");
        let problem = rate.read("bandwidth", Some(&json!(-5))).unwrap_err();
        assert_eq!(
            problem.to_string(),
            "attribute rate of bandwidth is -5: give a whole number from 0 to 1000000000 \
             (kilobytes a second)"
        );
        let long = rate.read("bandwidth", Some(&json!("é".repeat(10_000))));
        assert!(long.unwrap_err().to_string().len() < 300);
    }
}
