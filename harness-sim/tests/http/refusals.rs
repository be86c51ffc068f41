//! What is refused whatever it is about.

use crate::client::{Served, ask};

#[tokio::test]
async fn another_method_is_refused_and_the_right_ones_are_told() {
    let served = Served::subarrays().await;
    for (method, path, allow) in [
        ("GET", "/moto-api/state-manager/set-transition", "POST"),
        ("PUT", "/moto-api/state-manager/set-transition", "POST"),
        ("POST", "/moto-api/state-manager/get-transition", "GET,HEAD"),
        ("POST", "/state-manager/models", "GET,HEAD"),
        (
            "PATCH",
            "/state-manager/transitions/tango::subarray",
            "GET,HEAD,PUT,DELETE",
        ),
        ("GET", "/state-manager/advance", "POST"),
        ("OPTIONS", "/devices", "GET,HEAD"),
        ("DELETE", "/", "GET,HEAD"),
    ] {
        let answer = served.ask(method, path, "").await;
        assert_eq!(answer.header("allow"), Some(allow), "{method} {path}");
        answer.refused(405);
    }
}

#[tokio::test]
async fn a_path_that_leads_nowhere_is_not_found_in_json() {
    let served = Served::subarrays().await;
    for path in [
        "/nowhere",
        "/state-manager",
        "/devices/",
        "/devices/a",
        "/devices/a/b/c/d",
        "//",
    ] {
        let error = served.get(path).await.refused(404);
        assert!(error.contains("/openapi.json"), "{path}: {error}");
    }
    assert_eq!(
        served.get("/state-manager/transitions/%ff").await.blames(),
        "path"
    );
}

#[tokio::test]
async fn a_body_that_is_not_declared_as_json_is_refused() {
    let served = Served::subarrays().await;
    let address = served.http.address();
    let path = "/state-manager/transitions/tango::subarray";
    let body = r#"{"progression": "never"}"#;
    for kind in [
        "text/plain",
        "application/jsonp",
        "application/x-www-form-urlencoded",
    ] {
        let headers = [("Content-Type", kind)];
        ask(address, "PUT", path, &headers, body).await.refused(415);
    }
    let headers = [("Content-Type", "Application/JSON; charset=utf-8")];
    ask(address, "PUT", path, &headers, body).await.ok(200);
}

#[tokio::test]
async fn a_huge_body_is_refused() {
    let served = Served::subarrays().await;
    let huge = format!(r#"{{"progression": "{}"}}"#, "x".repeat(70_000));
    served
        .put("/state-manager/transitions/tango::subarray", &huge)
        .await
        .refused(413);
    let moto = "/moto-api/state-manager/set-transition";
    served.post(moto, &huge).await.refused(413);
}

#[tokio::test]
async fn deep_and_odd_json_is_refused_and_changes_nothing() {
    let served = Served::subarrays().await;
    let path = "/state-manager/transitions/tango::subarray";
    let deep = "[".repeat(20_000);
    let long = format!(
        r#"{{"outcome": {{"fail": "{}"}}, "x": 1}}"#,
        "é".repeat(20_000)
    );
    for body in [
        &deep,
        &long,
        "\u{0}",
        "\u{feff}{}",
        "{\"progression\": NaN}",
        "1e999",
    ] {
        served.put(path, body).await.blames();
    }
    let raw = ask(
        served.http.address(),
        "PUT",
        path,
        &[],
        "{\"progression\": \"never\"} x",
    )
    .await;
    assert_eq!(raw.blames(), "body");
    let all = served.get("/state-manager/transitions").await.ok(200);
    assert_eq!(all["transitions"].as_array().unwrap().len(), 0);
}
