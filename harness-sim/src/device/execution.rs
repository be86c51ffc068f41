//! What happens to a command after it was accepted.

use harness_tango::control_model::{DevState, ObsState, ResultCode, TaskStatus};
use tokio::time::Instant;

use super::errand::{Ending as ErrandEnding, Errands, Message};
use super::task::{Ending, Pace, Task};
use super::{Errand, SimulatedDevice};
use crate::lrc::Outcome;
use crate::model::{Job, Manners};
use crate::transition::{self, Cause};

/// How often something is tried again because somebody else has interfered.
const RETRIES: u8 = 3;

/// What to do after others have failed an execution.
enum Verdict {
    /// Go on, with these errands.
    GoOn(Vec<Errand>),
    Fail,
}

impl SimulatedDevice {
    /// Does everything that is due by now, each thing as of the time when it was due, and looks
    /// what testers have set meanwhile.
    pub fn advance(&mut self, now: Instant) {
        self.settle(now);
    }

    /// Like [`advance`](Self::advance), where it is known that time passes until then. What
    /// repeats itself for ever leaves out repetitions if there would be very many.
    pub(crate) fn advance_on_the_way(&mut self, now: Instant, until: Instant) {
        self.base.until = Some(until);
        self.settle(now);
        self.base.until = None;
    }

    /// When [`advance`](Self::advance) is to be called next; `None` if nothing is going on.
    #[must_use]
    pub fn next_due(&self) -> Option<Instant> {
        let step = self.base.active.as_ref().and_then(|task| task.due);
        let others = [self.base.book.next_removal(), self.base.alarm];
        step.into_iter().chain(others.into_iter().flatten()).min()
    }

    pub(super) fn settle(&mut self, now: Instant) {
        self.base.now = Some(now);
        self.start_waiting(now);
        self.look(now);
        while let Some(due) = self.next_due().filter(|due| *due <= now) {
            self.base.now = Some(due);
            if self.base.active.as_ref().and_then(|task| task.due) == Some(due) {
                self.step(due);
                self.start_waiting(due);
            } else if self.base.alarm.take_if(|alarm| *alarm == due).is_some() {
                if let Some(job) = self.kind.alarm(&mut self.base)
                    && !self.has_at_hand(job)
                {
                    self.submit_for(job, "", None, due);
                }
            } else {
                self.base.book.forget_finished(due);
            }
            self.look(now);
        }
        self.base.now = Some(now);
    }

    /// Whether a command that does this is being executed or waits.
    fn has_at_hand(&self, job: Job) -> bool {
        let mut tasks = self.base.active.iter().chain(&self.base.waiting);
        tasks.any(|task| task.order.job() == job)
    }

    /// Looks when something is to be done about the active task.
    fn look(&mut self, now: Instant) {
        if let Some(task) = &mut self.base.active {
            task.look(now);
        }
    }

    /// Makes the task the active one; all others, active and waiting, are ended by it.
    pub(super) fn interrupt_by(&mut self, task: Task, now: Instant) {
        let active = self.base.active.take();
        let waiting = std::mem::take(&mut self.base.waiting);
        self.base.alarm = None;
        self.start(task, now);
        for victim in active.into_iter().chain(waiting) {
            self.finish(&victim, TaskStatus::Aborted, &Outcome::aborted(), now);
            self.tell_finished(&victim, TaskStatus::Aborted, &Outcome::aborted());
        }
    }

    /// Ends all that is under way and waits.
    pub(super) fn end_all(&mut self, now: Instant) {
        let active = self.base.active.take();
        let waiting = std::mem::take(&mut self.base.waiting);
        for victim in active.into_iter().chain(waiting) {
            self.finish(&victim, TaskStatus::Aborted, &Outcome::aborted(), now);
            self.tell_finished(&victim, TaskStatus::Aborted, &Outcome::aborted());
        }
    }

    /// Ends what would never end.
    pub(super) fn end_stuck(&mut self, now: Instant) {
        let active = &mut self.base.active;
        if let Some(stuck) = active.take_if(|task| matches!(task.pace, Pace::Never)) {
            self.finish(&stuck, TaskStatus::Aborted, &Outcome::aborted(), now);
            self.tell_finished(&stuck, TaskStatus::Aborted, &Outcome::aborted());
        }
    }

    /// The obsState was read: what waits for reads may go on.
    pub(super) fn count_read(&mut self, now: Instant) {
        if let Some(task) = &mut self.base.active
            && matches!(task.pace, Pace::Own { .. })
        {
            // what it says about the end is asked when that is due
            task.execution.read(now);
            self.settle(now);
        }
    }

    pub(super) fn start_waiting(&mut self, now: Instant) {
        while self.base.active.is_none() {
            let Some(task) = self.base.waiting.pop_front() else {
                return;
            };
            let rule = task.order.rule;
            let alone = rule.job.invoked().is_none() && !matches!(task.ending, Ending::Played(_));
            if matches!(task.ending, Ending::Rejected(_)) {
                self.end(task, now);
            } else if alone && self.kind.permits(&self.base, rule).is_err() {
                let outcome = Outcome::not_allowed();
                self.finish(&task, TaskStatus::Rejected, &outcome, now);
                self.tell_finished(&task, TaskStatus::Rejected, &outcome);
            } else {
                self.start(task, now);
            }
        }
    }

    fn start(&mut self, mut task: Task, now: Instant) {
        self.base.cause = Cause::Command(task.order.rule.command.to_owned());
        self.base.book.start(&task.id);
        self.kind.command(&self.base, task.order.job());
        self.base.book.tell_started(&task.id);
        task.execution.start(now);
        task.pace = match &task.ending {
            Ending::Played(_) => Pace::Played { next: 0, due: now },
            _ => Pace::Own { step: 1 },
        };
        let succeeds = *task.execution.outcome() == transition::Outcome::Succeed;
        if succeeds && matches!(task.ending, Ending::Completed) {
            self.begin(&mut task, now);
        }
        self.base.active = Some(task);
    }

    /// Has others do what they have to do for the command.
    fn begin(&mut self, task: &mut Task, now: Instant) {
        task.has_begun = true;
        task.errands = Errands::new(self.kind.begin(&mut self.base, &task.order));
        if let Some(stage) = task.errands.next_stage() {
            task.deadline = Some(now + self.base.timeout());
            self.base.send(task, stage);
        }
    }

    fn step(&mut self, now: Instant) {
        let Some(task) = self.base.active.take() else {
            return;
        };
        if task.deadline.is_some_and(|deadline| deadline <= now) {
            return self.fail(task, "Timeout has occurred, command failed".to_owned(), now);
        }
        match task.pace {
            Pace::Own { step } => self.step_own(task, step, now),
            Pace::Played { .. } => self.play(task, now),
            Pace::Others | Pace::Never => self.base.active = Some(task),
        }
    }

    /// Tells progress, or ends its own part.
    fn step_own(&mut self, mut task: Task, step: u8, now: Instant) {
        let ending = task.execution.ending(now);
        let progress = task.progress_due(step).filter(|due| *due <= now);
        let before_end = |due: &Instant| ending.as_ref().is_none_or(|ending| *due <= ending.at);
        if progress.is_some_and(|due| before_end(&due)) {
            self.base.book.progress(&task.id, 33 * step);
            task.pace = Pace::Own { step: step + 1 };
            self.base.active = Some(task);
        } else if let Some(ending) = ending {
            self.base.cause = ending.cause;
            if matches!(task.ending, Ending::Completed) {
                task.ending = Ending::of(ending.outcome);
            }
            if matches!(task.ending, Ending::Completed) && !task.has_begun {
                // it was to fail, until the tester thought better of it
                self.begin(&mut task, now);
            }
            self.go_on(task, now);
        } else {
            self.base.active = Some(task);
        }
    }

    /// Shows the next of the obsStates that are played.
    fn play(&mut self, mut task: Task, now: Instant) {
        if let (Pace::Played { next, due }, Ending::Played(script)) = (&mut task.pace, &task.ending)
            && let Some((state, time)) = script.get(*next)
        {
            *next += 1;
            *due = now + *time;
            self.kind.force(&self.base, *state);
            self.base.active = Some(task);
            return;
        }
        let outcome = Outcome::new(ResultCode::Ok, self.success_of(&task));
        self.finish(&task, TaskStatus::Completed, &outcome, now);
        self.tell_finished(&task, TaskStatus::Completed, &outcome);
    }

    /// Its own part is done: ends it, or waits for what others have still to do.
    fn go_on(&mut self, mut task: Task, now: Instant) {
        let waits = task.deadline.is_some()
            && matches!(task.ending, Ending::Completed)
            && !(task.errands.are_done() && self.kind.arrived(&task.order));
        if waits {
            task.pace = Pace::Others;
            self.base.active = Some(task);
        } else {
            self.end(task, now);
        }
    }

    /// Another device has got on, or has changed: what waits for it may go on.
    pub(super) fn others_got_on(&mut self, changed: bool, now: Instant) {
        let Some(mut task) = self.base.active.take_if(|task| task.deadline.is_some()) else {
            return;
        };
        if !task.errands.are_under_way() {
            let stage = match task.errands.next_stage() {
                _ if task.errands.have_failed() => match self.judge(&mut task) {
                    Verdict::GoOn(stage) => stage,
                    Verdict::Fail => {
                        let blame = self.kind.blame(&task.errands.take_failures());
                        return self.fail(task, blame, now);
                    }
                },
                Some(stage) => stage,
                // only a change: what was just answered would be asked for ever
                None if changed => self.kind.further(&task.order),
                None => Vec::new(),
            };
            self.base.send(&mut task, stage);
        }
        if matches!(task.pace, Pace::Others) {
            self.go_on(task, now);
        } else {
            self.base.active = Some(task);
        }
    }

    /// Others have failed it. If it was to interrupt them, where they are counts more than how they
    /// got there; and if somebody else has interfered, it is tried again.
    fn judge(&mut self, task: &mut Task) -> Verdict {
        if !task.order.job().interrupts() {
            return Verdict::Fail;
        }
        if self.kind.arrived(&task.order) {
            task.errands.take_failures();
            return Verdict::GoOn(Vec::new());
        }
        if !self.kind.settled() {
            return Verdict::GoOn(Vec::new());
        }
        if task.errands.were_interfered_with() && task.retries < RETRIES {
            task.retries += 1;
            task.errands.take_failures();
            return Verdict::GoOn(self.kind.further(&task.order));
        }
        Verdict::Fail
    }

    /// It has failed, because of others.
    fn fail(&mut self, task: Task, reason: String, now: Instant) {
        self.kind.fail(&self.base, &task.order);
        let outcome = Outcome::new(ResultCode::Failed, reason);
        self.finish(&task, TaskStatus::Completed, &outcome, now);
        self.tell_finished(&task, TaskStatus::Completed, &outcome);
        self.start_waiting(now);
    }

    pub(super) fn end(&mut self, mut task: Task, now: Instant) {
        let (status, outcome) = match task.ending {
            Ending::Completed | Ending::Played(_) => return self.complete(&task, now),
            Ending::Raised(outcome) => (TaskStatus::Failed, outcome),
            Ending::Faulted(outcome) => {
                if self.kind.obs_state().is_some() {
                    self.kind.force(&self.base, ObsState::Fault);
                } else {
                    self.base.set_state(DevState::Fault);
                }
                (TaskStatus::Failed, outcome)
            }
            Ending::Rejected(outcome) => (TaskStatus::Rejected, outcome),
            Ending::FailedIn(ref states, ref outcome) => {
                for state in states {
                    self.kind.force(&self.base, *state);
                }
                (TaskStatus::Completed, outcome.clone())
            }
            Ending::Stuck(state) => {
                if let Some(state) = state {
                    self.kind.force(&self.base, state);
                }
                task.pace = Pace::Never;
                self.base.active = Some(task);
                return;
            }
        };
        task.ending = Ending::Completed;
        // one that never started leaves nothing behind, and may have come upon another
        if !matches!(task.pace, Pace::Never) {
            self.kind.fail(&self.base, &task.order);
        }
        self.finish(&task, status, &outcome, now);
        self.tell_finished(&task, status, &outcome);
    }

    /// The component's own changes come before the result; the end of a transient state after it.
    fn complete(&mut self, task: &Task, now: Instant) {
        let (status, outcome) = match self.kind.perform(&mut self.base, &task.order) {
            Ok(()) => (
                TaskStatus::Completed,
                Outcome::new(ResultCode::Ok, self.success_of(task)),
            ),
            Err(reason) => {
                let message = format!("Unhandled exception during execution: {reason}");
                (
                    TaskStatus::Failed,
                    Outcome::new(ResultCode::Failed, message),
                )
            }
        };
        self.finish(task, status, &outcome, now);
        if status == TaskStatus::Completed {
            self.kind.conclude(&mut self.base, task.order.job());
        }
        self.tell_finished(task, status, &outcome);
    }

    /// Enters the end into the book, and tells the device that gave the command.
    fn finish(&mut self, task: &Task, status: TaskStatus, outcome: &Outcome, now: Instant) {
        if self.kind.tells_end(&task.order) {
            self.base.book.finish(&task.id, status, outcome, now);
        }
        if let Some(client) = task.client {
            let ending = match outcome.code() {
                ResultCode::Ok | ResultCode::Started => ErrandEnding::Done,
                _ => ErrandEnding::Failed(outcome.message().into()),
            };
            self.base.outlet.send(Message::Ended {
                to: client.device,
                errand: client.errand,
                ending,
            });
        }
    }

    fn tell_finished(&mut self, task: &Task, status: TaskStatus, outcome: &Outcome) {
        if self.kind.tells_end(&task.order) {
            self.base.book.tell_finished(&task.id, status, outcome);
        }
    }

    fn success_of(&self, task: &Task) -> String {
        let command = task.order.rule.command;
        match (self.base.table.manners(), task.order.job()) {
            (Manners::TelescopeManager, _) => "Command Completed".to_owned(),
            (_, Job::On | Job::Off | Job::Standby | Job::Disable) => {
                format!("{command} command completed OK")
            }
            (_, _) => format!("{command} completed OK"),
        }
    }
}
