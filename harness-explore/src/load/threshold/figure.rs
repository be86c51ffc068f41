//! What a threshold can be of.

use std::fmt::{self, Display, Formatter};

use super::limit::Kind;

/// A figure of a load.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Figure {
    /// How long something took.
    Time(Timed, Statistic),
    /// Errors among all that was done.
    ErrorRate,
    /// Refusals among all that was done.
    RejectedRate,
    /// Starts that nobody was free for, among all that were planned.
    DroppedRate,
    /// How many ended well in a second while the load was held.
    Rate,
    /// How many there were, whatever became of them.
    Count,
    /// Starts that nobody was free for.
    Dropped,
    /// Things that must not be, and were.
    Violations,
    /// Times at which changes of state may have been missed.
    Gaps,
    /// How long it took at most to recover from a fault.
    Recovery,
}

/// What took the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Timed {
    /// Actions, from when they should have begun.
    Latency,
    /// Actions, from when they began.
    Service,
    /// Whole cycles, from when they should have begun.
    Cycles,
}

/// Which of many times.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Statistic {
    /// The one that so many percent do not exceed.
    Percentile(f64),
    Average,
    Min,
    Max,
}

/// The names of figures, but for percentiles.
pub(super) const NAMES: [&str; 12] = [
    "avg",
    "min",
    "max",
    "error-rate",
    "rejected-rate",
    "dropped-rate",
    "rate",
    "count",
    "dropped",
    "violations",
    "gaps",
    "recovery",
];

impl Figure {
    /// The figure of a name that is no percentile.
    pub(super) fn named(name: &str) -> Option<Figure> {
        let latency = |statistic| Figure::Time(Timed::Latency, statistic);
        Some(match name {
            "avg" => latency(Statistic::Average),
            "min" => latency(Statistic::Min),
            "max" => latency(Statistic::Max),
            "error-rate" => Figure::ErrorRate,
            "rejected-rate" => Figure::RejectedRate,
            "dropped-rate" => Figure::DroppedRate,
            "rate" => Figure::Rate,
            "count" => Figure::Count,
            "dropped" => Figure::Dropped,
            "violations" => Figure::Violations,
            "gaps" => Figure::Gaps,
            "recovery" => Figure::Recovery,
            _ => return None,
        })
    }

    /// As it is written, without its number if it is a percentile.
    pub(super) fn name(self) -> &'static str {
        match self {
            Figure::Time(Timed::Cycles, _) => "cycles",
            Figure::Time(_, Statistic::Percentile(_)) => "p",
            Figure::Time(_, Statistic::Average) => "avg",
            Figure::Time(_, Statistic::Min) => "min",
            Figure::Time(_, Statistic::Max) => "max",
            Figure::ErrorRate => "error-rate",
            Figure::RejectedRate => "rejected-rate",
            Figure::DroppedRate => "dropped-rate",
            Figure::Rate => "rate",
            Figure::Count => "count",
            Figure::Dropped => "dropped",
            Figure::Violations => "violations",
            Figure::Gaps => "gaps",
            Figure::Recovery => "recovery",
        }
    }

    /// What it is a number of.
    pub(super) fn kind(self) -> Kind {
        match self {
            Figure::Time(..) | Figure::Recovery => Kind::Time,
            Figure::ErrorRate | Figure::RejectedRate | Figure::DroppedRate => Kind::Share,
            Figure::Rate => Kind::Rate,
            Figure::Count | Figure::Dropped | Figure::Violations | Figure::Gaps => Kind::Count,
        }
    }

    /// Whether there is one for each action, too.
    pub(super) fn is_by_action(self) -> bool {
        match self {
            Figure::Time(timed, _) => timed != Timed::Cycles,
            Figure::ErrorRate | Figure::RejectedRate | Figure::Rate | Figure::Count => true,
            _ => false,
        }
    }

    /// Whether there is one inside faults and one outside, too. Of a rate there is not: the time for
    /// which the load was held is that of all.
    pub(super) fn is_by_fault(self) -> bool {
        self.is_by_action() && self != Figure::Rate
    }

    /// Whether it can only grow while the load goes on, or only shrink.
    pub(super) fn drift(self) -> Drift {
        match self {
            Figure::Time(_, Statistic::Min) => Drift::Shrinks,
            Figure::Time(_, Statistic::Max) | Figure::Recovery => Drift::Grows,
            _ if self.kind() == Kind::Count => Drift::Grows,
            _ => Drift::Either,
        }
    }
}

/// Where a figure can go while the load goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Drift {
    Grows,
    Shrinks,
    Either,
}

impl Display for Figure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Figure::Time(timed, statistic) = self else {
            return f.write_str(self.name());
        };
        f.write_str(match timed {
            Timed::Latency => "",
            Timed::Service => "service ",
            Timed::Cycles => "cycles ",
        })?;
        match statistic {
            Statistic::Percentile(percentile) => write!(f, "p{percentile}"),
            Statistic::Average => f.write_str("avg"),
            Statistic::Min => f.write_str("min"),
            Statistic::Max => f.write_str("max"),
        }
    }
}

/// In which part of the time it was measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Scope {
    #[default]
    Always,
    /// Where nothing was made to go wrong.
    OutsideFaults,
    DuringFaults,
}

impl Display for Scope {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Scope::Always => "",
            Scope::OutsideFaults => " outside faults",
            Scope::DuringFaults => " during faults",
        })
    }
}
