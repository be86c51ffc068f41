//! The documents that inputs are made from.

use std::path::Path;
use std::sync::Arc;

use serde_json::Value as Json;

use super::document::InputDocument;
use super::embedded::Embedded;
use super::error::InputError;
use crate::telescope::TelescopeKind;

/// A document that inputs of a command are made from.
#[derive(Clone, Debug)]
pub(super) struct Template {
    pub(super) json: Arc<Json>,
    name: Arc<str>,
    /// Whether it is embedded, and so may be fitted to what a user gives.
    pub(super) embedded: bool,
}

impl Template {
    /// The embedded one; a test holds that there is one for each command.
    pub(super) fn embedded(kind: TelescopeKind, stem: &str) -> Template {
        let found = Embedded::find(kind, stem);
        let text = found.map_or("{}", |embedded| embedded.text);
        Template {
            json: Arc::new(serde_json::from_str(text).unwrap_or_default()),
            name: found.map_or_else(String::new, Embedded::full_stem).into(),
            embedded: true,
        }
    }

    pub(super) fn parse(
        command: &'static str,
        text: &str,
        origin: &str,
    ) -> Result<Template, InputError> {
        let document = InputDocument::parse(origin, text).map_err(|source| InputError::Json {
            command,
            origin: origin.to_owned(),
            source,
        })?;
        Ok(Template::from(&document))
    }

    pub(super) fn read(command: &'static str, path: &Path) -> Result<Template, InputError> {
        let text = std::fs::read_to_string(path).map_err(|source| InputError::Read {
            command,
            path: path.to_owned(),
            source,
        })?;
        Template::parse(command, &text, &path.display().to_string())
    }

    pub(super) fn document(&self) -> InputDocument {
        InputDocument::new(&self.name, (*self.json).clone())
    }
}

impl From<&InputDocument> for Template {
    fn from(document: &InputDocument) -> Template {
        Template {
            json: Arc::new(document.json().clone()),
            name: document.name().into(),
            embedded: false,
        }
    }
}
