//! Transitions that go on as testers let them.

use serde_json::json;

use crate::client::Served;

const ADVANCE: &str = "/state-manager/advance";
const MODEL: &str = "/state-manager/transitions/tango::subarray";
const ASSIGN: &str = r#"{"subarray_id": 1}"#;

#[tokio::test]
async fn ticks_are_reads_and_the_hops_they_make_are_answered() {
    let served = Served::subarrays().await;
    served
        .put(MODEL, r#"{"progression": "manual", "times": 3}"#)
        .await
        .ok(200);
    for number in [1, 2] {
        let subarray = served.telescope.subarray(number).unwrap();
        subarray.submit("AssignResources", ASSIGN).unwrap();
    }
    let two = r#"{"ticks": 2, "instance": "low-tmc/subarray/01"}"#;
    assert_eq!(served.post(ADVANCE, two).await.ok(200), json!({"hops": []}));
    let one = r#"{"ticks": 1, "instance": "LOW-TMC/subarray/01"}"#;
    let hops = served.post(ADVANCE, one).await.ok(200);
    assert_eq!(hops["hops"].as_array().unwrap().len(), 1, "{hops}");
    assert_eq!(hops["hops"][0]["to"], "IDLE");
    assert_eq!(hops["hops"][0]["cause"], "3 reads");
    // polling one does not move another, but a tick of the model does
    assert_eq!(
        served.telescope.subarray(2).unwrap().obs_state().label(),
        "RESOURCING"
    );
    let all = r#"{"ticks": 3, "model": "tango::subarray"}"#;
    let hops = served.post(ADVANCE, all).await.ok(200);
    assert_eq!(hops["hops"][0]["instance"], "low-tmc/subarray/02");
}

#[tokio::test]
async fn ten_minutes_pass_in_no_time_on_a_manual_clock() {
    let served = Served::with_manual_clock().await;
    served
        .put(MODEL, r#"{"progression": "time", "seconds": 600}"#)
        .await
        .ok(200);
    let subarray = served.telescope.subarray(1).unwrap();
    subarray.submit("AssignResources", ASSIGN).unwrap();
    let hops = served.post(ADVANCE, r#"{"seconds": 599.5}"#).await.ok(200);
    assert_eq!(hops, json!({"hops": []}));
    let hops = served.post(ADVANCE, r#"{"seconds": 0.5}"#).await.ok(200);
    assert_eq!(hops["hops"][0]["to"], "IDLE");
    assert_eq!(subarray.obs_state().label(), "IDLE");
}

#[tokio::test]
async fn seconds_need_the_manual_clock_and_the_answer_says_how_to_get_it() {
    let served = Served::subarrays().await;
    let error = served.post(ADVANCE, r#"{"seconds": 1}"#).await.refused(409);
    assert!(error.contains("--manual-clock"), "{error}");
}

#[tokio::test]
async fn what_cannot_be_advanced_is_refused() {
    let served = Served::with_manual_clock().await;
    for (body, field) in [
        ("{}", "ticks"),
        (r#"{"ticks": 0, "model": "tango::subarray"}"#, "ticks"),
        (r#"{"ticks": -1, "model": "tango::subarray"}"#, "ticks"),
        (r#"{"ticks": 1.5, "model": "tango::subarray"}"#, "ticks"),
        (r#"{"ticks": 10001, "model": "tango::subarray"}"#, "ticks"),
        (r#"{"ticks": 1}"#, "instance"),
        (r#"{"ticks": 1, "model": 1}"#, "model"),
        (r#"{"ticks": 1, "model": "a", "instance": "b"}"#, "model"),
        (r#"{"ticks": 1, "seconds": 1}"#, "seconds"),
        (r#"{"seconds": -1}"#, "seconds"),
        (r#"{"seconds": 1e300}"#, "seconds"),
        (r#"{"seconds": "1"}"#, "seconds"),
        (r#"{"seconds": 1, "model": "tango::subarray"}"#, "model"),
        (r#"{"minutes": 1}"#, "minutes"),
    ] {
        assert_eq!(served.post(ADVANCE, body).await.blames(), field, "{body}");
    }
    served
        .post(ADVANCE, r#"{"ticks": 1, "model": "dax::cluster"}"#)
        .await
        .refused(404);
    served
        .post(ADVANCE, r#"{"ticks": 1, "instance": "a/b/c"}"#)
        .await
        .refused(404);
}
