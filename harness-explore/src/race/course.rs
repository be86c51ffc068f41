//! The moments of a history, and what each does to the model.

use std::time::Duration;

use harness_core::state_machine::State;

use super::history::{Heard, History, Operation, Response};
use super::moment::Span;
use super::standing::{Knowledge, Standing};

/// One moment of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// It is accepted, and begins.
    Begin { operation: usize, certain: bool },
    /// It is refused.
    Refuse { operation: usize },
    /// It has done what it should.
    End { operation: usize, certain: bool },
    /// It was ended by another one before it was done.
    Interrupted { operation: usize },
}

impl Moment {
    /// Whether it may never have come.
    pub(super) const fn is_optional(self) -> bool {
        matches!(
            self,
            Moment::Begin { certain: false, .. } | Moment::End { certain: false, .. }
        )
    }

    pub(super) const fn is_begin(self) -> bool {
        matches!(self, Moment::Begin { .. })
    }

    const fn operation(self) -> usize {
        match self {
            Moment::Begin { operation, .. }
            | Moment::Refuse { operation }
            | Moment::End { operation, .. }
            | Moment::Interrupted { operation } => operation,
        }
    }
}

/// The moments of all commands of a history.
pub(super) fn moments<S: State>(history: &History<S>) -> Vec<Moment> {
    let operations = history.operations.iter().enumerate();
    operations
        .flat_map(|(place, operation)| moments_of(history, place, operation))
        .collect()
}

fn moments_of<S: State>(history: &History<S>, operation: usize, what: &Operation) -> Vec<Moment> {
    let begin = |certain| Moment::Begin { operation, certain };
    let end = |certain| Moment::End { operation, certain };
    match &what.response {
        Response::Refused(_) => vec![Moment::Refuse { operation }],
        Response::Unknown(_) => vec![begin(false), end(false)],
        Response::Accepted(identifier) => {
            let told = identifier.as_deref().and_then(|it| history.end_of(it));
            match told.map(|(_, heard)| heard) {
                None | Some(Heard::State(_)) => vec![begin(true), end(false)],
                Some(Heard::Done(_)) => vec![begin(true), end(true)],
                Some(Heard::Aborted(_)) => vec![begin(true), Moment::Interrupted { operation }],
                // refused after all
                Some(Heard::Failed(..)) => vec![Moment::Refuse { operation }],
            }
        }
    }
}

/// What the moments of a history do to the model.
pub(super) struct Course<'h, S: State> {
    history: &'h History<S>,
    known: &'h Knowledge<'h, S>,
    moments: Vec<Moment>,
}

impl<'h, S: State> Course<'h, S> {
    pub(super) fn new(history: &'h History<S>, known: &'h Knowledge<'h, S>) -> Course<'h, S> {
        Course {
            moments: moments(history),
            history,
            known,
        }
    }

    /// The model after this moment, and the earliest time at which that can be: what it may be, mostly
    /// one. An error says why the moment can't be now.
    pub(super) fn go(
        &self,
        done: u64,
        moment: Moment,
        standing: &Standing<S>,
        now: Duration,
    ) -> Result<Vec<(Standing<S>, Duration)>, String> {
        let Some(what) = self.history.operations.get(moment.operation()) else {
            return Err("there is no such command".to_owned());
        };
        let (command, input) = (&*what.entrant.command, what.entrant.input.as_deref());
        let words = || self.words(moment);
        let late = || format!("{} too late", words());
        match moment {
            Moment::Begin { operation, certain } => {
                let way = standing.allows(self.known, command, input);
                let way = way
                    .ok_or_else(|| format!("{}, which {} does not allow", words(), standing.at))?;
                let latest = if !certain {
                    Duration::MAX
                } else if way.1.via.is_empty() {
                    self.end_told(what).max(what.replied)
                } else {
                    what.replied
                };
                let accepted = Span::new(what.sent, latest).after(now).ok_or_else(late)?;
                let begun = standing.begin(self.known, operation, way, (command, input), accepted);
                let begun = begun.into_iter().filter(|(_, then)| *then <= latest);
                let mut after = Vec::from_iter(begun);
                if self.was_aborted(what) {
                    // before it did anything, perhaps while it waited for its turn
                    after.push((standing.clone(), accepted));
                }
                if after.is_empty() {
                    return Err(self.otherwise(&words(), standing));
                }
                Ok(after)
            }
            Moment::Refuse { .. } => {
                if standing.allows(self.known, command, input).is_some() {
                    return Err(format!("{}, which {} allows", words(), standing.at));
                }
                let latest = self.end_told(what).max(what.replied);
                let then = Span::new(what.sent, latest).after(now).ok_or_else(late)?;
                Ok(vec![(standing.clone(), then)])
            }
            Moment::End { operation, certain } => {
                if !self.has_begun(done, operation) {
                    return Err(format!("{} before it began", words()));
                }
                if !standing.is_under_way(operation) {
                    // one that leads to its target directly has done so
                    return if self.leads_directly(what) {
                        Ok(vec![(standing.clone(), now)])
                    } else {
                        Err(format!("{} though another one has interrupted it", words()))
                    };
                }
                let told = self.end_told(what);
                // of one whose end nobody can tell, nothing is known
                if certain && told < what.sent {
                    return Err(format!("{} before it was sent", words()));
                }
                let latest = told.saturating_add(self.known.lifecycle.lag());
                let mut ended = standing.end(self.known, (command, input), now);
                if ended.is_empty() {
                    return Err(self.otherwise(&words(), standing));
                }
                ended.retain(|(_, then)| !certain || *then <= latest);
                if ended.is_empty() {
                    return Err(format!("{} long before that", words()));
                }
                Ok(ended)
            }
            Moment::Interrupted { operation } => {
                if !self.may_be_interrupted(operation, what) {
                    return Err(format!("{} though no other was accepted", words()));
                }
                let is_over = self.has_begun(done, operation) && !standing.is_under_way(operation);
                let words = || format!("{} though nothing has interrupted it", words());
                let after = || vec![(standing.clone(), now)];
                is_over.then(after).ok_or_else(words)
            }
        }
    }

    /// When the moment is over, as far as that is known.
    pub(super) fn latest(&self, moment: Moment) -> Duration {
        let Some(what) = self.history.operations.get(moment.operation()) else {
            return Duration::MAX;
        };
        match moment {
            Moment::Begin { certain: true, .. } if self.leads_directly(what) => {
                self.end_told(what).max(what.replied)
            }
            Moment::Begin { certain: true, .. } => what.replied,
            Moment::Refuse { .. } => self.end_told(what).max(what.replied),
            Moment::Begin { .. } | Moment::End { .. } | Moment::Interrupted { .. } => Duration::MAX,
        }
    }

    /// What a moment is called.
    pub(super) fn words(&self, moment: Moment) -> String {
        let Some(what) = self.history.operations.get(moment.operation()) else {
            return String::new();
        };
        let (command, client) = (&what.entrant.command, what.entrant.client);
        let deed = match moment {
            Moment::Begin { .. } => "was accepted",
            Moment::Refuse { .. } => "was refused",
            Moment::End { .. } => "was done",
            Moment::Interrupted { .. } => "was aborted",
        };
        format!("{command} of client {client} {deed}")
    }

    /// When its end was told.
    fn end_told(&self, what: &Operation) -> Duration {
        let Response::Accepted(Some(identifier)) = &what.response else {
            return Duration::ZERO;
        };
        let told = self.history.end_of(identifier);
        told.map_or(Duration::MAX, |(at, _)| at)
    }

    fn was_aborted(&self, what: &Operation) -> bool {
        let Response::Accepted(Some(identifier)) = &what.response else {
            return false;
        };
        let told = self.history.end_of(identifier);
        told.is_some_and(|(_, heard)| matches!(heard, Heard::Aborted(_)))
    }

    /// Whether another command was taken, or may have been, before the end of this one was told.
    fn may_be_interrupted(&self, operation: usize, what: &Operation) -> bool {
        let told = self.end_told(what);
        let mut others = self.history.operations.iter().enumerate();
        others.any(|(place, other)| {
            place != operation
                && other.sent <= told
                && !matches!(other.response, Response::Refused(_))
        })
    }

    fn has_begun(&self, done: u64, operation: usize) -> bool {
        let mut moments = self.moments.iter().enumerate();
        moments.any(|(place, moment)| {
            done & (1 << place) != 0
                && matches!(moment, Moment::Begin { operation: it, .. } if *it == operation)
        })
    }

    /// Whether there is a state from which it leads to its target directly.
    fn leads_directly(&self, what: &Operation) -> bool {
        let mut ways = self.known.lifecycle.ways().iter();
        ways.any(|way| way.command == what.entrant.command && way.via.is_empty())
    }

    fn otherwise(&self, words: &str, standing: &Standing<S>) -> String {
        match self.known.states.get(standing.told) {
            Some((_, state)) => format!("{words}, while {state} was told next"),
            None => format!("{words}, while no other state was told any more"),
        }
    }
}
