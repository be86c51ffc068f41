//! Where a system stands that does one command at a time: the model that histories are held against.

use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use harness_core::state_machine::State;
use serde_json::Value;

use super::moment::Span;
use crate::lifecycle::{Lifecycle, Way};

/// What a command that is done does to what is held: what was held before, the command, the name of its
/// input, and what is held then.
pub type Effect = Rc<dyn Fn(&Value, &str, Option<&str>) -> Value>;

/// Where the system stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Standing<S> {
    pub(super) at: S,
    under_way: Option<UnderWay>,
    /// What is held, as JSON; values themselves have no hash.
    held: Rc<str>,
    /// How many of the states that were told have come.
    pub(super) told: usize,
}

/// A command under way.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct UnderWay {
    operation: usize,
    /// Its place among the ways of the lifecycle.
    way: usize,
    /// How many of its transient states have come.
    passed: usize,
}

/// What the model knows.
pub(super) struct Knowledge<'k, S: State> {
    pub(super) lifecycle: &'k Lifecycle<S>,
    pub(super) effect: Option<&'k Effect>,
    /// The states that were told, and when.
    pub(super) states: Vec<(Duration, &'k S)>,
    /// How long after a state has come it may be told.
    pub(super) lag: Duration,
}

impl<S: State> Standing<S> {
    pub(super) fn new(at: &S, held: &Value) -> Standing<S> {
        Standing {
            at: at.clone(),
            under_way: None,
            held: held.to_string().into(),
            told: 0,
        }
    }

    /// Whether a command is allowed here.
    pub(super) fn allows<'k>(
        &self,
        known: &Knowledge<'k, S>,
        command: &str,
        input: Option<&str>,
    ) -> Option<(usize, &'k Way<S>)> {
        let broken = known.lifecycle.inputs(command).iter();
        let mut broken = broken.filter(|known| !known.is_taken());
        if broken.any(|it| Some(it.name.as_str()) == input) {
            return None;
        }
        let mut ways = known.lifecycle.ways().iter().enumerate();
        ways.find(|(_, way)| way.from == self.at && way.command == command)
    }

    /// The command begins, and what was under way is not any more: wherever the states that were told
    /// allow it to lead, mostly to one.
    pub(super) fn begin(
        &self,
        known: &Knowledge<'_, S>,
        operation: usize,
        (place, way): (usize, &Way<S>),
        (command, input): (&str, Option<&str>),
        now: Duration,
    ) -> Vec<(Standing<S>, Duration)> {
        let mut next = self.clone();
        next.under_way = None;
        let Some(first) = way.via.first() else {
            next.apply(known, command, input);
            return next.arrived(known, way, now);
        };
        next.under_way = Some(UnderWay {
            operation,
            way: place,
            passed: 1,
        });
        Vec::from_iter(next.moved(known, first, now))
    }

    /// The next transient state of what is under way comes.
    pub(super) fn pass(
        &self,
        known: &Knowledge<'_, S>,
        now: Duration,
    ) -> Option<(Standing<S>, Duration)> {
        let mut next = self.clone();
        let under_way = next.under_way.as_mut()?;
        let way = known.lifecycle.ways().get(under_way.way)?;
        let state = way.via.get(under_way.passed)?;
        under_way.passed += 1;
        next.moved(known, state, now)
    }

    /// The command that is under way ends where it should, or may.
    pub(super) fn end(
        &self,
        known: &Knowledge<'_, S>,
        (command, input): (&str, Option<&str>),
        now: Duration,
    ) -> Vec<(Standing<S>, Duration)> {
        let under_way = self.under_way.as_ref();
        let way = under_way.and_then(|it| Some((it, known.lifecycle.ways().get(it.way)?)));
        let Some((_, way)) = way.filter(|(it, way)| it.passed >= way.via.len()) else {
            return Vec::new();
        };
        let mut next = self.clone();
        next.under_way = None;
        next.apply(known, command, input);
        next.arrived(known, way, now)
    }

    /// Goes to any of the states to which a way may lead.
    fn arrived(
        self,
        known: &Knowledge<'_, S>,
        way: &Way<S>,
        now: Duration,
    ) -> Vec<(Standing<S>, Duration)> {
        let targets = [&way.to].into_iter().chain(&way.others);
        targets
            .filter_map(|to| self.clone().moved(known, to, now))
            .collect()
    }

    /// Whether this command is under way.
    pub(super) fn is_under_way(&self, operation: usize) -> bool {
        let under_way = self.under_way.as_ref();
        under_way.is_some_and(|it| it.operation == operation)
    }

    pub(super) fn is_calm(&self) -> bool {
        self.under_way.is_none()
    }

    /// What is held.
    pub(super) fn held(&self) -> Value {
        serde_json::from_str(&self.held).unwrap_or_default()
    }

    fn apply(&mut self, known: &Knowledge<'_, S>, command: &str, input: Option<&str>) {
        if let Some(effect) = known.effect {
            self.held = effect(&self.held(), command, input).to_string().into();
        }
    }

    /// Goes to a state, as it was told next; at once if it is there.
    fn moved(
        mut self,
        known: &Knowledge<'_, S>,
        state: &S,
        now: Duration,
    ) -> Option<(Standing<S>, Duration)> {
        if self.at == *state {
            return Some((self, now));
        }
        let (at, told) = known.states.get(self.told)?;
        if *told != state {
            return None;
        }
        let then = Span::heard(*at, known.lag).after(now)?;
        self.at = state.clone();
        self.told += 1;
        Some((self, then))
    }
}

impl<S: State> fmt::Display for Standing<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.at)
    }
}
