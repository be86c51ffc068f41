//! Delay models and logs.

use crate::telescope::Trial;

#[tokio::test]
async fn delays_come_when_the_subarray_is_configured_and_no_more_when_it_is_not() {
    let trial = Trial::low().await;
    trial
        .passes(&[
            "Given the telescope is in ON state",
            "And subarray is in obsState IDLE",
            "When the command Configure is sent to subarray 1",
            "Then CSP Subarray Leaf Node starts generating delay values",
            "And CSP Subarray Leaf Node starts generating delay values for PST Beams",
        ])
        .await;
    trial
        .passes(&[
            "Given subarray is configured and generating delay values for PST Beams",
            "When the command End is sent to subarray 1",
            "Then CSP Subarray Leaf Node stops generating delay values for PST Beams",
        ])
        .await;
}

#[tokio::test]
async fn delays_that_do_not_come_or_do_not_stop_are_told() {
    let trial = Trial::low().await;
    let text = trial
        .fails(&[
            "Given subarray is configured and generating delay values",
            "When the command Scan is sent to subarray 1",
            "Then CSP Subarray Leaf Node stops generating delay values",
        ])
        .await;
    assert!(text.contains("stops generating"), "{text}");
    let text = trial
        .fails(&[
            "Given subarray is in obsState EMPTY",
            "When the command AssignResources is sent to subarray 1",
            "Then CSP Subarray Leaf Node stops generating delay values",
        ])
        .await;
    assert!(text.contains("gave no delay models"), "{text}");
}

#[tokio::test]
async fn transactions_are_found_in_the_log_of_the_device_that_the_scenario_is_about() {
    let trial = Trial::low().await;
    trial
        .passes(&[
            "Given an SDP subarray",
            "And the telescope is in ON state",
            "When the device is initialised",
            "Then the log should not contain a transaction ID",
        ])
        .await;
    trial
        .passes(&[
            "Given subarray is in obsState EMPTY",
            "When the command AssignResources is sent to subarray 1",
            "Then the log should contain a transaction ID",
            "And the log of the SDP subarray contains \"Enter[AssignResources]\"",
        ])
        .await;
    let text = trial
        .fails(&[
            "Given subarray is in obsState EMPTY",
            "When the command AssignResources is sent to subarray 1",
            "Then the log should not contain a transaction ID",
        ])
        .await;
    assert!(text.contains("Transaction["), "{text}");
    let text = trial
        .fails(&[
            "Given subarray is in obsState EMPTY",
            "When the command AssignResources is sent to subarray 1",
            "Then the log should contain \"no such text\"",
        ])
        .await;
    assert!(text.contains("no such text"), "{text}");
}
