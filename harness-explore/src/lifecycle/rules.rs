//! The rules of a lifecycle: each command sent where it is allowed, and where it is not.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use harness_core::state_machine::State;

use super::declaration::Lifecycle;
use super::input::Input;
use super::system::SystemUnderTest;
use super::walk::Walk;
use crate::machine::{Call, Machine, Produced, Rule, RuleError};
use crate::strategy::choice;

/// The argument of a rule that holds the name of an input.
pub(crate) const INPUT: &str = "input";

/// The name of the rule that sees through what was begun.
pub(crate) const WAIT: &str = "wait";

/// How a command is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Manner {
    /// Where it is allowed, and seen through.
    Complete,
    /// Where it is allowed and leads through transient states, and not waited for.
    Begin,
    /// Where it is not allowed, or with a broken input.
    Refused,
}

impl Manner {
    /// The rule that sends a command like this.
    pub(crate) fn rule(self, command: &str) -> Arc<str> {
        match self {
            Manner::Complete => command.into(),
            Manner::Begin => format!("begin {command}").into(),
            Manner::Refused => format!("refused {command}").into(),
        }
    }

    fn words(self, command: &str, has_inputs: bool) -> String {
        let input = if has_inputs { " with {input}" } else { "" };
        match self {
            Manner::Complete => format!("{command} is sent{input} and completes"),
            Manner::Begin => format!("{command} is sent{input} and begins"),
            Manner::Refused => format!("{command} is sent{input} and refused"),
        }
    }
}

impl<S: State> Lifecycle<S> {
    /// A machine that explores this lifecycle: its commands are the rules, in three manners each.
    ///
    /// | rule | sends the command | and |
    /// |---|---|---|
    /// | `Configure` | where it is allowed | sees it through: it passes exactly the states that the graph says, and ends as it should |
    /// | `begin Configure` | where it is allowed and leads through transient states | goes on while it is under way |
    /// | `wait` | | sees through what was begun |
    /// | `refused Configure` | where it is not allowed, or with a broken input | sees that it is refused and changes nothing |
    ///
    /// | `start ..` | | starts a [fault](Self::with_fault) that is not on; while one is on, commands are sent and not judged |
    /// | `heal ..` | | heals a fault that is on; after the last one the system must come to rest |
    ///
    /// Whenever the system rests, what is read is what was told, nothing is told any more, and at
    /// home it holds what it held in the beginning. Every program ends by going home. What was
    /// exercised is added up: see [`matrix`](Self::matrix).
    ///
    /// `start` makes the system for each program; see [`SystemUnderTest`] for what it must do.
    pub fn machine<T, F>(&self, name: impl Into<String>, start: F) -> Machine<Walk<T, S>>
    where
        T: SystemUnderTest<S>,
        F: AsyncFn() -> Result<T, RuleError> + 'static,
    {
        let lifecycle = Rc::new(self.clone());
        let begun = Rc::clone(&lifecycle);
        let mut machine = Machine::new(name, async move || {
            Walk::begin(start().await?, Rc::clone(&begun)).await
        })
        .teardown(async |walk: &mut Walk<T, S>| walk.end().await)
        .model(|walk: &Walk<T, S>| walk.to_string())
        .step_limit(self.step_limit());
        for manner in [Manner::Complete, Manner::Begin, Manner::Refused] {
            for command in self.commands() {
                let ways = self.ways().iter();
                let mut own = ways.filter(|way| way.command == command);
                if manner != Manner::Begin || own.any(|way| !way.via.is_empty()) {
                    machine = machine.rule(rule(&lifecycle, command, manner));
                }
            }
        }
        machine = machine.rule(wait());
        // the last are the least simple: a command is preferred to a fault
        for (number, fault) in self.faults().iter().enumerate() {
            let name = fault.describe();
            machine = machine
                .rule(starting(number, &name))
                .rule(healing(number, &name));
        }
        machine
    }

    /// How often a command is sent in a manner. What leads far from home comes more often, and what is
    /// allowed in many states less often: otherwise most programs would turn back early.
    fn weight(&self, command: &str, manner: Manner) -> u32 {
        let own = self.ways().iter().filter(|way| way.command == command);
        let states = u32::try_from(own.clone().count()).unwrap_or(u32::MAX);
        let distances = own.filter_map(|way| self.routes().distance(self.home(), &way.to));
        let far = 1 + distances.max().unwrap_or_default();
        let complete = (24 * far / states.max(1)).max(2);
        match manner {
            Manner::Complete => complete,
            Manner::Begin => complete / 2,
            Manner::Refused => 4,
        }
    }

    /// Longer than any step takes that is not given up by itself.
    fn step_limit(&self) -> Duration {
        let states = u32::try_from(self.states().count()).unwrap_or(u32::MAX);
        let waits = self.patience().saturating_add(self.quiet());
        waits
            .saturating_mul(states)
            .saturating_add(Duration::from_secs(60))
    }
}

/// The rule that sees through what was begun.
fn wait<T: SystemUnderTest<S>, S: State>() -> Rule<Walk<T, S>, ()> {
    Rule::new(WAIT)
        .weight(24)
        .when("something is under way", |walk: &Walk<T, S>| {
            walk.resting_in().is_none()
        })
        .in_words("what was begun is waited for")
        .run(async |walk: &mut Walk<T, S>, _| {
            walk.wait().await?;
            Ok(Produced::nothing())
        })
}

/// The rule that starts a fault: seldom, so that programs without one stay common.
fn starting<T: SystemUnderTest<S>, S: State>(number: usize, name: &str) -> Rule<Walk<T, S>, ()> {
    Rule::new(format!("start {name}"))
        .weight(1)
        .when("the fault is not on", move |walk: &Walk<T, S>| {
            !walk.has_fault(number)
        })
        .in_words(format!("the fault starts: {name}"))
        .run(async move |walk: &mut Walk<T, S>, _| {
            walk.start_fault(number).await?;
            Ok(Produced::nothing())
        })
}

/// The rule that heals a fault, so often that there are a few commands before it.
fn healing<T: SystemUnderTest<S>, S: State>(number: usize, name: &str) -> Rule<Walk<T, S>, ()> {
    Rule::new(format!("heal {name}"))
        .weight(48)
        .when("the fault is on", move |walk: &Walk<T, S>| {
            walk.has_fault(number)
        })
        .in_words(format!("the fault heals: {name}"))
        .run(async move |walk: &mut Walk<T, S>, _| {
            walk.heal(number).await?;
            Ok(Produced::nothing())
        })
}

fn rule<T: SystemUnderTest<S>, S: State>(
    lifecycle: &Rc<Lifecycle<S>>,
    command: &str,
    manner: Manner,
) -> Rule<Walk<T, S>, ()> {
    let inputs: Vec<Input> = lifecycle.inputs(command).to_vec();
    let mut rule = Rule::new(manner.rule(command))
        .weight(lifecycle.weight(command, manner))
        .in_words(manner.words(command, !inputs.is_empty()));
    if !inputs.is_empty() {
        let taken = choice(names(&inputs, Input::is_taken));
        let broken = choice(names(&inputs, |input| !input.is_taken()));
        let any = choice(names(&inputs, |_| true));
        let judged = Judged::new(lifecycle, command);
        rule = match manner {
            Manner::Complete | Manner::Begin => rule.argument(INPUT, taken),
            Manner::Refused => rule.argument_by(INPUT, move |walk: &Walk<T, S>| {
                let allowed = judged.is_allowed(walk);
                if allowed { broken.clone() } else { any.clone() }
            }),
        };
    }
    let has_broken = inputs.iter().any(|input| !input.is_taken());
    let judged = Judged::new(lifecycle, command);
    rule = match manner {
        Manner::Complete => rule.when("it is allowed", move |walk: &Walk<T, S>| {
            judged.is_allowed(walk)
        }),
        Manner::Begin => rule.when("it leads through transient states", move |walk| {
            judged.has_begin(walk)
        }),
        Manner::Refused => rule.when("it is not allowed", move |walk| {
            !judged.is_allowed(walk) || (has_broken && walk.resting_in().is_some())
        }),
    };
    let command: Arc<str> = command.into();
    let has_inputs = !inputs.is_empty();
    rule.run(async move |walk: &mut Walk<T, S>, call: Call<()>| {
        let input: Option<String> = if has_inputs {
            call.argument(INPUT)?
        } else {
            None
        };
        let input = input.as_deref();
        match manner {
            Manner::Complete => walk.complete(&command, input).await?,
            Manner::Begin => walk.begin_with(&command, input).await?,
            Manner::Refused => walk.refused(&command, input).await?,
        }
        Ok(Produced::nothing())
    })
}

fn names(inputs: &[Input], which: impl Fn(&Input) -> bool) -> Vec<String> {
    let chosen = inputs.iter().filter(|input| which(input));
    chosen.map(|input| input.name.clone()).collect()
}

/// What the lifecycle says of a command.
struct Judged<S: State> {
    lifecycle: Rc<Lifecycle<S>>,
    command: String,
}

impl<S: State> Judged<S> {
    fn new(lifecycle: &Rc<Lifecycle<S>>, command: &str) -> Self {
        Judged {
            lifecycle: Rc::clone(lifecycle),
            command: command.to_owned(),
        }
    }

    /// Whether it is allowed in the state that was told last, or in one that may be while a fault is on.
    fn is_allowed<T: SystemUnderTest<S>>(&self, walk: &Walk<T, S>) -> bool {
        let allowed = |state: &S| self.lifecycle.way(state, &self.command).is_some();
        match &walk.disturbance {
            None => walk.expectation.at().is_some_and(allowed),
            Some(disturbance) => disturbance.possible().iter().any(allowed),
        }
    }

    /// Whether it leads through transient states from where the system rests, or may be while a fault
    /// is on.
    fn has_begin<T: SystemUnderTest<S>>(&self, walk: &Walk<T, S>) -> bool {
        let begins = |state: &S| {
            let way = self.lifecycle.way(state, &self.command);
            way.is_some_and(|way| !way.via.is_empty())
        };
        match &walk.disturbance {
            None => walk.resting_in().is_some_and(begins),
            Some(disturbance) => disturbance.possible().iter().any(begins),
        }
    }
}
