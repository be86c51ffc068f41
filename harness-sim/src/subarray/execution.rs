//! What happens to a command after it was accepted.

use harness_tango::control_model::{DevState, ObsState, ResultCode, TaskStatus};
use tokio::time::Instant;

use super::SimulatedSubarray;
use super::task::{Ending, Pace, Task};
use crate::attribute::Attribute;
use crate::lrc::Outcome;
use crate::model::{Holding, Job, Trigger, UnexpectedTrigger};

impl SimulatedSubarray {
    /// Does everything that is due by now, each thing as of the time when it was due.
    pub fn advance(&mut self, now: Instant) {
        self.settle(now);
    }

    /// When [`advance`](Self::advance) is to be called next; `None` if nothing is going on.
    #[must_use]
    pub fn next_due(&self) -> Option<Instant> {
        let step = self.active.as_ref().and_then(|task| task.pace.due());
        step.into_iter().chain(self.book.next_removal()).min()
    }

    pub(super) fn settle(&mut self, now: Instant) {
        self.start_waiting(now);
        while let Some(due) = self.next_due().filter(|due| *due <= now) {
            let step = self.active.as_ref().and_then(|task| task.pace.due());
            if step == Some(due) {
                self.step(due);
                self.start_waiting(due);
            } else {
                self.book.forget_finished(due);
            }
        }
    }

    /// Makes the task the active one; all others, active and waiting, are ended by it.
    pub(super) fn interrupt_by(&mut self, task: Task, now: Instant) {
        let active = self.active.take();
        let waiting = std::mem::take(&mut self.waiting);
        self.start(task, now);
        for victim in active.into_iter().chain(waiting) {
            let outcome = Outcome::aborted();
            self.book
                .finish(&victim.id, TaskStatus::Aborted, &outcome, now);
        }
    }

    /// Ends what would never end.
    pub(super) fn end_stuck(&mut self, now: Instant) {
        if let Some(stuck) = self.active.take_if(|task| matches!(task.pace, Pace::Never)) {
            let outcome = Outcome::aborted();
            self.book
                .finish(&stuck.id, TaskStatus::Aborted, &outcome, now);
        }
    }

    /// The obsState was read: what waits for reads goes on.
    pub(super) fn count_read(&mut self, now: Instant) {
        let Some(task) = &mut self.active else {
            return;
        };
        if let Pace::Reads { left } = &mut task.pace {
            *left = left.saturating_sub(1);
            if *left == 0 {
                task.pace = Pace::ending_at(now);
                self.settle(now);
            }
        }
    }

    fn start_waiting(&mut self, now: Instant) {
        while self.active.is_none() {
            let Some(task) = self.waiting.pop_front() else {
                return;
            };
            let obs_state = self.machine.obs_state();
            if matches!(task.ending, Ending::Rejected(_)) {
                self.end(task, now);
            } else if task.rule.job.invoked().is_none() && !task.rule.is_allowed_in(obs_state) {
                let outcome = Outcome::not_allowed();
                self.book
                    .finish(&task.id, TaskStatus::Rejected, &outcome, now);
            } else {
                self.start(task, now);
            }
        }
    }

    fn start(&mut self, mut task: Task, now: Instant) {
        self.book.start(&task.id);
        let commanded = task.rule.job.commanded_state(self.machine.holding());
        if let Some(commanded) = commanded
            && commanded != self.commanded
        {
            self.commanded = commanded;
            self.publish(Attribute::CommandedObsState);
        }
        task.pace = Pace::begin(self.delays.of(task.rule.command), now);
        self.active = Some(task);
    }

    fn step(&mut self, now: Instant) {
        let Some(mut task) = self.active.take() else {
            return;
        };
        match &mut task.pace {
            Pace::Timed { step, .. } if *step < Pace::LAST_STEP => {
                self.book.progress(&task.id, 33 * *step);
                *step += 1;
                self.active = Some(task);
            }
            _ => self.end(task, now),
        }
    }

    pub(super) fn end(&mut self, mut task: Task, now: Instant) {
        let (status, outcome) = match task.ending {
            Ending::Completed => return self.complete(&task, now),
            Ending::Raised(outcome) => (TaskStatus::Failed, outcome),
            Ending::Rejected(outcome) => (TaskStatus::Rejected, outcome),
            Ending::FailedIn(states, outcome) => {
                for state in states {
                    self.move_to(state);
                }
                (TaskStatus::Completed, outcome)
            }
            Ending::Stuck(state) => {
                if let Some(state) = state {
                    self.move_to(state);
                }
                task.pace = Pace::Never;
                self.active = Some(task);
                return;
            }
        };
        self.book.finish(&task.id, status, &outcome, now);
    }

    /// The component's own changes come before the result; the end of a transient state after it.
    fn complete(&mut self, task: &Task, now: Instant) {
        match self.perform(task) {
            Ok(()) => {
                let outcome = Outcome::new(ResultCode::Ok, success_of(task));
                self.book
                    .finish(&task.id, TaskStatus::Completed, &outcome, now);
                if let Some(trigger) = task.rule.job.completed() {
                    // perform has made sure that it is expected
                    self.fire(trigger).ok();
                }
            }
            Err(unexpected) => {
                let message = format!("Unhandled exception during execution: {unexpected}");
                let outcome = Outcome::new(ResultCode::Failed, message);
                self.book
                    .finish(&task.id, TaskStatus::Failed, &outcome, now);
            }
        }
    }

    fn perform(&mut self, task: &Task) -> Result<(), UnexpectedTrigger> {
        let job = task.rule.job;
        if let Some(trigger) = job.completed() {
            // somebody may have forced another obsState meanwhile
            let mut trial = self.machine;
            trial.fire(trigger)?;
        }
        let held = self.resources.names().len();
        match job {
            Job::Assign => self.resources.assign(&task.argument),
            Job::Release => self.resources.release(&task.argument),
            Job::ReleaseAll | Job::Restart => self.resources.release_all(),
            Job::Configure => self.fire(Trigger::ComponentConfigured)?,
            Job::Scan => self.fire(Trigger::ComponentScanning)?,
            Job::EndScan => self.fire(Trigger::ComponentNotScanning)?,
            Job::End => self.fire(Trigger::ComponentUnconfigured)?,
            Job::On => self.set_state(DevState::On),
            Job::Off => self.set_state(DevState::Off),
            Job::Abort | Job::ObsReset => {}
        }
        if self.resources.names().len() != held {
            self.publish(Attribute::AssignedResources);
        }
        if matches!(job, Job::Assign | Job::Release | Job::ReleaseAll) {
            match (self.machine.holding(), self.resources.is_empty()) {
                (Holding::Nothing, false) => self.fire(Trigger::ComponentResourced)?,
                (Holding::Resources, true) => self.fire(Trigger::ComponentUnresourced)?,
                _ => {}
            }
        }
        Ok(())
    }

    pub(super) fn fire(&mut self, trigger: Trigger) -> Result<(), UnexpectedTrigger> {
        if self.machine.fire(trigger)?.is_some() {
            self.publish(Attribute::ObsState);
        }
        Ok(())
    }

    /// Goes to an obsState without asking the machine; silent if it is there already. What the
    /// machine does not hold in it is gone.
    pub(super) fn move_to(&mut self, obs_state: ObsState) {
        let before = self.machine.obs_state();
        self.machine.force(obs_state);
        if self.machine.holding() == Holding::Nothing && !self.resources.is_empty() {
            self.resources.release_all();
            self.publish(Attribute::AssignedResources);
        }
        if before != obs_state {
            self.publish(Attribute::ObsState);
        }
    }

    fn set_state(&mut self, state: DevState) {
        self.state = state;
        self.publish(Attribute::State);
    }
}

fn success_of(task: &Task) -> String {
    let command = task.rule.command;
    match task.rule.job {
        Job::On | Job::Off => format!("{command} command completed OK"),
        _ => format!("{command} completed OK"),
    }
}
