//! What happens when a command arrives: it is refused, rejected or accepted.

use std::fmt;

use harness_tango::control_model::{DevState, ResultCode};
use serde_json::Value as Json;
use tokio::time::Instant;

use super::errand::{Ending as ErrandEnding, Errands};
use super::task::{Client, Ending, Pace, Task};
use super::transaction::Transaction;
use super::{Objection, Order, Refusal, SimulatedDevice};
use crate::attribute::Attribute;
use crate::defect::{Defect, DefectKind};
use crate::lrc::{Outcome, QUEUE_CAPACITY};
use crate::model::{Argument, CommandRule, CommandTable, Job, Manners};
use crate::transition::{Cause, Execution};

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

/// Why a command is rejected in the reply.
enum Rejection {
    /// There is nothing to do.
    Already(DevState),
    /// It cannot be done now, or not with this argument.
    Because(String),
}

/// What came of a command.
enum Taken {
    Accepted(Reply),
    Rejected(Reply),
    /// Rejected, since it is as it should be already.
    Already(Reply),
}

impl SimulatedDevice {
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
        let rule = self.base.table.rule(command);
        let rule = rule.ok_or_else(|| Refusal::UnknownCommand {
            command: command.to_owned(),
        })?;
        match self.take(rule, argument, None, now)? {
            Taken::Accepted(reply) | Taken::Rejected(reply) | Taken::Already(reply) => Ok(reply),
        }
    }

    /// Takes a command that another device gives, or that this one gives itself. Returns how it
    /// ended if it is not accepted; otherwise the client is told when it ends.
    pub(super) fn submit_for(
        &mut self,
        job: Job,
        argument: &str,
        client: Option<Client>,
        now: Instant,
    ) -> Option<ErrandEnding> {
        let failed = |text: String| Some(ErrandEnding::Failed(text.into()));
        let Some(rule) = self.base.table.rule_of(job) else {
            return failed(format!("{job:?} is not known"));
        };
        match self.take(rule, argument, client, now) {
            Ok(Taken::Accepted(_)) => None,
            Ok(Taken::Already(_)) => Some(ErrandEnding::Done),
            Ok(Taken::Rejected(reply)) => failed(format!("{}: {}", reply.code, reply.text)),
            // what cannot be aborted any more need not be
            Err(Refusal::NotPermitted { .. }) if job == Job::Abort => Some(ErrandEnding::Done),
            Err(refusal) => failed(refusal.to_string()),
        }
    }

    fn take(
        &mut self,
        rule: &'static CommandRule,
        argument: &str,
        client: Option<Client>,
        now: Instant,
    ) -> Result<Taken, Refusal> {
        let command = rule.command;
        if !self.base.is_controlled() {
            return Err(Refusal::NotAllowed {
                command,
                state: self.base.state(),
            });
        }
        self.kind.permits(&self.base, rule)?;
        let transaction = Transaction::enter(self.base.log.as_ref(), command, argument);
        let taken = self.take_permitted(rule, argument, client, now);
        let taken = taken.and_then(|taken| self.plainly(command, taken));
        if let Some(transaction) = transaction {
            transaction.exit(taken.is_err());
        }
        taken
    }

    /// A device that replies nothing raises an exception where others reply that they do not.
    fn plainly(&self, command: &'static str, taken: Taken) -> Result<Taken, Refusal> {
        let state = self.base.state();
        match (self.base.manners(), taken) {
            (Manners::Plain, Taken::Already(_)) => Err(Refusal::NotAllowed { command, state }),
            (Manners::Plain, Taken::Rejected(reply)) => {
                let reason = reply.text;
                Err(Refusal::BadInput { command, reason })
            }
            (_, taken) => Ok(taken),
        }
    }

    /// Whether a command ends all others, and does not wait for its turn.
    fn interrupts(&self, job: Job) -> bool {
        // one that replies nothing goes off whatever it is doing
        job.interrupts() || (job == Job::Off && self.base.manners() == Manners::Plain)
    }

    /// Takes a command that is allowed in the present state.
    fn take_permitted(
        &mut self,
        rule: &'static CommandRule,
        argument: &str,
        client: Option<Client>,
        now: Instant,
    ) -> Result<Taken, Refusal> {
        let command = rule.command;
        let objection = self.check_argument(rule, argument)?;
        let rejection = objection.map_or_else(
            || self.rejection(rule.job),
            |reason| Some(Rejection::Because(reason)),
        );
        if let Some(rejection) = rejection {
            self.base.record_call(command, argument);
            return Ok(match rejection {
                Rejection::Already(state) => Taken::Already(Reply::new(
                    ResultCode::Rejected,
                    format_args!("Device is already in {state} state."),
                )),
                Rejection::Because(reason) => {
                    Taken::Rejected(Reply::new(ResultCode::Rejected, reason))
                }
            });
        }
        let drawn = self.base.instance.begin(command, now);
        let execution = match drawn {
            Ok(execution) => execution,
            Err(rejected) => {
                self.base.record_call(command, argument);
                let reply = Reply::new(ResultCode::Rejected, rejected);
                return Ok(Taken::Rejected(reply));
            }
        };
        let defect = self.base.defects.meet(command);
        let defect = defect.or_else(|| self.kind.defect(rule));
        self.base.cause = Cause::Command(command.to_owned());
        if let Some(defect) = &defect {
            self.base.publish(Attribute::Defective);
            self.raise(rule, defect)?;
        }
        self.base.record_call(command, argument);
        let rejection = execution.rejection().map(str::to_owned);
        let plan = match (defect, rejection) {
            (None, Some(reason)) => Plan {
                ending: Ending::Rejected(Outcome::new(ResultCode::Rejected, reason)),
                moves: false,
                ..Plan::regular(rule.job)
            },
            (None, None) if self.base.script.is_empty() || self.interrupts(rule.job) => {
                Plan::regular(rule.job)
            }
            (None, None) => Plan {
                ending: Ending::Played(self.base.script.clone()),
                moves: false,
                code: ResultCode::Queued,
            },
            (Some(defect), _)
                if defect.kind() == DefectKind::FailedResult
                    && defect.target_states().is_empty() =>
            {
                let id = self.base.book.next_id(command);
                return Ok(Taken::Rejected(Reply::new(defect.result(), id)));
            }
            (Some(defect), _) => Plan::defective(rule.job, &defect, &self.base.name),
        };
        let order = Order {
            rule,
            argument: argument.into(),
        };
        let reply = self.accept(order, execution, client, plan, now);
        self.settle(now);
        Ok(Taken::Accepted(reply))
    }

    /// The obsState moves first, then the command shows up in the queue.
    fn accept(
        &mut self,
        order: Order,
        execution: Execution,
        client: Option<Client>,
        plan: Plan,
        now: Instant,
    ) -> Reply {
        let rule = order.rule;
        let has_way_out = |table: CommandTable| table.rules().iter().any(|r| r.job.interrupts());
        if !has_way_out(self.base.table) {
            // nothing else would ever end it, and all that comes would wait behind it
            self.end_stuck(now);
        }
        if plan.moves {
            self.kind.accept(&self.base, rule.job);
        }
        let id = self.base.book.stage(rule.command);
        if rule.job != Job::Abort {
            self.base.book.queue(&id);
        }
        let reply = Reply::new(plan.code, &id);
        let task = Task {
            id,
            order,
            ending: plan.ending,
            execution,
            pace: Pace::Never,
            client,
            has_begun: false,
            errands: Errands::default(),
            retries: 0,
            deadline: None,
            due: None,
        };
        if !self.interrupts(rule.job) {
            self.base.waiting.push_back(task);
        } else if plan.moves {
            self.interrupt_by(task, now);
        } else {
            // it must not wait behind what it was meant to interrupt
            self.end(task, now);
        }
        reply
    }

    /// The exception that a defect raises before anything has happened.
    fn raise(&mut self, rule: &'static CommandRule, defect: &Defect) -> Result<(), Refusal> {
        match defect.kind() {
            DefectKind::NotAllowedBeforeQueuing => {}
            DefectKind::SdpFault => {
                let fault = harness_tango::control_model::ObsState::Fault;
                self.kind.force(&self.base, fault);
            }
            DefectKind::SdpBackToInitialState => {
                let before = self.kind.obs_state();
                for state in rule.job.transient_state().into_iter().chain(before) {
                    self.kind.force(&self.base, state);
                }
            }
            _ => return Ok(()),
        }
        Err(Refusal::Defective {
            command: rule.command,
            message: defect.message().to_owned(),
        })
    }

    fn rejection(&self, job: Job) -> Option<Rejection> {
        let wanted = job.device_state();
        if wanted == Some(self.base.state()) && self.switches_itself() {
            return Some(Rejection::Already(self.base.state()));
        }
        if self.interrupts(job) {
            return None;
        }
        let active = self.base.active.as_ref();
        if active.is_some_and(|task| task.order.job() == Job::Abort) {
            return Some(Rejection::Because("Queue is being aborted".to_owned()));
        }
        (self.base.waiting.len() >= QUEUE_CAPACITY).then(|| {
            Rejection::Because(format!(
                "Input queue supports a maximum of {QUEUE_CAPACITY} commands"
            ))
        })
    }

    /// Whether On and Off are about the device itself, and not about those behind it.
    pub(super) fn switches_itself(&self) -> bool {
        self.base.table.manners() != Manners::TelescopeManager
    }

    /// What is wrong with the argument: an exception, or the reason of a rejection.
    fn check_argument(
        &self,
        rule: &'static CommandRule,
        argument: &str,
    ) -> Result<Option<String>, Refusal> {
        if rule.argument != Argument::Json {
            return Ok(None);
        }
        let command = rule.command;
        let parsed = serde_json::from_str::<Json>(argument)
            .map_err(|source| Refusal::NotJson { command, source })
            .and_then(|json| {
                json.is_object()
                    .then_some(json)
                    .ok_or_else(|| Refusal::NotAnObject {
                        command,
                        argument: argument.to_owned(),
                    })
            });
        match (parsed, self.base.table.manners()) {
            (Ok(json), _) => match self.kind.objection(&self.base, rule, &json) {
                None => Ok(None),
                Some(Objection::Reject(reason)) => Ok(Some(reason)),
                Some(Objection::Refuse(refusal)) => Err(refusal),
            },
            (Err(refusal), Manners::TelescopeManager) => {
                Ok(Some(format!("Malformed input JSON: {refusal}")))
            }
            (Err(refusal), Manners::BaseClass | Manners::Plain) => Err(refusal),
        }
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
            DefectKind::FailedResult => {
                plan.moves = false;
                plan.code = defect.result();
                Ending::FailedIn(defect.target_states().to_vec(), exception())
            }
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
            DefectKind::StuckInIntermediateState => Ending::Stuck(defect.intermediate_state()),
            DefectKind::StuckInObsState => Ending::FailedIn(
                defect.intermediate_state().into_iter().collect(),
                exception(),
            ),
            // those that raise at once do not get here
            DefectKind::LongRunningException
            | DefectKind::PointingModelNotReachable
            | DefectKind::PointingModelNotJson
            | DefectKind::PointingModelWrong
            | DefectKind::PointingModelUnknown
            | DefectKind::NotAllowedBeforeQueuing
            | DefectKind::SdpFault
            | DefectKind::SdpBackToInitialState => {
                Ending::Raised(Outcome::new(defect.result(), defect.message()))
            }
        };
        plan
    }
}
