//! What was exercised of a lifecycle, by all programs together.

use std::collections::{BTreeSet, HashMap, HashSet};

use harness_core::state_machine::State;

use super::routes::Routes;

/// What was done of one command in one state.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Exercise {
    /// How often it was sent, was accepted and led where it should.
    pub taken: u64,
    /// How often it was sent and refused, as it should be.
    pub refused: u64,
    /// How often the state was left before the command came.
    pub missed: u64,
    /// The inputs it was sent with.
    pub inputs: BTreeSet<String>,
    /// What went wrong, if anything did.
    pub failed: Option<String>,
    /// Whether it went wrong where it should have led somewhere: nothing is reached by it.
    pub blocked: bool,
}

/// How a command that was sent went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Went {
    Taken,
    Refused,
    Missed,
}

/// What was exercised.
#[derive(Clone, Debug)]
pub(crate) struct Record<S> {
    cells: HashMap<(S, String), Exercise>,
    /// The states that were told.
    seen: HashSet<S>,
    /// The states that were reached from others in as few commands as it takes.
    pairs: HashSet<(S, S)>,
    /// Commands, each with the state in which it began, and the one that came after it.
    successions: HashSet<(S, String, String)>,
    /// The last command that led where it should: where it began, and where the system has been since.
    last: Option<(S, String, S)>,
    /// Where the system rested in this program, each after how many commands.
    trail: Vec<(S, u32)>,
    commands: u32,
    paused: bool,
}

impl<S> Default for Record<S> {
    fn default() -> Self {
        Record {
            cells: HashMap::new(),
            seen: HashSet::new(),
            pairs: HashSet::new(),
            successions: HashSet::new(),
            last: None,
            trail: Vec::new(),
            commands: 0,
            paused: false,
        }
    }
}

impl<S: State> Record<S> {
    /// Writes nothing down, or goes on: programs that are run again to be shrunk do not count.
    pub(crate) fn pause(&mut self, paused: bool) {
        self.paused = paused;
    }

    /// A program begins in this state.
    pub(super) fn begins(&mut self, home: &S) {
        self.trail = vec![(home.clone(), 0)];
        self.commands = 0;
        self.last = None;
        if !self.paused {
            self.seen.insert(home.clone());
        }
    }

    /// A command was accepted: what is told from now on is told after it.
    pub(super) fn accepted(&mut self) {
        self.commands += 1;
    }

    /// A state was told, in which the system stays or not.
    pub(super) fn told(&mut self, state: &S, stays: bool, routes: &Routes<S>) {
        if !self.paused {
            self.seen.insert(state.clone());
            for (from, commands) in self.trail.iter().rev() {
                let distance = self.commands - commands;
                if distance > routes.longest() {
                    break;
                }
                if distance > 0 && routes.distance(from, state) == Some(distance) {
                    self.pairs.insert((from.clone(), state.clone()));
                }
            }
        }
        if stays {
            self.trail.push((state.clone(), self.commands));
        }
    }

    /// A command that began in a state led to another, where it should.
    pub(super) fn led(&mut self, from: &S, command: &str, to: &S) {
        if let Some((before, first, rested_in)) = self.last.take()
            && rested_in == *from
            && !self.paused
        {
            self.successions.insert((before, first, command.to_owned()));
        }
        self.last = Some((from.clone(), command.to_owned(), to.clone()));
    }

    /// A command was sent in a state.
    pub(super) fn sent(&mut self, at: &S, command: &str, input: Option<&str>, went: Went) {
        let Some(cell) = self.cell_mut(at, command) else {
            return;
        };
        match went {
            Went::Taken => cell.taken += 1,
            Went::Refused => cell.refused += 1,
            Went::Missed => cell.missed += 1,
        }
        if went != Went::Missed {
            cell.inputs.extend(input.map(str::to_owned));
        }
    }

    /// A command could not be sent in a state, which was always left before.
    pub(crate) fn missed(&mut self, at: &S, command: &str) {
        self.sent(at, command, None, Went::Missed);
    }

    /// A command that was sent in a state went wrong; whether by leading where it should not, or
    /// nowhere.
    pub(super) fn failed(&mut self, at: &S, command: &str, reason: &str, blocked: bool) {
        if let Some(cell) = self.cell_mut(at, command) {
            cell.blocked |= blocked;
            cell.failed.get_or_insert_with(|| reason.to_owned());
        }
    }

    /// What was done of a command in a state.
    pub(crate) fn cell(&self, at: &S, command: &str) -> Exercise {
        let cell = self.cells.get(&(at.clone(), command.to_owned()));
        cell.cloned().unwrap_or_default()
    }

    /// Whether a state was told.
    pub(crate) fn has_seen(&self, state: &S) -> bool {
        self.seen.contains(state)
    }

    /// Whether a state was reached from another in as few commands as it takes.
    pub(crate) fn has_gone(&self, from: &S, to: &S) -> bool {
        self.pairs.contains(&(from.clone(), to.clone()))
    }

    /// Whether a command that began in a state was followed by another one.
    pub(crate) fn has_followed(&self, from: &S, first: &str, second: &str) -> bool {
        let succession = (from.clone(), first.to_owned(), second.to_owned());
        self.successions.contains(&succession)
    }

    fn cell_mut(&mut self, at: &S, command: &str) -> Option<&mut Exercise> {
        if self.paused {
            return None;
        }
        let cell = (at.clone(), command.to_owned());
        Some(self.cells.entry(cell).or_default())
    }
}
