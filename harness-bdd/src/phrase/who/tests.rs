use super::*;

/// `tmc subarray 1` for each of those that a line names.
fn named(words: &str) -> Vec<String> {
    let devices = ["alarm_handler", "station", "tile"];
    let who = Who::parse(words, devices).unwrap_or_else(|| panic!("{words} names nobody"));
    let whole = regex::Regex::new(&format!("^(?:{})$", regex(devices))).unwrap();
    assert!(
        whole.is_match(&words.to_lowercase()),
        "{words} is not matched"
    );
    who.parts()
        .iter()
        .map(|part| part.to_string().to_lowercase())
        .collect()
}

#[test]
fn what_is_said_once_holds_for_all() {
    assert_eq!(
        named("TMC, CSP and SDP subarrays"),
        ["tmc subarray", "csp subarray", "sdp subarray"]
    );
    assert_eq!(
        named("TMC and CSP subarray 2"),
        ["tmc subarray 2", "csp subarray 2"]
    );
    assert_eq!(
        named("TMC subarray 1 and SDP subarray 1"),
        ["tmc subarray 1", "sdp subarray 1"]
    );
    assert_eq!(named("TMC, CSP, SDP, and MCCS subarrays").len(), 4);
    assert_eq!(named("subarray 1 and 2"), ["subarray 1", "subarray 2"]);
}

#[test]
fn a_system_that_is_said_once_holds_for_its_other_devices() {
    assert_eq!(
        named("csp subarray and controller"),
        ["csp subarray", "csp controller"]
    );
    assert_eq!(
        named("CSP subarray and central node"),
        ["csp subarray", "tmc central node"]
    );
}

#[test]
fn a_subarray_is_written_in_many_ways() {
    for words in [
        "Tmc SubarrayNode 1",
        "TMC subarray node 001",
        "TMC SubArray 1",
        "tmc subarray01",
        "TMC-subarray 1",
    ] {
        assert_eq!(named(words), ["tmc subarray 1"], "{words}");
    }
    for words in [
        "subarray",
        "sub-array",
        "that subarray",
        "telescope subarray",
        "Subarray Node",
    ] {
        assert_eq!(named(words), ["subarray"], "{words}");
    }
    assert_eq!(named("SDPSubarray device"), ["sdp subarray"]);
}

#[test]
fn nodes_before_subsystems_are_those_of_the_subsystem() {
    assert_eq!(
        named("TMC CSP subarray Leaf Node"),
        ["csp subarray leaf node"]
    );
    assert_eq!(named("SdpMasterLeafNode device"), ["sdp master leaf node"]);
    assert_eq!(
        named("CSP Subarray Leaf Node 2"),
        ["csp subarray leaf node 2"]
    );
    assert_eq!(named("central node"), ["tmc central node"]);
    assert_eq!(
        named("mccs master,sdp controller"),
        ["mccs controller", "sdp controller"]
    );
}

#[test]
fn dishes_have_names() {
    assert_eq!(
        named("TMC, DISH SKA001,SKA036, simulated CSP and simulated SDP"),
        ["tmc", "dish dish ska001 ska036", "csp", "sdp"]
    );
    assert_eq!(named("DishMaster SKA063"), ["dish dish ska063"]);
    assert_eq!(named("sdp, csp and dish"), ["sdp", "csp", "dish dish"]);
}

#[test]
fn two_subsystems_may_be_joined() {
    assert_eq!(
        named("TMC-MCCS, emulated SDP and emulated CSP"),
        ["tmc", "mccs", "sdp", "csp"]
    );
}

#[test]
fn devices_of_the_telescopes_file_are_known() {
    assert_eq!(named("alarm handler"), ["alarm_handler"]);
    assert_eq!(named("station and tiles"), ["station", "tile"]);
}

#[test]
fn pronouns_stand_for_others() {
    assert_eq!(named("it"), ["it"]);
    assert_eq!(named("they"), ["they"]);
}

#[test]
fn words_that_name_nobody_are_refused() {
    for words in ["both", "telescope", "all of those"] {
        assert_eq!(Who::parse(words, []), None, "{words}");
    }
}

#[test]
fn another_subarray_is_not_the_one_of_the_scenario() {
    let whole = regex::Regex::new(&format!("^(?:{})$", regex([]))).unwrap();
    assert!(whole.is_match("same subarray"));
    assert!(!whole.is_match("other subarray"));
}
