//! Proxies: made, listed, removed.

use serde_json::json;

use crate::served::{Client, Served, is_refused};

#[tokio::test]
async fn there_are_no_proxies_at_first() {
    let served = Served::start().await;
    assert_eq!(served.proxies().await, json!({}));
}

#[tokio::test]
async fn a_proxy_is_made_and_told_and_passes_on() {
    let served = Served::start().await;
    let upstream = served.echo.to_string();
    let proxy = json!({"name": "p", "listen": "localhost:0", "upstream": upstream});
    let made = served.post("/proxies", proxy).await.ok(201);
    let listen = made["listen"].as_str().unwrap();
    // as Toxiproxy does, the name is looked up and the port told
    assert!(
        listen.starts_with("127.0.0.1:") && !listen.ends_with(":0"),
        "{made}"
    );
    let expected = json!({"name": "p", "listen": listen, "upstream": upstream,
        "enabled": true, "toxics": []});
    assert_eq!(made, expected);
    assert_eq!(served.get("/proxies/p").await.ok(200), expected);
    assert_eq!(served.proxies().await, json!({"p": expected}));
    Client::of(listen.parse().unwrap()).await.echoes().await;
}

#[tokio::test]
async fn what_is_missing_of_a_proxy_is_named() {
    let served = Served::start().await;
    for (proxy, error) in [
        (json!({}), "missing required field: name"),
        (json!({"name": ""}), "missing required field: name"),
        (json!({"name": "p"}), "missing required field: upstream"),
        (
            json!({"name": "p", "upstream": ""}),
            "missing required field: upstream",
        ),
    ] {
        let refused = served.post("/proxies", proxy).await.refused(400);
        assert_eq!(refused, error);
    }
    for (proxy, words) in [
        (
            json!({"name": 5, "upstream": "127.0.0.1:1"}),
            "bad request body: name is 5",
        ),
        (
            json!({"name": "p", "upstream": "127.0.0.1:1", "enabled": 1}),
            "enabled is 1",
        ),
        (
            json!({"name": "p", "upstream": "127.0.0.1"}),
            "127.0.0.1 is no address",
        ),
        (
            json!({"name": "p", "upstream": "127.0.0.1:99999"}),
            "127.0.0.1:99999",
        ),
        (
            json!({"name": "p", "upstream": "127.0.0.1:1", "listen": "x"}),
            "x is no address",
        ),
        (
            json!({"name": "p".repeat(256), "upstream": "127.0.0.1:1"}),
            "name is too long",
        ),
        (json!([]), "bad request body: it must be a JSON object"),
    ] {
        let refused = served.post("/proxies", proxy.clone()).await.refused(400);
        assert!(refused.contains(words), "{proxy}: {refused}");
    }
    assert_eq!(served.proxies().await, json!({}));
}

#[tokio::test]
async fn a_name_is_given_once() {
    let (served, address) = Served::with_proxy().await;
    let before = served.proxies().await;
    let again = json!({"name": "p", "upstream": "127.0.0.1:1"});
    let refused = served.post("/proxies", again).await.refused(409);
    assert_eq!(refused, "proxy already exists");
    assert_eq!(served.proxies().await, before);
    Client::of(address).await.echoes().await;
}

#[tokio::test]
async fn a_port_that_is_taken_is_told() {
    let (served, address) = Served::with_proxy().await;
    let before = served.proxies().await;
    for taken in [address, served.server.address()] {
        let other = json!({"name": "other", "listen": taken, "upstream": served.echo});
        let refused = served.post("/proxies", other).await.refused(500);
        assert!(refused.contains(&taken.to_string()), "{refused}");
        assert!(refused.contains("in use"), "{refused}");
    }
    assert_eq!(served.proxies().await, before);
}

#[tokio::test]
async fn a_proxy_that_is_removed_closes_its_connections_and_frees_its_port() {
    let (served, address) = Served::with_proxy().await;
    let mut client = Client::of(address).await;
    client.echoes().await;
    served.delete("/proxies/p").await.no_content();
    assert!(is_refused(address).await);
    assert_eq!(client.rest().await, (Vec::new(), true));
    for (method, path) in [
        ("GET", "/proxies/p"),
        ("DELETE", "/proxies/p"),
        ("GET", "/proxies/p/toxics"),
        ("DELETE", "/proxies/p/toxics/t"),
    ] {
        let answer = served.ask(method, path, &json!(null)).await;
        assert_eq!(answer.refused(404), "proxy not found");
    }
    let again = json!({"name": "p", "listen": address, "upstream": served.echo});
    served.post("/proxies", again).await.ok(201);
}

#[tokio::test]
async fn a_proxy_cannot_lead_to_itself() {
    let (served, address) = Served::with_proxy().await;
    for (listen, upstream) in [
        ("127.0.0.1:40001", "127.0.0.1:40001"),
        ("0.0.0.0:40001", "127.0.0.1:40001"),
        (":40001", "localhost:40001"),
    ] {
        let proxy = json!({"name": "loop", "listen": listen, "upstream": upstream});
        let refused = served.post("/proxies", proxy).await.refused(400);
        assert!(refused.contains("itself listens"), "{refused}");
    }
    let change = json!({"upstream": address});
    let refused = served.patch("/proxies/p", change).await.refused(400);
    assert!(refused.contains("itself listens"), "{refused}");
    Client::of(address).await.echoes().await;
}

#[tokio::test]
async fn a_proxy_listens_on_ipv6_too() {
    let served = Served::start().await;
    let proxy = json!({"name": "six", "listen": "[::1]:0", "upstream": served.echo});
    let made = served.post("/proxies", proxy).await.ok(201);
    let address = made["listen"].as_str().unwrap().parse().unwrap();
    Client::of(address).await.echoes().await;
}
