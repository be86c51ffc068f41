//! Many proxies at once.

use serde_json::{Value, json};

use crate::served::{Client, Served, echo, is_refused};

fn address_of(proxy: &Value) -> std::net::SocketAddr {
    proxy["listen"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_list_of_proxies_is_made_enabled_unless_it_says_otherwise() {
    let served = Served::start().await;
    let list = json!([
        {"name": "one", "listen": "localhost:0", "upstream": served.echo},
        {"name": "two", "upstream": served.echo, "enabled": false},
        {"name": "three", "upstream": served.echo, "enabled": true},
    ]);
    let told = served.post("/populate", list).await.ok(201);
    let enabled: Vec<_> = told["proxies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["enabled"])
        .collect();
    assert_eq!(enabled, [true, false, true]);
    Client::of(address_of(&told["proxies"][0]))
        .await
        .echoes()
        .await;
    assert!(is_refused(address_of(&told["proxies"][1])).await);
    assert_eq!(served.proxies().await["three"], told["proxies"][2]);
}

#[tokio::test]
async fn a_proxy_that_is_there_as_declared_stays_with_its_toxics_and_another_is_replaced() {
    let (served, address) = Served::with_proxy().await;
    served
        .toxic("latency", "upstream", json!({"latency": 1}))
        .await;
    let before = served.get("/proxies/p").await.ok(200);
    let mut client = Client::of(address).await;
    client.echoes().await;
    let listen = format!("localhost:{}", address.port());
    let same = json!([{"name": "p", "listen": listen, "upstream": served.echo}]);
    let told = served.post("/populate", same).await.ok(201);
    assert_eq!(told["proxies"], json!([before]));
    client.echoes().await;

    let other = echo().await;
    let changed = json!([{"name": "p", "listen": listen, "upstream": other}]);
    let told = served.post("/populate", changed).await.ok(201);
    assert_eq!(told["proxies"][0]["upstream"], other.to_string());
    assert_eq!(told["proxies"][0]["toxics"], json!([]));
    assert_eq!(client.rest().await, (Vec::new(), true));
    Client::of(address).await.echoes().await;
}

#[tokio::test]
async fn nothing_is_made_of_a_list_that_is_wrong_somewhere() {
    let served = Served::start().await;
    let good = json!({"name": "one", "upstream": served.echo});
    for (second, error) in [
        (
            json!({"upstream": "127.0.0.1:1"}),
            "missing required field: name at proxy 2",
        ),
        (
            json!({"name": "two"}),
            "missing required field: upstream at proxy 2",
        ),
        (
            json!({"name": "one", "upstream": "127.0.0.1:1"}),
            "the name is declared twice at proxy 2",
        ),
        (json!(5), "bad request body: no JSON object at proxy 2"),
    ] {
        let answer = served
            .post("/populate", json!([good, second]))
            .await
            .ok(400);
        assert_eq!(answer["error"], error);
        assert_eq!(
            (&answer["status"], &answer["proxies"]),
            (&json!(400), &json!([]))
        );
    }
    let toxic = json!({"name": "two", "upstream": served.echo,
        "toxics": [{"type": "latency", "attributes": {"latency": -1}}]});
    let refused = served
        .post("/populate", json!([good, toxic]))
        .await
        .refused(400);
    assert!(
        refused.contains("attribute latency of latency is -1"),
        "{refused}"
    );
    served.post("/populate", good).await.refused(400);
    assert_eq!(served.proxies().await, json!({}));
}

#[tokio::test]
async fn those_before_one_that_cannot_listen_stay() {
    let served = Served::start().await;
    let list = json!([
        {"name": "one", "upstream": served.echo},
        {"name": "two", "listen": served.server.address(), "upstream": served.echo},
        {"name": "three", "upstream": served.echo},
    ]);
    let answer = served.post("/populate", list).await.ok(500);
    assert!(
        answer["error"].as_str().unwrap().contains("in use"),
        "{answer}"
    );
    assert_eq!(answer["proxies"][0]["name"], "one");
    let names: Vec<String> = served
        .proxies()
        .await
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    assert_eq!(names, ["one"]);
}

#[tokio::test]
async fn a_proxy_stays_when_the_one_that_would_replace_it_cannot_listen() {
    let (served, address) = Served::with_proxy().await;
    let mut client = Client::of(address).await;
    client.echoes().await;
    let before = served.proxies().await;
    let moved = json!([{"name": "p", "listen": served.server.address(), "upstream": served.echo}]);
    served.post("/populate", moved).await.ok(500);
    assert_eq!(served.proxies().await, before);
    client.echoes().await;

    let moved = json!([{"name": "p", "listen": "0.0.0.0:0", "upstream": served.echo}]);
    let told = served.post("/populate", moved).await.ok(201);
    let port = address_of(&told["proxies"][0]).port();
    assert!(is_refused(address).await);
    let loopback = format!("127.0.0.3:{port}");
    let moved = json!([{"name": "p", "listen": loopback, "upstream": served.echo}]);
    let told = served.post("/populate", moved).await.ok(201);
    let moved = address_of(&told["proxies"][0]);
    assert_eq!(moved.to_string(), loopback);
    Client::of(moved).await.echoes().await;
}

#[tokio::test]
async fn a_toxic_is_added_to_a_proxy_of_a_list_or_declared_in_it() {
    let served = Served::start().await;
    let toxic = json!({"type": "limit_data", "attributes": {"bytes": 2}});
    let list = json!([{"name": "p", "upstream": served.echo, "toxics": [toxic]}]);
    let told = served.post("/populate", list).await.ok(201);
    let proxy = &told["proxies"][0];
    assert_eq!(proxy["toxics"][0]["name"], "limit_data_downstream");
    served
        .toxic("latency", "upstream", json!({"latency": 1}))
        .await;
    let mut client = Client::of(address_of(proxy)).await;
    client.send(b"1234").await;
    assert_eq!(client.rest().await, (b"12".to_vec(), true));
    let toxics = served.get("/proxies/p/toxics").await.ok(200);
    assert_eq!(toxics.as_array().unwrap().len(), 2);
}
