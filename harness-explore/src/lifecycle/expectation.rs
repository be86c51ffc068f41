//! What a system is expected to tell, given what was sent to it and what it replied.

use std::fmt;
use std::time::Duration;

use harness_core::state_machine::State;

use super::declaration::Lifecycle;
use super::disturbance::Disturbance;
use super::mismatch::{Mismatch, listed};
use super::system::Outcome;
use crate::machine::RuleError;

/// One way in which things may have happened.
///
/// A command that is sent while another is under way may find the system in any of the states that
/// were not told yet: each of them is a hypothesis of its own, and what is told decides.
#[derive(Clone, Debug, PartialEq)]
struct Hypothesis<S> {
    /// The last state that was told.
    at: S,
    /// What is still to be told, in this order.
    rest: Vec<S>,
    /// The state in which the last command that was accepted began.
    began_in: S,
}

impl<S: State> Hypothesis<S> {
    /// The states in which the system may be now.
    fn possible(&self) -> impl Iterator<Item = &S> {
        std::iter::once(&self.at).chain(&self.rest)
    }

    /// That a command began in the possible state of this place, and leads through these.
    fn going<'s>(&self, place: usize, through: impl Iterator<Item = &'s S>) -> Self {
        let mut rest = self.rest[..place].to_vec();
        let began_in = rest.last().unwrap_or(&self.at).clone();
        for next in through {
            // the same state again is no change, and not told
            if rest.last().unwrap_or(&self.at) != next {
                rest.push(next.clone());
            }
        }
        Hypothesis {
            at: self.at.clone(),
            rest,
            began_in,
        }
    }
}

/// A command that was accepted, and has not ended.
#[derive(Clone, Debug)]
struct Open {
    identifier: String,
    command: String,
    /// Another command came meanwhile, by which it may be ended.
    overtaken: bool,
    /// Its end is not waited for.
    later: bool,
}

/// Commands of the time when a fault was on: their ends are heard, and not judged.
#[derive(Clone, Debug, Default)]
pub(super) struct Bygone {
    pub(super) identifiers: Vec<String>,
    /// How many commands there are of which it is not known whether they were taken.
    pub(super) unanswered: usize,
}

impl Bygone {
    /// Whether this may be the end of one of them; that one is gone then.
    fn ends(&mut self, identifier: &str) -> bool {
        if let Some(place) = self.identifiers.iter().position(|it| it == identifier) {
            self.identifiers.remove(place);
            return true;
        }
        let is_known = self.unanswered > 0;
        self.unanswered = self.unanswered.saturating_sub(1);
        is_known
    }
}

/// What a system is expected to tell.
#[derive(Clone, Debug)]
pub(super) struct Expectation<S> {
    hypotheses: Vec<Hypothesis<S>>,
    open: Vec<Open>,
    /// Whether since nothing was going on a command was told to have ended.
    ended: bool,
    /// Whether a command is under way of which no end is told.
    nameless: bool,
    /// What was told since nothing was going on.
    told: Vec<S>,
    /// What a fault has left behind: commands that may still be told to have ended.
    bygone: Bygone,
}

impl<S: State> Expectation<S> {
    /// Nothing: the system rests in a state.
    pub(super) fn resting(at: S) -> Self {
        let hypothesis = Hypothesis {
            began_in: at.clone(),
            at,
            rest: Vec::new(),
        };
        Expectation {
            hypotheses: vec![hypothesis],
            open: Vec::new(),
            ended: false,
            nameless: false,
            told: Vec::new(),
            bygone: Bygone::default(),
        }
    }

    /// It rests in a state again, after a disturbance.
    pub(super) fn resumed(at: S, after: Disturbance<S>) -> Self {
        Expectation {
            bygone: after.into_bygone(),
            ..Expectation::resting(at)
        }
    }

    /// What may be so when a fault begins.
    pub(super) fn disturbed(&self) -> Disturbance<S> {
        let mut bygone = self.bygone.clone();
        let open = self.open.iter().map(|open| open.identifier.clone());
        bygone.identifiers.extend(open);
        Disturbance::of(self.possible().into_iter().cloned().collect(), bygone)
    }

    /// The state that was told last.
    pub(super) fn at(&self) -> Option<&S> {
        self.hypotheses.first().map(|hypothesis| &hypothesis.at)
    }

    /// The state in which the last command began, as far as is known.
    pub(super) fn began_in(&self) -> Option<&S> {
        self.hypotheses
            .first()
            .map(|hypothesis| &hypothesis.began_in)
    }

    /// The states in which the system may be now, each once.
    fn possible(&self) -> Vec<&S> {
        let mut possible = Vec::new();
        for state in self.hypotheses.iter().flat_map(Hypothesis::possible) {
            if !possible.contains(&state) {
                possible.push(state);
            }
        }
        possible
    }

    /// Whether nothing is going on.
    pub(super) fn is_calm(&self) -> bool {
        let [only] = self.hypotheses.as_slice() else {
            return false;
        };
        only.rest.is_empty() && !self.is_waiting_for_ends()
    }

    /// Whether all that was expected was told.
    pub(super) fn is_met(&self) -> bool {
        self.has_arrived() && !self.is_waiting_for_ends()
    }

    /// Whether every command has ended, also those whose end is not waited for.
    pub(super) fn has_ended(&self) -> bool {
        self.open.is_empty()
    }

    fn is_waiting_for_ends(&self) -> bool {
        self.open.iter().any(|open| !open.later)
    }

    fn has_arrived(&self) -> bool {
        self.hypotheses
            .iter()
            .any(|hypothesis| hypothesis.rest.is_empty())
    }

    /// Nothing goes on any more: what is told from now on is told anew.
    pub(super) fn settled(&mut self) {
        self.hypotheses
            .retain(|hypothesis| hypothesis.rest.is_empty());
        self.hypotheses.truncate(1);
        self.ended = false;
        self.nameless = false;
        self.told.clear();
    }

    /// A command was accepted. It began in a state in which it is allowed.
    pub(super) fn accepted(
        &mut self,
        command: &str,
        identifier: Option<String>,
        lifecycle: &Lifecycle<S>,
    ) -> Result<(), RuleError> {
        let mut hypotheses = Vec::new();
        for hypothesis in &self.hypotheses {
            for (place, state) in hypothesis.possible().enumerate() {
                let Some(way) = lifecycle.way(state, command) else {
                    continue;
                };
                for to in std::iter::once(&way.to).chain(&way.others) {
                    let began = hypothesis.going(place, way.via.iter().chain([to]));
                    if !hypotheses.contains(&began) {
                        hypotheses.push(began);
                    }
                }
            }
        }
        if hypotheses.is_empty() {
            return Err(Mismatch::Accepted.because(format!("{command} in {self}")));
        }
        self.hypotheses = hypotheses;
        for open in &mut self.open {
            open.overtaken = true;
        }
        self.nameless |= identifier.is_none() || lifecycle.is_ending_later(command);
        self.open.extend(identifier.map(|identifier| Open {
            identifier,
            command: command.to_owned(),
            overtaken: false,
            later: lifecycle.is_ending_later(command),
        }));
        Ok(())
    }

    /// The state that is read after a command was accepted: it can not have begun in a state that
    /// comes only after that.
    pub(super) fn read_after(&mut self, command: &str, read: &S) -> Result<(), RuleError> {
        let shown = self.to_string();
        self.hypotheses.retain(|hypothesis| {
            let mut chain: Vec<&S> = hypothesis.possible().collect();
            while chain.last().is_some_and(|last| *last != read) {
                chain.pop();
            }
            chain.is_empty() || chain.contains(&&hypothesis.began_in)
        });
        if self.hypotheses.is_empty() {
            let said = format!("{command} in {shown}: it was still {read} after that");
            return Err(Mismatch::Accepted.because(said));
        }
        Ok(())
    }

    /// Whether all commands have ended, by which it should have arrived, and it has not.
    pub(super) fn is_overdue(&self) -> bool {
        self.ended && !self.nameless && !self.is_waiting_for_ends() && !self.has_arrived()
    }

    /// What was told does not say where the system is, though its commands have ended.
    pub(super) fn overdue(&self, read: &S, lag: Duration) -> RuleError {
        Mismatch::Late.because(format!(
            "the commands have ended and it is {read}, which was not told in {lag:?} after that"
        ))
    }

    /// Whether a state is one of those where it should arrive.
    pub(super) fn arrives_in(&self, state: &S) -> bool {
        self.hypotheses
            .iter()
            .any(|hypothesis| hypothesis.rest.last() == Some(state))
    }

    /// A command was refused. There is a state in which it is.
    pub(super) fn refused(
        &self,
        command: &str,
        reason: &str,
        lifecycle: &Lifecycle<S>,
    ) -> Result<(), RuleError> {
        let allowed = |state: &S| lifecycle.way(state, command).is_some();
        if self.possible().into_iter().all(allowed) {
            return Err(Mismatch::Refused.because(format!("{command} in {self}: {reason}")));
        }
        Ok(())
    }

    /// A state was told.
    pub(super) fn heard(&mut self, state: &S) -> Result<(), RuleError> {
        let mut left = Vec::new();
        for hypothesis in &self.hypotheses {
            match hypothesis.rest.split_first() {
                Some((next, rest)) if next == state => left.push(Hypothesis {
                    at: state.clone(),
                    rest: rest.to_vec(),
                    began_in: hypothesis.began_in.clone(),
                }),
                _ if hypothesis.at == *state => left.push(hypothesis.clone()),
                _ => {}
            }
        }
        if left.is_empty() {
            if self.is_calm() {
                return Err(Mismatch::Late.because(format!("{state}, though it rested in {self}")));
            }
            return Err(Mismatch::WrongState.because(format!(
                "told {state} where {} was to come; before that {}",
                self.next(),
                listed(&self.told)
            )));
        }
        left.dedup();
        self.hypotheses = left;
        if self.told.last() != Some(state) {
            self.told.push(state.clone());
        }
        Ok(())
    }

    /// A command was told to have ended.
    pub(super) fn finished(
        &mut self,
        identifier: &str,
        outcome: &Outcome,
    ) -> Result<(), RuleError> {
        let place = self
            .open
            .iter()
            .position(|open| open.identifier == identifier);
        let Some(place) = place else {
            if self.bygone.ends(identifier) {
                return Ok(());
            }
            return Err(Mismatch::WrongResult.because(format!(
                "{identifier} has ended, but no command of that name was under way"
            )));
        };
        let open = self.open.remove(place);
        self.ended |= !open.later;
        match outcome {
            Outcome::Done => Ok(()),
            Outcome::Aborted if open.overtaken => Ok(()),
            Outcome::Aborted => Err(Mismatch::WrongResult.because(format!(
                "{} ended early, though nothing was sent meanwhile",
                open.command
            ))),
            Outcome::Failed(reason) => Err(Mismatch::WrongResult.because(format!(
                "{} was accepted and then failed: {reason}",
                open.command
            ))),
        }
    }

    /// Nothing was told for as long as there was patience.
    pub(super) fn given_up(&self, patience: Duration) -> RuleError {
        if !self.has_arrived() {
            return Mismatch::Stuck.because(format!(
                "{self}: for {patience:?} {} did not come; told {}",
                self.next(),
                listed(&self.told)
            ));
        }
        let commands: Vec<&str> = self.open.iter().map(|open| &*open.command).collect();
        Mismatch::NoResult.because(format!(
            "{} was accepted and led to {self}, but was not told to have ended in {patience:?}",
            listed(&commands)
        ))
    }

    /// What could be told next.
    fn next(&self) -> String {
        let mut next: Vec<&S> = Vec::new();
        for hypothesis in &self.hypotheses {
            next.extend(
                hypothesis
                    .rest
                    .first()
                    .filter(|state| !next.contains(state)),
            );
        }
        if next.is_empty() {
            return "no other state".to_owned();
        }
        let names: Vec<String> = next.iter().map(ToString::to_string).collect();
        names.join(" or ")
    }
}

/// The state that was told last, and what is to come: `CONFIGURING..READY`.
impl<S: State> fmt::Display for Expectation<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(first) = self.hypotheses.first() else {
            return formatter.write_str("no state");
        };
        write!(formatter, "{}", first.at)?;
        match first.rest.last() {
            Some(last) => write!(formatter, "..{last}"),
            None => Ok(()),
        }
    }
}
