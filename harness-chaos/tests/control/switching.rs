//! Proxies that are disabled, enabled, and lead or listen elsewhere.

use serde_json::json;
use tokio::net::TcpListener;

use crate::served::{Client, Served, echo, is_refused};

#[tokio::test]
async fn a_disabled_proxy_drops_and_refuses_and_comes_back_on_the_same_port() {
    let (served, address) = Served::with_proxy().await;
    for method in ["PATCH", "POST"] {
        let mut client = Client::of(address).await;
        client.echoes().await;
        let disable = json!({"enabled": false});
        let told = served.ask(method, "/proxies/p", &disable).await.ok(200);
        assert_eq!(told["enabled"], false);
        assert_eq!(client.rest().await, (Vec::new(), true));
        assert!(is_refused(address).await);
        // again changes nothing
        served.patch("/proxies/p", disable).await.ok(200);
        let enable = json!({"enabled": true});
        let told = served.ask(method, "/proxies/p", &enable).await.ok(200);
        assert_eq!(
            (&told["enabled"], &told["listen"]),
            (&json!(true), &json!(address))
        );
        Client::of(address).await.echoes().await;
        served.patch("/proxies/p", enable).await.ok(200);
    }
}

#[tokio::test]
async fn a_proxy_can_begin_disabled() {
    let served = Served::start().await;
    let proxy = json!({"name": "p", "upstream": served.echo, "enabled": false});
    let made = served.post("/proxies", proxy).await.ok(201);
    assert_eq!(made["enabled"], false);
    let address = made["listen"].as_str().unwrap().parse().unwrap();
    assert!(is_refused(address).await);
    served
        .patch("/proxies/p", json!({"enabled": true}))
        .await
        .ok(200);
    Client::of(address).await.echoes().await;
}

#[tokio::test]
async fn a_proxy_whose_port_was_taken_meanwhile_stays_disabled_and_can_be_enabled_later() {
    let (served, address) = Served::with_proxy().await;
    let (disable, enable) = (json!({"enabled": false}), json!({"enabled": true}));
    served.patch("/proxies/p", disable).await.ok(200);
    let thief = TcpListener::bind(address).await.unwrap();
    for _ in 0..2 {
        let refused = served
            .patch("/proxies/p", enable.clone())
            .await
            .refused(500);
        assert!(refused.contains("in use"), "{refused}");
        served.post("/reset", json!(null)).await.refused(500);
        assert_eq!(served.get("/proxies/p").await.ok(200)["enabled"], false);
    }
    // nothing of it is done when a part cannot be
    let both = json!({"enabled": true, "upstream": "127.0.0.1:1"});
    served.patch("/proxies/p", both).await.refused(500);
    let told = served.get("/proxies/p").await.ok(200);
    assert_eq!(told["upstream"], served.echo.to_string());
    drop(thief);
    served.patch("/proxies/p", enable).await.ok(200);
    Client::of(address).await.echoes().await;
}

#[tokio::test]
async fn a_proxy_can_lead_elsewhere_which_drops_its_connections() {
    let (served, address) = Served::with_proxy().await;
    served
        .toxic("latency", "upstream", json!({"latency": 1}))
        .await;
    let mut client = Client::of(address).await;
    client.echoes().await;
    let other = echo().await;
    let told = served
        .patch("/proxies/p", json!({"upstream": other}))
        .await
        .ok(200);
    assert_eq!(told["upstream"], other.to_string());
    assert_eq!(told["toxics"].as_array().unwrap().len(), 1);
    assert_eq!(client.rest().await, (Vec::new(), true));
    Client::of(address).await.echoes().await;
    let refused = served
        .patch("/proxies/p", json!({"upstream": "nowhere"}))
        .await;
    assert!(refused.refused(400).contains("nowhere"));
    assert_eq!(served.get("/proxies/p").await.ok(200), told);
}

#[tokio::test]
async fn a_proxy_can_listen_elsewhere_and_keeps_its_toxics() {
    let (served, address) = Served::with_proxy().await;
    served
        .toxic("limit_data", "downstream", json!({"bytes": 3}))
        .await;
    let mut client = Client::of(address).await;
    let told = served
        .patch("/proxies/p", json!({"listen": "127.0.0.2:0"}))
        .await
        .ok(200);
    let moved = told["listen"].as_str().unwrap().parse().unwrap();
    assert!(is_refused(address).await);
    assert_eq!(client.rest().await, (Vec::new(), true));
    let mut client = Client::of(moved).await;
    client.send(b"12345").await;
    assert_eq!(client.rest().await, (b"123".to_vec(), true));
}

#[tokio::test]
async fn a_proxy_that_cannot_listen_elsewhere_stays_where_it_is() {
    let (served, address) = Served::with_proxy().await;
    let mut client = Client::of(address).await;
    client.echoes().await;
    let before = served.proxies().await;
    let taken = served.server.address();
    let change = json!({"listen": taken, "upstream": "127.0.0.1:1", "enabled": false});
    let refused = served.patch("/proxies/p", change).await.refused(500);
    assert!(refused.contains(&taken.to_string()), "{refused}");
    assert_eq!(served.proxies().await, before);
    client.echoes().await;
}

#[tokio::test]
async fn what_is_told_of_a_proxy_can_be_sent_back_and_changes_nothing() {
    let (served, address) = Served::with_proxy().await;
    let mut client = Client::of(address).await;
    client.echoes().await;
    let told = served.get("/proxies/p").await.ok(200);
    for change in [
        told.clone(),
        json!({}),
        json!({"listen": "localhost:0", "upstream": ""}),
    ] {
        assert_eq!(served.patch("/proxies/p", change).await.ok(200), told);
    }
    client.echoes().await;
}
