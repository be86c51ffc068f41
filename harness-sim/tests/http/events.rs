//! What happens, as it happens.

use std::time::Duration;

use harness_sim::SimulatedTelescope;
use harness_sim::http::HttpServer;

use crate::client::{Follower, Served};

#[tokio::test]
async fn a_follower_is_told_all_of_it_and_then_what_changes() {
    let served = Served::subarrays().await;
    let mut follower = Follower::of(served.http.address()).await;
    let all = follower.until("telescope", |_| true).await.unwrap();
    assert_eq!(all["devices"].as_array().unwrap().len(), 2);
    assert_eq!(all["transitions"].as_array().unwrap().len(), 0);

    let subarray = served.telescope.subarray(2).unwrap();
    subarray
        .submit("AssignResources", r#"{"subarray_id": 2}"#)
        .unwrap();
    let device = follower
        .until("device", |device| device["obs_state"] == "IDLE")
        .await
        .unwrap();
    assert_eq!(device["name"], "low-tmc/subarray/02");
    assert_eq!(device["commands"]["finished"][0]["status"], "COMPLETED");

    let path = "/state-manager/transitions/tango::subarray";
    served
        .put(path, r#"{"outcome": "fail", "next": 1}"#)
        .await
        .ok(200);
    let of_count = |count| {
        move |all: &serde_json::Value| {
            all["transitions"]
                .as_array()
                .is_some_and(|list| list.len() == count)
        }
    };
    let set = follower.until("transitions", of_count(1)).await.unwrap();
    assert_eq!(set["transitions"][0]["layer"], "model");
    // which the next command uses up
    subarray.submit("Configure", "{}").unwrap();
    follower.until("transitions", of_count(0)).await.unwrap();
}

#[tokio::test]
async fn a_follower_hears_of_the_server_when_nothing_happens() {
    let served = Served::subarrays().await;
    let mut follower = Follower::of(served.http.address()).await;
    follower.until("alive", |_| true).await.unwrap();
}

#[tokio::test]
async fn followers_do_not_keep_a_server_from_stopping() {
    let telescope = SimulatedTelescope::new().start().await.unwrap();
    let http = HttpServer::new(telescope.handle()).start().await.unwrap();
    let mut follower = Follower::of(http.address()).await;
    follower.until("telescope", |_| true).await.unwrap();
    tokio::time::timeout(Duration::from_secs(1), http.shutdown())
        .await
        .unwrap();
    assert_eq!(follower.until("never", |_| true).await, None);
}

#[tokio::test]
async fn too_many_followers_are_told_to_come_later() {
    let served = Served::subarrays().await;
    let mut followers = Vec::new();
    for _ in 0..32 {
        let mut follower = Follower::of(served.http.address()).await;
        assert!(follower.status().await.contains("200"));
        followers.push(follower);
    }
    let answer = served.get("/events").await;
    assert_eq!(answer.header("retry-after"), Some("5"));
    answer.refused(503);
}
