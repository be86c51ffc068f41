//! Steps about commands, on a whole telescope that is simulated in this process.
#![cfg(feature = "sim")]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod bench;

use bench::{fails, passes};

#[tokio::test]
async fn an_observation_goes_from_assigning_to_releasing() {
    passes(&[
        "Given subarray 1 is in obsState EMPTY",
        "When I allocate resources to TMC SubarrayNode 1",
        "Then the TMC, CSP and SDP subarrays transition to IDLE obsState",
        "And the requested resources are assigned",
        "And the TMC receives longRunningCommandResult event OK from subsystems CSP and SDP",
        "When I configure it for a scan",
        "And I run a scan with id 5",
        "Then the CSP subarray transitions to SCANNING obsState",
        "When I end the scan",
        "And I end the observation",
        "And I release all resources allocated to it",
        "Then the subarray transitions to EMPTY obsState",
    ])
    .await;
}

#[tokio::test]
async fn a_refusal_is_found_in_every_wording() {
    for line in [
        "Then the command is rejected",
        "Then TMC must refuse the Scan with ResultCode.Rejected",
        "Then TMC raises exception",
        "Then the TMC must report the failure to the client",
    ] {
        passes(&[
            "Given subarray 1 is in obsState IDLE",
            "When the command Scan is sent to that subarray",
            line,
            "And the subarray remains in IDLE obsState",
        ])
        .await;
    }
}

#[tokio::test]
async fn a_command_that_was_taken_is_no_refusal_in_any_wording() {
    for line in [
        "Then the command is rejected",
        "Then TMC must refuse the Configure with ResultCode.Rejected",
        "Then TMC raises exception",
        "Then the device throws tango.DevFailed",
        "Then the TMC must report the failure to the client",
        "Then the SDP subarray raises an error",
    ] {
        let told = fails(&[
            "Given subarray 1 is in obsState IDLE",
            "When the command Configure is sent to that subarray",
            line,
        ])
        .await;
        assert!(
            told.contains("Configure was not rejected"),
            "{line}: {told}"
        );
    }
}

#[tokio::test]
async fn an_exception_is_another_refusal_than_an_answer() {
    let told = fails(&[
        "Given subarray 1 is in obsState IDLE",
        "When the command Configure is sent with missing_csp_key input",
        "Then the device throws tango.DevFailed",
    ])
    .await;
    assert!(told.contains("no exception was raised"), "{told}");
}

#[tokio::test]
async fn who_is_to_blame_must_be_named() {
    let lines = [
        "Given the TMC and SDP subarrays are in IDLE obsState",
        "When TMC sends a second AssignResources command with the same eb_id",
    ];
    passes(&[
        lines[0],
        lines[1],
        "Then the SDP subarray raises an error and stays in IDLE",
    ])
    .await;
    let told = fails(&[
        lines[0],
        lines[1],
        "Then the MCCS controller must raise an error",
    ])
    .await;
    assert!(told.contains("does not name the MCCS"), "{told}");
}

#[tokio::test]
async fn words_and_codes_must_be_those_that_came() {
    let told = fails(&[
        "Given subarray 1 is in obsState IDLE",
        "When the command Scan is sent to that subarray",
        "Then the command is rejected with message `out of beer`",
    ])
    .await;
    assert!(told.contains("the words are not `out of beer`"), "{told}");
    let told = fails(&[
        "Given subarray 1 is in obsState IDLE",
        "When the command Configure is sent to that subarray",
        "Then the command completes with FAILED",
    ])
    .await;
    assert!(told.contains("not with FAILED"), "{told}");
    let told = fails(&[
        "Given the central node is busy allocating resources",
        "When I abort the subarray",
        "Then the central node gets a longRunningCommandResult event with message `all is well`",
    ])
    .await;
    assert!(told.contains("AssignResources ended with"), "{told}");
}

#[tokio::test]
async fn a_defect_fails_what_must_go_well() {
    let told = fails(&[
        "Given subarray 1 is in obsState IDLE",
        "And the next Configure on SDP fails with \"no beam\"",
        "When TMC performs the Configure command successfully",
    ])
    .await;
    assert!(
        told.contains("Configure ended with") && told.contains("no beam"),
        "{told}"
    );
}

#[tokio::test]
async fn a_subsystem_that_told_nothing_is_told() {
    let told = fails(&[
        "Given subarray 1 is in obsState IDLE",
        "And the next Configure on SDP fails with \"no beam\"",
        "When the command Configure is sent to that subarray",
        "Then the TMC receives longRunningCommandResult event OK from subsystems CSP and SDP",
    ])
    .await;
    assert!(told.contains("came from the SDP"), "{told}");
}

#[tokio::test]
async fn resources_that_were_not_assigned_are_missed() {
    let lines = [
        "Given subarray 1 is in obsState EMPTY",
        "When I allocate resources with [3, 4] for subarray 1",
    ];
    passes(&[
        lines[0],
        lines[1],
        "Then the expected resources [3, 4] are allocated to the MCCS subarray",
    ])
    .await;
    let told = fails(&[
        lines[0],
        lines[1],
        "Then the expected resources [3, 9] are allocated",
    ])
    .await;
    assert!(told.contains("and not 3, 9"), "{told}");
}

#[tokio::test]
async fn what_a_subsystem_was_told_is_looked_at() {
    let lines = [
        "Given subarray 1 is in obsState EMPTY",
        "When I issue the assign command to the TMC subarray with only pss beams",
    ];
    passes(&[
        lines[0],
        lines[1],
        "Then the TMC subarray sends assign to CSP with json including pss_beam_ids",
    ])
    .await;
    let told = fails(&[
        lines[0],
        lines[1],
        "Then the TMC subarray sends assign to CSP with json including pst_beam_ids",
    ])
    .await;
    assert!(
        told.contains("got no AssignResources with `pst_beam_ids`"),
        "{told}"
    );
}

#[tokio::test]
async fn lists_that_do_not_belong_together_are_refused() {
    let told = fails(&[
        "Given subarray 1 is in obsState IDLE",
        "When configure and scan TMC SubarrayNode 1 for each [\"science_A\"] and [\"1\", \"2\"]",
    ])
    .await;
    assert!(told.contains("1 scan types and 2 scan ids"), "{told}");
}

#[tokio::test]
async fn inputs_are_changed_only_where_they_have_what_is_to_be_changed() {
    let told = fails(&[
        "Given subarray 1 is in obsState IDLE",
        "When I send the Configure command without antimatter in the csp input",
    ])
    .await;
    assert!(told.contains("antimatter"), "{told}");
    let told = fails(&[
        "Given subarray 1 is in obsState IDLE",
        "When I invoke the Abort command on the subarray with key colour",
    ])
    .await;
    assert!(told.contains("takes no input"), "{told}");
}

#[tokio::test]
async fn leaf_nodes_and_subsystems_get_commands_themselves() {
    passes(&[
        "Given subarray 1 is in obsState EMPTY",
        "When I issue the AssignResources command to the SDP subarray leaf node",
        "Then the command completes with OK",
        "And the SDP subarray transitions to IDLE obsState",
        "And the MCCS subarray remains in EMPTY obsState",
    ])
    .await;
    passes(&[
        "Given the SDP subarray is in IDLE obsState",
        "When I configure it for a scan",
        "Then the SDP subarray transitions to READY obsState",
    ])
    .await;
}
