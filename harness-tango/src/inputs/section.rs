//! What a subsystem's subarray is given, taken from what the telescope is given.

use std::str::FromStr;

use serde_json::{Map, Value as Json, json};
use thiserror::Error;

/// A subsystem whose subarray takes commands of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InputSection {
    /// The central signal processor.
    Csp,
    /// Its correlator and beamformer.
    Cbf,
    /// The science data processor.
    Sdp,
    /// The stations of Low.
    Mccs,
}

/// A word that names no subsystem.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{0} is no subsystem with a subarray; known are csp, cbf, sdp and mccs")]
pub struct UnknownSection(
    /// The word.
    pub String,
);

impl FromStr for InputSection {
    type Err = UnknownSection;

    fn from_str(key: &str) -> Result<InputSection, UnknownSection> {
        match key.trim().to_lowercase().as_str() {
            "csp" => Ok(InputSection::Csp),
            "cbf" | "lowcbf" | "midcbf" => Ok(InputSection::Cbf),
            "sdp" => Ok(InputSection::Sdp),
            "mccs" => Ok(InputSection::Mccs),
            _ => Err(UnknownSection(key.to_owned())),
        }
    }
}

impl InputSection {
    /// What of the telescope's input of a command this subsystem is given: all of one that is not the
    /// telescope's but, by what it looks like, a subsystem's already.
    pub(super) fn cut(self, command: &str, whole: &Json, subarray: Option<u32>) -> Json {
        if matches!(command, "AssignResources" | "Configure") && !is_of_telescope(whole) {
            return whole.clone();
        }
        let mut share = match command {
            "AssignResources" | "Configure" => self.share(whole),
            _ => without_interface(whole),
        };
        if self == InputSection::Cbf && command == "Configure" {
            share.retain(|key, _| {
                matches!(key.as_str(), "interface" | "common" | "lowcbf" | "midcbf")
            });
        }
        if command == "AssignResources" && matches!(self, InputSection::Csp | InputSection::Cbf) {
            // the CSP of Mid is told its dishes
            if let Some(dishes) = whole.get("dish") {
                share.insert("dish".to_owned(), dishes.clone());
            }
        }
        let number = subarray.map(Json::from);
        if let Some(number) = number.or_else(|| whole.get("subarray_id").cloned()) {
            self.tell_subarray(command, &mut share, number);
        }
        Json::Object(share)
    }

    fn share(self, whole: &Json) -> Map<String, Json> {
        let key = match self {
            InputSection::Csp | InputSection::Cbf => "csp",
            InputSection::Sdp => "sdp",
            InputSection::Mccs => "mccs",
        };
        let share = whole.get(key).and_then(Json::as_object);
        share.cloned().unwrap_or_default()
    }

    /// The SDP knows which subarray it is; the others are told with their resources, and the CSP
    /// with its configuration too.
    fn tell_subarray(self, command: &str, share: &mut Map<String, Json>, number: Json) {
        match (self, command) {
            (InputSection::Csp | InputSection::Cbf, "AssignResources" | "Configure") => {
                let in_common = command == "Configure" || !share.contains_key("dish");
                if !in_common {
                    share.insert("subarray_id".to_owned(), number);
                    return;
                }
                let common = share.entry("common").or_insert_with(|| json!({}));
                if let Json::Object(common) = common {
                    common.insert("subarray_id".to_owned(), number);
                }
            }
            (InputSection::Mccs, "AssignResources") => {
                share.insert("subarray_id".to_owned(), number);
            }
            _ => {}
        }
    }
}

/// Only the telescope's inputs have parts for subsystems.
fn is_of_telescope(whole: &Json) -> bool {
    let parts = ["csp", "sdp", "mccs", "tmc", "pointing"];
    parts.iter().any(|part| whole.get(part).is_some())
}

/// The interface of the telescope's command is not that of the subsystem's.
fn without_interface(whole: &Json) -> Map<String, Json> {
    let mut members = whole.as_object().cloned().unwrap_or_default();
    let interface = members.get("interface").and_then(Json::as_str);
    if interface.is_some_and(|interface| interface.contains("tmc")) {
        members.remove("interface");
    }
    members
}
