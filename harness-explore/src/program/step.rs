//! The steps of a program, as data that is kept and replayed.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A value that a step has produced: the bundle it is in, and which of the bundle's it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Variable {
    /// The bundle.
    pub bundle: Arc<str>,
    /// Its number within the bundle, from 0.
    pub number: u32,
}

/// What a step was given as an argument.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Given {
    /// A generated value.
    Value(Value),
    /// A value that an earlier step has produced.
    Variable(Variable),
    /// Several such.
    Variables(Vec<Variable>),
}

impl Given {
    /// The variables it names.
    #[must_use]
    pub fn variables(&self) -> &[Variable] {
        match self {
            Given::Value(_) => &[],
            Given::Variable(variable) => std::slice::from_ref(variable),
            Given::Variables(variables) => variables,
        }
    }
}

/// One step: a rule, what it was given, and what it produced.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
pub struct Step {
    /// The rule's name.
    pub rule: Arc<str>,
    /// Its arguments, in the order of their declaration.
    #[serde(default)]
    pub arguments: Vec<(Arc<str>, Given)>,
    /// For each value that it produced, its name in each bundle that the rule fills.
    #[serde(default)]
    pub produced: Vec<Vec<Variable>>,
}

impl Step {
    /// A step without arguments.
    #[must_use]
    pub fn of(rule: impl Into<Arc<str>>) -> Step {
        Step {
            rule: rule.into(),
            arguments: Vec::new(),
            produced: Vec::new(),
        }
    }

    /// Adds a value as an argument.
    #[must_use]
    pub fn value(mut self, argument: &str, value: impl Into<Value>) -> Step {
        let given = Given::Value(value.into());
        self.arguments.push((argument.into(), given));
        self
    }

    /// Adds a value, written as JSON, as an argument. What is no JSON is taken as text.
    #[must_use]
    pub fn json(self, argument: &str, json: &str) -> Step {
        let value = serde_json::from_str(json).unwrap_or_else(|_| Value::from(json));
        self.value(argument, value)
    }

    /// Adds a value that an earlier step has produced as an argument.
    #[must_use]
    pub fn variable(mut self, argument: &str, bundle: &str, number: u32) -> Step {
        let given = Given::Variable(Variable::new(bundle, number));
        self.arguments.push((argument.into(), given));
        self
    }

    /// Adds several values of one bundle as an argument.
    #[must_use]
    pub fn variables(mut self, argument: &str, bundle: &str, numbers: &[u32]) -> Step {
        let variables = numbers.iter().map(|&number| Variable::new(bundle, number));
        let given = Given::Variables(variables.collect());
        self.arguments.push((argument.into(), given));
        self
    }

    /// Names one more value that the step produces, by its name in each bundle it goes into.
    #[must_use]
    pub fn giving<'a>(mut self, names: impl IntoIterator<Item = (&'a str, u32)>) -> Step {
        let names = names
            .into_iter()
            .map(|(bundle, number)| Variable::new(bundle, number));
        self.produced.push(names.collect());
        self
    }

    /// The variables that its arguments name.
    pub(crate) fn needs(&self) -> impl Iterator<Item = &Variable> {
        self.arguments
            .iter()
            .flat_map(|(_, given)| given.variables())
    }
}

impl Variable {
    /// The value of this number in a bundle.
    #[must_use]
    pub fn new(bundle: impl Into<Arc<str>>, number: u32) -> Variable {
        Variable {
            bundle: bundle.into(),
            number,
        }
    }
}

/// A name that Rust and Python accept, whatever the bundle is called.
impl fmt::Display for Variable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = super::words::identifier(&self.bundle);
        write!(formatter, "{name}_{}", self.number)
    }
}

/// Steps in their order, of one machine.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
pub struct Program {
    /// The machine's name.
    pub machine: String,
    /// The steps.
    pub steps: Vec<Step>,
    /// Whether it is shown as numbered steps.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub numbered: bool,
}

impl Program {
    /// A program without steps, of the machine with this name.
    #[must_use]
    pub fn of(machine: impl Into<String>) -> Program {
        Program {
            machine: machine.into(),
            steps: Vec::new(),
            numbered: false,
        }
    }

    /// Adds a step.
    #[must_use]
    pub fn step(mut self, step: Step) -> Program {
        self.steps.push(step);
        self
    }

    /// The program without what comes after so many steps, to look at the system there.
    #[must_use]
    pub fn up_to(mut self, steps: usize) -> Program {
        self.steps.truncate(steps);
        self
    }

    /// The program with the variables of each bundle numbered from 0, without holes.
    #[must_use]
    pub(crate) fn renumbered(mut self) -> Program {
        let mut names: HashMap<Variable, Variable> = HashMap::new();
        let mut counts: HashMap<Arc<str>, u32> = HashMap::new();
        for step in &mut self.steps {
            for (_, given) in &mut step.arguments {
                let named: &mut [Variable] = match given {
                    Given::Value(_) => &mut [],
                    Given::Variable(variable) => std::slice::from_mut(variable),
                    Given::Variables(variables) => variables,
                };
                for variable in named {
                    if let Some(name) = names.get(variable) {
                        *variable = name.clone();
                    }
                }
            }
            for variable in step.produced.iter_mut().flatten() {
                let count = counts.entry(Arc::clone(&variable.bundle)).or_default();
                let name = Variable::new(Arc::clone(&variable.bundle), *count);
                *count += 1;
                names.insert(std::mem::replace(variable, name.clone()), name);
            }
        }
        self
    }
}
