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

#[test]
fn a_document_is_the_input_to_edit() {
    let inputs = Inputs::low().for_subarray(3);
    for (command, key) in [
        ("AssignResources", "mccs"),
        ("Configure", "tmc"),
        ("Scan", "scan_id"),
        ("ReleaseResources", "release_all"),
    ] {
        let document = inputs.document_of(command).unwrap();
        assert!(document.json().get(key).is_some(), "{command}");
        assert!(document.changes().is_empty(), "{command}");
        assert!(inputs.of(command).is_some(), "{command}");
    }
    assert!(inputs.of("Abort").is_none());
    assert_eq!(json(&inputs.release_resources())["subarray_id"], 3);
}

#[test]
fn what_was_assigned_last_is_known_with_its_edits() {
    let inputs = Inputs::mid();
    assert_eq!(inputs.last_assigned_ids().eb_id(), None);
    let assign = inputs.assign_resources_document();
    let ids = inputs.last_assigned_ids();
    assert_eq!(assign.values_anywhere("eb_id"), [ids.eb_id().unwrap()]);
    assert_eq!(assign.values_anywhere("pb_id"), [ids.pb_ids()[0].as_str()]);
    assert_eq!(ids.scan_types(), ["science_A", "target:a", "calibration:b"]);
    let edited = assign.set_anywhere("eb_id", "eb-mine").unwrap();
    drop(edited);
    assert_eq!(inputs.last_assigned_ids().eb_id(), Some("eb-mine"));
}

#[test]
fn the_scan_type_of_the_embedded_configure_is_one_that_was_assigned() {
    for inputs in [Inputs::low(), Inputs::mid()] {
        drop(inputs.assign_resources());
        let configure = json(&inputs.configure());
        let asked = configure["sdp"]["scan_type"].as_str().unwrap().to_owned();
        assert!(inputs.last_assigned_ids().scan_types().contains(&asked));
    }
    let own = Inputs::low()
        .with_assign_resources(
            r#"{"eb_id": "eb-own", "scan_types": [{"scan_type_id": ".d"}, {"scan_type_id": "mine"}]}"#,
        )
        .unwrap();
    let assigned = json(&own.assign_resources());
    let configure = json(&own.configure());
    assert_eq!(configure["sdp"]["scan_type"], "mine");
    assert_eq!(configure["csp"]["common"]["eb_id"], assigned["eb_id"]);
    // what the user wrote stays as it is
    let both = own.with_configure(r#"{"scan_type": "other"}"#).unwrap();
    assert_eq!(both.configure(), r#"{"scan_type":"other"}"#);
}

#[test]
fn a_section_is_the_part_of_a_subsystem() {
    let low = Inputs::low().for_subarray(2);
    let csp = low.section("CSP").unwrap();
    let assign = json(&csp.assign_resources());
    assert_eq!(assign["common"]["subarray_id"], 2);
    assert!(assign.get("pss").is_some() && assign.get("mccs").is_none());
    let configure = json(&csp.configure());
    assert_eq!(configure["common"]["subarray_id"], 2);
    assert!(
        configure["interface"]
            .as_str()
            .unwrap()
            .contains("low-csp-configure")
    );

    let sdp = low.section("sdp").unwrap();
    let assign = json(&sdp.assign_resources());
    let eb_id = assign["execution_block"]["eb_id"].as_str().unwrap();
    assert_eq!(sdp.last_assigned_ids().eb_id(), Some(eb_id));
    assert_eq!(low.last_assigned_ids().eb_id(), None);
    assert_eq!(json(&sdp.configure())["scan_type"], "target:a");
    let scan = json(&sdp.scan());
    assert!(scan["scan_id"].is_i64() && scan.get("interface").is_none());

    let mccs = json(&low.section("mccs").unwrap().assign_resources());
    assert!(mccs["subarray_beams"].is_array() && mccs["subarray_id"] == 2);
    let mid = Inputs::mid().for_subarray(1);
    let csp = json(&mid.section("csp").unwrap().assign_resources());
    assert_eq!(
        (&csp["subarray_id"], &csp["dish"]["receptor_ids"][0]),
        (&1.into(), &"SKA001".into())
    );
    let cbf = json(&mid.section("cbf").unwrap().configure());
    assert!(cbf["midcbf"].is_object() && cbf["common"]["subarray_id"] == 1);
    assert!(
        mid.section("tmc")
            .unwrap_err()
            .to_string()
            .contains("csp, cbf, sdp and mccs")
    );
}

#[test]
fn an_input_that_is_a_subsystems_already_is_given_to_it_whole() {
    let own = Inputs::low()
        .with_assign_resources(r#"{"eb_id": "eb-mine-00000000-00000", "scan_types": []}"#)
        .and_then(|own| own.with_configure(r#"{"scan_type": "science"}"#))
        .and_then(|own| own.with_scan(r#"{"interface": "ska-sdp-scan/0.4", "scan_id": 4}"#))
        .unwrap();
    let sdp = own.section("sdp").unwrap();
    assert!(json(&sdp.assign_resources())["eb_id"].is_string());
    assert_eq!(json(&sdp.configure())["scan_type"], "science");
    assert_eq!(json(&sdp.scan())["interface"], "ska-sdp-scan/0.4");
}
