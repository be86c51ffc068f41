//! What a figure is held to.

use std::fmt::{self, Display, Formatter};

/// How a figure must stand to its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Below,
    AtMost,
    Above,
    AtLeast,
}

/// What a number is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// In nanoseconds.
    Time,
    /// 0 to 1.
    Share,
    /// In a second.
    Rate,
    Count,
}

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Microseconds,
    Milliseconds,
    Seconds,
    Minutes,
    Percent,
    Share,
    PerSecond,
    PerMinute,
    Whole,
}

/// What a figure is held to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Limit {
    pub(super) operator: Operator,
    /// In its unit.
    pub(super) number: f64,
    pub(super) unit: Unit,
}

impl Operator {
    /// The longer ones first, as they are looked for.
    pub(super) const ALL: [(&'static str, Operator); 4] = [
        ("<=", Operator::AtMost),
        (">=", Operator::AtLeast),
        ("<", Operator::Below),
        (">", Operator::Above),
    ];

    /// Whether it holds a figure down, rather than up.
    pub(super) fn is_upper(self) -> bool {
        matches!(self, Operator::Below | Operator::AtMost)
    }

    fn holds(self, figure: f64, limit: f64) -> bool {
        match self {
            Operator::Below => figure < limit,
            Operator::AtMost => figure <= limit,
            Operator::Above => figure > limit,
            Operator::AtLeast => figure >= limit,
        }
    }
}

impl Kind {
    /// The unit of this kind that is written so.
    pub(super) fn unit(self, written: &str) -> Option<Unit> {
        Some(match (self, written) {
            (Kind::Time, "us" | "µs") => Unit::Microseconds,
            (Kind::Time, "ms") => Unit::Milliseconds,
            (Kind::Time, "s") => Unit::Seconds,
            (Kind::Time, "m") => Unit::Minutes,
            (Kind::Share, "%") => Unit::Percent,
            (Kind::Share, "") => Unit::Share,
            (Kind::Rate, "/s") => Unit::PerSecond,
            (Kind::Rate, "/m") => Unit::PerMinute,
            (Kind::Count, "") => Unit::Whole,
            _ => return None,
        })
    }

    /// What it is called, and which units it has.
    pub(super) fn words(self) -> (&'static str, &'static str) {
        match self {
            Kind::Time => ("a time", "us, ms, s or m, as in 500ms"),
            Kind::Share => ("a share", "1% or 0.01"),
            Kind::Rate => ("a rate", "/s or /m, as in 200/s"),
            Kind::Count => ("a count", "a number only, as in 10"),
        }
    }

    /// A number of it with its unit.
    pub(super) fn example(self) -> &'static str {
        match self {
            Kind::Time => "500ms",
            Kind::Share => "1%",
            Kind::Rate => "200/s",
            Kind::Count => "10",
        }
    }
}

impl Unit {
    /// How a number in this unit becomes one of its kind.
    fn scaled(self, number: f64) -> f64 {
        match self {
            Unit::Microseconds => (number * 1e3).round(),
            Unit::Milliseconds => (number * 1e6).round(),
            Unit::Seconds => (number * 1e9).round(),
            Unit::Minutes => (number * 60e9).round(),
            Unit::Percent => number / 100.0,
            Unit::PerMinute => number / 60.0,
            Unit::Share | Unit::PerSecond | Unit::Whole => number,
        }
    }

    /// The other way.
    fn unscaled(self, figure: f64) -> f64 {
        match self {
            Unit::Microseconds => figure / 1e3,
            Unit::Milliseconds => figure / 1e6,
            Unit::Seconds => figure / 1e9,
            Unit::Minutes => figure / 60e9,
            Unit::Percent => figure * 100.0,
            Unit::PerMinute => figure * 60.0,
            Unit::Share | Unit::PerSecond | Unit::Whole => figure,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Unit::Microseconds => "us",
            Unit::Milliseconds => "ms",
            Unit::Seconds => "s",
            Unit::Minutes => "m",
            Unit::Percent => "%",
            Unit::PerSecond => "/s",
            Unit::PerMinute => "/m",
            Unit::Share | Unit::Whole => "",
        }
    }
}

impl Limit {
    /// Whether a figure, in what its kind is counted in, holds.
    pub(super) fn holds(&self, figure: f64) -> bool {
        let limit = self.unit.scaled(self.number);
        self.operator.holds(figure, limit)
    }

    /// A figure in the unit of the limit: rounded, but never so far that it seems to be on the other
    /// side of it.
    pub(super) fn worded(&self, figure: f64) -> String {
        /// So many significant digits, if they are enough.
        const DIGITS: i32 = 4;
        let told = self.unit.unscaled(figure);
        let whole = told.abs().log10().floor();
        let after = if told == 0.0 {
            0
        } else {
            DIGITS - 1 - whole as i32
        };
        let fewest = usize::try_from(after.max(0)).unwrap_or(0);
        let holds = self.holds(figure);
        let mut written = String::new();
        for decimals in fewest..=fewest + 9 {
            written = format!("{told:.decimals$}");
            let read: f64 = written.parse().unwrap_or(told);
            if self.operator.holds(read, self.number) == holds {
                break;
            }
        }
        if written.contains('.') {
            let shortest = written.trim_end_matches('0').trim_end_matches('.').len();
            written.truncate(shortest);
        }
        let unit = self.unit.name();
        let blank = if unit.starts_with(char::is_alphabetic) {
            " "
        } else {
            ""
        };
        format!("{written}{blank}{unit}")
    }
}

impl Display for Limit {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let written = Operator::ALL.iter().find(|(_, it)| *it == self.operator);
        let operator = written.map_or("", |(written, _)| *written);
        write!(f, "{operator}{}{}", self.number, self.unit.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn milliseconds(operator: Operator, number: f64) -> Limit {
        Limit {
            operator,
            number,
            unit: Unit::Milliseconds,
        }
    }

    #[test]
    fn a_figure_is_told_in_the_unit_of_its_limit_and_never_on_the_other_side_of_it() {
        let below = milliseconds(Operator::Below, 500.0);
        for (nanos, told) in [
            (612_345_678.0, "612.3 ms"),
            (500_000_000.0, "500 ms"),
            (499_999_000.0, "499.999 ms"),
            (12_000.0, "0.012 ms"),
            (0.0, "0 ms"),
            (7_200_000_000_000.0, "7200000 ms"),
        ] {
            assert_eq!(below.worded(nanos), told);
        }
        let at_most = milliseconds(Operator::AtMost, 500.0);
        assert_eq!(at_most.worded(500_001_000.0), "500.001 ms");
        let percent = Limit {
            operator: Operator::Below,
            number: 1.0,
            unit: Unit::Percent,
        };
        assert_eq!(percent.worded(0.0123), "1.23%");
        assert_eq!(percent.worded(1.0 / 3.0), "33.33%");
    }

    #[test]
    fn a_limit_holds_exactly_at_its_number() {
        for number in [0.1, 1.1, 4.35, 500.0] {
            let nanos = (number * 1e6_f64).round();
            assert!(milliseconds(Operator::AtMost, number).holds(nanos));
            assert!(milliseconds(Operator::AtLeast, number).holds(nanos));
            assert!(!milliseconds(Operator::Below, number).holds(nanos));
            assert!(!milliseconds(Operator::Above, number).holds(nanos));
        }
    }
}
