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
            "Then the input type of Configure should be DevString",
            "And the input type of Abort should be DevVoid",
            "And the output type of Abort should be DevVarLongStringArray",
        ])
        .await;
    let text = trial
        .fails(&["Then the input type of Abort on the SDP subarray should be DevString"])
        .await;
    assert!(text.contains("DevVoid, not DevString"), "{text}");
    trial
        .fails(&["Then the input type of Fly should be DevString"])
        .await;
}

#[tokio::test]
async fn a_device_begins_anew() {
    let trial = Trial::low().await;
    trial
        .passes(&[
            "Given I have an SDPSubarray device",
            "When the device is initialised",
            "Then healthState should be OK",
            "And adminMode should be ONLINE",
        ])
        .await;
}
