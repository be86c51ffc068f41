use crate::telescope::Trial;

#[tokio::test]
async fn a_telescope_is_started_up_and_its_parts_are_seen_to_change() {
    let trial = Trial::low().await;
    trial
        .passes(&[
            "Given an TMC",
            "When I start up the telescope",
            "Then the CSP must change to ON state",
            "And the mccs, sdp and csp must be on",
            "And the MCCS shall transition to ON",
            "And the central node changes to state ON",
            "And telescope state is ON",
        ])
        .await;
    // a telescope that is ON is switched off first, so that there is something to start
    trial
        .passes(&[
            "When I bring the telescope to ON",
            "Then the SDP must change to ON state",
        ])
        .await;
}

#[tokio::test]
async fn what_a_given_brought_about_is_no_change() {
    let trial = Trial::low().await;
    let text = trial
        .fails(&[
            "Given the telescope is in ON state",
            "When I start up the telescope",
            "Then the SDP must change to ON state",
        ])
        .await;
    assert!(text.contains("the SDP must change to ON state"), "{text}");
}

#[tokio::test]
async fn a_state_that_is_not_so_fails() {
    let trial = Trial::low().await;
    for line in [
        "Then the sdp and mccs must be off",
        "Then telescope state is STANDBY",
        "Then the SDP controller remains in STANDBY state",
    ] {
        let text = trial
            .fails(&["Given the telescope is in ON state", line])
            .await;
        assert!(text.contains("ON"), "{line}: {text}");
    }
}

#[tokio::test]
async fn the_telescope_goes_to_standby_and_off() {
    let trial = Trial::mid().await;
    trial
        .passes(&[
            "Given the telescope is in ON state",
            "And the dishes are on",
            "When I send the telescope to STANDBY",
            "Then the sdp controller must change to STANDBY State",
            "And telescope state is STANDBY",
            "And the telescope state must change to STANDBY",
        ])
        .await;
    trial
        .passes(&[
            "Given a Telescope made up of CSP, a Dish and SDP that is ON",
            "When I switch off the telescope",
            "Then the dish, csp and sdp must be off",
            "And the telescope state is OFF",
        ])
        .await;
}

#[tokio::test]
async fn what_stays_as_it_is_is_seen_to_stay() {
    let trial = Trial::low().await;
    trial
        .passes(&[
            "Given the telescope is in ON state",
            "When the command AssignResources is sent to subarray 1",
            "Then the sdp subarray and controller stays in ON state",
            "And the telescope remains in ON state for 0.5 seconds",
        ])
        .await;
    let text = trial
        .fails(&[
            "Given the telescope is in ON state",
            "When I switch off the telescope",
            "Then the sdp controller stays in ON state",
        ])
        .await;
    assert!(text.contains("OFF"), "{text}");
}

#[tokio::test]
async fn a_device_is_switched_by_itself() {
    let trial = Trial::low().await;
    trial
        .passes(&[
            "Given there is an SDPMaster device",
            "And the state is OFF",
            "When I switch it to STANDBY",
            "Then the state must become STANDBY",
        ])
        .await;
}
