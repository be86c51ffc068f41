//! Lines about the telescope and its devices.

use super::Book;
use crate::Keyword::{self, Given, Then, When};

#[test]
fn lines_that_say_what_there_is_are_recognised() {
    let book = Book::new();
    book.expect(
        &[Given],
        "the telescope has these systems",
        &[
            "a Telescope consisting of TMC, DISH SKA001,SKA063, simulated CSP and emulated SDP",
            "a telescope consisting of TMC-CSP, simulated SDP",
            "a Telescope consisting of SDP and CSP that is ON",
            "a Telescope consisting of TMC and MCCS which is in ON State",
            "I have a telescope made up of TMC and CSP",
        ],
    );
    book.expect(
        &[Given],
        "the telescope is that of Low",
        &[
            "a Mid telescope",
            "low telescope",
            "an SKA Low telescope",
            "a telescope",
        ],
    );
    book.expect(
        &[Given],
        "the telescope has so many subarrays",
        &[
            "an SUT deployment with 2 subarrays",
            "a telescope with at least 1 subarray",
        ],
    );
    book.expect(
        &[Given],
        "these devices are there",
        &[
            "an TMC",
            "a TMC and CSP",
            "an telescope subarray",
            "I have an SDPMaster device",
            "a CSP subarray",
            "a TMC SDP subarray Leaf Node",
            "a SdpMasterLeafNode device",
            "the tiles are available",
        ],
    );
}

#[test]
fn lines_about_what_is_on_are_recognised() {
    let book = Book::new();
    book.expect(
        &[Given, When, Then],
        "the telescope is ON, OFF or in STANDBY",
        &[
            "the telescope is is ON state",
            "the Telescope is in the OFF state.",
            "telescope state is STANDBY",
            "the telescope is on",
            "the telescope is in STANDBY or OFF state",
            "telescopeState should be ON",
        ],
    );
    book.expect(
        &[When, Then],
        "the telescope changes to a state",
        &[
            "the telescope goes to ON state",
            "the telescope state should change to OFF",
            "telescopeState must transition to STANDBY",
        ],
    );
    book.expect(
        &[Then],
        "the telescope stays in a state",
        &[
            "the telescope remains in ON state",
            "telescope state stays ON for 2 seconds",
        ],
    );
    book.expect(
        &[Given, When],
        "the telescope is switched",
        &[
            "I start up the telescope",
            "I startup the telescope",
            "I switch off the telescope",
            "I turn on the telescope",
            "I turn telescope to ON state",
            "I put the telescope to STANDBY",
            "I set the telescope to standby",
            "I turn the telescope ON",
            "I switch the telescope off",
            "I invoke the ON command on the telescope",
            "I send the command Off to the telescope",
            "the operator switches off the telescope",
        ],
    );
}

#[test]
fn lines_about_states_of_devices_are_recognised() {
    let book = Book::new();
    book.expect(
        &[Given, Then],
        "a device is in a state",
        &[
            "the TMC is On",
            "TMC is in ON state",
            "the sdp, csp and dish must be off",
            "simulated SDP and CSP in ON States",
            "the cbf must be on",
            "the station reports that its state is ON",
            "the station and tiles are ON",
            "the tiles reports that its state is STANDBY",
            "the state should be DISABLE",
            "the CSP controller state is UNKNOWN",
        ],
    );
    book.expect(
        &[When, Then],
        "a device changes to a state",
        &[
            "the CSP must go to ON state",
            "the sdp controller must go to STANDBY State",
            "the MCCS should transition to ON state",
            "the central node goes to state ON",
            "the sdp subarray must go to OFF State",
            "the state should become OFF",
        ],
    );
    book.expect(
        &[Then],
        "a device stays in a state",
        &[
            "the csp subarray and controller stays in ON state",
            "the SDP controller remains OFF",
        ],
    );
    book.expect(
        &[When],
        "devices are switched",
        &[
            "I switch off the SDP controller",
            "I set the MCCS controller to standby",
            "the station has been commanded to turn on",
        ],
    );
}

#[test]
fn lines_about_attributes_are_recognised() {
    let book = Book::new();
    book.expect(
        &[Given, Then],
        "an attribute of a device has a value",
        &[
            "healthState should be OK",
            "adminMode should be ONLINE",
            "the tiles reports that its healthState is OK",
            "the station reports that its admin mode is ENGINEERING",
            "CSP in adminMode ONLINE",
            "the SDP subarray's scanType is science_A",
            "the kValue of dish SKA001 must be 11",
            "the CSP controller is in adminMode OFFLINE",
        ],
    );
    book.expect(
        &[Then],
        "an attribute of a device changes",
        &[
            "the DishMaster SKA001,SKA036 transitions to dishMode STANDBY-FP and pointingState READY",
            "the dishes go to dishMode OPERATE",
            "dishMode of dish SKA001 changes to STANDBY_LP",
            "the CSP controller adminMode changes to ONLINE",
        ],
    );
    book.expect(
        &[Then],
        "an attribute of a device keeps",
        &["the CSP controller's healthState remains OK for 2 seconds"],
    );
    book.expect(
        &[Then],
        "two attributes of a device",
        &["dish SKA001 is in dishMode STANDBY-FP and pointingState READY"],
    );
    let line = "the DishMaster SKA001 transitions to dishMode STANDBY-FP and pointingState READY";
    let (_, found) = book.read(Then, line).unwrap();
    let of = |name| found.words.text(name);
    assert_eq!(of("attribute"), Some("dishMode"));
    assert_eq!(of("value"), Some("STANDBY-FP"));
    assert_eq!(of("other_attribute"), Some("pointingState"));
    assert_eq!(of("other_value"), Some("READY"));
}

#[test]
fn lines_about_health_are_recognised() {
    let book = Book::new();
    book.expect(
        &[When],
        "the healthState of devices is set",
        &[
            "The csp controller,sdp controller health state changes to FAILED,OK",
            "The mccs master health state changes to DEGRADED",
        ],
    );
    book.expect(
        &[Then],
        "the telescope is that well",
        &[
            "the telescope health state is DEGRADED",
            "telescope is in an OK health state",
        ],
    );
    book.expect(
        &[Then],
        "a device is that well",
        &["the SDP controller is in an OK health state"],
    );
}

#[test]
fn lines_about_what_devices_offer_are_recognised() {
    let book = Book::new();
    book.expect(
        &[When],
        "devices are initialised",
        &["the device is initialised", "I initialise the SDP subarray"],
    );
    book.expect(
        &[Then],
        "a command takes or gives",
        &[
            "the input type of Scan should be DevString",
            "the output type of EndScan should be DevVoid",
        ],
    );
}

#[test]
fn lines_of_others_are_not_taken() {
    let book = Book::new();
    for line in [
        "the script should be in state COMPLETE",
        "the activity should be in state TODO",
        "the state is COMPLETE",
        "the oven is on",
        "an oet subarray object in state EMPTY",
        "a valid scan configuration",
        "a deployed web service",
        "the telescope operator is on duty",
        "the database is available",
    ] {
        for keyword in Keyword::ALL {
            let found = book.read(*keyword, line).map(|(about, _)| about);
            assert_eq!(found, None, "{keyword} {line}");
        }
    }
}

#[test]
fn states_of_observations_stay_with_their_phrases() {
    let book = Book::new();
    for line in [
        "the subarray is in READY state",
        "obsState should become EMPTY",
        "CSP goes to FAULT",
    ] {
        let (about, _) = book.read(Then, line).unwrap();
        assert!(about.contains("obsState"), "{line}: {about}");
    }
}

#[test]
fn lines_about_delays_and_logs_are_recognised() {
    let book = Book::new();
    book.expect(
        &[Given],
        "a subarray is brought to READY, and delay",
        &[
            "subarray is configured and generating delay values",
            "subarray is configured and starts generating delay values",
            "the subarray is configured and generating delay values for PST Beams",
        ],
    );
    book.expect(
        &[Then],
        "a leaf node of the CSP begins",
        &[
            "CSP Subarray Leaf Node starts generating delay values",
            "the CSP Subarray Leaf Node starts generating delay values for PST Beams",
            "the TMC CSP subarray leaf node is publishing delay models",
        ],
    );
    book.expect(
        &[Then],
        "a leaf node of the CSP gives no new",
        &["CSP Subarray Leaf Node stops generating delay values for PST Beams"],
    );
    book.expect(
        &[Then],
        "a device writes no such line",
        &[
            "the log should not contain a transaction ID",
            "the log must not contain \"Scan\"",
            "the SDP subarray log should not contain a transaction ID",
        ],
    );
    book.expect(
        &[Then],
        "a device writes such a line",
        &[
            "the log should contain a transaction ID",
            "the log of the SDP subarray contains \"Scan\"",
            "the SDP subarray logs \"Scan\"",
        ],
    );
}

#[test]
fn lines_about_what_cannot_be_used_are_recognised() {
    let book = Book::new();
    book.expect(
        &[When],
        "a part of a system can't be used",
        &[
            "one of the SDP's component subsystem is made unavailable",
            "one of the MCCS subarraybeam is made unavailable",
            "an SDP component becomes unavailable",
        ],
    );
    book.expect(
        &[When],
        "a system says that",
        &["the SDP is made unavailable"],
    );
    book.expect(
        &[When],
        "a command is sent to a subarray while",
        &[
            "Configure command is invoked on a defective MCCS Subarray",
            "I invoke AssignResources on a defective SDP subarray",
        ],
    );
    book.expect(
        &[When],
        "a device does not answer",
        &[
            "the SDP subarray is unreachable",
            "the CSP controller stops responding",
        ],
    );
}
