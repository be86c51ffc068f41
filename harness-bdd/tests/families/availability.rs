use crate::telescope::Trial;

#[tokio::test]
async fn a_part_that_is_missing_fails_the_command_and_is_back_afterwards() {
    let trial = Trial::low().await;
    trial
        .passes(&[
            "Given subarray 1 is in obsState EMPTY",
            "When one of the SDP's parts is marked unavailable",
            "And the command AssignResources is sent to subarray 1",
            "Then the command completes with FAILED",
            "And subarray 1 remains in obsState RESOURCING",
        ])
        .await;
    trial
        .passes(&[
            "Given subarray 1 is in obsState EMPTY",
            "When subarray 1 is in obsState IDLE",
        ])
        .await;
    let text = trial
        .fails(&["When one of the PST components is made unavailable"])
        .await;
    assert!(text.contains("PST"), "{text}");
}

#[tokio::test]
async fn a_system_says_that_it_cannot_be_used() {
    let trial = Trial::low().await;
    trial
        .passes(&[
            "When the SDP is made unavailable",
            "Then isSubsystemAvailable of the SDP master leaf node should be false",
        ])
        .await;
    trial
        .passes(&["Then isSubsystemAvailable of the SDP master leaf node should be true"])
        .await;
}

#[tokio::test]
async fn a_device_that_does_not_answer_is_missed() {
    let trial = Trial::low().await;
    let text = trial
        .fails(&[
            "Given the SDP controller is unreachable",
            "And an SDP controller",
        ])
        .await;
    assert!(
        text.contains("do not answer") && text.contains("low-sdp/control/0"),
        "{text}"
    );
    trial.passes(&["Given an SDP controller"]).await;
}

#[tokio::test]
async fn a_command_fails_on_a_defective_device_and_only_there() {
    let trial = Trial::low().await;
    trial
        .passes(&[
            "Given subarray 1 is in obsState IDLE",
            "When Configure command is sent to a broken MCCS subarray",
            "Then the command completes with FAILED",
            "And the SDP and CSP subarrays transition to READY obsState",
        ])
        .await;
    let text = trial
        .fails(&[
            "Given subarray 1 is in obsState IDLE",
            "When Configure command is sent to a broken MCCS subarray",
            "Then the MCCS subarray transitions to READY obsState",
        ])
        .await;
    assert!(text.contains("READY"), "{text}");
}
