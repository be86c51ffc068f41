//! What the commands of a subarray are given.

use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value as Json;

use super::assigned::AssignedIds;
use super::document::InputDocument;
use super::error::InputError;
use super::library::InputLibrary;
use super::place::{Place, everywhere};
use super::section::{InputSection, UnknownSection};
use super::template::Template;
use crate::telescope::TelescopeKind;

/// What the commands of a subarray are given.
///
/// The default is a small observation with SKA Low. Each time an input is taken, what must differ
/// between executions differs: every `eb_id` and `pb_id` of AssignResources is replaced by one
/// never used before (the same one by the same one), Configure refers to the blocks of the last
/// AssignResources, and the `scan_id` of Scan increases. Clones go on counting together.
///
/// An input is taken as text, ready to send, or as an [`InputDocument`], ready to edit:
///
/// ```
/// use harness_tango::inputs::Inputs;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let inputs = Inputs::low();
/// assert_ne!(inputs.assign_resources(), inputs.assign_resources());
///
/// let configure = inputs.configure_document().with_scan_type("science_A")?;
/// assert_eq!(configure.values("sdp.scan_type"), ["science_A"]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Inputs {
    kind: TelescopeKind,
    library: InputLibrary,
    assign_resources: Template,
    configure: Template,
    scan: Template,
    release_resources: Template,
    subarray: Option<u32>,
    section: Option<InputSection>,
    scan_id: Arc<AtomicI64>,
    /// What the last AssignResources named.
    assigned: Arc<Mutex<AssignedIds>>,
}

impl Default for Inputs {
    fn default() -> Inputs {
        Inputs::low()
    }
}

impl Inputs {
    /// A small observation with SKA Low.
    #[must_use]
    pub fn low() -> Inputs {
        Inputs::for_telescope(TelescopeKind::Low)
    }

    /// A small observation with SKA Mid.
    #[must_use]
    pub fn mid() -> Inputs {
        Inputs::for_telescope(TelescopeKind::Mid)
    }

    /// A small observation with this telescope.
    #[must_use]
    pub fn for_telescope(kind: TelescopeKind) -> Inputs {
        let scan = Template::embedded(kind, "scan");
        Inputs {
            kind,
            library: InputLibrary::embedded(kind),
            assign_resources: Template::embedded(kind, "assign_resources"),
            configure: Template::embedded(kind, "configure"),
            scan_id: first_scan_id(&scan),
            scan,
            release_resources: Template::embedded(kind, "release_resources"),
            subarray: None,
            section: None,
            assigned: Arc::default(),
        }
    }

    /// Takes what is asked for by name from this library.
    #[must_use]
    pub fn with_library(mut self, library: InputLibrary) -> Inputs {
        self.library = library.for_telescope(self.kind);
        self
    }

    /// Takes the input of AssignResources from JSON text.
    ///
    /// # Errors
    /// When the text is no JSON object.
    pub fn with_assign_resources(self, text: &str) -> Result<Inputs, InputError> {
        let template = Template::parse("AssignResources", text, "given as text")?;
        Ok(self.with_template_of_assign_resources(template))
    }

    /// Takes the input of AssignResources from a file.
    ///
    /// # Errors
    /// When the file can not be read or holds no JSON object.
    pub fn with_assign_resources_file(self, path: impl AsRef<Path>) -> Result<Inputs, InputError> {
        let template = Template::read("AssignResources", path.as_ref())?;
        Ok(self.with_template_of_assign_resources(template))
    }

    /// Takes the input of Configure from JSON text.
    ///
    /// # Errors
    /// When the text is no JSON object.
    pub fn with_configure(self, text: &str) -> Result<Inputs, InputError> {
        let template = Template::parse("Configure", text, "given as text")?;
        Ok(self.with_template_of_configure(template))
    }

    /// Takes the input of Configure from a file.
    ///
    /// # Errors
    /// When the file can not be read or holds no JSON object.
    pub fn with_configure_file(self, path: impl AsRef<Path>) -> Result<Inputs, InputError> {
        let template = Template::read("Configure", path.as_ref())?;
        Ok(self.with_template_of_configure(template))
    }

    /// Takes the input of Scan from JSON text. Its `scan_id` is that of the first scan.
    ///
    /// # Errors
    /// When the text is no JSON object.
    pub fn with_scan(self, text: &str) -> Result<Inputs, InputError> {
        let template = Template::parse("Scan", text, "given as text")?;
        Ok(self.with_template_of_scan(template))
    }

    /// Takes the input of Scan from a file. Its `scan_id` is that of the first scan.
    ///
    /// # Errors
    /// When the file can not be read or holds no JSON object.
    pub fn with_scan_file(self, path: impl AsRef<Path>) -> Result<Inputs, InputError> {
        let template = Template::read("Scan", path.as_ref())?;
        Ok(self.with_template_of_scan(template))
    }

    /// Takes the input of ReleaseResources from JSON text.
    ///
    /// # Errors
    /// When the text is no JSON object.
    pub fn with_release_resources(self, text: &str) -> Result<Inputs, InputError> {
        let template = Template::parse("ReleaseResources", text, "given as text")?;
        Ok(self.with_template_of_release_resources(template))
    }

    /// Takes the input of ReleaseResources from a file.
    ///
    /// # Errors
    /// When the file can not be read or holds no JSON object.
    pub fn with_release_resources_file(self, path: impl AsRef<Path>) -> Result<Inputs, InputError> {
        let template = Template::read("ReleaseResources", path.as_ref())?;
        Ok(self.with_template_of_release_resources(template))
    }

    pub(super) fn with_template_of_assign_resources(mut self, template: Template) -> Inputs {
        self.assign_resources = template;
        self
    }

    pub(super) fn with_template_of_configure(mut self, template: Template) -> Inputs {
        self.configure = template;
        self
    }

    pub(super) fn with_template_of_scan(mut self, template: Template) -> Inputs {
        self.scan_id = first_scan_id(&template);
        self.scan = template;
        self
    }

    pub(super) fn with_template_of_release_resources(mut self, template: Template) -> Inputs {
        self.release_resources = template;
        self
    }

    /// The same, whose assignments are counted nowhere else.
    pub(super) fn apart(&self) -> Inputs {
        Inputs {
            assigned: Arc::new(Mutex::new(self.last_assigned_ids())),
            ..self.clone()
        }
    }

    /// The same inputs for one subarray: where they have a `subarray_id`, it is this one. Scans are
    /// counted together with the original, what is assigned is not.
    #[must_use]
    pub fn for_subarray(&self, number: u32) -> Inputs {
        Inputs {
            subarray: Some(number),
            assigned: Arc::default(),
            ..self.clone()
        }
    }

    /// The inputs for the subarray of a subsystem (`csp`, `cbf`, `sdp`, `mccs`): each is that
    /// subsystem's part of the telescope's. Scans are counted together with the original, what is
    /// assigned is not.
    ///
    /// # Errors
    /// When it is no such subsystem.
    pub fn section(&self, key: &str) -> Result<Inputs, UnknownSection> {
        Ok(Inputs {
            section: Some(key.parse()?),
            assigned: Arc::default(),
            ..self.clone()
        })
    }

    /// The telescope that they are for.
    #[must_use]
    pub fn kind(&self) -> TelescopeKind {
        self.kind
    }

    /// Where inputs are found by name.
    #[must_use]
    pub fn library(&self) -> &InputLibrary {
        &self.library
    }

    /// The input of AssignResources, with ids never used before.
    #[must_use]
    pub fn assign_resources(&self) -> String {
        self.assign_resources_document().text()
    }

    /// The input of Configure, for the blocks that were assigned last.
    #[must_use]
    pub fn configure(&self) -> String {
        self.configure_document().text()
    }

    /// The input of Scan, with a `scan_id` one above that of the scan before.
    #[must_use]
    pub fn scan(&self) -> String {
        self.scan_document().text()
    }

    /// The input of ReleaseResources.
    #[must_use]
    pub fn release_resources(&self) -> String {
        self.release_resources_document().text()
    }

    /// The input of a command of the subarray, if it takes one.
    #[must_use]
    pub fn of(&self, command: &str) -> Option<String> {
        self.document_of(command).map(|document| document.text())
    }

    /// The input of AssignResources to edit, with ids never used before. What it assigns counts as
    /// assigned, edits of it included.
    pub fn assign_resources_document(&self) -> InputDocument {
        self.assigning(self.assign_resources.document())
    }

    /// The input of Configure to edit, for the blocks that were assigned last. The embedded one
    /// asks for a scan type that these define.
    pub fn configure_document(&self) -> InputDocument {
        self.configuring(self.configure.document(), self.configure.embedded)
    }

    /// The input of Scan to edit, with a `scan_id` one above that of the scan before.
    pub fn scan_document(&self) -> InputDocument {
        self.scanning(self.scan.document())
    }

    /// The input of ReleaseResources to edit.
    pub fn release_resources_document(&self) -> InputDocument {
        self.finish("ReleaseResources", self.release_resources.document())
    }

    /// The input of a command of the subarray to edit, if it takes one.
    #[must_use]
    pub fn document_of(&self, command: &str) -> Option<InputDocument> {
        match command {
            "AssignResources" => Some(self.assign_resources_document()),
            "Configure" | "ConfigureScan" => Some(self.configure_document()),
            "Scan" => Some(self.scan_document()),
            "ReleaseResources" => Some(self.release_resources_document()),
            _ => None,
        }
    }

    /// What a document from elsewhere becomes as the input of a command: new ids, the blocks that
    /// were assigned last, or the next scan, as the command has it.
    pub fn adopt(&self, command: &str, document: InputDocument) -> InputDocument {
        match command {
            "AssignResources" => self.assigning(document),
            "Configure" | "ConfigureScan" => self.configuring(document, false),
            "Scan" => self.scanning(document),
            _ => self.finish(command, document),
        }
    }

    /// What the last AssignResources named.
    #[must_use]
    pub fn last_assigned_ids(&self) -> AssignedIds {
        let assigned = self.assigned.lock();
        assigned.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn assigning(&self, document: InputDocument) -> InputDocument {
        let before = self.last_assigned_ids();
        let record = &self.assigned;
        *record.lock().unwrap_or_else(PoisonError::into_inner) = AssignedIds::default();
        let document = document.noting_in(record).with_unique_ids();
        self.finish("AssignResources", document).after(before)
    }

    fn configuring(&self, mut document: InputDocument, embedded: bool) -> InputDocument {
        let assigned = self.last_assigned_ids();
        refer_to(document.json_mut(), &assigned, embedded);
        self.finish("Configure", document).after(assigned)
    }

    fn scanning(&self, mut document: InputDocument) -> InputDocument {
        if let Some(id) = document.json_mut().get_mut("scan_id") {
            *id = self.scan_id.fetch_add(1, Ordering::Relaxed).into();
        }
        self.finish("Scan", document)
    }

    fn finish(&self, command: &str, mut document: InputDocument) -> InputDocument {
        let json = document.json_mut();
        if let (Some(number), Some(id)) = (self.subarray, json.get_mut("subarray_id")) {
            *id = number.into();
        }
        if let Some(section) = self.section {
            *json = section.cut(command, json, self.subarray);
        }
        document.unedited()
    }
}

/// Refers to the blocks that were assigned: by the ids that stood in their place, or, in an
/// embedded document, by all. That one asks for a scan type that they define, too.
fn refer_to(json: &mut Json, assigned: &AssignedIds, embedded: bool) {
    for key in ["eb_id", "pb_id"] {
        for place in everywhere(json, &Place::default(), key) {
            let Some(Json::String(id)) = place.get_mut(json) else {
                continue;
            };
            let ours = assigned.under(key).first().filter(|_| embedded);
            if let Some(fresh) = assigned.instead_of(id).or(ours.map(String::as_str)) {
                fresh.clone_into(id);
            }
        }
    }
    for place in everywhere(json, &Place::default(), "scan_type") {
        let known = assigned.scan_types();
        if let (true, Some(Json::String(name)), [first, ..]) =
            (embedded, place.get_mut(json), known)
            && !known.contains(name)
        {
            name.clone_from(first);
        }
    }
}

fn first_scan_id(scan: &Template) -> Arc<AtomicI64> {
    Arc::new(AtomicI64::new(
        scan.json.get("scan_id").and_then(Json::as_i64).unwrap_or(1),
    ))
}

#[cfg(test)]
mod tests;
