//! Lines that look at what came of commands.

use super::{super::result_phrases, recogniser::all_are};
use crate::Keyword;

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
