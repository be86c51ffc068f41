//! What a program under way hears, and whether it is what was expected.

use std::time::Duration;

use harness_core::state_machine::State;
use serde_json::Value;

use super::mismatch::Mismatch;
use super::record::Went;
use super::system::{SystemUnderTest, Told};
use super::walk::Walk;
use crate::machine::RuleError;

impl<S: State, T: SystemUnderTest<S>> Walk<T, S> {
    /// Waits until all is told that is expected, and looks whether that is so.
    pub(super) async fn settle(&mut self) -> Result<(), RuleError> {
        while !self.expectation.is_met() {
            self.hear_more().await?;
        }
        self.expectation.settled();
        self.note_taken();
        self.hear_nothing().await?;
        let read = self.system.state().await?;
        let Some(at) = self.expectation.at() else {
            return Ok(());
        };
        if read != *at {
            return Err(Mismatch::ReadOtherwise.because(format!("{read}, but told {at}")));
        }
        if read == *self.lifecycle.home() {
            let held = self.system.holdings().await?;
            if held != self.fresh {
                let last = self.last.as_ref().map(|(command, _)| command.as_str());
                return Err(Mismatch::Leftovers.because(format!(
                    "{held} in {read} after {}, where it was {} in the beginning",
                    last.unwrap_or("nothing"),
                    self.fresh
                )));
            }
        }
        Ok(())
    }

    /// Hears the next thing, which is expected.
    pub(super) async fn hear_more(&mut self) -> Result<(), RuleError> {
        let mut patience = self.lifecycle.patience();
        if self.expectation.is_overdue() {
            let lag = self.lifecycle.lag().min(patience);
            if let Some(told) = self.system.next(lag).await? {
                return self.hear(&told);
            }
            let read = self.system.state().await?;
            if self.expectation.arrives_in(&read) {
                return Err(self.expectation.overdue(&read, lag));
            }
            patience -= lag;
        }
        match self.system.next(patience).await? {
            Some(told) => self.hear(&told),
            None => Err(self.expectation.given_up(self.lifecycle.patience())),
        }
    }

    /// Hears what was told and not yet looked at.
    pub(super) async fn hear_all(&mut self) -> Result<(), RuleError> {
        while let Some(told) = self.system.next(Duration::ZERO).await? {
            self.hear(&told)?;
        }
        Ok(())
    }

    /// Hears what comes though nothing is expected, for as long as is said.
    async fn hear_nothing(&mut self) -> Result<(), RuleError> {
        while let Some(told) = self.system.next(self.lifecycle.quiet()).await? {
            self.hear(&told)?;
        }
        Ok(())
    }

    fn hear(&mut self, told: &Told<S>) -> Result<(), RuleError> {
        match told {
            Told::Finished { command, outcome } => self.expectation.finished(command, outcome),
            Told::State(state) => {
                let lifecycle = &self.lifecycle;
                let is_new = self.expectation.at() != Some(state);
                self.expectation.heard(state)?;
                if is_new {
                    let stays = !lifecycle.is_transient(state);
                    let mut record = lifecycle.record().borrow_mut();
                    record.told(state, stays, lifecycle.routes());
                }
                Ok(())
            }
        }
    }

    pub(super) async fn has_not_changed(
        &mut self,
        command: &str,
        at: &S,
        before: &Value,
    ) -> Result<(), RuleError> {
        if let Some(told) = self.system.next(self.lifecycle.quiet()).await? {
            let told = match told {
                Told::State(state) if state == *at => return Ok(()),
                Told::State(state) => state.to_string(),
                Told::Finished { command, .. } => format!("the end of {command}"),
            };
            let said = format!("{command} in {at} was refused, and {told} told");
            return Err(Mismatch::Changed.because(said));
        }
        let read = self.system.state().await?;
        if read != *at {
            let said = format!("{command} in {at} was refused, and the state is {read}");
            return Err(Mismatch::Changed.because(said));
        }
        let held = self.system.holdings().await?;
        if held != *before {
            let said = format!("{command} in {at} was refused, and {before} became {held}");
            return Err(Mismatch::Changed.because(said));
        }
        Ok(())
    }

    /// Writes down that the last command led where it should.
    fn note_taken(&mut self) {
        if std::mem::replace(&mut self.noted, true) {
            return;
        }
        let Some((command, input)) = &self.last else {
            return;
        };
        let (Some(began_in), Some(at)) = (self.expectation.began_in(), self.expectation.at())
        else {
            return;
        };
        self.note(began_in, command, input.as_deref(), Went::Taken);
        let mut record = self.lifecycle.record().borrow_mut();
        record.led(began_in, command, at);
    }

    pub(super) fn note(&self, at: &S, command: &str, input: Option<&str>, went: Went) {
        let mut record = self.lifecycle.record().borrow_mut();
        record.sent(at, command, input, went);
    }
}
