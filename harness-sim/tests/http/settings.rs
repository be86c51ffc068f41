//! The fuller state manager.

use harness_sim::SimulatedTelescope;
use harness_sim::transition::{Scope, Transition};
use serde_json::json;

use crate::client::Served;

const MODEL: &str = "/state-manager/transitions/tango::subarray";
const FIRST: &str = "/state-manager/transitions/tango::subarray/low-tmc/subarray/01";
const ASSIGN: &str = r#"{"subarray_id": 1}"#;

#[tokio::test]
async fn registered_models_are_listed_with_their_edges_and_what_holds() {
    let served = Served::subarrays().await;
    served
        .put(MODEL, r#"{"progression": "never"}"#)
        .await
        .ok(200);
    let models = served.get("/state-manager/models").await.ok(200);
    let models = models["models"].as_array().unwrap();
    let model = models
        .iter()
        .find(|model| model["name"] == "tango::subarray")
        .unwrap();
    assert_eq!(model["instances"], 2);
    assert_eq!(model["overridden"], json!({"progression": "never"}));
    assert_eq!(model["effective"]["progression_from"], "model");
    let edges = model["edges"].as_array().unwrap();
    assert!(
        edges.iter().any(|edge| edge["command"] == "Configure"),
        "{edges:?}"
    );
}

#[tokio::test]
async fn an_instance_is_set_beside_its_model_and_falls_back_to_it() {
    let served = Served::subarrays().await;
    served
        .put(MODEL, r#"{"progression": "never"}"#)
        .await
        .ok(200);
    let shown = served
        .put(FIRST, r#"{"progression": "manual", "times": 2}"#)
        .await
        .ok(200);
    assert_eq!(shown["instance"], "low-tmc/subarray/01");
    assert_eq!(shown["effective"]["progression_from"], "instance");
    let all = served.get("/state-manager/transitions").await.ok(200);
    assert_eq!(all["transitions"].as_array().unwrap().len(), 2);

    served.delete(FIRST).await.no_content();
    served.delete(FIRST).await.no_content();
    let shown = served.get(FIRST).await.ok(200);
    assert_eq!(shown["overridden"], json!(null));
    assert_eq!(shown["effective"]["progression_from"], "model");
}

#[tokio::test]
async fn slashes_in_the_name_of_an_instance_may_be_encoded() {
    let served = Served::subarrays().await;
    let encoded = "/state-manager/transitions/tango::subarray/low-tmc%2Fsubarray%2F01";
    served
        .put(encoded, r#"{"progression": "never"}"#)
        .await
        .ok(200);
    let shown = served.get(FIRST).await.ok(200);
    assert_eq!(shown["overridden"], json!({"progression": "never"}));
}

#[tokio::test]
async fn one_command_is_set_by_its_name() {
    let served = Served::subarrays().await;
    let path = format!("{FIRST}?command=Configure");
    let fails = r#"{"outcome": {"fail": "no beam"}, "next": 1}"#;
    let shown = served.put(&path, fails).await.ok(200);
    assert_eq!(shown["effective"]["outcome_from"], "instance command");
    assert_eq!(shown["command"], "Configure");
    let all = served.get("/state-manager/transitions").await.ok(200);
    assert_eq!(
        all["transitions"][0]["scope"],
        "Configure of low-tmc/subarray/01"
    );
    let assign = served
        .get(&format!("{FIRST}?command=AssignResources"))
        .await
        .ok(200);
    assert_ne!(assign["effective"]["outcome_from"], "instance command");
    served.delete(&path).await.no_content();
}

#[tokio::test]
async fn everything_is_set_by_a_star() {
    let served = Served::subarrays().await;
    let path = "/state-manager/transitions/*";
    served
        .put(path, r#"{"progression": "never"}"#)
        .await
        .ok(200);
    let shown = served.get(FIRST).await.ok(200);
    assert_eq!(shown["effective"]["progression_from"], "everything");
    let one = "/state-manager/transitions/*/low-tmc/subarray/02";
    served
        .put(one, r#"{"progression": "immediate"}"#)
        .await
        .ok(200);
    served.delete(path).await.no_content();
}

#[tokio::test]
async fn names_that_are_not_known_are_not_found() {
    let served = Served::subarrays().await;
    let never = r#"{"progression": "never"}"#;
    for path in [
        "/state-manager/transitions/dax::cluster",
        "/state-manager/transitions/dax::cluster/low-tmc/subarray/01",
        "/state-manager/transitions/tango::subarray/low-tmc/subarray/09",
        "/state-manager/transitions/tango::subarray?command=Explode",
    ] {
        served.put(path, never).await.refused(404);
        served.get(path).await.refused(404);
        served.delete(path).await.refused(404);
    }
    let state = r#"{"outcome": {"stuck": "NOWHERE"}}"#;
    let error = served.put(MODEL, state).await.refused(409);
    assert!(error.contains("NOWHERE"), "{error}");
    let all = served.get("/state-manager/transitions").await.ok(200);
    assert_eq!(all["transitions"], json!([]));
}

#[tokio::test]
async fn fields_are_named_from_the_body_on() {
    let served = Served::subarrays().await;
    for (body, field) in [
        (r#"{"progression": "bogus"}"#, "progression"),
        (
            r#"{"sequence": [{"progression": "time", "seconds": -1}]}"#,
            "sequence[0].seconds",
        ),
        ("3", "body"),
        ("{", "body"),
    ] {
        assert_eq!(served.put(MODEL, body).await.blames(), field, "{body}");
    }
    assert_eq!(
        served.get(&format!("{MODEL}?comand=Scan")).await.blames(),
        "comand"
    );
}

#[tokio::test]
async fn what_is_held_is_released_over_http() {
    let served = Served::subarrays().await;
    served
        .put(MODEL, r#"{"progression": "held", "gate": "beam"}"#)
        .await
        .ok(200);
    let subarray = served.telescope.subarray(1).unwrap();
    subarray.submit("AssignResources", ASSIGN).unwrap();
    assert_eq!(subarray.obs_state().label(), "RESOURCING");
    served
        .post("/state-manager/release/dam", "")
        .await
        .refused(404);
    served
        .post("/state-manager/release/beam", "")
        .await
        .no_content();
    let device = served.get("/devices/low-tmc/subarray/01").await.ok(200);
    // the task of the telescope may not have had its turn
    assert!(["IDLE", "RESOURCING"].contains(&device["obs_state"].as_str().unwrap()));
    tokio::time::timeout(std::time::Duration::from_secs(10), async {
        while subarray.obs_state().label() != "IDLE" {
            tokio::task::yield_now().await;
        }
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_reset_takes_back_all_that_was_set_and_histories_if_asked() {
    let served = Served::subarrays().await;
    served
        .put(MODEL, r#"{"progression": "immediate"}"#)
        .await
        .ok(200);
    let subarray = served.telescope.subarray(1).unwrap();
    subarray.submit("AssignResources", ASSIGN).unwrap();
    let path = "/state-manager/history?instance=low-tmc/subarray/01";
    let history = served.get(path).await.ok(200);
    let hops = history["hops"].as_array().unwrap();
    assert_eq!(hops[0]["from"], "EMPTY");
    assert_eq!(hops[0]["number"], 1);

    assert_eq!(
        served
            .post("/state-manager/reset?histories=1", "")
            .await
            .blames(),
        "histories"
    );
    served.post("/state-manager/reset", "").await.no_content();
    let all = served.get("/state-manager/transitions").await.ok(200);
    assert_eq!(all["transitions"], json!([]));
    assert_eq!(served.get(path).await.ok(200), history);
    served
        .post("/state-manager/reset?histories=true", "")
        .await
        .no_content();
    assert_eq!(served.get(path).await.ok(200)["hops"], json!([]));
}

#[tokio::test]
async fn a_change_from_rust_is_seen_over_http() {
    let served = Served::subarrays().await;
    let scope = Scope::instance("low-tmc/subarray/01");
    let handle = served.handle();
    let guard = handle
        .transitions()
        .set_guarded(&scope, Transition::never())
        .unwrap();
    assert_eq!(
        served.get(FIRST).await.ok(200)["overridden"],
        json!({"progression": "never"})
    );
    drop(guard);
    assert_eq!(served.get(FIRST).await.ok(200)["overridden"], json!(null));
}

#[tokio::test]
async fn an_instance_of_another_model_is_not_found() {
    let served = Served::start(SimulatedTelescope::low()).await;
    let path = "/state-manager/transitions/sdp::subarray/low-csp/subarray/01";
    let error = served.put(path, r#"{"progression": "never"}"#).await;
    let error = error.refused(404);
    assert!(error.contains("is a csp::subarray"), "{error}");
    let all = served.get("/state-manager/transitions").await.ok(200);
    assert_eq!(all["transitions"], json!([]));
}
