//! What users do in a cycle, as data.

use std::time::Duration;

use serde_json::Value as Json;

/// What a user does in a cycle: steps, one after the other. A step that does not go as it should ends the
/// cycle.
///
/// Texts may hold what differs from user to user and from cycle to cycle: `${user}` and `${cycle}` are
/// numbers from 0, `${device}` is the name of the user's device, and `${NAME}` a field of the user's data.
/// `$$` is a dollar. In an argument, a text that is nothing but a field stays the number, truth value or list
/// that the field is. The first row of data is that of the first user, and so on, and the first again when
/// there are more users than rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// What it is called.
    pub name: String,
    /// It is chosen so often, beside other flows.
    pub weight: u32,
    /// What each user does once before its first cycle; nothing of it is measured.
    pub begin: Vec<Step>,
    /// What it does in each cycle.
    pub steps: Vec<Step>,
    /// What it does once after its last cycle, whatever went wrong before.
    pub end: Vec<Step>,
}

/// One step of a flow.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Sends a command to the user's device.
    Command {
        /// The command.
        command: String,
        /// What it is given, placeholders in it: an object goes as JSON text, and everything else as it is.
        argument: Option<Json>,
        /// What must become of it; how long that takes is measured by itself, as `Scan until SCANNING`.
        until: Option<Until>,
        /// Whether a refusal is as good as success: another user was first. Then nothing is waited for.
        may_be_rejected: bool,
    },
    /// Reads an attribute.
    Read {
        /// The attribute.
        attribute: String,
        /// What it must be, as it is printed; anything without it.
        expect: Option<String>,
    },
    /// Writes an attribute.
    Write {
        /// The attribute.
        attribute: String,
        /// What is written.
        value: Json,
    },
    /// Waits for a value of an attribute, by events. One that is there already is enough.
    Wait(Until),
    /// Does nothing for so long: anything from the first to the second time.
    Pause(Duration, Duration),
}

/// What differs from user to user: fields by their names.
pub type UserData = std::collections::BTreeMap<String, Json>;

/// A value that an attribute must take, as an event tells it, in any case. Where the attribute is the state
/// of the device, FAULT ends the waiting.
#[derive(Clone, Debug, PartialEq)]
pub struct Until {
    /// The attribute.
    pub attribute: String,
    /// The value, as it is printed: `READY`.
    pub value: String,
    /// How long that may take.
    pub within: Duration,
}

/// Which flow a user takes next, where there are several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Schedule {
    /// Each user keeps to one: the first to the first flow, and so on, as often as their weights say.
    #[default]
    ByUser,
    /// One after the other, each as often as its weight says.
    RoundRobin,
    /// All of one flow, as often as its weight says, before the next.
    Serial,
    /// By chance, from the user's seed, as likely as their weights say.
    Random,
}
