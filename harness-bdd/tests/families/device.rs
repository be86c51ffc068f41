use crate::telescope::Trial;

#[tokio::test]
async fn attributes_are_set_and_looked_at() {
    let trial = Trial::low().await;
    trial
        .passes(&[
            "Given the CSP controller in adminMode ENGINEERING",
            "Then the CSP controller reports that its adminMode is ENGINEERING",
        ])
        .await;
    // it was undone
    trial
        .passes(&["Then adminMode of the CSP controller should be ONLINE"])
        .await;
    let text = trial
        .fails(&["Then the CSP controller's adminMode should be OFFLINE"])
        .await;
    assert!(text.contains("ONLINE"), "{text}");
    let text = trial
        .fails(&["Given the CSP controller's versionId is 99"])
        .await;
    assert!(text.contains("can't be set"), "{text}");
}

#[tokio::test]
async fn modes_of_dishes_are_seen_to_change() {
    let trial = Trial::mid().await;
    trial
        .passes(&[
            "Given the telescope is in OFF state",
            "When I start up the telescope",
            "Then the DishMaster SKA001,SKA036 transitions to dishMode STANDBY-FP",
            "And dish SKA001 is in dishMode STANDBY-FP and pointingState READY",
        ])
        .await;
    let text = trial
        .fails(&[
            "Given the telescope is in OFF state",
            "When I start up the telescope",
            "Then the dish SKA001 transitions to dishMode OPERATE",
        ])
        .await;
    assert!(text.contains("STANDBY_FP"), "{text}");
}

#[tokio::test]
async fn commands_have_types() {
    let trial = Trial::low().await;
    trial
        .passes(&[
            "Given I have a CSPSubarray device",
            "Then the argument type of Configure must be DevString",
            "And the input type of the command Abort must be DevVoid",
            "And the return type of Abort must be DevVarLongStringArray",
        ])
        .await;
    let text = trial
        .fails(&["Then the argument type of Abort on the SDP subarray must be DevString"])
        .await;
    assert!(text.contains("DevVoid, not DevString"), "{text}");
    trial
        .fails(&["Then the argument type of Fly must be DevString"])
        .await;
}

#[tokio::test]
async fn a_device_begins_anew() {
    let trial = Trial::low().await;
    trial
        .passes(&[
            "Given there is an SDPSubarray device",
            "When the device is initialised",
            "Then healthState should be OK",
            "And adminMode should be ONLINE",
        ])
        .await;
}
