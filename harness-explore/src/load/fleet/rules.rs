//! What a state graph says of changes of state, in the words of events.

use std::sync::Arc;
use std::time::Duration;

use harness_core::state_machine::State;

use crate::lifecycle::{Lifecycle, Way};

/// A change of state that the graph knows.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) from: Arc<str>,
    pub(super) to: Arc<str>,
    /// Whether it may come without a command: on the way to where an earlier one leads, or by itself.
    pub(super) by_itself: bool,
    /// The commands that may begin with it, by their numbers.
    pub(super) commands: Vec<usize>,
}

/// What a state graph says of changes of state.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    pub(super) home: Arc<str>,
    pub(super) steps: Vec<Step>,
    pub(super) commands: Vec<String>,
    /// Which of them show by a change of state wherever they are allowed.
    pub(super) shown: Vec<bool>,
    /// How long a device may take to begin with a command.
    pub(super) patience: Duration,
    /// How much later than it is entered a state may be told.
    pub(super) lag: Duration,
}

impl Rules {
    pub(super) fn of<S: State>(lifecycle: &Lifecycle<S>) -> Rules {
        let mut rules = Rules {
            home: lifecycle.home().to_string().into(),
            steps: Vec::new(),
            commands: Vec::new(),
            shown: Vec::new(),
            patience: lifecycle.patience(),
            lag: lifecycle.lag(),
        };
        for way in lifecycle.ways() {
            let command = rules.command_or_new(&way.command);
            rules.shown[command] &= shows(way);
            let mut from = &way.from;
            for (place, via) in way.via.iter().enumerate() {
                rules.add(from, via, (place == 0).then_some(command));
                from = via;
            }
            for to in std::iter::once(&way.to).chain(&way.others) {
                rules.add(from, to, way.via.is_empty().then_some(command));
            }
        }
        for (from, to) in lifecycle.spontaneous_steps() {
            rules.add(&from, &to, None);
        }
        rules
    }

    /// A step that begins a command, or one that comes by itself.
    fn add<S: State>(&mut self, from: &S, to: &S, command: Option<usize>) {
        // the same state again is not told
        if from == to {
            return;
        }
        let (from, to) = (from.to_string(), to.to_string());
        let place = self.step(&from, &to).unwrap_or_else(|| {
            self.steps.push(Step {
                from: from.into(),
                to: to.into(),
                by_itself: false,
                commands: Vec::new(),
            });
            self.steps.len() - 1
        });
        let step = &mut self.steps[place];
        match command {
            None => step.by_itself = true,
            Some(command) if !step.commands.contains(&command) => step.commands.push(command),
            Some(_) => {}
        }
    }

    fn command_or_new(&mut self, name: &str) -> usize {
        self.command(name).unwrap_or_else(|| {
            self.commands.push(name.to_owned());
            self.shown.push(true);
            self.commands.len() - 1
        })
    }

    /// The number of a command that the graph knows.
    pub(super) fn command(&self, name: &str) -> Option<usize> {
        self.commands
            .iter()
            .position(|it| it.eq_ignore_ascii_case(name))
    }

    /// The number of a step, if the graph knows it.
    pub(super) fn step(&self, from: &str, to: &str) -> Option<usize> {
        let is_it = |it: &Step| *it.from == *from && *it.to == *to;
        self.steps.iter().position(is_it)
    }
}

/// Whether a way shows by a change of state, wherever it leads.
fn shows<S: State>(way: &Way<S>) -> bool {
    match way.via.first() {
        Some(first) => *first != way.from,
        None => way.to != way.from && !way.others.contains(&way.from),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use harness_core::state_machine::{StateGraph, Transition};

    use super::*;

    /// Configure leads through CONFIGURING to READY, End back to IDLE, and READY may break.
    pub(in super::super) fn configuring() -> Lifecycle<&'static str> {
        let ready = || ["IDLE", "READY"];
        let row = |to, name: &str| Transition::to(to).named(name);
        let rows = [
            row("CONFIGURING", "Configure").from(ready()).transient(),
            row("READY", "Configure").from(ready()),
            row("IDLE", "End").from(["READY"]),
            row("FAULT", "breaks").from(["READY"]),
        ];
        let mut graph = StateGraph::new();
        for row in rows {
            graph.declare(row).unwrap();
        }
        Lifecycle::new(&graph, "IDLE").spontaneous("breaks")
    }

    #[test]
    fn the_first_step_of_a_way_is_a_commands_and_the_next_come_by_themselves() {
        let rules = Rules::of(&configuring());
        let step = |from, to| rules.step(from, to).map(|it| &rules.steps[it]);
        let begun_by = |from, to| {
            let commands = step(from, to).unwrap().commands.iter();
            commands
                .map(|it| rules.commands[*it].clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(begun_by("IDLE", "CONFIGURING"), ["Configure"]);
        assert_eq!(begun_by("READY", "CONFIGURING"), ["Configure"]);
        assert_eq!(begun_by("CONFIGURING", "READY"), [""; 0]);
        assert!(step("CONFIGURING", "READY").unwrap().by_itself);
        assert_eq!(begun_by("READY", "IDLE"), ["End"]);
        assert!(step("READY", "FAULT").unwrap().by_itself);
        assert!(step("IDLE", "READY").is_none() && step("IDLE", "FAULT").is_none());
    }
}
