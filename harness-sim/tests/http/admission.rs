//! Who may ask.

use std::time::Duration;

use harness_sim::SimulatedTelescope;
use harness_sim::http::{HttpError, HttpServer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::client::{Served, ask};

#[tokio::test]
async fn on_this_machine_nobody_needs_a_token_unless_one_is_given() {
    let served = Served::subarrays().await;
    assert!(served.http.address().ip().is_loopback());
    assert_eq!(served.http.token(), None);
    served.get("/devices").await.ok(200);

    let server = HttpServer::new(served.handle()).with_token("beam-42");
    let http = server.start().await.unwrap();
    assert_eq!(http.token(), Some("beam-42"));
    let address = http.address();
    let answer = ask(address, "GET", "/devices", &[], "").await;
    assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    answer.refused(401);
    for wrong in [
        "Bearer beam-43",
        "Bearer beam-4",
        "Bearer ",
        "Basic beam-42",
        "beam-42",
    ] {
        let headers = [("Authorization", wrong)];
        ask(address, "GET", "/devices", &headers, "")
            .await
            .refused(401);
        ask(address, "POST", "/state-manager/reset", &headers, "")
            .await
            .refused(401);
        ask(address, "GET", "/nowhere", &headers, "")
            .await
            .refused(401);
    }
    let headers = [("Authorization", "Bearer beam-42")];
    ask(address, "GET", "/devices", &headers, "").await.ok(200);
    // the page asks its reader
    assert_eq!(ask(address, "GET", "/", &[], "").await.status, 200);
}

#[tokio::test]
async fn beyond_this_machine_a_token_is_made_if_none_is_given() {
    let served = Served::subarrays().await;
    // all addresses of the machine, which is more than the loopback one
    let server = HttpServer::new(served.handle()).with_bind("0.0.0.0");
    let http = server.start().await.unwrap();
    let token = http.token().unwrap().to_owned();
    assert!(token.len() >= 32, "{token}");
    assert!(!format!("{http:?}").contains(&token));
    let address = ([127, 0, 0, 1], http.address().port()).into();
    ask(address, "GET", "/devices", &[], "").await.refused(401);
    let sent = format!("Bearer {token}");
    // with a token any name of the machine will do
    let headers = [
        ("Authorization", sent.as_str()),
        ("Host", "simulator.example"),
    ];
    ask(address, "GET", "/devices", &headers, "").await.ok(200);
}

#[tokio::test]
async fn pages_from_elsewhere_may_not_ask() {
    let served = Served::subarrays().await;
    let address = served.http.address();
    for headers in [
        [("Origin", "http://evil.example")],
        [("Origin", "null")],
        [("Host", "evil.example")],
        [("Host", "localhost.evil.example:80")],
    ] {
        ask(address, "POST", "/state-manager/reset", &headers, "")
            .await
            .refused(403);
    }
    let own = format!("http://{address}");
    let headers = [("Origin", own.as_str())];
    ask(address, "POST", "/state-manager/reset", &headers, "")
        .await
        .no_content();
    let port = address.port();
    let headers = [("Host", &*format!("localhost:{port}"))];
    ask(address, "POST", "/state-manager/reset", &headers, "")
        .await
        .no_content();
}

#[tokio::test]
async fn a_port_that_is_taken_and_a_token_that_is_none_are_errors() {
    let served = Served::subarrays().await;
    let port = served.http.address().port();
    let error = HttpServer::new(served.handle())
        .with_port(port)
        .start()
        .await
        .unwrap_err();
    assert!(matches!(error, HttpError::Bind { .. }), "{error}");
    assert!(error.to_string().contains(&port.to_string()), "{error}");
    let error = HttpServer::new(served.handle())
        .with_token("two words")
        .start()
        .await
        .unwrap_err();
    assert!(matches!(error, HttpError::Token(_)), "{error}");
}

#[tokio::test]
async fn a_server_that_was_shut_down_has_freed_its_port() {
    let telescope = SimulatedTelescope::new().start().await.unwrap();
    let http = HttpServer::new(telescope.handle()).start().await.unwrap();
    let port = http.address().port();
    assert_eq!(http.url(), format!("http://127.0.0.1:{port}/"));
    tokio::time::timeout(Duration::from_secs(10), http.shutdown())
        .await
        .unwrap();
    let again = HttpServer::new(telescope.handle()).with_port(port);
    assert_eq!(again.start().await.unwrap().address().port(), port);
}

#[tokio::test]
async fn ipv6_has_a_loopback_address_too() {
    let served = Served::subarrays().await;
    // not every machine has one
    let Ok(http) = HttpServer::new(served.handle())
        .with_bind("::1")
        .start()
        .await
    else {
        return;
    };
    assert_eq!(http.token(), None);
    ask(http.address(), "GET", "/devices", &[], "")
        .await
        .ok(200);
}

#[tokio::test]
async fn a_page_that_names_no_host_may_not_ask_either() {
    let served = Served::subarrays().await;
    let mut stream = TcpStream::connect(served.http.address()).await.unwrap();
    let request = b"POST /state-manager/reset HTTP/1.0\r\nOrigin: null\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.0 403"), "{answer}");
}
