//! What a command is given.

use harness_tango::{
    inputs::{InputDocument, InputList, Inputs},
    telescope::System,
};
use serde_json::json;

use super::{addressee::Addressee, name::CommandName};
use crate::{BoxError, Context, phrase::Words};

/// What a line says of the input of its command.
#[derive(Clone, Debug, Default)]
pub(super) struct Input {
    /// As it stands below the line.
    text: Option<String>,
    /// The stem of a document of the library.
    named: Option<String>,
    /// The name of a way to break it.
    invalid: Option<String>,
    edits: Vec<Edit>,
}

/// One change of the usual input.
#[derive(Clone, Debug)]
pub(super) enum Edit {
    /// A key is missing, wherever it stands or below another one.
    Without {
        key: String,
        below: Option<String>,
    },
    /// A key is there that should not be.
    WithKey(String),
    /// These receptors or stations.
    Resources(Vec<String>),
    /// Only beams of this kind.
    OnlyBeams(String),
    /// The ids of the last assignment come again.
    Duplicate(String),
    ScanId(i64),
    ScanType(String),
    Seconds(f64),
    Band(String),
}

impl Input {
    /// What the line, and the text below it, say.
    pub(super) fn of_line(words: &Words, context: &Context) -> Result<Self, BoxError> {
        let owned = |name: &str| words.text(name).map(str::to_owned);
        let mut input = Self {
            text: context
                .step
                .docstring
                .as_deref()
                .map(|text| text.trim().to_owned()),
            named: owned("named").map(|name| name.trim_end_matches(".json").to_owned()),
            invalid: owned("invalid"),
            edits: Vec::new(),
        };
        if words.line().to_lowercase().contains("invalid json") && input.invalid.is_none() {
            input.invalid = Some("malformed_json".to_owned());
        }
        let below = owned("below");
        input.edit(owned("without").map(|key| Edit::Without { key, below }));
        input.edit(owned("key").map(Edit::WithKey));
        let resources = words.text("resources").map(InputList::parse);
        input.edit(
            resources
                .filter(|list| !list.is_empty())
                .map(Edit::Resources),
        );
        input.edit(owned("beams").map(|kind| Edit::OnlyBeams(kind.to_lowercase())));
        input.edit(owned("duplicate").map(Edit::Duplicate));
        input.edit(words.value("scan_id")?.map(Edit::ScanId));
        input.edit(owned("scan_type").map(Edit::ScanType));
        input.edit(words.value("seconds")?.map(Edit::Seconds));
        input.edit(owned("band").map(Edit::Band));
        Ok(input)
    }

    /// The usual input with these changes.
    pub(super) fn with_edits(edits: impl IntoIterator<Item = Edit>) -> Self {
        Self {
            edits: edits.into_iter().collect(),
            ..Self::default()
        }
    }

    /// One change more.
    pub(super) fn push(&mut self, edit: Edit) {
        self.edits.push(edit);
    }

    fn edit(&mut self, edit: Option<Edit>) {
        self.edits.extend(edit);
    }

    /// The text that the addressee is given; [`None`] for a command that takes none.
    pub(super) fn for_addressee(
        &self,
        to: &Addressee,
        command: &CommandName,
    ) -> Result<Option<String>, BoxError> {
        if let Some(text) = &self.text {
            return Ok(Some(text.clone()));
        }
        let name = match command.as_str() {
            "ReleaseAllResources" if to.is_central => "ReleaseResources",
            other => other,
        };
        let inputs = match inputs(to) {
            Some(inputs) if !releases_all_without_input(to, name) => inputs,
            _ if self.edits.is_empty() && self.invalid.is_none() && self.named.is_none() => {
                return Ok(None);
            }
            _ => return Err(takes_none(command)),
        };
        if let Some(invalid) = &self.invalid {
            return Ok(Some(inputs.invalid(name, invalid)?));
        }
        let document = match &self.named {
            Some(stem) => Some(inputs.document_named(name, stem)?),
            None => inputs.document_of(name),
        };
        let Some(mut document) = document else {
            return match self.edits.is_empty() {
                true => Ok(None),
                false => Err(takes_none(command)),
            };
        };
        if to.is_central
            && let Some(subarray) = &to.subarray
        {
            document = with(document, "subarray_id", subarray.number())?;
            if name != command.as_str() {
                document = with(document, "release_all", true)?;
            }
        }
        for edit in &self.edits {
            document = edit.apply(document)?;
        }
        Ok(Some(document.text()))
    }
}

impl Edit {
    fn apply(&self, document: InputDocument) -> Result<InputDocument, BoxError> {
        Ok(match self {
            Self::Without { key, below: None } => {
                let key = document.key_like(key)?;
                document.remove_anywhere(&key)?
            }
            Self::Without {
                key,
                below: Some(below),
            } => document.remove_below(&below.to_lowercase(), key)?,
            Self::WithKey(key) => document.insert(key, 1)?,
            Self::Resources(list) => {
                let stations: Result<Vec<u32>, _> = list.iter().map(|name| name.parse()).collect();
                match stations {
                    Ok(stations) => document.with_stations(&stations)?,
                    Err(_) => document.with_receptors(list)?,
                }
            }
            Self::OnlyBeams(kind) => only_beams(document, kind)?,
            Self::Duplicate(key) => document.duplicate_id(key)?,
            Self::ScanId(id) => document.with_scan_id(*id)?,
            Self::ScanType(name) => document.with_scan_type(name)?,
            Self::Seconds(seconds) => document.with_scan_duration(*seconds)?,
            Self::Band(band) => document.with_receiver_band(band)?,
        })
    }
}

/// The kinds of beams that the central signal processor makes.
const BEAMS: [&str; 2] = ["pst", "pss"];

/// Of the beams of the central signal processor those of one kind only.
fn only_beams(mut document: InputDocument, kind: &str) -> Result<InputDocument, BoxError> {
    if !BEAMS.contains(&kind) {
        return Err(format!(
            "there are no beams of kind `{kind}`; known: {}",
            BEAMS.join(", ")
        )
        .into());
    }
    for other in BEAMS.iter().filter(|other| **other != kind) {
        let path = format!("csp.{other}");
        if !document.values(&path).is_empty() {
            document = document.remove(&path)?;
        }
    }
    let path = format!("csp.{kind}");
    if document.values(&path).is_empty() {
        let mut beams = serde_json::Map::new();
        beams.insert(format!("{kind}_beam_ids"), json!([1]));
        document = document.insert(&path, serde_json::Value::Object(beams))?;
    }
    Ok(document)
}

fn with(
    document: InputDocument,
    key: &str,
    value: impl Into<serde_json::Value>,
) -> Result<InputDocument, BoxError> {
    Ok(match document.values(key).is_empty() {
        true => document.insert(key, value)?,
        false => document.set(key, value)?,
    })
}

/// The inputs that the addressee is given from; [`None`] if it is none that observes.
fn inputs(to: &Addressee) -> Option<&Inputs> {
    let subarray = to.subarray.as_ref()?;
    match to.system {
        Some(System::Dish | System::Pst) => None,
        _ => Some(subarray.inputs()),
    }
}

/// Old science data processors release all there is by a command without argument.
fn releases_all_without_input(to: &Addressee, name: &str) -> bool {
    let names = to
        .subarray
        .as_ref()
        .map(|subarray| subarray.command_names());
    name == "ReleaseResources"
        && !to.is_central
        && names.is_some_and(|names| names.of("ReleaseAllResources") == "ReleaseResources")
}

fn takes_none(command: &CommandName) -> BoxError {
    format!("{command} takes no input here, so that none can be changed; give it in the text below the line").into()
}
