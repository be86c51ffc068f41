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
                "TMC must refuse the EndScan with ResultCode.Rejected",
                &[("what", "EndScan")],
            ),
            (
                "the TMC has rejected the missing_csp_key with ResultCode.Rejected",
                &[],
            ),
            (
                "TMC must refuse the Configure command",
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
        &[("the device throws tango.DevFailed", &[])],
    );
    all_are(
        result_phrases::ERROR,
        then,
        &[
            ("TMC raises exception", &[("who", "TMC")]),
            (
                "the CSP subarray raises an error with ResultCode.FAILED",
                &[],
            ),
            (
                "CSP subarray 2 raises an error and stay in READY obsState",
                &[("state", "READY")],
            ),
            (
                "the CSP controller must raise the error for invalid beam id",
                &[("who", "CSP controller")],
            ),
            (
                "the SDP controller must raise the error and report it to the central node",
                &[],
            ),
        ],
    );
    all_are(
        result_phrases::REPORTED,
        then,
        &[
            ("failure is returned to the central node", &[]),
            ("the subarray propogates the failure to the operator", &[]),
            ("TMC must report the failure to user", &[]),
            (
                "the command failure is returned by the subarray with a meaningful message",
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
                "the command is queued and completed within 8 ss",
                &[("seconds", "8")],
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
        &[("the command is completed by all other sub-systems", &[])],
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
            "central node gets longrunningcommandresult with message `was aborted`",
            &[("message", "was aborted")],
        )],
    );
    all_are(
        result_phrases::RESOURCES,
        then,
        &[
            (
                "the expected resources [5, 6] are assigned",
                &[("resources", "[5, 6]")],
            ),
            (
                "the required resources SKA063,SKA100 are allocated to the TMC subarray and the CSP subarray",
                &[("resources", "SKA063,SKA100")],
            ),
            ("the requested resources are assigned", &[]),
        ],
    );
    all_are(
        result_phrases::SCAN_TYPE,
        then,
        &[(
            "the CSP subarray scanType correctly shows configured field:c",
            &[("value", "field:c")],
        )],
    );
    all_are(
        result_phrases::PASSED_ON,
        then,
        &[(
            "TMC Subarray sends assign to csp with json including pss_beam_ids",
            &[("command", "assign"), ("key", "pss_beam_ids")],
        )],
    );
}
