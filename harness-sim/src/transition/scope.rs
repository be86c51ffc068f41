//! For whom a setting is meant.

use std::fmt;

/// For whom a setting is meant: everything, a model or an instance, and there for all commands or
/// one.
///
/// Names are compared without regard to the case of letters, as Tango compares them.
///
/// ```
/// use harness_sim::transition::Scope;
///
/// let scope = Scope::instance("mid-csp/subarray/01").command("Configure");
/// assert_eq!(scope.to_string(), "Configure of mid-csp/subarray/01");
/// assert_eq!(Scope::model("csp::subarray").to_string(), "every csp::subarray");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scope {
    subject: Subject,
    command: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Subject {
    Everything,
    Model(String),
    Instance(String),
}

impl Scope {
    /// All instances of all models.
    #[must_use]
    pub const fn everything() -> Scope {
        Scope {
            subject: Subject::Everything,
            command: None,
        }
    }

    /// All instances of a model, as `csp::subarray`.
    #[must_use]
    pub fn model(name: impl Into<String>) -> Scope {
        Scope {
            subject: Subject::Model(name.into()),
            command: None,
        }
    }

    /// One instance, by the name of its device.
    #[must_use]
    pub fn instance(name: impl Into<String>) -> Scope {
        Scope {
            subject: Subject::Instance(name.into()),
            command: None,
        }
    }

    /// Only this command. For a state that is left without a command, it is the name of the state.
    #[must_use]
    pub fn command(mut self, name: impl Into<String>) -> Scope {
        self.command = Some(name.into());
        self
    }

    /// The name of the model, if it is meant for one.
    #[must_use]
    pub fn model_name(&self) -> Option<&str> {
        match &self.subject {
            Subject::Model(name) => Some(name),
            Subject::Everything | Subject::Instance(_) => None,
        }
    }

    /// The name of the instance, if it is meant for one.
    #[must_use]
    pub fn instance_name(&self) -> Option<&str> {
        match &self.subject {
            Subject::Instance(name) => Some(name),
            Subject::Everything | Subject::Model(_) => None,
        }
    }

    /// The name of the command, if it is meant for one.
    #[must_use]
    pub fn command_name(&self) -> Option<&str> {
        self.command.as_deref()
    }

    pub(super) const fn subject(&self) -> &Subject {
        &self.subject
    }

    /// The same scope, with names as they are compared.
    pub(super) fn normal(&self) -> Scope {
        Scope {
            subject: match &self.subject {
                Subject::Everything => Subject::Everything,
                Subject::Model(name) => Subject::Model(normal(name)),
                Subject::Instance(name) => Subject::Instance(normal(name)),
            },
            command: self.command.as_deref().map(normal),
        }
    }
}

/// A name as names are compared.
pub(super) fn normal(name: &str) -> String {
    name.to_ascii_lowercase()
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(command) = &self.command {
            write!(formatter, "{command} of ")?;
        }
        match &self.subject {
            Subject::Everything => formatter.write_str("everything"),
            Subject::Model(name) => write!(formatter, "every {name}"),
            Subject::Instance(name) => formatter.write_str(name),
        }
    }
}
