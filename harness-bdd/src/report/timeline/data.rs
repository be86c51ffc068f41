//! A timeline as data: lanes by device, and what stands in them.
//!
//! All times are seconds after the beginning of the attempt, so that the numbers are short. What
//! has no end lasted beyond the end of the timeline.

use serde::{Deserialize, Serialize};

/// What every device did during one attempt at a scenario.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Timeline {
    /// When it begins, in seconds after the journal was started: the clock of
    /// [`AttemptReport::at_seconds`](crate::report::AttemptReport::at_seconds). All other times
    /// count from here.
    pub at_seconds: f64,
    /// The same moment by the wall clock, in seconds after 1970, UTC.
    pub unix_seconds: f64,
    /// How long it lasts.
    pub duration_seconds: f64,
    /// The devices: first those that did something, in the order in which they began to.
    pub lanes: Vec<Lane>,
    /// What the harness did: an action of a step, for instance, or a transition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Period>,
    /// The faults that were injected.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Period>,
    /// How many entries of the record were left out, as there were too many: the oldest.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub left_out: u64,
    /// What happened before is left out; 0 if nothing is.
    #[serde(default, skip_serializing_if = "is_none_of_it")]
    pub complete_from: f64,
}

/// One device.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Lane {
    /// Its canonical name.
    pub device: String,
    /// The attributes that are states, `obsState` first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<StateTrack>,
    /// The commands that it was sent, by time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commands: Vec<CommandSpan>,
    /// The long running commands that it told of, by time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub long_running: Vec<LongRunningSpan>,
    /// When nothing was heard of it, or not all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub silences: Vec<Silence>,
    /// Changes of attributes that are no states, and errors that it pushed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moments: Vec<Moment>,
}

/// An attribute that is a state, and its values one after another.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StateTrack {
    /// The attribute.
    pub attribute: String,
    /// Its values; each lasts until the next.
    pub bars: Vec<StateBar>,
}

/// A value of an attribute that is a state, from a moment on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StateBar {
    /// From when on.
    pub at: f64,
    /// The value in words.
    pub value: String,
    /// How it was learnt, unless by an event: it was so before the beginning, or was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A command, from when it was sent until it was answered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CommandSpan {
    /// When it was sent.
    pub at: f64,
    /// When it was answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<f64>,
    /// Its name.
    pub command: String,
    /// Its argument.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub argument: Option<String>,
    /// What the device answered, in words where there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// The error that came instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// A long running command, from when it was sent or first told of until its end was told.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LongRunningSpan {
    /// From when on.
    pub at: f64,
    /// When its end was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<f64>,
    /// Its id.
    pub id: String,
    /// Its name, as far as it is known.
    pub name: String,
    /// What was told of it meanwhile: its status and its progress.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reports: Vec<Moment>,
    /// How it ended, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// Whether it ended otherwise than well.
    #[serde(default, skip_serializing_if = "is_false")]
    pub failed: bool,
}

/// A time in which events of an attribute are missing, or may be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Silence {
    /// Since when.
    pub at: f64,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<f64>,
    /// The attribute.
    pub attribute: String,
    /// Whether nothing was heard, or not all.
    pub kind: SilenceKind,
    /// Why.
    pub reason: String,
}

/// What is missing in a [`Silence`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SilenceKind {
    /// Everything: the subscription was lost.
    Lost,
    /// Some events, or none: it is not known.
    Gap,
}

/// Something that happened at a moment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    /// When.
    pub at: f64,
    /// What, in words.
    pub text: String,
    /// Whether it is bad.
    #[serde(default, skip_serializing_if = "is_false")]
    pub failed: bool,
}

/// Something that lasted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Period {
    /// Since when.
    pub at: f64,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<f64>,
    /// What it was.
    pub name: String,
    /// Why it ended badly, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_false(flag: &bool) -> bool {
    !flag
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_none_of_it(seconds: &f64) -> bool {
    *seconds == 0.0
}
