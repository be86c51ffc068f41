use crate::telescope::Trial;

#[tokio::test]
async fn what_is_there_is_found_and_what_is_not_is_told() {
    let trial = Trial::mid().await;
    for line in [
        "Given a Telescope comprising TMC, simulated SDP, simulated CSP and DISH SKA001,SKA036",
        "Given a Mid telescope",
        "Given an SUT deployment with 2 subarrays",
        "Given a TMC CSP master Leaf Node",
    ] {
        trial.passes(&[line]).await;
    }
    for (line, told) in [
        ("Given a low telescope", "not of"),
        ("Given a Telescope consisting of TMC and MCCS", "MCCS"),
        (
            "Given a Telescope consisting of TMC, DISH SKA001,SKA099 and SDP",
            "SKA099",
        ),
        (
            "Given an SUT deployment with 3 subarrays",
            "2 subarrays, not 3",
        ),
    ] {
        let text = trial.fails(&[line]).await;
        assert!(text.contains(told), "{line}: {text}");
    }
}

#[tokio::test]
async fn a_device_that_is_named_is_what_the_scenario_is_about() {
    let trial = Trial::low().await;
    trial
        .passes(&[
            "Given an SDP subarray",
            "And the telescope is in ON state",
            "Then the argument type of AssignResources must be DevString",
            "And the state must be ON",
        ])
        .await;
}
