//! One program under way through a lifecycle: what is sent, and whether it went as it should.

use std::fmt;
use std::rc::Rc;

use harness_core::fault::FaultGuard;
use harness_core::state_machine::State;
use serde_json::Value;

use super::declaration::Lifecycle;
use super::disturbance::Disturbance;
use super::expectation::Expectation;
use super::mismatch::Mismatch;
use super::record::Went;
use super::system::{Reply, SystemUnderTest};
use crate::machine::{RuleError, Verdict};

/// One program under way through a lifecycle: the system, and what it is expected to tell.
pub struct Walk<T, S: State> {
    pub(super) system: T,
    pub(super) lifecycle: Rc<Lifecycle<S>>,
    pub(super) expectation: Expectation<S>,
    /// What is held at home.
    pub(super) fresh: Value,
    /// The last command that was accepted, and its input.
    pub(super) last: Option<(String, Option<String>)>,
    /// Whether it was written down that it led where it should.
    pub(super) noted: bool,
    /// Whether what is sent now must be refused.
    refusing: bool,
    /// Whether something went wrong: nothing can be expected any more.
    pub(super) broken: bool,
    /// What keeps each fault of the lifecycle going.
    pub(super) guards: Vec<Option<FaultGuard>>,
    /// What may be so, while a fault is on.
    pub(super) disturbance: Option<Disturbance<S>>,
}

impl<S: State, T: SystemUnderTest<S>> Walk<T, S> {
    /// The system, for rules of one's own. What they do to its state is not expected by the lifecycle.
    pub fn system(&mut self) -> &mut T {
        &mut self.system
    }

    /// Begins at home.
    pub(super) async fn begin(
        mut system: T,
        lifecycle: Rc<Lifecycle<S>>,
    ) -> Result<Self, RuleError> {
        let state = system.state().await?;
        if state != *lifecycle.home() {
            return Err(Mismatch::NotHome.because(state));
        }
        let fresh = system.holdings().await?;
        lifecycle.record().borrow_mut().begins(&state);
        let guards = lifecycle.faults().iter().map(|_| None).collect();
        Ok(Walk {
            system,
            lifecycle,
            expectation: Expectation::resting(state),
            fresh,
            last: None,
            noted: true,
            refusing: false,
            broken: false,
            guards,
            disturbance: None,
        })
    }

    /// The state in which the system rests; none while something is going on, or a fault is on.
    pub(super) fn resting_in(&self) -> Option<&S> {
        let rests = self.disturbance.is_none() && self.expectation.is_calm();
        self.expectation.at().filter(|_| rests)
    }

    /// Sends a command that is allowed, and sees it through.
    pub(super) async fn complete(
        &mut self,
        command: &str,
        input: Option<&str>,
    ) -> Result<(), RuleError> {
        if self.disturbance.is_some() {
            return self.try_sending(command, input, true).await;
        }
        self.attributed(command, async |walk, at| {
            walk.applies(command, at, true)?;
            if walk.take(command, input).await? {
                walk.settle().await?;
            }
            if walk.expectation.began_in() != Some(at) {
                walk.note(at, command, input, Went::Missed);
            }
            Ok(())
        })
        .await
    }

    /// Sees through what was begun.
    pub(super) async fn wait(&mut self) -> Result<(), RuleError> {
        if self.disturbance.is_some() {
            return self.overhear(None).await;
        }
        self.refusing = false;
        let settled = self.settle().await;
        let home = self.lifecycle.home().clone();
        settled.map_err(|error| self.blamed_on_last(&home, "", error))
    }

    /// Sends a command that is allowed, and waits only until it has begun.
    pub(super) async fn begin_with(
        &mut self,
        command: &str,
        input: Option<&str>,
    ) -> Result<(), RuleError> {
        if self.disturbance.is_some() {
            return self.try_sending(command, input, false).await;
        }
        self.attributed(command, async |walk, _| {
            let before = walk.expectation.at().cloned();
            if walk.take(command, input).await? {
                while walk.expectation.at() == before.as_ref() {
                    walk.hear_more().await?;
                }
            }
            Ok(())
        })
        .await
    }

    /// Sends a command that is not allowed, or that is allowed with a broken input. It must be
    /// refused, and change nothing.
    pub(super) async fn refused(
        &mut self,
        command: &str,
        input: Option<&str>,
    ) -> Result<(), RuleError> {
        if self.disturbance.is_some() {
            return self.try_sending(command, input, false).await;
        }
        self.attributed(command, async |walk, at| {
            walk.refusing = true;
            if !walk.is_broken(command, input) {
                walk.applies(command, at, false)?;
            }
            let before = match walk.resting_in() {
                Some(_) => Some(walk.system.holdings().await?),
                None => None,
            };
            match walk.system.send(command, input).await? {
                Reply::Accepted {
                    command: identifier,
                } => {
                    // it has moved on to where this is allowed
                    walk.accept(command, input, identifier)?;
                    let read = walk.system.state().await?;
                    walk.expectation.read_after(command, &read)?;
                    walk.note(at, command, input, Went::Missed);
                    walk.refusing = false;
                    walk.settle().await
                }
                Reply::Refused { reason } => {
                    if !walk.is_broken(command, input) {
                        let lifecycle = &walk.lifecycle;
                        walk.expectation.refused(command, &reason, lifecycle)?;
                    }
                    match before {
                        Some(before) => walk.has_not_changed(command, at, &before).await?,
                        None => walk.hear_all().await?,
                    }
                    let stayed = walk.expectation.at() == Some(at);
                    let went = if stayed { Went::Refused } else { Went::Missed };
                    walk.note(at, command, input, went);
                    Ok(())
                }
            }
        })
        .await
    }

    /// Ends the program: all faults heal, and the system goes home by what is allowed, if nothing went
    /// wrong before.
    pub(super) async fn end(&mut self) -> Result<(), RuleError> {
        let mut home = self.heal_all().await;
        if !self.broken {
            home = self.go_home().await;
        }
        let closed = self.system.close().await;
        home.and(closed)
    }

    async fn go_home(&mut self) -> Result<(), RuleError> {
        self.wait().await?;
        let lifecycle = Rc::clone(&self.lifecycle);
        // where a command may lead to several states, the way is another after each step
        for _ in 0..=2 * lifecycle.ways().len() {
            let Some(at) = self.expectation.at().cloned() else {
                return Ok(());
            };
            let Some(way) = lifecycle.way_home(&at) else {
                return Err(Mismatch::NoWayHome.because(format!("from {at}")));
            };
            let Some(step) = way.first() else { break };
            let mut inputs = lifecycle.inputs(&step.command).iter();
            let input = inputs.find(|input| input.is_taken());
            self.complete(&step.command, input.map(|input| input.name.as_str()))
                .await?;
        }
        if self.expectation.at() != Some(lifecycle.home()) {
            let said = format!("from {}, which commands lead back to", self.expectation);
            return Err(Mismatch::NoWayHome.because(said));
        }
        while !self.expectation.has_ended() {
            self.hear_more().await?;
        }
        Ok(())
    }

    /// Does something that a command in the present state is answerable for if it goes wrong.
    async fn attributed(
        &mut self,
        command: &str,
        deed: impl AsyncFnOnce(&mut Self, &S) -> Result<(), RuleError>,
    ) -> Result<(), RuleError> {
        self.refusing = false;
        let before = self.expectation.at().cloned();
        let begun = self.hear_all().await;
        let Some(at) = self.expectation.at().cloned() else {
            return Ok(());
        };
        if let Some(before) = before.filter(|before| *before != at) {
            self.note(&before, command, None, Went::Missed);
        }
        if let Err(error) = begun {
            // what is told before anything was sent comes of what was sent last
            return Err(self.blamed_on_last(&at, command, error));
        }
        let done = deed(self, &at).await;
        done.map_err(|error| match error.verdict() {
            Verdict::Failed => self.blamed(&at, command, error),
            Verdict::Skipped => error,
        })
    }

    /// Something went wrong, for which the last command that was accepted is answerable, or else
    /// this one.
    pub(super) fn blamed_on_last(&mut self, at: &S, command: &str, error: RuleError) -> RuleError {
        let last = self.last.as_ref().map(|(command, _)| command.clone());
        match (last, self.expectation.began_in().cloned()) {
            (Some(last), Some(began_in)) => self.blamed(&began_in, &last, error),
            _ => self.blamed(at, command, error),
        }
    }

    /// Something went wrong, for which a command in a state is answerable. It is the same whichever
    /// rule shows it.
    fn blamed(&mut self, at: &S, command: &str, error: RuleError) -> RuleError {
        self.broken = true;
        let refusing = self.refusing;
        let mut record = self.lifecycle.record().borrow_mut();
        record.failed(at, command, &error.to_string(), !refusing);
        if error.kind().is_empty() {
            return error;
        }
        let kind = format!("{command}: {}", error.kind());
        error.of_kind(kind).anywhere()
    }

    /// Whether a command is allowed, or not, in the present state, as it was when it was chosen. Else
    /// the state has been left before it came.
    fn applies(&self, command: &str, at: &S, allowed: bool) -> Result<(), RuleError> {
        if self.lifecycle.way(at, command).is_some() == allowed {
            return Ok(());
        }
        Err(RuleError::skipped(format!("{at} came before {command}")))
    }

    /// Sends a command that must be accepted, unless the system has moved on and refuses it for
    /// that: then it is false.
    async fn take(&mut self, command: &str, input: Option<&str>) -> Result<bool, RuleError> {
        match self.system.send(command, input).await? {
            Reply::Accepted {
                command: identifier,
            } => {
                self.accept(command, input, identifier)?;
                Ok(true)
            }
            Reply::Refused { reason } => {
                let lifecycle = &self.lifecycle;
                self.expectation.refused(command, &reason, lifecycle)?;
                self.hear_all().await?;
                Ok(false)
            }
        }
    }

    fn accept(
        &mut self,
        command: &str,
        input: Option<&str>,
        identifier: Option<String>,
    ) -> Result<(), RuleError> {
        if self.is_broken(command, input) {
            let input = input.unwrap_or_default();
            let with = format!("{command} in {} with {input}", self.expectation);
            return Err(Mismatch::Accepted.because(with));
        }
        self.expectation
            .accepted(command, identifier, &self.lifecycle)?;
        self.lifecycle.record().borrow_mut().accepted();
        self.last = Some((command.to_owned(), input.map(str::to_owned)));
        self.noted = false;
        Ok(())
    }

    pub(super) fn is_broken(&self, command: &str, input: Option<&str>) -> bool {
        let inputs = self.lifecycle.inputs(command).iter();
        let mut broken = inputs.filter(|known| !known.is_taken());
        broken.any(|known| Some(known.name.as_str()) == input)
    }
}

/// The state of the model: the state that was told last, and what is to come; while a fault is on,
/// the states that may be, and the fault.
impl<T, S: State> fmt::Display for Walk<T, S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.disturbance {
            None => self.expectation.fmt(formatter),
            Some(disturbance) => {
                let on = self.guards.iter().flatten().map(FaultGuard::description);
                let on = on.collect::<Vec<_>>().join(", ");
                write!(formatter, "{disturbance} ({on})")
            }
        }
    }
}

impl<T, S: State> fmt::Debug for Walk<T, S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Walk")
            .field("expectation", &self.expectation)
            .finish_non_exhaustive()
    }
}
