//! Lines that say what is not so: each must fail, with an account of what was so instead.

use crate::telescope::Trial;

const REFUSED: [&str; 2] = [
    "Given subarray 1 is in obsState EMPTY",
    "When the command Scan is sent to subarray 1",
];

/// The scenario with this line as its Then fails, with these words.
async fn fails(trial: &Trial, lines: &[&str], then: &str, words: &str) {
    let lines: Vec<&str> = lines.iter().copied().chain([then]).collect();
    let text = trial.fails(&lines).await;
    assert!(text.contains(words), "{lines:#?}\n{text}");
}

#[tokio::test]
async fn a_refusal_is_that_of_the_command_by_the_device_and_with_the_code_that_the_line_names() {
    let trial = Trial::low().await;
    for (then, words) in [
        (
            "Then the Configure command is rejected",
            "the last command was Scan",
        ),
        (
            "Then TMC should reject the Configure with ResultCode.Rejected",
            "the last command was Scan",
        ),
        (
            "Then the command is rejected with result code FAILED",
            "not with FAILED",
        ),
        (
            "Then TMC raises exception with ResultCode.FAILED",
            "not with ResultCode.FAILED",
        ),
        (
            "Then the command is rejected by the SDP subarray",
            "does not name the SDP",
        ),
    ] {
        fails(&trial, &REFUSED, then, words).await;
    }
    trial
        .passes(&[
            REFUSED[0],
            REFUSED[1],
            "Then TMC should reject the Scan with ResultCode.Rejected",
            "And the Scan command is rejected by the TMC",
        ])
        .await;
}

#[tokio::test]
async fn what_must_not_come_is_not_satisfied_by_a_command_that_was_refused() {
    let trial = Trial::low().await;
    for then in [
        "Then subarray 1 never goes to FAULT",
        "Then the log should not contain \"no such text\"",
    ] {
        fails(&trial, &REFUSED, then, "say `Then the command is rejected`").await;
    }
}

#[tokio::test]
async fn what_must_never_come_is_awaited_until_the_command_is_over() {
    let trial = Trial::low().await;
    let lines = [
        "Given subarray 1 is in obsState IDLE",
        "And the CSP subarray takes 1 second to configure",
        "When the command Configure is sent to subarray 1",
    ];
    let then = "Then subarray 1 never goes to READY";
    fails(&trial, &lines, then, "READY").await;
}

#[tokio::test]
async fn resources_and_scan_types_are_those_of_the_last_command_and_not_of_the_given() {
    let trial = Trial::low().await;
    let lines = [
        "Given subarray 1 is in obsState IDLE",
        "And the next AssignResources on CSP fails with \"broken\"",
        "When the command AssignResources is sent to subarray 1",
    ];
    let then = "Then the requested resources are assigned";
    fails(&trial, &lines, then, "broken").await;
    let lines = [
        "Given subarray 1 is in obsState READY",
        "And the SDP subarray takes 1 second to configure",
        "When the command Configure is sent to subarray 1 with scan type science_A",
    ];
    let then = "Then the SDP subarray scanType reflects correctly configured target:a";
    fails(&trial, &lines, then, "science_A").await;
}

#[tokio::test]
async fn who_is_not_in_the_transient_state_of_another_subarray_is_told() {
    let trial = Trial::low().await;
    let lines = ["When the CSP subarray is in obsState CONFIGURING"];
    let then = "Then the SDP subarray is in obsState CONFIGURING";
    fails(&trial, &lines, then, "CONFIGURING").await;
    trial
        .passes(&[
            "When subarray 1 is in obsState CONFIGURING",
            "Then the TMC and SDP subarrays are in obsState CONFIGURING",
        ])
        .await;
}

#[tokio::test]
async fn a_then_that_something_has_been_switched_switches_nothing() {
    let trial = Trial::low().await;
    let lines = [
        "Given the telescope is in ON state",
        "When the command AssignResources is sent to subarray 1",
    ];
    for then in [
        "Then the SDP controller is switched to STANDBY",
        "Then the SDP controller has been commanded to turn off",
        "Then the telescope has been started",
        "Then the telescope has been commanded to turn off",
    ] {
        fails(&trial, &lines, then, "what was expected was not seen").await;
    }
    trial
        .passes(&[
            "Given the telescope is in OFF state",
            "When the telescope is switched on",
            "Then the telescope has been started",
            "When the SDP controller is switched to STANDBY",
            "Then the SDP controller has been set to STANDBY",
        ])
        .await;
}

#[tokio::test]
async fn a_telescope_that_is_on_is_brought_on_also_after_a_line_that_had_it_off() {
    let trial = Trial::low().await;
    trial
        .passes(&[
            "Given the telescope is in OFF state",
            "And a Telescope consisting of CSP and MCCS that is ON",
            "Then the telescope is ON",
        ])
        .await;
}

#[tokio::test]
async fn delays_that_had_stopped_before_the_when_do_not_stop_again() {
    let trial = Trial::low().await;
    let lines = [
        "Given subarray is configured and generating delay values",
        "And subarray 1 is in obsState IDLE",
        "When the command ReleaseResources is sent to subarray 1",
    ];
    let then = "Then the CSP Subarray Leaf Node ceases to publish delay values";
    fails(&trial, &lines, then, "could not stop").await;
}
