//! What happened in a race, as it was seen from outside.

use std::fmt;
use std::time::Duration;

use harness_core::state_machine::State;
use serde::Serialize;
use serde_json::Value;

use super::contest::Entrant;

/// What came back from a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Response {
    /// The system took it; by this identifier its end is told, if any is.
    Accepted(Option<String>),
    /// The system refused it, with these words.
    Refused(String),
    /// Nobody knows: the reply did not come, or could not be understood. It may have been done, or be
    /// done later, or never.
    Unknown(String),
}

/// A command that was sent, and what came back. Times are since the start of the race.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Operation {
    /// Who sent what.
    pub entrant: Entrant,
    /// When it was sent.
    pub sent: Duration,
    /// When the reply was there.
    pub replied: Duration,
    /// What came back.
    pub response: Response,
}

/// Something that the system told by itself.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Heard<S> {
    /// It is in this state now.
    State(S),
    /// A command has done what it should.
    Done(String),
    /// A command was ended early by another one.
    Aborted(String),
    /// A command did not do what it should, or was refused after all; with what was said.
    Failed(String, String),
}

/// What happened in a race.
///
/// Shown, it is a timeline: who sent what and what came back, and what was told meanwhile.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct History<S> {
    /// The state in which it began.
    pub from: S,
    /// What was held then, beside the state.
    pub held: Value,
    /// The commands.
    pub operations: Vec<Operation>,
    /// What was told, and when, in this order.
    pub told: Vec<(Duration, Heard<S>)>,
    /// The state that was read in the end; none if it could not be read.
    pub to: Option<S>,
    /// What was held in the end.
    pub holds: Value,
    /// When nothing came any more.
    pub ended: Duration,
    /// How long this process was held up at most meanwhile: what is told may have been heard so much
    /// later, on a machine that does much else.
    pub held_up: Duration,
}

impl<S: State> History<S> {
    /// The states that were told, in their order, and when. The same state told again is no other one.
    pub(super) fn states(&self) -> Vec<(Duration, &S)> {
        let mut states: Vec<(Duration, &S)> = Vec::new();
        let mut before = &self.from;
        for (at, heard) in &self.told {
            if let Heard::State(state) = heard
                && state != before
            {
                states.push((*at, state));
                before = state;
            }
        }
        states
    }

    /// What was told of the end of a command, and when.
    pub(super) fn end_of(&self, identifier: &str) -> Option<(Duration, &Heard<S>)> {
        let is_it = |heard: &Heard<S>| match heard {
            Heard::State(_) => false,
            Heard::Done(it) | Heard::Aborted(it) | Heard::Failed(it, _) => it == identifier,
        };
        let found = self.told.iter().find(|(_, heard)| is_it(heard));
        found.map(|(at, heard)| (*at, heard))
    }
}

impl fmt::Display for Response {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Response::Accepted(None) => formatter.write_str("accepted"),
            Response::Accepted(Some(identifier)) => write!(formatter, "accepted as {identifier}"),
            Response::Refused(reason) => write!(formatter, "refused: {reason}"),
            Response::Unknown(reason) => write!(formatter, "nobody knows: {reason}"),
        }
    }
}

impl<S: State> fmt::Display for Heard<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Heard::State(state) => write!(formatter, "{state}"),
            Heard::Done(command) => write!(formatter, "{command} is done"),
            Heard::Aborted(command) => write!(formatter, "{command} was aborted"),
            Heard::Failed(command, reason) => write!(formatter, "{command} failed: {reason}"),
        }
    }
}

impl<S: State> fmt::Display for History<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines: Vec<(Duration, String)> = Vec::new();
        for operation in &self.operations {
            let Entrant {
                client, command, ..
            } = &operation.entrant;
            let input = operation.entrant.input.as_deref();
            let input = input.map_or(String::new(), |input| format!("({input})"));
            lines.push((
                operation.sent,
                format!("client {client} -> {command}{input}"),
            ));
            let response = &operation.response;
            let reply = format!("client {client} <- {command} {response}");
            lines.push((operation.replied, reply));
        }
        for (at, heard) in &self.told {
            lines.push((*at, format!("told: {heard}")));
        }
        lines.sort_by_key(|(at, _)| *at);
        writeln!(formatter, "it was in {}, {}", self.from, held(&self.held))?;
        for (at, line) in lines {
            writeln!(formatter, "{:>9.3} ms  {line}", at.as_secs_f64() * 1e3)?;
        }
        match &self.to {
            Some(state) => write!(formatter, "it is in {state}, {}", held(&self.holds)),
            None => write!(formatter, "where it is then could not be read"),
        }
    }
}

fn held(value: &Value) -> String {
    match value {
        Value::Null => "and nothing is known of what it holds".to_owned(),
        value => format!("and holds {value}"),
    }
}
