//! Who may ask.

use harness_chaos::Seed;
use harness_chaos::control::{Control, ControlError, ControlServer};
use serde_json::json;

use crate::served::{Served, exchange};

#[tokio::test]
async fn browsers_and_pages_from_elsewhere_may_not_ask_and_programs_may() {
    let served = Served::start().await;
    for headers in [
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\n",
        "Origin: http://evil.example\r\n",
        "Host: evil.example\r\n",
    ] {
        let body = json!({"name": "p", "upstream": "127.0.0.1:1"}).to_string();
        let answer = served.ask_with("POST", "/proxies", headers, &body).await;
        answer.refused(403);
    }
    for headers in ["User-Agent: curl/8.0\r\n", "Host: localhost:8474\r\n", ""] {
        let answer = served.ask_with("GET", "/proxies", headers, "").await;
        assert_eq!(answer.ok(200), json!({}));
    }
}

#[tokio::test]
async fn beyond_this_machine_a_token_is_needed() {
    let control = Control::new(Seed::new(7));
    let server = ControlServer::new(control.clone()).with_bind("0.0.0.0", 0);
    let server = server.start().await.unwrap();
    let token = server.token().unwrap().to_owned();
    assert!(!format!("{server:?}").contains(&token));
    let address = ([127, 0, 0, 1], server.address().port()).into();
    for (sent, status) in [("", 401), ("wrong", 401), (token.as_str(), 200)] {
        let request = format!(
            "GET /proxies HTTP/1.1\r\nHost: gate.example\r\nConnection: close\r\n\
             Authorization: Bearer {sent}\r\n\r\n"
        );
        let answer = exchange(address, request.as_bytes()).await;
        assert_eq!(answer.status, status, "{answer:?}");
    }
    let given = ControlServer::new(control.clone()).with_token("beam-42");
    assert_eq!(given.start().await.unwrap().token(), Some("beam-42"));
    let wrong = ControlServer::new(control)
        .with_token("two words")
        .start()
        .await;
    assert!(matches!(wrong.unwrap_err(), ControlError::Token(_)));
}

#[tokio::test]
async fn a_port_that_is_taken_is_told() {
    let (served, address) = Served::with_proxy().await;
    let server = ControlServer::new(served.control.clone());
    let taken = server.with_bind("127.0.0.1", address.port()).start().await;
    let error = taken.unwrap_err().to_string();
    assert!(error.contains(&address.port().to_string()), "{error}");
}
