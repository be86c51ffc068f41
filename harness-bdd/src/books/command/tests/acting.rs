//! Lines that send commands.

use super::{
    super::phrases,
    recogniser::{all_are, recognised},
};
use crate::Keyword;

#[test]
fn commands_are_sent_by_their_names() {
    all_are(
        phrases::COMMAND,
        Keyword::When,
        &[
            (
                "I issue the Abort command to the SDP subarray",
                &[("command", "Abort"), ("who", "SDP subarray")],
            ),
            (
                "the command ReleaseResources is sent to that subarray",
                &[("command", "ReleaseResources")],
            ),
            (
                "the command Scan is sent to subarray 2",
                &[("who", "subarray 2")],
            ),
            (
                "I send the command Configure to subarray 1",
                &[("command", "Configure")],
            ),
            (
                "the Restart command is sent to the subarray 001",
                &[("who", "subarray 001")],
            ),
            (
                "I command it to Restart",
                &[("who", "it"), ("command", "Restart")],
            ),
            ("I call ObsReset", &[("command", "ObsReset")]),
            (
                "I run the command RotateMirror",
                &[("command", "RotateMirror")],
            ),
            (
                "I invoke TelescopeOff command",
                &[("command", "TelescopeOff")],
            ),
            (
                "I invoke end scan on subarray node",
                &[("command", "end scan")],
            ),
            (
                "I send the Endscan command to the CSP subarray with the 2",
                &[("command", "Endscan")],
            ),
            (
                "I invoke scan command with Id 9 for subarray with the 2 via tmc",
                &[("scan_id", "9")],
            ),
            (
                "the command Scan is invoked with null_scan_id input",
                &[("invalid", "null_scan_id")],
            ),
            (
                "I call AssignResources with an invalid JSON string",
                &[("command", "AssignResources")],
            ),
            (
                "I call Configure without a transaction_id key in the JSON input",
                &[("without", "transaction_id")],
            ),
            (
                "I send configure command without receptors in sdp configure json",
                &[("without", "receptors"), ("below", "sdp")],
            ),
            (
                "I invoke Scan command on Subarray Node with key start_time",
                &[("key", "start_time")],
            ),
            (
                "I issue the assign command to CSP Subarray with only pst resource",
                &[("beams", "pst")],
            ),
            (
                "I issue AssignResources with the input assign_small to subarray 1",
                &[("named", "assign_small")],
            ),
            (
                "TMC invokes the Configure command on the CSP subarray leaf node",
                &[("command", "Configure")],
            ),
        ],
    );
}

#[test]
fn verbs_are_commands() {
    let when = Keyword::When;
    all_are(
        phrases::ASSIGN,
        when,
        &[
            ("I assign resources", &[]),
            ("I allocate resources to it in mid", &[("who", "it")]),
            (
                "I assign the required resources to the TMC SubarrayNode 2",
                &[("who", "TMC SubarrayNode 2")],
            ),
            (
                "I allocate resources with SKA063,SKA100 to the subarray 2",
                &[("resources", "SKA063,SKA100")],
            ),
            (
                "I allocate resources with the 3 for the subarray via TMC",
                &[("number", "3")],
            ),
            (
                "we allocate resources with invalid 77 for the MCCS subarray through TMC with 2",
                &[("station", "77"), ("at", "2")],
            ),
            (
                "I reassign with other resources for TMC SubarrayNode 2",
                &[("who", "TMC SubarrayNode 2")],
            ),
            (
                "I send the assignResources command with the [7, 8] for the subarray 2",
                &[("resources", "[7, 8]")],
            ),
            ("I allocate resources to subarray 1", &[]),
        ],
    );
    all_are(
        phrases::RELEASE,
        when,
        &[
            ("release the resources of TMC SubarrayNode 2", &[]),
            (
                "we release the allocated resources of subarray via TMC",
                &[],
            ),
            ("I release all resources allocated to it", &[("who", "it")]),
            ("I release resources", &[]),
        ],
    );
    all_are(
        phrases::CONFIGURE,
        when,
        &[
            ("I configure it for a scan", &[("who", "it")]),
            (
                "configure it for a 30 second band 2 scan",
                &[("seconds", "30"), ("band", "2")],
            ),
            ("I reconfigure for the subarray via TMC", &[]),
            (
                "I reconfigure with field:c on the subarray 2",
                &[("scan_type", "field:c")],
            ),
            ("I configure the subarray", &[("who", "subarray")]),
            (
                "I configure subarray 1 for a scan with scan type science_A",
                &[("scan_type", "science_A")],
            ),
        ],
    );
    all_are(
        phrases::SCAN,
        when,
        &[
            ("I start the scan", &[]),
            ("I command it to scan for the given time", &[("who", "it")]),
            (
                "I run a scan with id 12 on subarray 1",
                &[("scan_id", "12")],
            ),
        ],
    );
    all_are(
        phrases::END,
        when,
        &[
            ("I end the observation", &[]),
            ("clear the configuration of TMC SubarrayNode 2", &[]),
        ],
    );
    all_are(
        phrases::END_SCAN,
        when,
        &[("I stop the current scan on subarray 1", &[])],
    );
    all_are(
        phrases::ABORT,
        when,
        &[
            ("I Abort it", &[("who", "it")]),
            ("I abort the scan on subarray 2", &[]),
        ],
    );
    all_are(
        phrases::RESTART,
        when,
        &[("I restart the SDP subarray", &[])],
    );
    all_are(phrases::RESET, when, &[("I reset the subarray 1", &[])]);
    all_are(
        phrases::ANOTHER,
        when,
        &[
            (
                "TMC sends a second AssignResources command with the same eb_id",
                &[("duplicate", "eb_id")],
            ),
            (
                "we issue another AssignResources command with a pb_id",
                &[("duplicate", "pb_id")],
            ),
        ],
    );
    all_are(
        phrases::LOOP,
        when,
        &[
            (
                r#"configure and scan TMC SubarrayNode 1 for each ["x", "y:z"] and ["1","2"]"#,
                &[("types", r#"["x", "y:z"]"#), ("ids", r#"["1","2"]"#)],
            ),
            (
                r#"configure and scan TMC SubarrayNode 1 for ["x"] and ["2"]"#,
                &[("ids", r#"["2"]"#)],
            ),
        ],
    );
    all_are(
        phrases::AGAIN,
        when,
        &[
            (
                r#"reperform scan with same configuration ["x"] and new scan id"#,
                &[("types", r#"["x"]"#)],
            ),
            (
                "I repeat the scan on subarray 1 with the same configuration and new scan id",
                &[],
            ),
        ],
    );
}

#[test]
fn what_must_go_well_does_so_under_any_keyword() {
    for keyword in Keyword::ALL {
        all_are(
            phrases::EXECUTE,
            *keyword,
            &[
                (
                    "TMC performs the End command successfully",
                    &[("command", "End")],
                ),
                (
                    "TMC successfully performs the Configure command on the subarray with a valid json",
                    &[("command", "Configure")],
                ),
                (
                    "TMC successfully performs Scan on subarray with a valid input json",
                    &[],
                ),
                ("subarray 1 executes Scan successfully", &[]),
            ],
        );
    }
}

#[cfg(feature = "sim")]
#[test]
fn lines_about_what_is_wrong_are_recognised() {
    all_are(
        phrases::FAULTY,
        Keyword::When,
        &[(
            "I send the Configure command and one sub-system goes into FAULT",
            &[],
        )],
    );
    all_are(
        phrases::CENTRAL_IS_BUSY,
        Keyword::Given,
        &[("the central node is busy allocating resources", &[])],
    );
}

#[test]
fn lines_of_other_domains_are_none_of_these() {
    for line in [
        "I call its help desk",
        "I tell the planner to release resources",
        "I tell the planner to allocate resources with the help of plan.yaml",
        "the notebook plan.ipynb is run",
        "I send a reboot command to the archive database machine",
        "I upload the calibration table",
        "I configure the weather station's mast",
        "the station is configured with the bandpass",
        "the pipeline rejects the job",
        "I restart the pod",
        "nightly benchmarks are executed",
        "the proposal should be in state COMPLETE",
    ] {
        for keyword in Keyword::ALL {
            assert_eq!(
                recognised(*keyword, line).map(|(about, _)| about),
                None,
                "{line}"
            );
        }
    }
}
