//! Toxics: added, listed, changed, removed, refused.

use serde_json::json;

use crate::served::Served;

const TOXICS: &str = "/proxies/p/toxics";

#[tokio::test]
async fn a_toxic_is_added_listed_changed_and_removed() {
    let (served, _) = Served::with_proxy().await;
    assert_eq!(served.get(TOXICS).await.ok(200), json!([]));
    let added = served
        .toxic("latency", "downstream", json!({"latency": 100}))
        .await;
    let expected = json!({"name": "latency_downstream", "type": "latency", "stream": "downstream",
        "toxicity": 1.0, "attributes": {"latency": 100, "jitter": 0}});
    assert_eq!(added, expected);
    assert_eq!(served.get(TOXICS).await.ok(200), json!([expected]));
    let path = format!("{TOXICS}/latency_downstream");
    assert_eq!(served.get(&path).await.ok(200), expected);
    assert_eq!(served.proxies().await["p"]["toxics"], json!([expected]));

    let change = json!({"attributes": {"jitter": 10}, "toxicity": 0.5});
    let changed = served.patch(&path, change).await.ok(200);
    assert_eq!(changed["attributes"], json!({"latency": 100, "jitter": 10}));
    assert_eq!(changed["toxicity"], 0.5);
    // as older clients do, with the whole toxic
    let whole = served.post(&path, added).await.ok(200);
    assert_eq!(whole["attributes"], json!({"latency": 100, "jitter": 0}));
    assert_eq!(whole["toxicity"], 1.0);

    served.delete(&path).await.no_content();
    for method in ["GET", "PATCH", "DELETE"] {
        let refused = served.ask(method, &path, &json!({})).await.refused(404);
        assert_eq!(refused, "toxic not found");
    }
    assert_eq!(served.get(TOXICS).await.ok(200), json!([]));
}

#[tokio::test]
async fn several_toxics_stand_in_the_order_in_which_they_were_added() {
    let (served, _) = Served::with_proxy().await;
    served.toxic("latency", "downstream", json!({})).await;
    served
        .toxic("bandwidth", "downstream", json!({"rate": 8}))
        .await;
    served
        .toxic("slow_close", "upstream", json!({"delay": 5}))
        .await;
    served.toxic("noop", "upstream", json!({})).await;
    let toxics = served.get(TOXICS).await.ok(200);
    let names: Vec<_> = toxics
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["name"])
        .collect();
    let expected = [
        "latency_downstream",
        "bandwidth_downstream",
        "slow_close_upstream",
        "noop_upstream",
    ];
    assert_eq!(names, expected);
}

#[tokio::test]
async fn a_toxic_has_a_name_of_its_own_across_both_streams() {
    let (served, _) = Served::with_proxy().await;
    served
        .post(TOXICS, json!({"name": "t", "type": "latency"}))
        .await
        .ok(200);
    for stream in ["downstream", "upstream"] {
        let same = json!({"name": "t", "type": "bandwidth", "stream": stream});
        let refused = served.post(TOXICS, same).await.refused(409);
        assert_eq!(refused, "toxic already exists");
    }
    // without a name, the stream is in it
    served.toxic("latency", "downstream", json!({})).await;
    served.toxic("latency", "upstream", json!({})).await;
    let again = served.post(TOXICS, json!({"type": "latency"})).await;
    assert_eq!(again.refused(409), "toxic already exists");
}

#[tokio::test]
async fn what_is_impossible_is_refused_and_nothing_is_changed() {
    let (served, _) = Served::with_proxy().await;
    served
        .toxic("bandwidth", "upstream", json!({"rate": 5}))
        .await;
    let before = served.proxies().await;
    let stream = json!({"type": "latency", "stream": "sideways"});
    let refused = served.post(TOXICS, stream).await.refused(400);
    assert_eq!(
        refused,
        "stream was invalid, can be either upstream or downstream"
    );
    let unknown = json!({"type": "packet_loss"});
    let refused = served.post(TOXICS, unknown).await.refused(400);
    assert!(refused.starts_with("invalid toxic type"), "{refused}");
    for (toxic, words) in [
        (
            json!({"type": "bandwidth", "attributes": {"rate": -1}}),
            "rate of bandwidth is -1",
        ),
        (
            json!({"type": "latency", "attributes": {"latency": 1e99}}),
            "from 0 to 31536000000",
        ),
        (
            json!({"type": "latency", "attributes": {"latency": "5"}}),
            "is \"5\"",
        ),
        (
            json!({"type": "latency", "attributes": {"latancy": 5}}),
            "has latency, jitter",
        ),
        (
            json!({"type": "slicer", "attributes": {"average_size": 0}}),
            "from 1 to",
        ),
        (
            json!({"type": "corrupt", "attributes": {"rate": 1.5}}),
            "a number from 0 to 1",
        ),
        (
            json!({"type": "latency", "toxicity": 1.5}),
            "toxicity is 1.5",
        ),
    ] {
        let refused = served.post(TOXICS, toxic.clone()).await.refused(400);
        assert!(refused.contains(words), "{toxic}: {refused}");
    }
    let path = format!("{TOXICS}/bandwidth_upstream");
    for change in [
        json!({"attributes": {"rate": -1}}),
        json!({"attributes": {"rate": 1}, "toxicity": -1}),
        json!({"attributes": {"rate": 1}, "type": "latency"}),
        json!({"attributes": 5}),
        json!("rate"),
    ] {
        served.patch(&path, change).await.refused(400);
    }
    for broken in ["", "{", "{\"type\": }", "[]", "\u{0}"] {
        let refused = served
            .ask_with("POST", TOXICS, "", broken)
            .await
            .refused(400);
        assert!(refused.starts_with("bad request body: "), "{refused}");
    }
    assert_eq!(served.proxies().await, before);
}

#[tokio::test]
async fn every_type_can_be_added_told_and_sent_back() {
    let (served, address) = Served::with_proxy().await;
    for (kind, attributes) in [
        ("latency", json!({"latency": 1, "jitter": 1})),
        ("bandwidth", json!({"rate": 1000})),
        ("slow_close", json!({"delay": 1})),
        ("timeout", json!({"timeout": 1})),
        ("reset_peer", json!({"timeout": 1})),
        (
            "slicer",
            json!({"average_size": 5, "size_variation": 2, "delay": 3}),
        ),
        ("limit_data", json!({"bytes": 9})),
        ("noop", json!({})),
        ("hold", json!({})),
        ("blackhole", json!({})),
        ("corrupt", json!({"rate": 0.25})),
        ("coalesce", json!({"bytes": 9, "patience": 1})),
        ("reset", json!({"timeout": 1})),
    ] {
        let toxic = served.toxic(kind, "upstream", attributes.clone()).await;
        assert_eq!(toxic["attributes"], attributes);
        let path = format!("{TOXICS}/{kind}_upstream");
        assert_eq!(served.patch(&path, toxic.clone()).await.ok(200), toxic);
        let _client = crate::served::Client::of(address).await;
        served.delete(&path).await.no_content();
    }
    crate::served::Client::of(address).await.echoes().await;
}
