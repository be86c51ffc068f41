//! Flows, made ready to be carried out many times.

use std::time::Duration;

use super::argument::Argument;
use super::flow::{Flow, Schedule, Step, Until, UserData};
use super::schedule::Order;
use super::text::{Text, TextError};

/// Flows that can not be carried out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FlowError {
    /// There is none, or none that is ever chosen.
    #[error("there is no flow with a weight above 0: nobody would do anything")]
    NoFlow,
    /// A flow has no steps, so that its cycles would be none.
    #[error("flow {flow} has no steps")]
    NoSteps {
        /// The flow.
        flow: String,
    },
    /// A text of a step can not be read.
    #[error("{part} {step} of flow {flow}: {problem}")]
    Text {
        /// The flow.
        flow: String,
        /// In which part: `step`, `step of begin`.
        part: &'static str,
        /// Which step, counted from 1.
        step: usize,
        /// What is wrong with it.
        problem: TextError,
    },
}

/// Flows, made ready to be carried out many times: nothing is read twice.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) flows: Vec<ReadyFlow>,
    pub(crate) order: Order,
    pub(crate) data: Vec<UserData>,
}

#[derive(Debug)]
pub(crate) struct ReadyFlow {
    pub(crate) begin: Vec<ReadyStep>,
    pub(crate) steps: Vec<ReadyStep>,
    pub(crate) end: Vec<ReadyStep>,
}

/// A step, and what it is called in reports: as it is written, so that there are not as many actions as there
/// are users.
#[derive(Debug)]
pub(crate) enum ReadyStep {
    Command {
        action: String,
        command: Text,
        argument: Option<Argument>,
        until: Option<ReadyUntil>,
        may_be_rejected: bool,
    },
    Read {
        action: String,
        attribute: Text,
        expect: Option<Text>,
    },
    Write {
        action: String,
        attribute: Text,
        value: Argument,
    },
    Wait(ReadyUntil),
    Pause(Duration, Duration),
}

#[derive(Debug)]
pub(crate) struct ReadyUntil {
    pub(crate) action: String,
    pub(crate) attribute: Text,
    pub(crate) value: Text,
    pub(crate) within: Duration,
}

impl Program {
    pub(crate) fn of(
        flows: &[Flow],
        schedule: Schedule,
        data: &[UserData],
    ) -> Result<Program, FlowError> {
        if flows.iter().all(|flow| flow.weight == 0) {
            return Err(FlowError::NoFlow);
        }
        let weights: Vec<u32> = flows.iter().map(|flow| flow.weight).collect();
        let ready = flows.iter().map(|flow| {
            if flow.steps.is_empty() {
                let flow = flow.name.clone();
                return Err(FlowError::NoSteps { flow });
            }
            Ok(ReadyFlow {
                begin: all(flow, "step of begin", &flow.begin, data)?,
                steps: all(flow, "step", &flow.steps, data)?,
                end: all(flow, "step of end", &flow.end, data)?,
            })
        });
        Ok(Program {
            flows: ready.collect::<Result<_, _>>()?,
            order: Order::of(schedule, &weights),
            data: data.to_vec(),
        })
    }

    /// What its cycles do, as it is called in reports.
    pub(crate) fn actions(&self) -> Vec<&str> {
        let steps = self.flows.iter().flat_map(|flow| &flow.steps);
        let named = steps.flat_map(|step| {
            let awaited = step.until().map(|until| until.action.as_str());
            step.action().into_iter().chain(awaited)
        });
        named.collect()
    }

    /// The data of a user, if there is any.
    pub(crate) fn row(&self, user: u64) -> Option<&UserData> {
        let place = user.checked_rem(self.data.len() as u64)?;
        self.data.get(usize::try_from(place).ok()?)
    }
}

fn all(
    flow: &Flow,
    part: &'static str,
    steps: &[Step],
    data: &[UserData],
) -> Result<Vec<ReadyStep>, FlowError> {
    let numbered = steps.iter().zip(1..);
    let ready = numbered.map(|(step, number)| {
        ReadyStep::of(step, data).map_err(|problem| FlowError::Text {
            flow: flow.name.clone(),
            part,
            step: number,
            problem,
        })
    });
    ready.collect()
}

impl ReadyStep {
    fn of(step: &Step, data: &[UserData]) -> Result<ReadyStep, TextError> {
        let text = |text: &str| Text::of(text, data);
        Ok(match step {
            Step::Command {
                command,
                argument,
                until,
                may_be_rejected,
            } => ReadyStep::Command {
                action: command.clone(),
                command: text(command)?,
                argument: argument
                    .as_ref()
                    .map(|it| Argument::of(it, data))
                    .transpose()?,
                until: until
                    .as_ref()
                    .map(|until| ReadyUntil::of(until, &format!("{command} until"), data))
                    .transpose()?,
                may_be_rejected: *may_be_rejected,
            },
            Step::Read { attribute, expect } => ReadyStep::Read {
                action: format!("read {attribute}"),
                attribute: text(attribute)?,
                expect: expect.as_deref().map(text).transpose()?,
            },
            Step::Write { attribute, value } => ReadyStep::Write {
                action: format!("write {attribute}"),
                attribute: text(attribute)?,
                value: Argument::of(value, data)?,
            },
            Step::Wait(until) => ReadyStep::Wait(ReadyUntil::of(until, "wait until", data)?),
            Step::Pause(shortest, longest) => ReadyStep::Pause(*shortest, *longest.max(shortest)),
        })
    }

    /// What it is called in reports; none if nothing of it is measured.
    pub(crate) fn action(&self) -> Option<&str> {
        match self {
            ReadyStep::Command { action, .. }
            | ReadyStep::Read { action, .. }
            | ReadyStep::Write { action, .. } => Some(action),
            ReadyStep::Wait(until) => Some(&until.action),
            ReadyStep::Pause(..) => None,
        }
    }

    /// What it waits for.
    pub(crate) fn until(&self) -> Option<&ReadyUntil> {
        match self {
            ReadyStep::Command { until, .. } => until.as_ref(),
            ReadyStep::Wait(until) => Some(until),
            _ => None,
        }
    }
}

impl ReadyUntil {
    fn of(until: &Until, what: &str, data: &[UserData]) -> Result<ReadyUntil, TextError> {
        Ok(ReadyUntil {
            action: format!("{what} {}", until.value),
            attribute: Text::of(&until.attribute, data)?,
            value: Text::of(&until.value, data)?,
            within: until.within,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(weight: u32, steps: Vec<Step>) -> Flow {
        Flow {
            name: "observe".into(),
            weight,
            begin: Vec::new(),
            steps,
            end: Vec::new(),
        }
    }

    fn read(attribute: &str) -> Step {
        Step::Read {
            attribute: attribute.into(),
            expect: None,
        }
    }

    #[test]
    fn what_can_not_be_carried_out_is_told_by_its_place() {
        let told = |flows: &[Flow]| {
            let error = Program::of(flows, Schedule::ByUser, &[]).unwrap_err();
            error.to_string()
        };
        let steps = vec![read("obsState"), read("x${beam}")];
        assert_eq!(
            told(&[flow(1, steps.clone())]),
            "step 2 of flow observe: ${beam} is not known; there are user, cycle, device"
        );
        let mut beginning = flow(1, vec![read("x")]);
        beginning.begin = steps;
        assert!(told(&[beginning]).starts_with("step of begin 2 of flow observe: "));
        assert_eq!(told(&[flow(1, vec![])]), "flow observe has no steps");
        assert!(told(&[]).starts_with("there is no flow"));
        assert!(told(&[flow(0, vec![read("x")])]).starts_with("there is no flow"));
    }

    #[test]
    fn rows_of_data_go_round() {
        let rows: Vec<UserData> = (0..3)
            .map(|it| UserData::from([("id".to_owned(), it.into())]))
            .collect();
        let program = Program::of(&[flow(1, vec![read("x")])], Schedule::ByUser, &rows).unwrap();
        assert_eq!(program.row(1), Some(&rows[1]));
        assert_eq!(program.row(5), Some(&rows[2]));
        let without = Program::of(&[flow(1, vec![read("x")])], Schedule::ByUser, &[]).unwrap();
        assert_eq!(without.row(1), None);
    }
}
