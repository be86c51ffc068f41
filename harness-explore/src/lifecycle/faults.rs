//! Faults as steps of a program: they start and heal, and what is sent meanwhile is not judged.

use std::sync::Arc;
use std::time::Duration;

use harness_core::fault::FaultGuard;
use harness_core::state_machine::State;
use tokio::time::{Instant, sleep, timeout};

use super::expectation::Expectation;
use super::mismatch::Mismatch;
use super::system::{Reply, SystemUnderTest, Told};
use super::walk::Walk;
use crate::machine::RuleError;

/// How long to wait before looking again whether a system that could not be read has recovered.
const PAUSE: Duration = Duration::from_millis(50);

impl<T, S: State> Walk<T, S> {
    /// Whether a fault is on.
    pub(super) fn has_fault(&self, number: usize) -> bool {
        self.guards.get(number).is_some_and(Option::is_some)
    }

    /// Nothing can be expected any more.
    fn given_up(&mut self, error: RuleError) -> RuleError {
        self.broken = true;
        error.anywhere()
    }
}

impl<S: State, T: SystemUnderTest<S>> Walk<T, S> {
    /// Starts a fault. What was told before is judged; from then on nothing is.
    pub(super) async fn start_fault(&mut self, number: usize) -> Result<(), RuleError> {
        if self.disturbance.is_none()
            && let Err(error) = self.hear_all().await
        {
            let home = self.lifecycle.home().clone();
            return Err(self.blamed_on_last(&home, "", error));
        }
        let (fault, place) = match (
            self.lifecycle.faults().get(number),
            self.guards.get_mut(number),
        ) {
            (Some(fault), Some(place)) => (Arc::clone(fault), place),
            _ => return Err(RuleError::skipped("there is no such fault")),
        };
        match timeout(self.lifecycle.patience(), fault.start()).await {
            Ok(Ok(guard)) => *place = Some(guard),
            Ok(Err(error)) => {
                let error = Mismatch::Fault.because(RuleError::from(error));
                return Err(self.given_up(error));
            }
            Err(_) => {
                let said = format!("{} did not start", fault.describe());
                return Err(self.given_up(Mismatch::Fault.because(said)));
            }
        }
        if self.disturbance.is_none() {
            self.disturbance = Some(self.expectation.disturbed());
        }
        Ok(())
    }

    /// Heals a fault. After the last one, the system must recover.
    pub(super) async fn heal(&mut self, number: usize) -> Result<(), RuleError> {
        if let Some(guard) = self.guards.get_mut(number).and_then(Option::take) {
            self.stop(guard).await?;
        }
        if self.guards.iter().any(Option::is_some) {
            return Ok(());
        }
        self.recover().await
    }

    /// Heals all that is on, also when something went wrong; the system must recover if nothing did.
    pub(super) async fn heal_all(&mut self) -> Result<(), RuleError> {
        let mut healed = Ok(());
        for number in 0..self.guards.len() {
            if let Some(guard) = self.guards[number].take() {
                healed = healed.and(self.stop(guard).await);
            }
        }
        healed?;
        if self.broken {
            return Ok(());
        }
        self.recover().await
    }

    async fn stop(&mut self, guard: FaultGuard) -> Result<(), RuleError> {
        let name = guard.description().to_owned();
        let error = match timeout(self.lifecycle.patience(), guard.stop()).await {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(error)) => Mismatch::Fault.because(RuleError::from(error)),
            Err(_) => Mismatch::Fault.because(format!("{name} did not stop")),
        };
        Err(self.given_up(error))
    }

    /// Sends a command while a fault is on: whatever comes of it.
    pub(super) async fn try_sending(
        &mut self,
        command: &str,
        input: Option<&str>,
        follow: bool,
    ) -> Result<(), RuleError> {
        let patience = self.lifecycle.patience();
        let Ok(sent) = timeout(patience, self.system.send(command, input)).await else {
            let said = format!("{command} was not answered, nor given up, in {patience:?}");
            let error = Mismatch::Hangs.because(said);
            let kind = format!("{command}: {}", error.kind());
            return Err(self.given_up(error.of_kind(kind)));
        };
        let is_broken = self.is_broken(command, input);
        if let Some(disturbance) = &mut self.disturbance {
            if !is_broken && !matches!(sent, Ok(Reply::Refused { .. })) {
                disturbance.may_have_taken(command, &self.lifecycle);
            }
            match &sent {
                Ok(Reply::Accepted {
                    command: Some(identifier),
                }) => disturbance.was_taken(identifier.clone()),
                Ok(_) => {}
                Err(_) => disturbance.was_not_answered(),
            }
        }
        match sent {
            Ok(Reply::Accepted { command }) if follow => self.overhear(command.as_deref()).await,
            _ => Ok(()),
        }
    }

    /// Hears what is told while a fault is on until a command ends or nothing more comes, and does not
    /// judge it.
    pub(super) async fn overhear(&mut self, until: Option<&str>) -> Result<(), RuleError> {
        let patience = self.lifecycle.patience();
        let deadline = Instant::now() + patience;
        while Instant::now() < deadline {
            let lull = self.lull();
            match timeout(lull + patience, self.system.next(lull)).await {
                Ok(Ok(Some(Told::Finished { command, .. }))) if until == Some(&*command) => break,
                Ok(Ok(Some(_))) => {}
                Ok(Ok(None) | Err(_)) => break,
                Err(_) => {
                    let said = format!("what is told was listened for, and {patience:?} longer");
                    return Err(self.given_up(Mismatch::Hangs.because(said)));
                }
            }
        }
        Ok(())
    }

    /// All faults have healed: the system must be readable and rest, and everything begins anew there.
    async fn recover(&mut self) -> Result<(), RuleError> {
        let Some(disturbance) = self.disturbance.take() else {
            return Ok(());
        };
        let patience = self.lifecycle.patience();
        let mut last = "nothing could be read".to_owned();
        let Ok(at) = timeout(patience, self.rest(&mut last)).await else {
            let said = format!("{patience:?} after all faults have healed {last}");
            return Err(self.given_up(Mismatch::NoRecovery.because(said)));
        };
        self.lifecycle.record().borrow_mut().begins(&at);
        self.expectation = Expectation::resumed(at, disturbance);
        self.last = None;
        self.noted = true;
        Ok(())
    }

    /// Waits until the system rests; what is in the way is told.
    async fn rest(&mut self, last: &mut String) -> S {
        loop {
            match self.rests().await {
                Ok(Ok(state)) => return state,
                Ok(Err(moving)) => *last = moving,
                Err(error) => {
                    *last = error.to_string();
                    sleep(PAUSE).await;
                }
            }
        }
    }

    /// The state in which the system rests, or what it does instead.
    async fn rests(&mut self) -> Result<Result<S, String>, RuleError> {
        self.system.listen_anew().await?;
        let state = self.system.state().await?;
        let is_declared = self.lifecycle.states().any(|known| *known == state);
        if !is_declared || self.lifecycle.is_transient(&state) {
            sleep(PAUSE).await;
            return Ok(Err(format!("it was in {state}")));
        }
        if let Some(told) = self.system.next(self.lull()).await? {
            return Ok(Err(match told {
                Told::State(told) => format!("it told {told}"),
                Told::Finished { command, .. } => format!("it told that {command} has ended"),
            }));
        }
        let again = self.system.state().await?;
        if again != state {
            return Ok(Err(format!("it went from {state} to {again}")));
        }
        Ok(Ok(state))
    }

    /// How long nothing may be told for it to count as resting: late events are told by then.
    fn lull(&self) -> Duration {
        let lifecycle = &self.lifecycle;
        let lull = lifecycle.lag().max(lifecycle.quiet());
        lull.min(lifecycle.patience() / 4)
    }
}
