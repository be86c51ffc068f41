//! The three paths of moto's state manager.

use serde_json::json;

use crate::client::{Served, ask};

const SET: &str = "/moto-api/state-manager/set-transition";
const UNSET: &str = "/moto-api/state-manager/unset-transition";
const GET: &str = "/moto-api/state-manager/get-transition";
const MODEL: &str = "tango::subarray";

#[tokio::test]
async fn what_is_set_over_http_is_answered_by_get() {
    let served = Served::subarrays().await;
    let body = json!({"model_name": MODEL, "transition": {"progression": "manual", "times": 4}});
    served.post(SET, &body.to_string()).await.ok(201);
    let got = served
        .get(&format!("{GET}?model_name={MODEL}"))
        .await
        .ok(200);
    assert_eq!(got, body["transition"]);
}

#[tokio::test]
async fn what_is_unset_over_http_is_the_default_again() {
    let served = Served::subarrays().await;
    let before = served
        .get(&format!("{GET}?model_name={MODEL}"))
        .await
        .ok(200);
    let body = json!({"model_name": MODEL, "transition": {"progression": "never"}});
    served.post(SET, &body.to_string()).await.ok(201);
    let unset = json!({"model_name": MODEL}).to_string();
    for _ in 0..2 {
        let answer = served.post(UNSET, &unset).await.ok(201);
        assert_eq!(answer, json!({"model_name": MODEL, "transition": before}));
    }
    assert_eq!(
        served
            .get(&format!("{GET}?model_name={MODEL}"))
            .await
            .ok(200),
        before
    );
}

#[tokio::test]
async fn a_model_that_is_not_known_is_immediate_and_cannot_be_set() {
    let served = Served::subarrays().await;
    let got = served
        .get(&format!("{GET}?model_name=dax::cluster"))
        .await
        .ok(200);
    assert_eq!(got, json!({"progression": "immediate"}));
    served
        .post(UNSET, r#"{"model_name": "dax::cluster"}"#)
        .await
        .ok(201);
    let body = r#"{"model_name": "dax::cluster", "transition": {"progression": "never"}}"#;
    let error = served.post(SET, body).await.refused(404);
    assert!(error.contains(MODEL), "{error}");

    served.handle().transitions().accept_unknown_names(true);
    served.post(SET, body).await.ok(201);
    let got = served
        .get(&format!("{GET}?model_name=dax::cluster"))
        .await
        .ok(200);
    assert_eq!(got, json!({"progression": "never"}));
}

#[tokio::test]
async fn duration_is_another_word_for_seconds() {
    let served = Served::subarrays().await;
    let body = r#"{"model_name": "tango::subarray", "transition": {"progression": "time", "duration": 5}}"#;
    served.post(SET, body).await.ok(201);
    let got = served
        .get(&format!("{GET}?model_name={MODEL}"))
        .await
        .ok(200);
    assert_eq!(got, json!({"progression": "time", "seconds": 5}));
}

#[tokio::test]
async fn a_percent_encoded_name_of_a_model_is_decoded() {
    let served = Served::subarrays().await;
    let body = json!({"model_name": MODEL, "transition": {"progression": "never"}});
    served.post(SET, &body.to_string()).await.ok(201);
    let got = served
        .get(&format!("{GET}?model_name=tango%3A%3Asubarray"))
        .await
        .ok(200);
    assert_eq!(got, json!({"progression": "never"}));
    let got = served
        .get("/state-manager/transitions/tango%3A%3Asubarray")
        .await
        .ok(200);
    assert_eq!(got["overridden"], json!({"progression": "never"}));
}

#[tokio::test]
async fn clients_of_moto_need_no_content_type() {
    let served = Served::subarrays().await;
    let body = json!({"model_name": MODEL, "transition": {"progression": "never"}}).to_string();
    let address = served.http.address();
    for kind in ["application/x-www-form-urlencoded", "text/plain"] {
        let headers = [("Content-Type", kind)];
        ask(address, "POST", SET, &headers, &body).await.ok(201);
    }
}

#[tokio::test]
async fn wrong_bodies_are_refused_with_the_field_and_change_nothing() {
    let served = Served::subarrays().await;
    let before = served.get("/state-manager/transitions").await.ok(200);
    for (transition, field) in [
        (r#"{"progression": "bogus"}"#, "transition.progression"),
        (r#""immediate""#, "transition"),
        ("{}", "transition.progression"),
        (r#"{"progression": "manual"}"#, "transition.times"),
        (
            r#"{"progression": "manual", "times": -1}"#,
            "transition.times",
        ),
        (
            r#"{"progression": "manual", "times": 0}"#,
            "transition.times",
        ),
        (
            r#"{"progression": "manual", "times": 1.5}"#,
            "transition.times",
        ),
        (
            r#"{"progression": "manual", "times": "3"}"#,
            "transition.times",
        ),
        (r#"{"progression": "time"}"#, "transition.seconds"),
        (
            r#"{"progression": "time", "seconds": -1}"#,
            "transition.seconds",
        ),
        (
            r#"{"progression": "time", "seconds": 1, "duration": 1}"#,
            "transition.duration",
        ),
        (
            r#"{"progression": "immediate", "times": 1}"#,
            "transition.times",
        ),
    ] {
        let body = format!(r#"{{"model_name": "{MODEL}", "transition": {transition}}}"#);
        assert_eq!(served.post(SET, &body).await.blames(), field, "{body}");
    }
    for (body, field) in [
        ("{", "body"),
        ("[]", "body"),
        ("null", "body"),
        (r#"{"transition": {"progression": "never"}}"#, "model_name"),
        (
            r#"{"model_name": 3, "transition": {"progression": "never"}}"#,
            "model_name",
        ),
        (r#"{"model_name": "tango::subarray"}"#, "transition"),
        (r#"{"model": "tango::subarray"}"#, "model"),
    ] {
        assert_eq!(served.post(SET, body).await.blames(), field, "{body}");
    }
    assert_eq!(served.post(SET, "").await.blames(), "body");
    assert_eq!(served.post(UNSET, "{}").await.blames(), "model_name");
    for query in ["", "?", "?y", "?model_name=a&model_name=b"] {
        let field = served.get(&format!("{GET}{query}")).await.blames();
        assert!(
            ["model_name", "y"].contains(&field.as_str()),
            "{query}: {field}"
        );
    }
    assert_eq!(
        served.get("/state-manager/transitions").await.ok(200),
        before
    );
}

#[tokio::test]
async fn no_time_at_all_is_immediate() {
    let served = Served::subarrays().await;
    let body =
        r#"{"model_name": "tango::subarray", "transition": {"progression": "time", "seconds": 0}}"#;
    served.post(SET, body).await.ok(201);
    let subarray = served.telescope.subarray(1).unwrap();
    subarray
        .submit("AssignResources", r#"{"subarray_id": 1}"#)
        .unwrap();
    assert_eq!(subarray.obs_state().label(), "IDLE");
}
