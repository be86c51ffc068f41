//! Requests as nobody should send them.

use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::served::{Client, LONG, Served, exchange};

#[tokio::test]
async fn names_may_have_slashes_spaces_and_any_letters() {
    let served = Served::start().await;
    for (name, path) in [
        ("a/b", "a%2Fb"),
        ("two words", "two%20words"),
        ("Grüße", "Gr%C3%BC%C3%9Fe"),
        ("..", "%2E%2E"),
        ("\"\\\n", "%22%5C%0A"),
        ("{proxy}", "%7Bproxy%7D"),
    ] {
        let proxy = json!({"name": name, "upstream": served.echo});
        served.post("/proxies", proxy).await.ok(201);
        let toxic = json!({"name": name, "type": "noop"});
        let toxics = format!("/proxies/{path}/toxics");
        served.post(&toxics, toxic).await.ok(200);
        let told = served.get(&format!("{toxics}/{path}")).await.ok(200);
        assert_eq!(told["name"], name);
        let metrics = served.get("/metrics").await.body;
        assert!(
            metrics
                .lines()
                .all(|line| line.starts_with('#') || line.contains("} "))
        );
        served
            .delete(&format!("{toxics}/{path}"))
            .await
            .no_content();
        served
            .delete(&format!("/proxies/{path}"))
            .await
            .no_content();
    }
}

#[tokio::test]
async fn bodies_that_are_too_large_or_too_deep_are_refused() {
    let (served, _) = Served::with_proxy().await;
    let large = format!("{{\"name\": \"{}\"}}", "x".repeat(2_000_000));
    let answer = served.ask_with("POST", "/proxies", "", &large).await;
    assert!(answer.refused(413).contains("1048576 bytes"));
    let deep = "[".repeat(500_000);
    served
        .ask_with("POST", "/populate", "", &deep)
        .await
        .refused(400);
    let long = json!({"type": "x".repeat(100_000)});
    let refused = served.post("/proxies/p/toxics", long).await.refused(400);
    assert!(refused.len() < 500, "{refused}");
    let text = served.ask_with("POST", "/proxies", "", "\u{feff}{}").await;
    text.refused(400);
}

#[tokio::test]
async fn a_client_that_says_no_more_is_answered_or_forgotten() {
    let (served, address) = Served::with_proxy().await;
    // the whole request, and then the end of the stream
    let host = served.server.address();
    let mut half = TcpStream::connect(host).await.unwrap();
    let request = format!("GET /version HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    half.write_all(request.as_bytes()).await.unwrap();
    half.shutdown().await.unwrap();
    let mut answer = String::new();
    timeout(LONG, half.read_to_string(&mut answer))
        .await
        .unwrap()
        .unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    // a part of a request, and then nothing: others are served all the same
    let mut stuck = Vec::new();
    for part in [
        "",
        "POST /pro",
        "POST /reset HTTP/1.1\r\nContent-Length: 9\r\n\r\n{",
    ] {
        let mut stream = TcpStream::connect(host).await.unwrap();
        stream.write_all(part.as_bytes()).await.unwrap();
        stuck.push(stream);
    }
    served.get("/version").await.ok(200);
    let answer = exchange(host, b"\x16\x03\x01 no HTTP\r\n\r\n").await;
    assert_eq!(answer.status, 400);
    Client::of(address).await.echoes().await;
}

#[tokio::test]
async fn a_client_that_is_gone_leaves_nothing_half_done() {
    let (served, address) = Served::with_proxy().await;
    let host = served.server.address();
    let body = json!({"enabled": false}).to_string();
    let length = body.len();
    for _ in 0..20 {
        let mut gone = TcpStream::connect(host).await.unwrap();
        let request = format!(
            "PATCH /proxies/p HTTP/1.1\r\nHost: {host}\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        gone.write_all(request.as_bytes()).await.unwrap();
        drop(gone);
        served.post("/reset", json!(null)).await.no_content();
    }
    served
        .patch("/proxies/p", json!({"enabled": true}))
        .await
        .ok(200);
    Client::of(address).await.echoes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_and_removals_at_the_same_time_are_done_one_after_the_other() {
    let served = Served::start().await;
    for _ in 0..20 {
        let proxy = json!({"name": "p", "upstream": served.echo});
        served.post("/proxies", proxy.clone()).await.ok(201);
        served
            .toxic("latency", "upstream", json!({"latency": 1}))
            .await;
        let toxic = "/proxies/p/toxics/latency_upstream";
        let answers = tokio::join!(
            served.patch("/proxies/p", json!({"listen": "127.0.0.2:0"})),
            served.patch(toxic, json!({"attributes": {"latency": 2}})),
            served.delete("/proxies/p"),
            served.delete(toxic),
            served.patch("/proxies/p", json!({"enabled": false})),
            served.post("/reset", json!(null)),
        );
        let (moved, changed, deleted, removed, disabled, reset) = answers;
        for answer in [moved, changed, removed, disabled] {
            assert!([200, 204, 404].contains(&answer.status), "{answer:?}");
        }
        deleted.no_content();
        reset.no_content();
        assert_eq!(served.proxies().await, json!({}));
    }
}

#[tokio::test]
async fn a_thousand_toxics_pass_on_what_comes() {
    let (served, address) = Served::with_proxy().await;
    let mut client = Client::of(address).await;
    let kinds = ["latency", "slow_close", "noop", "limit_data"];
    let toxics: Vec<_> = (0..1000)
        .map(|number: usize| {
            let kind = kinds[number % 4];
            let attributes = match kind {
                "limit_data" => json!({"bytes": 1_000_000}),
                _ => json!({}),
            };
            json!({"name": format!("t{number}"), "type": kind, "attributes": attributes})
        })
        .collect();
    let list = json!([{"name": "many", "upstream": served.echo, "toxics": toxics}]);
    let told = served.post("/populate", list).await.ok(201);
    let many = told["proxies"][0]["listen"].as_str().unwrap();
    assert_eq!(told["proxies"][0]["toxics"].as_array().unwrap().len(), 1000);
    timeout(Duration::from_secs(5), async {
        Client::of(many.parse().unwrap()).await.echoes().await;
    })
    .await
    .unwrap();
    client.echoes().await;
    served.post("/reset", json!(null)).await.no_content();
    Client::of(many.parse().unwrap()).await.echoes().await;
}
