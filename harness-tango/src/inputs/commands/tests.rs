use std::collections::HashSet;

use serde_json::Value as Json;

use super::Inputs;

fn json(text: &str) -> Json {
    serde_json::from_str(text).unwrap()
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
