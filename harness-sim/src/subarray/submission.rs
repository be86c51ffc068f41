//! What happens when a command arrives: it is refused, rejected or accepted.

use std::fmt;

use harness_tango::control_model::{DevState, ResultCode};
use serde_json::Value as Json;
use tokio::time::Instant;

use super::task::{Ending, Pace, Task};
use super::{Refusal, SimulatedSubarray};
use crate::attribute::Attribute;
use crate::defect::{Defect, DefectKind};
use crate::lrc::{Outcome, QUEUE_CAPACITY};
use crate::model::{Argument, CommandRule, Job};

/// What a long running command answers: a result code, and the id of its execution or the reason
/// why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// QUEUED or STARTED if the command was accepted.
    pub code: ResultCode,
    /// The id if it was accepted, else the reason.
    pub text: String,
}

impl Reply {
    fn new(code: ResultCode, text: impl fmt::Display) -> Reply {
        Reply {
            code,
            text: text.to_string(),
        }
    }
}

/// How a command that was accepted will go.
struct Plan {
    ending: Ending,
    /// Whether the obsState follows.
    moves: bool,
    code: ResultCode,
}

impl SimulatedSubarray {
    /// Takes a long running command. What is due at once happens before this returns.
    ///
    /// # Errors
    ///
    /// [`Refusal`] where a device raises an exception. A [`Reply`] can be a rejection, too.
    pub fn submit(
        &mut self,
        command: &str,
        argument: &str,
        now: Instant,
    ) -> Result<Reply, Refusal> {
        self.advance(now);
        let rule = self
            .table
            .rule(command)
            .ok_or_else(|| Refusal::UnknownCommand {
                command: command.to_owned(),
            })?;
        if !rule.is_allowed_in(self.machine.obs_state()) {
            return Err(Refusal::NotPermitted {
                command: rule.command,
                obs_state: self.machine.obs_state(),
            });
        }
        check_argument(rule, argument)?;
        if let Some(reason) = self.reason_to_reject(rule.job) {
            self.record_call(rule.command, argument);
            return Ok(Reply::new(ResultCode::Rejected, reason));
        }
        let defect = self.defects.meet(rule.command);
        if defect.is_some() {
            self.publish(Attribute::Defective);
        }
        if let Some(defect) = &defect
            && defect.kind() == DefectKind::NotAllowedBeforeQueuing
        {
            return Err(Refusal::Defective {
                command: rule.command,
                message: defect.message().to_owned(),
            });
        }
        self.record_call(rule.command, argument);
        let plan = match defect {
            None => Plan::regular(rule.job),
            Some(defect)
                if defect.kind() == DefectKind::FailedResult
                    && defect.target_states().is_empty() =>
            {
                let id = self.book.next_id(rule.command);
                return Ok(Reply::new(defect.result(), id));
            }
            Some(defect) => Plan::defective(rule.job, &defect, &self.name),
        };
        let reply = self.accept(rule, argument, plan, now);
        self.settle(now);
        Ok(reply)
    }

    /// The obsState moves first, then the command shows up in the queue.
    fn accept(
        &mut self,
        rule: &'static CommandRule,
        argument: &str,
        plan: Plan,
        now: Instant,
    ) -> Reply {
        if plan.moves
            && let Some(trigger) = rule.job.invoked()
        {
            // the table and the machine agree, which the tests of the table make sure of
            self.fire(trigger).ok();
        }
        let id = self.book.stage(rule.command);
        if rule.job != Job::Abort {
            self.book.queue(&id);
        }
        let reply = Reply::new(plan.code, &id);
        let task = Task {
            id,
            rule,
            argument: argument.into(),
            ending: plan.ending,
            pace: Pace::Never,
        };
        if !rule.job.interrupts() {
            self.waiting.push_back(task);
        } else if plan.moves {
            self.interrupt_by(task, now);
        } else {
            // it must not wait behind what it was meant to interrupt
            self.end(task, now);
        }
        reply
    }

    fn reason_to_reject(&self, job: Job) -> Option<String> {
        let wanted = match job {
            Job::On => Some(DevState::On),
            Job::Off => Some(DevState::Off),
            _ => None,
        };
        if wanted == Some(self.state) {
            return Some(format!("Device is already in {} state.", self.state));
        }
        if job.interrupts() {
            return None;
        }
        if self
            .active
            .as_ref()
            .is_some_and(|task| task.rule.job == Job::Abort)
        {
            return Some("Queue is being aborted".to_owned());
        }
        (self.waiting.len() >= QUEUE_CAPACITY)
            .then(|| format!("Input queue supports a maximum of {QUEUE_CAPACITY} commands"))
    }
}

impl Plan {
    fn regular(job: Job) -> Plan {
        Plan {
            ending: Ending::Completed,
            moves: true,
            code: if job == Job::Abort {
                ResultCode::Started
            } else {
                ResultCode::Queued
            },
        }
    }

    fn defective(job: Job, defect: &Defect, device: &str) -> Plan {
        let mut plan = Plan::regular(job);
        let exception = || {
            Outcome::new(
                ResultCode::Failed,
                format!("Exception occurred on device: {device}"),
            )
        };
        plan.ending = match defect.kind() {
            DefectKind::NotAllowedBeforeQueuing | DefectKind::FailedResult => {
                plan.moves = false;
                plan.code = defect.result();
                Ending::FailedIn(defect.target_states().to_vec(), exception())
            }
            DefectKind::LongRunningException => {
                Ending::Raised(Outcome::new(defect.result(), defect.message()))
            }
            DefectKind::StuckInIntermediateState => Ending::Stuck(defect.intermediate_state()),
            DefectKind::StuckInObsState => Ending::FailedIn(
                defect.intermediate_state().into_iter().collect(),
                exception(),
            ),
            DefectKind::NotAllowedAfterQueuing => {
                plan.moves = false;
                Ending::Rejected(Outcome::not_allowed())
            }
            DefectKind::ExceptionAfterQueuing => {
                plan.moves = false;
                let message = format!(
                    "Exception from 'is_cmd_allowed' method: {}",
                    defect.message()
                );
                Ending::Rejected(Outcome::new(ResultCode::Rejected, message))
            }
        };
        plan
    }
}

fn check_argument(rule: &CommandRule, argument: &str) -> Result<(), Refusal> {
    if rule.argument == Argument::Void {
        return Ok(());
    }
    let json: Json = serde_json::from_str(argument).map_err(|source| Refusal::NotJson {
        command: rule.command,
        source,
    })?;
    if json.is_object() {
        Ok(())
    } else {
        Err(Refusal::NotAnObject {
            command: rule.command,
            argument: argument.to_owned(),
        })
    }
}
