//! What the commands of a subarray are given: JSON, from files or embedded.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value as Json;
use thiserror::Error;

use super::unique_id::UniqueIds;

const ASSIGN_RESOURCES: &str = include_str!("inputs/assign_resources.json");
const CONFIGURE: &str = include_str!("inputs/configure.json");
const SCAN: &str = include_str!("inputs/scan.json");

/// What is wrong with an input.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum InputError {
    /// The file can not be read.
    #[error("the input of {command}, {}, can not be read", path.display())]
    Read {
        /// The command.
        command: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The text is no JSON object.
    #[error("the input of {command}, {origin}, is no JSON object")]
    Json {
        /// The command.
        command: &'static str,
        /// The file, or what else it was.
        origin: String,
        /// Why, with line and column.
        #[source]
        source: serde_json::Error,
    },
}

/// What the commands of a subarray are given.
///
/// The default is a small observation with SKA Low. Each time an input is taken, what must differ
/// between executions differs: every `eb_id` and `pb_id` of AssignResources is replaced by one
/// never used before (the same one by the same one), Configure refers to the blocks of the last
/// AssignResources, and the `scan_id` of Scan increases. Clones go on counting together.
///
/// ```
/// use harness_tango::subarray::Inputs;
///
/// let inputs = Inputs::default();
/// assert_ne!(inputs.assign_resources(), inputs.assign_resources());
/// ```
#[derive(Clone, Debug)]
pub struct Inputs {
    assign_resources: Arc<Json>,
    configure: Arc<Json>,
    scan: Arc<Json>,
    subarray: Option<u32>,
    ids: Arc<UniqueIds>,
    scan_id: Arc<AtomicI64>,
    /// The ids of the last AssignResources, by those in its template.
    assigned: Arc<Mutex<HashMap<String, String>>>,
}

impl Default for Inputs {
    fn default() -> Inputs {
        let embedded = |text| Arc::new(serde_json::from_str(text).unwrap_or_default());
        let scan = embedded(SCAN);
        Inputs {
            assign_resources: embedded(ASSIGN_RESOURCES),
            configure: embedded(CONFIGURE),
            scan_id: first_scan_id(&scan),
            scan,
            subarray: None,
            ids: Arc::default(),
            assigned: Arc::default(),
        }
    }
}

impl Inputs {
    /// Takes the input of AssignResources from JSON text.
    ///
    /// # Errors
    /// When the text is no JSON object.
    pub fn with_assign_resources(mut self, text: &str) -> Result<Inputs, InputError> {
        self.assign_resources = parse("AssignResources", text, "given as text")?;
        Ok(self)
    }

    /// Takes the input of AssignResources from a file.
    ///
    /// # Errors
    /// When the file can not be read or holds no JSON object.
    pub fn with_assign_resources_file(
        mut self,
        path: impl AsRef<Path>,
    ) -> Result<Inputs, InputError> {
        self.assign_resources = read("AssignResources", path.as_ref())?;
        Ok(self)
    }

    /// Takes the input of Configure from JSON text.
    ///
    /// # Errors
    /// When the text is no JSON object.
    pub fn with_configure(mut self, text: &str) -> Result<Inputs, InputError> {
        self.configure = parse("Configure", text, "given as text")?;
        Ok(self)
    }

    /// Takes the input of Configure from a file.
    ///
    /// # Errors
    /// When the file can not be read or holds no JSON object.
    pub fn with_configure_file(mut self, path: impl AsRef<Path>) -> Result<Inputs, InputError> {
        self.configure = read("Configure", path.as_ref())?;
        Ok(self)
    }

    /// Takes the input of Scan from JSON text. Its `scan_id` is that of the first scan.
    ///
    /// # Errors
    /// When the text is no JSON object.
    pub fn with_scan(mut self, text: &str) -> Result<Inputs, InputError> {
        self.scan = parse("Scan", text, "given as text")?;
        self.scan_id = first_scan_id(&self.scan);
        Ok(self)
    }

    /// Takes the input of Scan from a file. Its `scan_id` is that of the first scan.
    ///
    /// # Errors
    /// When the file can not be read or holds no JSON object.
    pub fn with_scan_file(mut self, path: impl AsRef<Path>) -> Result<Inputs, InputError> {
        self.scan = read("Scan", path.as_ref())?;
        self.scan_id = first_scan_id(&self.scan);
        Ok(self)
    }

    /// The same inputs for one subarray: where they have a `subarray_id`, it is this one. Ids and
    /// scans are counted together with the original.
    #[must_use]
    pub fn for_subarray(&self, number: u32) -> Inputs {
        Inputs {
            subarray: Some(number),
            assigned: Arc::default(),
            ..self.clone()
        }
    }

    /// The input of AssignResources, with ids never used before.
    #[must_use]
    pub fn assign_resources(&self) -> String {
        let mut input = (*self.assign_resources).clone();
        let mut replaced = HashMap::new();
        self.replace_ids(&mut input, &mut replaced);
        *self.assigned.lock().unwrap_or_else(PoisonError::into_inner) = replaced;
        self.finish(input)
    }

    /// The input of Configure, for the blocks that were assigned last.
    #[must_use]
    pub fn configure(&self) -> String {
        let mut input = (*self.configure).clone();
        refer_to(
            &mut input,
            &self.assigned.lock().unwrap_or_else(PoisonError::into_inner),
        );
        self.finish(input)
    }

    /// The input of Scan, with a `scan_id` one above that of the scan before.
    #[must_use]
    pub fn scan(&self) -> String {
        let mut input = (*self.scan).clone();
        if let Some(id) = input.get_mut("scan_id") {
            *id = self.scan_id.fetch_add(1, Ordering::Relaxed).into();
        }
        self.finish(input)
    }

    /// The input of a command of the subarray, if it takes one.
    #[must_use]
    pub fn of(&self, command: &str) -> Option<String> {
        match command {
            "AssignResources" => Some(self.assign_resources()),
            "Configure" => Some(self.configure()),
            "Scan" => Some(self.scan()),
            _ => None,
        }
    }

    fn finish(&self, mut input: Json) -> String {
        if let (Some(number), Some(id)) = (self.subarray, input.get_mut("subarray_id")) {
            *id = number.into();
        }
        input.to_string()
    }

    fn replace_ids(&self, json: &mut Json, replaced: &mut HashMap<String, String>) {
        match json {
            Json::Object(members) => {
                for (key, value) in members {
                    match (key.as_str(), &mut *value) {
                        ("eb_id", Json::String(id)) => self.replace_id("eb", id, replaced),
                        ("pb_id", Json::String(id)) => self.replace_id("pb", id, replaced),
                        _ => self.replace_ids(value, replaced),
                    }
                }
            }
            Json::Array(elements) => {
                for element in elements {
                    self.replace_ids(element, replaced);
                }
            }
            _ => {}
        }
    }

    fn replace_id(&self, prefix: &str, id: &mut String, replaced: &mut HashMap<String, String>) {
        let fresh = replaced
            .entry(id.clone())
            .or_insert_with(|| self.ids.next(prefix));
        id.clone_from(fresh);
    }
}

/// Replaces block ids by those that were assigned for them.
fn refer_to(json: &mut Json, assigned: &HashMap<String, String>) {
    match json {
        Json::Object(members) => {
            for (key, value) in members {
                match (key.as_str(), &mut *value) {
                    ("eb_id" | "pb_id", Json::String(id)) => {
                        if let Some(fresh) = assigned.get(id) {
                            id.clone_from(fresh);
                        }
                    }
                    _ => refer_to(value, assigned),
                }
            }
        }
        Json::Array(elements) => {
            for element in elements {
                refer_to(element, assigned);
            }
        }
        _ => {}
    }
}

fn first_scan_id(scan: &Json) -> Arc<AtomicI64> {
    Arc::new(AtomicI64::new(
        scan.get("scan_id").and_then(Json::as_i64).unwrap_or(1),
    ))
}

fn read(command: &'static str, path: &Path) -> Result<Arc<Json>, InputError> {
    let text = std::fs::read_to_string(path).map_err(|source| InputError::Read {
        command,
        path: path.to_owned(),
        source,
    })?;
    parse(command, &text, &path.display().to_string())
}

fn parse(command: &'static str, text: &str, origin: &str) -> Result<Arc<Json>, InputError> {
    serde_json::from_str::<serde_json::Map<String, Json>>(text)
        .map(|members| Arc::new(Json::Object(members)))
        .map_err(|source| InputError::Json {
            command,
            origin: origin.to_owned(),
            source,
        })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::Value as Json;

    use super::{ASSIGN_RESOURCES, CONFIGURE, Inputs, SCAN, parse};

    fn json(text: &str) -> Json {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn the_embedded_inputs_are_objects() {
        for text in [ASSIGN_RESOURCES, CONFIGURE, SCAN] {
            parse("any", text, "embedded").unwrap();
        }
        let assign = json(&Inputs::default().assign_resources());
        assert!(
            assign["sdp"]["execution_block"]["eb_id"]
                .as_str()
                .unwrap()
                .starts_with("eb-test-")
        );
    }

    #[test]
    fn every_block_is_new_and_equal_ids_stay_equal() {
        let inputs = Inputs::default()
            .with_assign_resources(
                r#"{"sdp": {"execution_block": {"eb_id": "eb-1"},
                    "processing_blocks": [{"pb_id": "pb-1"}, {"pb_id": "pb-2"}]},
                    "csp": {"eb_id": "eb-1"}, "odd": {"eb_id": 7}}"#,
            )
            .unwrap();
        let mut seen = HashSet::new();
        for _ in 0..100 {
            let input = json(&inputs.assign_resources());
            let eb = input["sdp"]["execution_block"]["eb_id"].clone();
            assert_eq!(input["csp"]["eb_id"], eb);
            assert_eq!(input["odd"]["eb_id"], 7);
            let blocks = &input["sdp"]["processing_blocks"];
            for id in [&eb, &blocks[0]["pb_id"], &blocks[1]["pb_id"]] {
                let id = id.as_str().unwrap();
                let parts: Vec<&str> = id.split('-').collect();
                assert!(
                    matches!(parts[0], "eb" | "pb") && parts[1] == "test",
                    "{id}"
                );
                assert_eq!((parts[2].len(), parts[3].len()), (8, 5), "{id}");
                assert!(seen.insert(id.to_owned()), "{id} twice");
            }
        }
    }

    #[test]
    fn configure_refers_to_the_blocks_assigned_last() {
        let inputs = Inputs::default()
            .with_assign_resources(r#"{"eb_id": "eb-1"}"#)
            .unwrap()
            .with_configure(r#"{"csp": {"common": {"eb_id": "eb-1"}}, "other": {"eb_id": "eb-9"}}"#)
            .unwrap();
        assert_eq!(json(&inputs.configure())["csp"]["common"]["eb_id"], "eb-1");
        let assigned = json(&inputs.assign_resources())["eb_id"].clone();
        let configure = json(&inputs.configure());
        assert_eq!(configure["csp"]["common"]["eb_id"], assigned);
        assert_eq!(configure["other"]["eb_id"], "eb-9");
    }

    #[test]
    fn scans_are_counted_on_from_the_first() {
        let inputs = Inputs::default().with_scan(r#"{"scan_id": 40}"#).unwrap();
        let other = inputs.for_subarray(2);
        assert_eq!(inputs.scan(), r#"{"scan_id":40}"#);
        assert_eq!(other.scan(), r#"{"scan_id":41}"#);
        assert_eq!(inputs.of("Scan").as_deref(), Some(r#"{"scan_id":42}"#));
        let without = Inputs::default().with_scan(r#"{"key": 1}"#).unwrap();
        assert_eq!(without.scan(), r#"{"key":1}"#);
    }

    #[test]
    fn the_subarray_is_told_where_the_input_asks_for_it() {
        let first = Inputs::default().for_subarray(1);
        let second = first.for_subarray(2);
        assert_eq!(json(&second.assign_resources())["subarray_id"], 2);
        assert_eq!(json(&first.assign_resources())["subarray_id"], 1);
        assert!(json(&second.scan()).get("subarray_id").is_none());
    }

    #[test]
    fn broken_inputs_are_named() {
        let error = Inputs::default().with_configure("[1]").unwrap_err();
        assert_eq!(
            error.to_string(),
            "the input of Configure, given as text, is no JSON object"
        );
        let error = Inputs::default()
            .with_scan_file("/nowhere/scan.json")
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "the input of Scan, /nowhere/scan.json, can not be read"
        );
    }
}
