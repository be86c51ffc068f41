//! Inputs that are asked for by name.

use std::path::Path;

use thiserror::Error;

use super::commands::Inputs;
use super::document::InputDocument;
use super::error::{EditError, InputError};
use super::invalid::InvalidInput;
use super::library_error::LibraryError;
use super::template::Template;
use super::variant_name::UnknownVariant;

/// Why there is no input of a name.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum NamedInputError {
    /// The command takes no input.
    #[error(
        "{command} takes no input; those that do are AssignResources, Configure, Scan and ReleaseResources"
    )]
    NoInput {
        /// The command.
        command: String,
    },
    /// The name says no way to break an input.
    #[error(transparent)]
    Variant(#[from] UnknownVariant),
    /// The input does not have what is to be broken.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// The library does not give it.
    #[error(transparent)]
    Library(#[from] LibraryError),
}

impl Inputs {
    /// The input of a command to edit, made from a document of the library: with new ids, the
    /// blocks that were assigned last, or the next scan, as the command has it.
    ///
    /// # Errors
    /// When the library does not give it.
    pub fn document_named(&self, command: &str, stem: &str) -> Result<InputDocument, LibraryError> {
        Ok(self.adopt(command, self.library().document(stem)?))
    }

    /// The input of a command broken in a way that has a name; see [`InvalidInput`]. If a folder of
    /// the library has a file of that name, it is that file. What is broken does not count as
    /// assigned.
    ///
    /// # Errors
    /// When the command takes no input, the name says no way to break one, or the input does not
    /// have what is to be broken.
    pub fn invalid(&self, command: &str, name: &str) -> Result<String, NamedInputError> {
        let apart = self.apart();
        if self.library().has_file(name) {
            let text = self.library().text(name)?;
            // a file may be broken so that it is no JSON: then it goes as it is
            return Ok(match InputDocument::parse(name, &text) {
                Ok(document) => apart.adopt(command, document).text(),
                Err(_) => text,
            });
        }
        let variant = InvalidInput::parse(name)?;
        let document = apart
            .document_of(command)
            .ok_or_else(|| NamedInputError::NoInput {
                command: command.to_owned(),
            })?;
        Ok(variant.apply(&document)?)
    }

    /// Takes the input of AssignResources from a file, by its path from a folder, or from the
    /// library.
    ///
    /// # Errors
    /// When neither has it, or it can not be read or holds no JSON object.
    pub fn with_assign_resources_named(
        self,
        name: &str,
        from: &Path,
    ) -> Result<Inputs, InputError> {
        let template = self.find("AssignResources", name, from)?;
        Ok(self.with_template_of_assign_resources(template))
    }

    /// Takes the input of Configure from a file, by its path from a folder, or from the library.
    ///
    /// # Errors
    /// When neither has it, or it can not be read or holds no JSON object.
    pub fn with_configure_named(self, name: &str, from: &Path) -> Result<Inputs, InputError> {
        let template = self.find("Configure", name, from)?;
        Ok(self.with_template_of_configure(template))
    }

    /// Takes the input of Scan from a file, by its path from a folder, or from the library.
    ///
    /// # Errors
    /// When neither has it, or it can not be read or holds no JSON object.
    pub fn with_scan_named(self, name: &str, from: &Path) -> Result<Inputs, InputError> {
        let template = self.find("Scan", name, from)?;
        Ok(self.with_template_of_scan(template))
    }

    /// Takes the input of ReleaseResources from a file, by its path from a folder, or from the
    /// library.
    ///
    /// # Errors
    /// When neither has it, or it can not be read or holds no JSON object.
    pub fn with_release_resources_named(
        self,
        name: &str,
        from: &Path,
    ) -> Result<Inputs, InputError> {
        let template = self.find("ReleaseResources", name, from)?;
        Ok(self.with_template_of_release_resources(template))
    }

    /// A path that leads nowhere is not answered with an embedded document of the same stem.
    fn find(&self, command: &'static str, name: &str, from: &Path) -> Result<Template, InputError> {
        let path = from.join(name);
        let is_path = name.contains('/') || name.to_lowercase().ends_with(".json");
        if path.is_file() || (is_path && !self.library().has_file(name)) {
            return Template::read(command, &path);
        }
        Ok(Template::from(&self.library().document(name)?))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use serde_json::Value as Json;

    use crate::inputs::{InputLibrary, Inputs};
    use crate::telescope::TelescopeKind;

    fn with_files(files: &[(&str, &str)]) -> (tempfile::TempDir, Inputs) {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let library = InputLibrary::embedded(TelescopeKind::Low).with_folder(folder.path());
        let inputs = Inputs::low().with_library(library.unwrap());
        (folder, inputs)
    }

    #[test]
    fn a_document_of_the_library_becomes_an_input_of_the_command() {
        let (_folder, inputs) = with_files(&[
            ("allocate.json", r#"{"subarray_id": 9, "eb_id": "eb-1"}"#),
            ("point.json", r#"{"eb_id": "eb-1"}"#),
            ("go.json", r#"{"scan_id": 1000}"#),
        ]);
        let inputs = inputs.for_subarray(2);
        let assign = inputs
            .document_named("AssignResources", "allocate")
            .unwrap();
        assert_eq!(assign.values("subarray_id"), [2]);
        let id = assign.values("eb_id")[0].clone();
        assert_ne!(id, "eb-1");
        let configure = inputs.document_named("Configure", "point").unwrap();
        assert_eq!(configure.values("eb_id"), [&id]);
        let scan = inputs.document_named("Scan", "go").unwrap();
        assert_eq!(scan.values("scan_id"), [1]);
        assert!(inputs.document_named("Scan", "stop").is_err());
    }

    #[test]
    fn a_file_of_the_name_of_a_broken_input_wins() {
        let (_folder, inputs) = with_files(&[
            ("half_an_object.json", "{\"a\": "),
            (
                "csp_key_missing.json",
                r#"{"own": "file", "eb_id": "eb-1"}"#,
            ),
        ]);
        assert_eq!(
            inputs.invalid("Configure", "half_an_object").unwrap(),
            "{\"a\": "
        );
        let assign = inputs
            .invalid("AssignResources", "csp_key_missing")
            .unwrap();
        assert!(
            assign.contains(r#""own":"file""#) && !assign.contains("eb-1"),
            "{assign}"
        );
        let by_rule = inputs.invalid("Configure", "sdp_key_missing").unwrap();
        let by_rule: Json = serde_json::from_str(&by_rule).unwrap();
        assert!(by_rule.get("sdp").is_none() && by_rule.get("csp").is_some());
        assert!(
            inputs
                .invalid("Abort", "sdp_key_missing")
                .unwrap_err()
                .to_string()
                .contains("Abort")
        );
        assert!(inputs.invalid("Scan", "nonsense").is_err());
        assert_eq!(inputs.last_assigned_ids().eb_id(), None);
    }

    #[test]
    fn a_name_is_a_path_or_a_stem_and_a_lost_path_is_no_embedded_document() {
        let (folder, inputs) = with_files(&[("allocate.json", r#"{"mine": 1}"#)]);
        for name in ["allocate", "allocate.json"] {
            let inputs = inputs.clone();
            let inputs = inputs
                .with_assign_resources_named(name, folder.path())
                .unwrap();
            assert_eq!(inputs.assign_resources(), r#"{"mine":1}"#);
        }
        let elsewhere = Path::new("/nowhere");
        let inputs = inputs
            .with_assign_resources_named("Allocate.json", elsewhere)
            .unwrap();
        let inputs = inputs
            .with_configure_named("configure_mid", elsewhere)
            .unwrap();
        assert!(inputs.configure().contains("midcbf"));
        let error = inputs
            .clone()
            .with_scan_named("scan.json", elsewhere)
            .unwrap_err();
        assert!(error.to_string().contains("/nowhere/scan.json"), "{error}");
        let error = inputs
            .with_release_resources_named("relase", elsewhere)
            .unwrap_err();
        assert!(error.to_string().contains("no input relase"), "{error}");
    }
}
