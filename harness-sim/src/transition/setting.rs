//! What a tester sets: a transition, or a sequence of them, and for how long.

use std::fmt;
use std::num::NonZeroU32;
use std::time::Duration;

use super::{Dwell, Gate, Outcome, Progression};

/// How one transition goes: when it ends, and how. What it leaves open, the next wider setting
/// says.
///
/// ```
/// use std::time::Duration;
/// use harness_sim::transition::Transition;
///
/// let slow = Transition::after(Duration::from_secs(5));
/// let slow_and_failing = slow.clone().failing("no beam");
/// // fails, after the time that it would have taken anyway
/// let failing = Transition::new().failing("no beam");
/// assert_eq!(failing.progression(), None);
/// assert_eq!(failing.outcome(), slow_and_failing.outcome());
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Transition {
    progression: Option<Progression>,
    outcome: Option<Outcome>,
    probability: Option<f64>,
}

impl Transition {
    /// A transition that leaves everything open.
    #[must_use]
    pub const fn new() -> Transition {
        Transition {
            progression: None,
            outcome: None,
            probability: None,
        }
    }

    /// Ends at once.
    #[must_use]
    pub fn immediate() -> Transition {
        Transition::new().with_progression(Progression::Immediate)
    }

    /// Ends after a time: a [`Duration`], or a [`Dwell`] that is drawn for each execution.
    #[must_use]
    pub fn after(time: impl Into<Dwell>) -> Transition {
        Transition::new().with_progression(Progression::Time(time.into()))
    }

    /// Ends with the nth read of the state; zero is taken as one.
    #[must_use]
    pub fn after_reads(times: u32) -> Transition {
        let times = NonZeroU32::new(times).unwrap_or(NonZeroU32::MIN);
        Transition::new().with_progression(Progression::Manual(times))
    }

    /// Ends when the instance, or its model, is released.
    #[must_use]
    pub fn held() -> Transition {
        Transition::new().with_progression(Progression::Held(Gate::default()))
    }

    /// Ends when the gate is released.
    #[must_use]
    pub fn held_at(gate: impl Into<String>) -> Transition {
        Transition::new().with_progression(Progression::Held(Gate {
            name: Some(gate.into()),
            remembers: false,
        }))
    }

    /// Does not end by itself.
    #[must_use]
    pub fn never() -> Transition {
        Transition::new().with_progression(Progression::Never)
    }

    /// A held transition is also let through by a release that came before it began. Others are
    /// left as they are.
    #[must_use]
    pub fn remembering(mut self) -> Transition {
        if let Some(Progression::Held(gate)) = &mut self.progression {
            gate.remembers = true;
        }
        self
    }

    /// Sets when it ends.
    #[must_use]
    pub fn with_progression(mut self, progression: Progression) -> Transition {
        self.progression = Some(progression);
        self
    }

    /// Sets how it ends.
    #[must_use]
    pub fn with_outcome(mut self, outcome: Outcome) -> Transition {
        self.outcome = Some(outcome);
        self
    }

    /// It fails with this message and the result code FAILED.
    #[must_use]
    pub fn failing(self, message: impl Into<String>) -> Transition {
        self.with_outcome(Outcome::fail(message))
    }

    /// The command is refused by its reply, with this message.
    #[must_use]
    pub fn rejecting(self, message: impl Into<String>) -> Transition {
        self.with_outcome(Outcome::reject(message))
    }

    /// It gets stuck in its transient state.
    #[must_use]
    pub fn sticking(self) -> Transition {
        self.with_outcome(Outcome::Stuck { state: None })
    }

    /// The device goes to FAULT, with this message.
    #[must_use]
    pub fn faulting(self, message: impl Into<String>) -> Transition {
        let message = message.into();
        self.with_outcome(Outcome::Fault { message })
    }

    /// The outcome takes place with this probability only, and else it succeeds. Taken as 0 if
    /// below or no number, as 1 if above.
    #[must_use]
    pub const fn with_probability(mut self, probability: f64) -> Transition {
        self.probability = Some(if probability.is_nan() {
            0.0
        } else {
            probability.clamp(0.0, 1.0)
        });
        self
    }

    /// When it ends, if it says so.
    #[must_use]
    pub const fn progression(&self) -> Option<&Progression> {
        self.progression.as_ref()
    }

    /// How it ends, if it says so.
    #[must_use]
    pub const fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    /// With which probability the outcome takes place, if it is not certain.
    #[must_use]
    pub const fn probability(&self) -> Option<f64> {
        self.probability
    }

    /// The setting that holds for the next so many uses, whoever makes them; zero is taken as one.
    #[must_use]
    pub fn next(self, uses: u32) -> Setting {
        Setting::from(self).next(uses)
    }

    /// The setting that holds for the first so many uses of each instance; zero is taken as one.
    #[must_use]
    pub fn first_of_each(self, uses: u32) -> Setting {
        Setting::from(self).first_of_each(uses)
    }
}

/// For how long a setting holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Uses {
    /// Until it is taken back.
    #[default]
    Always,
    /// For the next so many uses, whoever makes them.
    Next(NonZeroU32),
    /// For the first so many uses of each instance, counted from when it was set.
    FirstOfEach(NonZeroU32),
}

/// What comes after the last transition of a sequence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Then {
    /// The last one again.
    #[default]
    RepeatLast,
    /// The first one again.
    Cycle,
    /// Nothing: the next wider setting counts again.
    FallBack,
}

/// What a tester sets: a transition, or a sequence that each instance goes through on its own,
/// and for how long it holds.
///
/// ```
/// use std::time::Duration;
/// use harness_sim::transition::{Setting, Then, Transition};
///
/// let setting = Setting::sequence([
///     Transition::after_reads(2),
///     Transition::after(Duration::from_secs(1)),
///     Transition::new().failing("no beam"),
/// ])
/// .then(Then::FallBack);
/// assert_eq!(setting.transitions().len(), 3);
///
/// let setting = Setting::from_json_text(r#"{"progression": "time", "duration": 5}"#)?;
/// assert_eq!(setting, Transition::after(Duration::from_secs(5)).into());
/// let error = Setting::from_json_text(r#"{"progression": "manual", "times": 0}"#).unwrap_err();
/// assert_eq!(error.field, "transition.times");
/// # Ok::<(), harness_sim::transition::InvalidSetting>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    transitions: Vec<Transition>,
    then: Then,
    uses: Uses,
}

impl Setting {
    /// A sequence: each instance takes the transitions in this order, one for each use. An empty
    /// one is used up from the start.
    #[must_use]
    pub fn sequence(transitions: impl IntoIterator<Item = Transition>) -> Setting {
        Setting {
            transitions: transitions.into_iter().collect(),
            then: Then::default(),
            uses: Uses::default(),
        }
    }

    /// Sets what comes after the last transition of the sequence.
    #[must_use]
    pub const fn then(mut self, then: Then) -> Setting {
        self.then = then;
        self
    }

    /// Holds for the next so many uses, whoever makes them; zero is taken as one.
    #[must_use]
    pub fn next(mut self, uses: u32) -> Setting {
        self.uses = Uses::Next(NonZeroU32::new(uses).unwrap_or(NonZeroU32::MIN));
        self
    }

    /// Holds for the first so many uses of each instance; zero is taken as one.
    #[must_use]
    pub fn first_of_each(mut self, uses: u32) -> Setting {
        self.uses = Uses::FirstOfEach(NonZeroU32::new(uses).unwrap_or(NonZeroU32::MIN));
        self
    }

    /// The transitions, in the order in which they are used.
    #[must_use]
    pub fn transitions(&self) -> &[Transition] {
        &self.transitions
    }

    /// What comes after the last transition.
    #[must_use]
    pub const fn end(&self) -> Then {
        self.then
    }

    /// For how long it holds.
    #[must_use]
    pub const fn uses(&self) -> Uses {
        self.uses
    }

    /// Whether it is one transition that holds until it is taken back.
    #[must_use]
    pub fn is_lasting(&self) -> bool {
        self.uses == Uses::Always && self.transitions.len() == 1 && self.then != Then::FallBack
    }

    /// The transition of the next use by an instance that has used it so many times; `None` if
    /// nothing is left for it.
    pub(super) fn at(&self, used: u64) -> Option<&Transition> {
        if let Uses::FirstOfEach(uses) = self.uses
            && used >= u64::from(uses.get())
        {
            return None;
        }
        let used = usize::try_from(used).unwrap_or(usize::MAX);
        let count = self.transitions.len();
        let index = match self.then {
            Then::RepeatLast => used.min(count.saturating_sub(1)),
            Then::Cycle => used.checked_rem(count)?,
            Then::FallBack => used,
        };
        self.transitions.get(index)
    }

    /// What is left of it, as a setting.
    pub(super) fn with_left(&self, left: Option<NonZeroU32>) -> Setting {
        let mut setting = self.clone();
        if let Some(left) = left {
            setting.uses = Uses::Next(left);
        }
        setting
    }
}

impl From<Transition> for Setting {
    fn from(transition: Transition) -> Setting {
        Setting::sequence([transition])
    }
}

impl From<Duration> for Setting {
    fn from(time: Duration) -> Setting {
        Transition::after(time).into()
    }
}

impl fmt::Display for Transition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.progression, &self.outcome) {
            (None, None) => return formatter.write_str("as it is set more widely"),
            (Some(progression), None) => progression.fmt(formatter)?,
            (None, Some(outcome)) => outcome.fmt(formatter)?,
            (Some(progression), Some(outcome)) => write!(formatter, "{progression}: {outcome}")?,
        }
        match self.probability.filter(|_| self.outcome.is_some()) {
            Some(probability) if probability < 1.0 => {
                write!(formatter, " (with probability {probability})")
            }
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, transition) in self.transitions.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; then " };
            write!(formatter, "{separator}{transition}")?;
        }
        match self.then {
            Then::RepeatLast => {}
            Then::Cycle => formatter.write_str("; then again")?,
            Then::FallBack => formatter.write_str("; then as before")?,
        }
        match self.uses {
            Uses::Always => Ok(()),
            Uses::Next(uses) => write!(formatter, ", next {uses}"),
            Uses::FirstOfEach(uses) => write!(formatter, ", first {uses} of each"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Setting, Then, Transition};

    #[test]
    fn settings_say_what_they_do() {
        let five = Transition::after(Duration::from_secs(5));
        for (setting, words) in [
            (five.clone().into(), "after 5s"),
            (
                five.failing("no beam").next(1),
                "after 5s: fail with FAILED: no beam, next 1",
            ),
            (
                Transition::new().sticking().with_probability(0.5).into(),
                "get stuck (with probability 0.5)",
            ),
            (
                Setting::sequence([Transition::after_reads(2), Transition::held_at("beam")])
                    .then(Then::Cycle)
                    .first_of_each(3),
                "after 2 reads; then held until beam is released; then again, first 3 of each",
            ),
            (Transition::new().into(), "as it is set more widely"),
        ] {
            let setting: Setting = setting;
            assert_eq!(setting.to_string(), words);
        }
    }
}
