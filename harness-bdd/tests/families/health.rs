use crate::telescope::Trial;

#[tokio::test]
async fn the_telescope_follows_the_health_of_its_devices() {
    let trial = Trial::low().await;
    trial
        .passes(&[
            "Given the telescope is in ON state",
            "And the telescope is in health state OK",
            "When the health state of the mccs controller,sdp controller goes to DEGRADED,OK",
            "Then the health state of the telescope is DEGRADED",
            "And the telescope health state becomes DEGRADED",
            "And the MCCS controller is in a DEGRADED health state",
        ])
        .await;
    // it was undone
    trial
        .passes(&["Then the telescope is in health state OK"])
        .await;
}

#[tokio::test]
async fn a_health_that_is_otherwise_fails() {
    let trial = Trial::low().await;
    let text = trial
        .fails(&[
            "When the sdp controller health state becomes DEGRADED",
            "Then the health state of the telescope is FAILED",
        ])
        .await;
    assert!(text.contains("DEGRADED"), "{text}");
    let text = trial
        .fails(&["When I set the health state of the sdp controller, mccs controller and csp controller to OK,FAILED"])
        .await;
    assert!(text.contains("3 devices and 2 values"), "{text}");
}
