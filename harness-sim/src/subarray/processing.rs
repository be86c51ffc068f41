//! What only a subarray of the science data processor knows.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use crate::model::{Job, Manners};

/// What only a subarray of the science data processor knows: the blocks that it was ever given, of
/// which none is given twice, what it scans and where its data are to be sent.
#[derive(Debug)]
pub(super) struct Processing {
    blocks: BTreeSet<String>,
    pub(super) scan_type: String,
    pub(super) receive_addresses: String,
}

impl Default for Processing {
    fn default() -> Processing {
        Processing {
            blocks: BTreeSet::new(),
            scan_type: String::new(),
            receive_addresses: NOWHERE.to_owned(),
        }
    }
}

/// Execution blocks that begin so are refused, as by the simulators that telescope teams know.
const REFUSED_BLOCKS: &[&str] = &["eb-xxx", "eb-test-000"];

/// So are scan types.
const REFUSED_SCAN_TYPES: &str = "xxx";

/// No addresses.
const NOWHERE: &str = "{}";

impl Processing {
    /// What it does not take.
    pub(super) fn objection(&self, manners: Manners, job: Job, json: &Json) -> Option<String> {
        match job {
            Job::Assign => {
                let Some(block) = execution_block(json) else {
                    return Some("Missing key: 'eb_id'".to_owned());
                };
                if self.blocks.contains(block) {
                    return Some(format!("Execution block {block} already exists"));
                }
                if REFUSED_BLOCKS.iter().any(|start| block.starts_with(start)) {
                    return Some(format!("Execution block {block} is not valid"));
                }
                let mut known =
                    processing_blocks(json).filter(|block| self.blocks.contains(*block));
                let known = known.next()?;
                Some(format!("Processing block {known} already exists"))
            }
            Job::Configure => missing(json, "scan_type").or_else(|| {
                let name = json.get("scan_type").and_then(Json::as_str)?;
                let refused = name.starts_with(REFUSED_SCAN_TYPES);
                refused.then(|| format!("Scan type {name} is not defined"))
            }),
            // as the schemas before 0.3 call it
            Job::Scan if manners == Manners::Plain && json.get("id").is_some() => None,
            Job::Scan => missing(json, "scan_id"),
            _ => None,
        }
    }

    /// A command was done.
    pub(super) fn perform(&mut self, job: Job, json: &Json) {
        match job {
            Job::Assign => {
                let blocks = execution_block(json)
                    .into_iter()
                    .chain(processing_blocks(json));
                self.blocks.extend(blocks.map(str::to_owned));
                self.receive_addresses = addresses(json).to_string();
            }
            Job::Configure => {
                let scan_type = json.get("scan_type").and_then(Json::as_str);
                self.scan_type = scan_type.unwrap_or_default().to_owned();
            }
            Job::End => self.scan_type.clear(),
            _ => {}
        }
    }

    /// It has no resources any more.
    pub(super) fn release(&mut self) {
        self.scan_type.clear();
        NOWHERE.clone_into(&mut self.receive_addresses);
    }
}

fn missing(json: &Json, key: &str) -> Option<String> {
    json.get(key)
        .is_none()
        .then(|| format!("Missing key: '{key}'"))
}

/// The id of the execution block, wherever the schemas have it: 0.4 and 1.0, 0.3, and before.
fn execution_block(json: &Json) -> Option<&str> {
    let places = ["/execution_block/eb_id", "/eb_id", "/sbi_id", "/id"];
    let mut ids = places.iter().filter_map(|place| json.pointer(place));
    ids.next()?.as_str()
}

fn processing_blocks(json: &Json) -> impl Iterator<Item = &str> {
    let blocks = json.get("processing_blocks").and_then(Json::as_array);
    let blocks = blocks.into_iter().flatten();
    blocks.filter_map(|block| block.get("pb_id").or_else(|| block.get("id"))?.as_str())
}

/// Where the data of each scan type are to be sent.
fn addresses(json: &Json) -> Json {
    let places = ["/execution_block/scan_types", "/scan_types"];
    let mut types = places.iter().filter_map(|place| json.pointer(place));
    let types = types.next().and_then(Json::as_array).into_iter().flatten();
    let mut addresses = Map::new();
    for scan_type in types {
        let id = scan_type
            .get("scan_type_id")
            .or_else(|| scan_type.get("id"));
        // those that begin with a dot are there to be built upon
        if let Some(id) = id.and_then(Json::as_str).filter(|id| !id.starts_with('.')) {
            let visibilities = json!({
                "function": "visibilities",
                "host": [[0, "192.0.2.1"]],
                "port": [[0, 9000, 1]],
            });
            addresses.insert(id.to_owned(), json!({ "vis0": visibilities }));
        }
    }
    Json::Object(addresses)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_block_is_given_twice() {
        let given = |eb: &str, pb: &str| json!({"execution_block": {"eb_id": eb}, "processing_blocks": [{"pb_id": pb}]});
        let mut processing = Processing::default();
        let objection = |processing: &Processing, json: &Json| {
            processing.objection(Manners::BaseClass, Job::Assign, json)
        };
        assert_eq!(objection(&processing, &given("eb-1", "pb-1")), None);
        processing.perform(Job::Assign, &given("eb-1", "pb-1"));
        let words = objection(&processing, &given("eb-1", "pb-2")).unwrap();
        assert_eq!(words, "Execution block eb-1 already exists");
        let words = objection(&processing, &given("eb-2", "pb-1")).unwrap();
        assert_eq!(words, "Processing block pb-1 already exists");
        processing.release();
        assert!(objection(&processing, &given("eb-1", "pb-2")).is_some());
        assert_eq!(objection(&processing, &given("eb-2", "pb-2")), None);
    }

    #[test]
    fn each_scan_type_gets_an_address_until_all_is_released() {
        let json = json!({"execution_block": {"eb_id": "eb-1", "scan_types": [
            {"scan_type_id": ".default"}, {"scan_type_id": "target:a"},
        ]}});
        let mut processing = Processing::default();
        processing.perform(Job::Assign, &json);
        let addresses: Json = serde_json::from_str(&processing.receive_addresses).unwrap();
        assert!(addresses.pointer("/target:a/vis0/host").is_some());
        assert!(addresses.get(".default").is_none());
        processing.release();
        assert_eq!(processing.receive_addresses, "{}");
    }
}
