//! What concerns all proxies: reset, version, metrics, numbers of requests.

use serde_json::json;

use crate::served::{Client, Served, is_refused};

#[tokio::test]
async fn a_reset_enables_all_and_removes_all_toxics() {
    let (served, address) = Served::with_proxy().await;
    served.toxic("blackhole", "upstream", json!({})).await;
    served
        .toxic("latency", "downstream", json!({"latency": 1000}))
        .await;
    let mut client = Client::of(address).await;
    let other = json!({"name": "other", "upstream": served.echo, "enabled": false});
    let other = served.post("/proxies", other).await.ok(201);
    let disabled = other["listen"].as_str().unwrap().parse().unwrap();
    assert!(is_refused(disabled).await);
    for _ in 0..2 {
        served.post("/reset", json!(null)).await.no_content();
        let proxies = served.proxies().await;
        for name in ["p", "other"] {
            assert_eq!(proxies[name]["enabled"], true);
            assert_eq!(proxies[name]["toxics"], json!([]));
        }
        client.echoes().await;
        Client::of(disabled).await.echoes().await;
    }
}

#[tokio::test]
async fn a_version_is_told_and_the_seed() {
    let served = Served::start().await;
    let told = served.get("/version").await.ok(200);
    assert!(
        told["version"].as_str().unwrap().starts_with("2."),
        "{told}"
    );
    assert_eq!(told["harness"], env!("CARGO_PKG_VERSION"));
    assert_eq!(told["seed"], 7);
}

#[tokio::test]
async fn octets_and_connections_are_counted_while_they_are_open() {
    let (served, address) = Served::with_proxy().await;
    let mut client = Client::of(address).await;
    client.echoes().await;
    let answer = served.get("/metrics").await;
    assert!(
        answer.head.contains("content-type: text/plain"),
        "{answer:?}"
    );
    let labels = format!(
        "listener=\"{address}\",proxy=\"p\",upstream=\"{}\"",
        served.echo
    );
    for line in [
        format!("toxiproxy_proxy_received_bytes_total{{direction=\"upstream\",{labels}}} 4"),
        format!("toxiproxy_proxy_sent_bytes_total{{direction=\"upstream\",{labels}}} 4"),
        format!("toxiproxy_proxy_received_bytes_total{{direction=\"downstream\",{labels}}} 4"),
        format!("toxiproxy_proxy_sent_bytes_total{{direction=\"downstream\",{labels}}} 4"),
        format!("harness_gate_connections{{{labels}}} 1"),
        format!(
            "harness_build_info{{version=\"{}\"}} 1",
            env!("CARGO_PKG_VERSION")
        ),
    ] {
        assert!(
            answer.body.lines().any(|it| it == line),
            "{line}\n{}",
            answer.body
        );
    }
}

#[tokio::test]
async fn every_answer_has_a_number_of_its_own() {
    let served = Served::start().await;
    let mut numbers = Vec::new();
    for path in ["/version", "/proxies", "/nowhere", "/proxies/none"] {
        let head = served.get(path).await.head;
        let line = head
            .lines()
            .find(|line| line.starts_with("x-toxiproxy-request-id: "));
        numbers.push(line.unwrap().to_owned());
    }
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), 4);
}

#[tokio::test]
async fn what_is_not_there_is_told_in_json() {
    let served = Served::start().await;
    assert_eq!(
        served.get("/nowhere").await.refused(404),
        "404 page not found"
    );
    let answer = served.ask("PUT", "/proxies", &json!({})).await;
    assert!(answer.head.contains("allow: "), "{answer:?}");
    answer.refused(405);
    served.get("/proxies/%FF").await.refused(400);
}

#[tokio::test]
async fn when_the_control_is_closed_so_are_its_gates() {
    let (served, address) = Served::with_proxy().await;
    let mut client = Client::of(address).await;
    client.echoes().await;
    served.control.close().await;
    assert!(is_refused(address).await);
    assert_eq!(client.rest().await, (Vec::new(), true));
    let control = served.server.address();
    served.server.shutdown().await;
    assert!(is_refused(control).await);
}
