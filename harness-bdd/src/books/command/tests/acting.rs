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
                "the command ReleaseResources is invoked on that subarray",
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
                "I call the command GenerateKeys",
                &[("command", "GenerateKeys")],
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
                "I issue the Endscan command to the TMC subarray with the 1",
                &[("command", "Endscan")],
            ),
            (
                "I issue scan command with scan Id 7 on subarray with the 1 using tmc",
                &[("scan_id", "7")],
            ),
            (
                "the command Scan is invoked with null_scan_id input",
                &[("invalid", "null_scan_id")],
            ),
            (
                "I call Configure with an invalid JSON configuration",
                &[("command", "Configure")],
            ),
            (
                "I call Scan without an interface value in the JSON configuration",
                &[("without", "interface")],
            ),
            (
                "I invoke configure command without pss in csp configure json",
                &[("without", "pss"), ("below", "csp")],
            ),
            (
                "I invoke Scan command on Subarray Node with key start_time",
                &[("key", "start_time")],
            ),
            (
                "I invoke the assign command on TMC Subarray with only pss resource",
                &[("beams", "pss")],
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
            ("I assign resources to it in low", &[("who", "it")]),
            (
                "I assign resources to the TMC SubarrayNode 1",
                &[("who", "TMC SubarrayNode 1")],
            ),
            (
                "I assign resources with SKA001,SKA036 to the subarray 1",
                &[("resources", "SKA001,SKA036")],
            ),
            (
                "I assign resources with the 2 to the subarray using TMC",
                &[("number", "2")],
            ),
            (
                "I assign resources with invalid 99 to the MCCS subarray using TMC with 1",
                &[("station", "99"), ("at", "1")],
            ),
            (
                "I reassign with new resources to TMC SubarrayNode 1",
                &[("who", "TMC SubarrayNode 1")],
            ),
            (
                "I issue the assignResources command with the [3, 4] to the subarray 1",
                &[("resources", "[3, 4]")],
            ),
            ("I allocate resources to subarray 1", &[]),
        ],
    );
    all_are(
        phrases::RELEASE,
        when,
        &[
            ("release the resources on TMC SubarrayNode 1", &[]),
            (
                "I release the assigned resources for subarray using TMC",
                &[],
            ),
            ("I release all resources assigned to it", &[("who", "it")]),
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
            ("I configure to the subarray using TMC", &[]),
            (
                "I configure with calibration:b to the subarray 1",
                &[("scan_type", "calibration:b")],
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
            ("I command it to scan for a given period", &[("who", "it")]),
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
            ("end the configuration on TMC SubarrayNode 1", &[]),
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
                "TMC executes another AssignResources command with a duplicate eb_id",
                &[("duplicate", "eb_id")],
            ),
            (
                "TMC executes another AssignResources command with a pb_id",
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
                    "TMC executes the End command successfully",
                    &[("command", "End")],
                ),
                (
                    "TMC successfully executes the Configure command for the subarray with a valid json",
                    &[("command", "Configure")],
                ),
                (
                    "TMC successfully executes AssignResources for subarray with a valid input json",
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
            "I invoke EndScan command and a sub-system goes to FAULT",
            &[],
        )],
    );
    all_are(
        phrases::CENTRAL_IS_BUSY,
        Keyword::Given,
        &[("the central node is busy assigning resources", &[])],
    );
}

#[test]
fn lines_of_other_domains_are_none_of_these() {
    for line in [
        "I call its REST url",
        "I tell the OET to release resources",
        "I tell the OET to allocate resources using script file:///scripts/x.py",
        "the script file:///tmp/x.py is run",
        "I send a ping command to the tango database device server",
        "I upload the configuration file",
        "I configure the weather station's mast",
        "the station is configured with the bandpass",
        "the pipeline rejects the job",
        "I restart the pod",
        "integration tests are executed",
        "the OET should be in state COMPLETE",
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
