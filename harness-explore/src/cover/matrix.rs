//! What was and was not exercised of a lifecycle: each command in each state, each way.

use harness_core::state_machine::State;
use serde::Serialize;

use crate::lifecycle::{Exercise, Lifecycle, Record};

/// What was and was not exercised of a lifecycle. Shown, it is two tables; as data it is JSON; as
/// a picture it is [`to_svg`](Self::to_svg).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Matrix {
    /// The commands: the columns of [`StateRow::cells`].
    pub commands: Vec<String>,
    /// The states.
    pub states: Vec<StateRow>,
    /// Each command after each other that can come before it, where the system stays.
    pub successions: Vec<Succession>,
}

/// One command after another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Succession {
    /// The state in which the first one begins.
    pub from: String,
    /// The first one.
    pub first: String,
    /// The state between them.
    pub between: String,
    /// The second one.
    pub second: String,
    /// Whether they were sent one after the other, and led where they should.
    pub done: bool,
}

/// One state.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StateRow {
    /// The state.
    pub state: String,
    /// Whether the system is in it only in passing.
    pub transient: bool,
    /// Whether the system told that it was in it.
    pub seen: bool,
    /// Each command in this state, in the order of [`Matrix::commands`].
    pub cells: Vec<Cell>,
    /// Each state that may be reached from here, in the order of [`Matrix::states`].
    pub reached: Vec<PairCell>,
}

/// One command in one state.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cell {
    /// The command.
    pub command: String,
    /// Whether it is allowed.
    pub allowed: bool,
    /// What became of it.
    pub verdict: Verdict,
    /// How often it was sent and went as it should.
    pub times: u64,
    /// The inputs with which it was sent.
    pub inputs: Vec<String>,
    /// The inputs that would have belonged here and were not sent.
    pub inputs_left: Vec<String>,
    /// What went wrong, or why nothing was done.
    pub reason: Option<String>,
}

/// What became of a command in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It was accepted, and led where it should.
    Taken,
    /// It was refused, as it should be, and changed nothing.
    Refused,
    /// It went wrong.
    Failed,
    /// The state was left before the command came.
    Missed,
    /// It was not sent.
    NotDone,
    /// The state can not be reached.
    Unreachable,
}

/// Whether one state was reached from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PairCell {
    /// It was, in as few commands as it takes.
    Reached,
    /// It was not, though there is a way.
    NotReached,
    /// It is the same state, or there is no way, or the system does not stay where it would begin.
    NoWay,
}

impl Verdict {
    /// Whether the command was sent in the state, and it is known how that went.
    #[must_use]
    pub fn is_exercised(self) -> bool {
        matches!(self, Verdict::Taken | Verdict::Refused | Verdict::Failed)
    }
}

impl<S: State> Lifecycle<S> {
    /// What was exercised so far, by all programs of all machines of this lifecycle and its clones.
    #[must_use]
    pub fn matrix(&self) -> Matrix {
        let record = self.record().borrow();
        let states = self.states().map(|state| self.row(state, &record));
        Matrix {
            commands: self.commands().iter().map(ToString::to_string).collect(),
            states: states.collect(),
            successions: self.followed(&record),
        }
    }

    fn followed(&self, record: &Record<S>) -> Vec<Succession> {
        let successions = self.successions().into_iter();
        let shown = successions.map(|(first, second)| Succession {
            from: first.from.to_string(),
            first: first.command.clone(),
            between: first.to.to_string(),
            second: second.command.clone(),
            done: record.has_followed(&first.from, &first.command, &second.command),
        });
        shown.collect()
    }

    fn row(&self, state: &S, record: &Record<S>) -> StateRow {
        let commands = self.commands().into_iter();
        StateRow {
            state: state.to_string(),
            transient: self.is_transient(state),
            seen: record.has_seen(state),
            cells: commands
                .map(|command| self.cell(state, command, &record.cell(state, command)))
                .collect(),
            reached: self
                .states()
                .map(|to| self.pair(state, to, record))
                .collect(),
        }
    }

    fn cell(&self, state: &S, command: &str, exercise: &Exercise) -> Cell {
        let allowed = self.way(state, command).is_some();
        let times = if allowed {
            exercise.taken
        } else {
            exercise.refused
        };
        let verdict = if exercise.failed.is_some() {
            Verdict::Failed
        } else if times > 0 && allowed {
            Verdict::Taken
        } else if times > 0 {
            Verdict::Refused
        } else if exercise.missed > 0 {
            Verdict::Missed
        } else if self.is_reachable(state) {
            Verdict::NotDone
        } else {
            Verdict::Unreachable
        };
        let reason = match verdict {
            Verdict::Failed => exercise.failed.clone(),
            Verdict::Unreachable => Some(format!("no command leads to {state}")),
            Verdict::Missed => Some(format!("{state} was left before the command came")),
            Verdict::NotDone if self.is_hidden(state) => Some(format!(
                "{state} is passed only after another transient state"
            )),
            _ => None,
        };
        // where it is refused whatever it is given, and in passing, one input must do
        let all = allowed && !self.is_transient(state);
        let inputs = self.inputs(command).iter().map(|input| &input.name);
        let left = inputs.filter(|name| all && !exercise.inputs.contains(*name));
        Cell {
            command: command.to_owned(),
            allowed,
            verdict,
            times,
            inputs: exercise.inputs.iter().cloned().collect(),
            inputs_left: left.cloned().collect(),
            reason,
        }
    }

    fn pair(&self, from: &S, to: &S, record: &Record<S>) -> PairCell {
        if record.has_gone(from, to) {
            PairCell::Reached
        } else if from != to
            && self.is_reachable(from)
            && self.routes().distance(from, to).is_some()
        {
            PairCell::NotReached
        } else {
            PairCell::NoWay
        }
    }

    fn is_reachable(&self, state: &S) -> bool {
        self.routes().distance(self.home(), state).is_some()
    }

    /// Whether no command leads to a transient state at once.
    fn is_hidden(&self, state: &S) -> bool {
        let mut ways = self.ways().iter();
        self.is_transient(state) && !ways.any(|way| way.via.first() == Some(state))
    }
}

impl Matrix {
    /// All cells, each with its state.
    pub fn cells(&self) -> impl Iterator<Item = (&StateRow, &Cell)> {
        self.states
            .iter()
            .flat_map(|row| row.cells.iter().map(move |cell| (row, cell)))
    }

    /// The transient states that can be reached and were never told.
    pub fn unseen(&self) -> impl Iterator<Item = &str> {
        let unseen = self.states.iter().filter(|row| row.transient && !row.seen);
        unseen.map(|row| row.state.as_str())
    }

    /// The states that were not reached from others, though there is a way.
    pub fn not_reached(&self) -> impl Iterator<Item = (&str, &str)> {
        self.states.iter().flat_map(|row| {
            let pairs = row.reached.iter().zip(&self.states);
            let left = pairs.filter(|(pair, _)| **pair == PairCell::NotReached);
            left.map(move |(_, to)| (row.state.as_str(), to.state.as_str()))
        })
    }
}
