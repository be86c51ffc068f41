use crate::telescope::Trial;

#[tokio::test]
async fn the_telescope_follows_the_health_of_its_devices() {
    let trial = Trial::low().await;
    trial
        .passes(&[
            "Given the telescope is in ON state",
            "And telescope is in an OK health state",
            "When The mccs controller,sdp controller health state changes to DEGRADED,OK",
            "Then the telescope health state is DEGRADED",
            "And the telescope health state changes to DEGRADED",
            "And the MCCS controller is in a DEGRADED health state",
        ])
        .await;
    // it was undone
    trial
        .passes(&["Then telescope is in an OK health state"])
        .await;
}

#[tokio::test]
async fn a_health_that_is_otherwise_fails() {
    let trial = Trial::low().await;
    let text = trial
        .fails(&[
            "When The sdp controller health state changes to DEGRADED",
            "Then the telescope health state is FAILED",
        ])
        .await;
    assert!(text.contains("DEGRADED"), "{text}");
    let text = trial
        .fails(&["When The sdp controller, mccs controller and csp controller health state changes to OK,FAILED"])
        .await;
    assert!(text.contains("3 devices and 2 values"), "{text}");
}
