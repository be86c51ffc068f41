//! What lines about a simulated telescope mean: whose transitions, and of which commands.

use std::str::FromStr;

use harness_sim::transition::Scope;

use crate::{BoxError, TelescopeSession};

/// Whose transitions.
#[derive(Clone, Debug)]
pub(super) enum Subject {
    /// All subarrays of a subsystem: CSP.
    Subsystem(String),
    /// The subarray of that number, which tests talk to.
    Subarray(u32),
}

/// What plain English calls a command.
#[derive(Clone, Copy, Debug)]
pub(super) struct Verb(&'static [&'static str]);

/// Words, and the commands that they mean.
const VERBS: [(&str, &[&str]); 7] = [
    ("assign", &["AssignResources"]),
    ("configure", &["Configure"]),
    ("scan", &["Scan"]),
    ("end", &["End"]),
    ("release", &["ReleaseResources", "ReleaseAllResources"]),
    ("abort", &["Abort"]),
    ("restart", &["Restart"]),
];

impl Verb {
    pub(super) const fn commands(self) -> &'static [&'static str] {
        self.0
    }
}

/// The word is none of ours.
#[derive(Debug, thiserror::Error)]
#[error("there is nothing to {verb}; known: {}", VERBS.map(|(word, _)| word).join(", "))]
pub(super) struct UnknownVerb {
    verb: String,
}

impl FromStr for Verb {
    type Err = UnknownVerb;

    fn from_str(verb: &str) -> Result<Self, UnknownVerb> {
        let mut verbs = VERBS.into_iter();
        let found = verbs.find(|(word, _)| word.eq_ignore_ascii_case(verb));
        found
            .map(|(_, commands)| Self(commands))
            .ok_or_else(|| UnknownVerb {
                verb: verb.to_owned(),
            })
    }
}

/// The simulated telescope has no such subsystem.
#[derive(Debug, thiserror::Error)]
#[error("the simulated telescope has no {name} subarrays; it has those of {}", .known.join(", "))]
struct UnknownSubsystem {
    name: String,
    known: Vec<String>,
}

/// The scopes of these commands.
///
/// # Errors
/// There is no such subarray, no such subsystem, or it has none of the commands: each with what
/// there is.
pub(super) fn scopes(
    session: &mut TelescopeSession,
    subject: &Subject,
    commands: &[&str],
) -> Result<Vec<Scope>, BoxError> {
    let base = match subject {
        Subject::Subarray(number) => {
            // before the rest: without a simulated telescope its name would say nothing
            session.simulated()?;
            Scope::instance(session.subarray(*number)?.traced().name().as_ref())
        }
        Subject::Subsystem(name) => model(session, name)?,
    };
    let controller = session.simulated()?.transitions();
    let (mut known, mut unknown) = (Vec::new(), None);
    for command in commands {
        let scope = base.clone().command(*command);
        match controller.effective(&scope) {
            Ok(_) => known.push(scope),
            Err(error) => unknown = unknown.or(Some(error)),
        }
    }
    match unknown {
        Some(error) if known.is_empty() => Err(error.into()),
        _ => Ok(known),
    }
}

/// The model of a subsystem's subarrays.
fn model(session: &TelescopeSession, name: &str) -> Result<Scope, BoxError> {
    let models = session.simulated()?.transitions().models();
    let names = models.iter().map(|model| model.name.as_str());
    let subsystems: Vec<_> = names
        .filter_map(|model| {
            let (subsystem, kind) = model.split_once("::")?;
            matches!(kind, "subarray" | "subarray_node").then_some((subsystem, model))
        })
        .collect();
    let mut found = subsystems.iter();
    match found.find(|(subsystem, _)| subsystem.eq_ignore_ascii_case(name)) {
        Some((_, model)) => Ok(Scope::model(*model)),
        None => Err(UnknownSubsystem {
            name: name.to_owned(),
            known: subsystems
                .iter()
                .map(|(subsystem, _)| subsystem.to_uppercase())
                .collect(),
        }
        .into()),
    }
}
