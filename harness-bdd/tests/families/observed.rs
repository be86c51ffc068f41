//! Delay models and logs.

use crate::telescope::Trial;

#[tokio::test]
async fn delays_come_when_the_subarray_is_configured_and_no_more_when_it_is_not() {
    let trial = Trial::low().await;
    trial
        .passes(&[
            "Given the telescope is in ON state",
            "And subarray 1 is in obsState IDLE",
            "When the command Configure is sent to subarray 1",
            "Then the CSP subarray leaf node begins to publish delay models",
            "And the CSP subarray leaf node begins to publish delay models for PST beams",
        ])
        .await;
    trial
        .passes(&[
            "Given subarray is configured and generates delay models for PST beams",
            "When the command End is sent to subarray 1",
            "Then the CSP subarray leaf node ceases to publish delay models for PST beams",
        ])
        .await;
}

#[tokio::test]
async fn delays_that_do_not_come_or_do_not_stop_are_told() {
    let trial = Trial::low().await;
    let text = trial
        .fails(&[
            "Given subarray is configured and generates delay models",
            "When the command Scan is sent to subarray 1",
            "Then the CSP subarray leaf node ceases to publish delay models",
        ])
        .await;
    assert!(text.contains("ceases to publish"), "{text}");
    let text = trial
        .fails(&[
            "Given subarray 1 is in obsState EMPTY",
            "When the command AssignResources is sent to subarray 1",
            "Then the CSP subarray leaf node ceases to publish delay models",
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
            "Then the log must not show a transaction ID",
        ])
        .await;
    trial
        .passes(&[
            "Given subarray 1 is in obsState EMPTY",
            "When the command AssignResources is sent to subarray 1",
            "Then the log must show a transaction ID",
            "And the log of the SDP subarray contains \"Enter[AssignResources]\"",
        ])
        .await;
    let text = trial
        .fails(&[
            "Given subarray 1 is in obsState EMPTY",
            "When the command AssignResources is sent to subarray 1",
            "Then the log must not show a transaction ID",
        ])
        .await;
    assert!(text.contains("Transaction["), "{text}");
    let text = trial
        .fails(&[
            "Given subarray 1 is in obsState EMPTY",
            "When the command AssignResources is sent to subarray 1",
            "Then the log should contain \"no such text\"",
        ])
        .await;
    assert!(text.contains("no such text"), "{text}");
}
