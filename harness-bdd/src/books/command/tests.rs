//! Lines as engineers write them, and which step each is.

use std::sync::{Arc, LazyLock};

use super::{command_steps, phrases, result_phrases};
use crate::{
    HarnessWorld, Keyword, StepBook,
    books::observation_steps,
    phrase::{Grammar, Phrase, Words},
};

/// The phrases of these books, and what each is about. Compiling them takes a while.
static BOOK: LazyLock<(Arc<Grammar>, Vec<String>)> = LazyLock::new(|| {
    let book = StepBook::<HarnessWorld>::new()
        .merge(command_steps)
        .merge(observation_steps);
    let bound = book.bind(&[], &["station"]).unwrap();
    let entries = bound.catalogue.entries().iter();
    let about = entries.map(|entry| entry.expression.clone()).collect();
    (bound.grammar, about)
});

/// What a line is, and what it fills in.
fn recognised(keyword: Keyword, line: &str) -> Option<(String, Words)> {
    let (grammar, about) = &*BOOK;
    let found = grammar.recognise(keyword, line)?;
    Some((about[found.phrase].clone(), found.words))
}

fn all_are(phrase: Phrase, keyword: Keyword, lines: &[(&str, &[(&str, &str)])]) {
    for (line, filled) in lines {
        let (about, words) =
            recognised(keyword, line).unwrap_or_else(|| panic!("`{line}` is nothing"));
        assert_eq!(about, phrase.about(), "{line}");
        for (name, value) in *filled {
            assert_eq!(words.text(name), Some(*value), "{name} in `{line}`");
        }
    }
}

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

#[test]
fn results_are_verified() {
    let then = Keyword::Then;
    all_are(
        result_phrases::REJECTED,
        then,
        &[
            ("the command is rejected", &[]),
            (
                "TMC should reject the EndScan with ResultCode.Rejected",
                &[("what", "EndScan")],
            ),
            (
                "the TMC should reject the csp_key_missing with ResultCode.Rejected",
                &[],
            ),
            (
                "TMC should reject the Configure command",
                &[("what", "Configure")],
            ),
            (
                "the Configure command is not allowed",
                &[("command", "Configure")],
            ),
            ("the command fails", &[]),
            (
                "the command is rejected with the message `not permitted`",
                &[("message", "not permitted")],
            ),
        ],
    );
    all_are(
        result_phrases::DEV_FAILED,
        then,
        &[("the device should raise tango.DevFailed", &[])],
    );
    all_are(
        result_phrases::ERROR,
        then,
        &[
            ("TMC raises exception", &[("who", "TMC")]),
            (
                "TMC SubarrayNode raises exception with ResultCode.REJECTED",
                &[],
            ),
            (
                "SDP subarray 1 throws an exception and remain in IDLE obsState",
                &[("state", "IDLE")],
            ),
            (
                "the MCCS controller should throw the error for invalid station id",
                &[("who", "MCCS controller")],
            ),
            (
                "the MCCS controller should throw the error and report to TMC",
                &[],
            ),
        ],
    );
    all_are(
        result_phrases::REPORTED,
        then,
        &[
            ("exception is propagated to central node", &[]),
            ("the TMC propogate the error to the client", &[]),
            ("TMC should report the error to client", &[]),
            (
                "the command failure is reported by subarray with appropriate error message",
                &[],
            ),
        ],
    );
    all_are(
        result_phrases::COMPLETES,
        then,
        &[
            ("the command completes with FAILED", &[("code", "FAILED")]),
            (
                "the command is queued and executed in less than 5 ss",
                &[("seconds", "5")],
            ),
            (
                "the Configure command completes successfully",
                &[("command", "Configure")],
            ),
            (
                "the command End is finished within 20 seconds",
                &[("command", "End"), ("seconds", "20")],
            ),
        ],
    );
    all_are(
        result_phrases::OTHERS,
        then,
        &[(
            "the command is executed successfully on other sub-systems",
            &[],
        )],
    );
    all_are(
        result_phrases::RESULT_FROM,
        then,
        &[(
            "the TMC receives LongRunningCommandResult event OK from subsystems CSP and SDP",
            &[("code", "OK")],
        )],
    );
    all_are(
        result_phrases::RESULT,
        then,
        &[(
            "central node receives longrunningcommandresult with message `was aborted`",
            &[("message", "was aborted")],
        )],
    );
    all_are(
        result_phrases::RESOURCES,
        then,
        &[
            (
                "the correct resources [1, 2] are assigned",
                &[("resources", "[1, 2]")],
            ),
            (
                "the correct resources SKA001,SKA036 are assigned to the SDP subarray and the TMC subarray",
                &[("resources", "SKA001,SKA036")],
            ),
            ("the requested resources are assigned", &[]),
        ],
    );
    all_are(
        result_phrases::SCAN_TYPE,
        then,
        &[(
            "SDP subarray scanType reflects correctly configured target:a",
            &[("value", "target:a")],
        )],
    );
    all_are(
        result_phrases::PASSED_ON,
        then,
        &[(
            "TMC Subarray invokes assign on csp with json containing beams_id",
            &[("command", "assign"), ("key", "beams_id")],
        )],
    );
}

#[cfg(feature = "sim")]
#[test]
fn lines_about_what_is_wrong_are_recognised() {
    all_are(
        phrases::DEFECTIVE,
        Keyword::When,
        &[
            (
                "the Scan command is invoked on a defective SDP subarray",
                &[("on", "SDP subarray")],
            ),
            (
                "Configure command is invoked on a defective MCCS Subarray",
                &[],
            ),
        ],
    );
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

#[test]
fn corpus() {
    let Ok(path) = std::env::var("TRY_LINES") else {
        return;
    };
    let book = StepBook::<HarnessWorld>::new()
        .merge(command_steps)
        .merge(observation_steps);
    let bound = book.bind(&[], &["station"]).unwrap();
    for line in std::fs::read_to_string(path).unwrap().lines() {
        let Some((word, rest)) = line.split_once(' ') else {
            continue;
        };
        let keyword = match word {
            "Given" => Keyword::Given,
            "When" => Keyword::When,
            _ => Keyword::Then,
        };
        let about = bound.grammar.recognise(keyword, rest).map(|found| {
            (
                bound.catalogue.entries()[found.phrase]
                    .expression
                    .chars()
                    .take(50)
                    .collect::<String>(),
                found.mended,
            )
        });
        println!("{word} {rest}\n      -> {about:?}");
    }
}
