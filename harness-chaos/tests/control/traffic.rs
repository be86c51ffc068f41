//! What toxics do to what passes.

use std::time::Duration;

use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::time::Instant;

use crate::served::{Client, Served};

/// How long an echo takes.
async fn time(client: &mut Client) -> Duration {
    let start = Instant::now();
    client.echoes().await;
    start.elapsed()
}

#[tokio::test]
async fn latency_is_there_as_long_as_the_toxic_and_as_much_as_it_says() {
    let (served, address) = Served::with_proxy().await;
    let mut client = Client::of(address).await;
    let ms = Duration::from_millis;
    assert!(time(&mut client).await < ms(300));
    served
        .toxic("latency", "upstream", json!({"latency": 300}))
        .await;
    let late = time(&mut client).await;
    assert!((ms(300)..ms(900)).contains(&late), "{late:?}");
    // both streams add up
    served
        .toxic("latency", "downstream", json!({"latency": 150}))
        .await;
    let late = time(&mut client).await;
    assert!((ms(450)..ms(1200)).contains(&late), "{late:?}");
    let path = "/proxies/p/toxics/latency_upstream";
    served
        .patch(path, json!({"attributes": {"latency": 0}}))
        .await
        .ok(200);
    let late = time(&mut client).await;
    assert!((ms(150)..ms(450)).contains(&late), "{late:?}");
    served.post("/reset", json!(null)).await.no_content();
    assert!(time(&mut client).await < ms(150));
}

#[tokio::test]
async fn a_change_lets_go_what_was_held_back_and_loses_nothing() {
    let (served, address) = Served::with_proxy().await;
    served
        .toxic("latency", "upstream", json!({"latency": 3_600_000}))
        .await;
    let mut client = Client::of(address).await;
    client.send(b"held").await;
    assert!(client.is_silent().await);
    let path = "/proxies/p/toxics/latency_upstream";
    served
        .patch(path, json!({"attributes": {"latency": 1}}))
        .await
        .ok(200);
    assert_eq!(client.receive(4).await, b"held");
}

#[tokio::test]
async fn nothing_is_lost_or_turned_around_while_toxics_come_change_and_go() {
    let (served, address) = Served::with_proxy().await;
    let mut client = Client::of(address).await;
    let path = "/proxies/p/toxics/latency_upstream";
    for round in 0..25_u32 {
        let octets = round.to_be_bytes();
        served
            .toxic("latency", "upstream", json!({"latency": 1}))
            .await;
        client.send(&octets).await;
        served
            .patch(path, json!({"attributes": {"latency": 2}}))
            .await
            .ok(200);
        client.send(&octets).await;
        served.delete(path).await.no_content();
        client.send(&octets).await;
        assert_eq!(client.receive(12).await, octets.repeat(3));
    }
}

#[tokio::test]
async fn a_timeout_swallows_and_closes_and_is_closed_by_being_removed() {
    let (served, address) = Served::with_proxy().await;
    served
        .toxic("timeout", "upstream", json!({"timeout": 0}))
        .await;
    let mut client = Client::of(address).await;
    client.send(b"lost").await;
    assert!(client.is_silent().await);
    let path = "/proxies/p/toxics/timeout_upstream";
    // a change is no removal
    served
        .patch(path, json!({"attributes": {"timeout": 3_600_000}}))
        .await
        .ok(200);
    assert!(client.is_silent().await);
    served.delete(path).await.no_content();
    assert_eq!(client.rest().await, (Vec::new(), true));
    Client::of(address).await.echoes().await;

    served
        .toxic("timeout", "upstream", json!({"timeout": 50}))
        .await;
    assert_eq!(Client::of(address).await.rest().await, (Vec::new(), true));
    served.post("/reset", json!(null)).await.no_content();
    Client::of(address).await.echoes().await;
}

#[tokio::test]
async fn a_peer_is_reset_when_data_comes_also_on_open_connections() {
    let (served, address) = Served::with_proxy().await;
    let mut open = Client::of(address).await;
    open.echoes().await;
    for (stream, timeout) in [("downstream", 0), ("upstream", 50)] {
        let toxic = served
            .toxic("reset_peer", stream, json!({"timeout": timeout}))
            .await;
        let mut new = Client::of(address).await;
        assert!(new.is_silent().await);
        new.send(b"x").await;
        let start = Instant::now();
        assert!(!new.rest().await.1, "{stream}: it is reset");
        assert!(start.elapsed() + Duration::from_millis(5) >= Duration::from_millis(timeout));
        open.send(b"x").await;
        assert!(!open.rest().await.1, "{stream}: it is reset");
        let path = format!("/proxies/p/toxics/{}", toxic["name"].as_str().unwrap());
        served.delete(&path).await.no_content();
        open = Client::of(address).await;
        open.echoes().await;
    }
    // ours needs no data
    served
        .toxic("reset", "upstream", json!({"timeout": 0}))
        .await;
    assert!(!open.rest().await.1);
}

#[tokio::test]
async fn a_limit_counts_on_when_it_is_changed() {
    let (served, address) = Served::with_proxy().await;
    served
        .toxic("limit_data", "upstream", json!({"bytes": 6}))
        .await;
    let mut client = Client::of(address).await;
    client.echoes().await;
    let path = "/proxies/p/toxics/limit_data_upstream";
    served
        .patch(path, json!({"attributes": {"bytes": 10}}))
        .await
        .ok(200);
    client.echoes().await;
    client.send(b"more").await;
    // what is on its way back when the limit strikes may be cut
    assert!(client.rest().await.0.len() <= 2);
}

#[tokio::test]
async fn no_bandwidth_holds_and_some_lets_through() {
    let (served, address) = Served::with_proxy().await;
    served
        .toxic("bandwidth", "upstream", json!({"rate": 0}))
        .await;
    let mut client = Client::of(address).await;
    client.send(b"held").await;
    assert!(client.is_silent().await);
    let path = "/proxies/p/toxics/bandwidth_upstream";
    served
        .patch(path, json!({"attributes": {"rate": 100}}))
        .await
        .ok(200);
    assert_eq!(client.receive(4).await, b"held");
    let start = Instant::now();
    client.send(&[7; 20_000]).await;
    client.receive(20_000).await;
    let took = start.elapsed();
    assert!((180..400).contains(&took.as_millis()), "{took:?}");
}

#[tokio::test]
async fn the_end_of_a_stream_comes_late() {
    let (served, address) = Served::with_proxy().await;
    served
        .toxic("slow_close", "upstream", json!({"delay": 100}))
        .await;
    let mut client = Client::of(address).await;
    client.echoes().await;
    let start = Instant::now();
    client.0.shutdown().await.unwrap();
    assert_eq!(client.rest().await, (Vec::new(), true));
    assert!(start.elapsed() >= Duration::from_millis(100));
}

#[tokio::test]
async fn the_end_of_a_stream_passes_every_toxic_behind_all_that_came_before() {
    let (served, address) = Served::with_proxy().await;
    for (kind, attributes) in [
        ("latency", json!({"latency": 20, "jitter": 20})),
        ("bandwidth", json!({"rate": 100})),
        ("slow_close", json!({"delay": 20})),
        ("slicer", json!({"average_size": 2, "delay": 1000})),
        ("limit_data", json!({"bytes": 100})),
        ("coalesce", json!({"bytes": 100})),
        ("noop", json!({})),
    ] {
        for stream in ["upstream", "downstream"] {
            let toxic = served.toxic(kind, stream, attributes.clone()).await;
            let mut client = Client::of(address).await;
            client.send(b"12345678").await;
            client.0.shutdown().await.unwrap();
            assert_eq!(client.rest().await, (b"12345678".to_vec(), true), "{kind}");
            let path = format!("/proxies/p/toxics/{}", toxic["name"].as_str().unwrap());
            served.delete(&path).await.no_content();
        }
    }
}

#[tokio::test]
async fn what_is_sliced_or_kept_back_arrives_whole() {
    let (served, address) = Served::with_proxy().await;
    let slices = json!({"average_size": 100, "size_variation": 50, "delay": 10});
    served.toxic("slicer", "upstream", slices).await;
    served
        .toxic("coalesce", "downstream", json!({"bytes": 4000}))
        .await;
    let mut client = Client::of(address).await;
    let octets: Vec<u8> = (0..4000_u32).map(|it| it as u8).collect();
    client.send(&octets[..3999]).await;
    assert!(client.is_silent().await);
    client.send(&octets[3999..]).await;
    assert_eq!(client.receive(4000).await, octets);
}

#[tokio::test]
async fn what_is_ours_holds_swallows_and_spoils_until_it_is_removed() {
    let (served, address) = Served::with_proxy().await;
    let mut client = Client::of(address).await;
    client.echoes().await;
    served.toxic("hold", "upstream", json!({})).await;
    client.send(b"held").await;
    assert!(client.is_silent().await);
    served
        .delete("/proxies/p/toxics/hold_upstream")
        .await
        .no_content();
    assert_eq!(client.receive(4).await, b"held");
    served.toxic("blackhole", "upstream", json!({})).await;
    client.send(b"lost").await;
    assert!(client.is_silent().await);
    served
        .delete("/proxies/p/toxics/blackhole_upstream")
        .await
        .no_content();
    served
        .toxic("corrupt", "upstream", json!({"rate": 1}))
        .await;
    client.send(b"echo").await;
    assert_ne!(client.receive(4).await, b"echo");
    served
        .delete("/proxies/p/toxics/corrupt_upstream")
        .await
        .no_content();
    client.echoes().await;
}

#[tokio::test]
async fn toxicity_is_drawn_once_for_each_connection_and_a_seed_repeats_it() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let (served, address) = Served::with_proxy().await;
        let toxic = json!({"type": "blackhole", "toxicity": 0.5, "stream": "upstream"});
        served.post("/proxies/p/toxics", toxic).await.ok(200);
        let mut hit = Vec::new();
        let mut clients = Vec::new();
        for _ in 0..12 {
            let mut client = Client::of(address).await;
            client.send(b"echo").await;
            hit.push(client.is_silent().await);
            clients.push(client);
        }
        // neither a change of it nor another toxic draws again
        let path = "/proxies/p/toxics/blackhole_upstream";
        served.patch(path, json!({"toxicity": 0.5})).await.ok(200);
        served
            .toxic("latency", "upstream", json!({"latency": 1}))
            .await;
        for (client, hit) in clients.iter_mut().zip(&hit) {
            client.send(b"more").await;
            assert_eq!(client.is_silent().await, *hit);
        }
        // none, and all
        served.patch(path, json!({"toxicity": 0})).await.ok(200);
        Client::of(address).await.echoes().await;
        served.patch(path, json!({"toxicity": 1})).await.ok(200);
        let mut client = Client::of(address).await;
        client.send(b"lost").await;
        assert!(client.is_silent().await);
        runs.push(hit);
    }
    assert_eq!(runs[0], runs[1]);
    assert!(
        runs[0].contains(&true) && runs[0].contains(&false),
        "{runs:?}"
    );
}
