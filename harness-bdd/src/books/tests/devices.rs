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
            "a Telescope made up of CSP and SDP that is ON",
            "a Telescope consisting of TMC and MCCS which is in ON State",
            "I have a telescope composed of TMC and CSP",
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
            "there is an SDPMaster device",
            "a CSP subarray",
            "a TMC SDP master Leaf Node",
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
            "the telescope is is STANDBY state",
            "the Telescope is in the OFF state.",
            "telescope state is STANDBY",
            "the telescope is on",
            "the telescope is in OFF or STANDBY state",
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
            "I set telescope to ON state",
            "I send the telescope to STANDBY",
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
            "MCCS is in OFF state",
            "the dish, csp and sdp must be off",
            "simulated SDP and CSP in ON States",
            "the cbf must be off",
            "the station reports that its state is ON",
            "the station and tiles are ON",
            "the tiles reports that its state is STANDBY",
            "the state must be DISABLE",
            "the CSP controller state is UNKNOWN",
        ],
    );
    book.expect(
        &[When, Then],
        "a device changes to a state",
        &[
            "the SDP must change to OFF state",
            "the csp controller must change to STANDBY State",
            "the MCCS shall transition to ON",
            "the central node changes to state ON",
            "the mccs subarray must move to OFF State",
            "the state must become OFF",
        ],
    );
    book.expect(
        &[Then],
        "a device stays in a state",
        &[
            "the sdp subarray and controller stays in ON state",
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
            "The csp controller,mccs controller health state turns to OK,FAILED",
            "The csp master health state becomes FAILED",
        ],
    );
    book.expect(
        &[Then],
        "the telescope is that well",
        &[
            "the telescope health state must be FAILED",
            "the telescope is in a DEGRADED health state",
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
            "the argument type of Scan must be DevString",
            "the return type of EndScan must be DevVoid",
        ],
    );
}

#[test]
fn lines_of_others_are_not_taken() {
    let book = Book::new();
    for line in [
        "the notebook should be in state COMPLETE",
        "the proposal should be in state DRAFT",
        "the state is COMPLETE",
        "the oven is on",
        "a planner subarray object in state EMPTY",
        "a complete scan plan",
        "a running web server",
        "the telescope operator is on duty",
        "the archive is available",
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
            "the CSP subarray is configured and generates delay models",
            "subarray is configured and started generating delay polynomials",
            "the subarray is configured and generates delay models for PST beams",
        ],
    );
    book.expect(
        &[Then],
        "a leaf node of the CSP begins",
        &[
            "the CSP subarray leaf node begins to publish delay models",
            "the CSP subarray leaf node begins to publish delay models for PST beams",
            "the TMC CSP subarray leaf node is publishing delay models",
        ],
    );
    book.expect(
        &[Then],
        "a leaf node of the CSP gives no new",
        &["the CSP subarray leaf node ceases to publish delay models for PST beams"],
    );
    book.expect(
        &[Then],
        "a device writes no such line",
        &[
            "the log must not show a transaction ID",
            "the log must not contain \"Scan\"",
            "the SDP subarray log must not show a transaction ID",
        ],
    );
    book.expect(
        &[Then],
        "a device writes such a line",
        &[
            "the log must show a transaction ID",
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
            "one of the SDP's parts is marked unavailable",
            "any of the MCCS subarraybeams becomes unavailable",
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
            "Configure command is sent to a broken MCCS subarray",
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
