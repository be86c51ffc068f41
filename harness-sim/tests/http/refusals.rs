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

#[tokio::test]
async fn parameters_that_a_path_does_not_have_are_refused_and_nothing_changes() {
    let served = Served::subarrays().await;
    let device = "/devices/low-tmc/subarray/01";
    let defects = format!("{device}/defects");
    let defect = r#"{"enabled": true, "fault_type": 1, "command": "Configure"}"#;
    served.post(&defects, defect).await.ok(201);
    let subarray = served.telescope.subarray(1).unwrap();
    subarray.submit("AssignResources", "{}").unwrap();
    for (method, path, body) in [
        // as if all but one could be left
        ("DELETE", format!("{defects}?command=Scan"), ""),
        ("DELETE", format!("{device}/calls?command=Scan"), ""),
        (
            "POST",
            format!("{defects}?command=Scan"),
            r#"{"enabled": false}"#,
        ),
        ("GET", format!("{device}?attribute=State"), ""),
        ("GET", format!("{device}/calls?last=1"), ""),
        ("GET", format!("{defects}?command=Scan"), ""),
        (
            "POST",
            format!("{device}/state?value=1"),
            r#"{"value": "FAULT"}"#,
        ),
        (
            "POST",
            "/state-manager/release/tango::subarray?once=1".to_owned(),
            "",
        ),
        (
            "POST",
            "/state-manager/advance?ticks=2".to_owned(),
            r#"{"ticks": 1, "model": "tango::subarray"}"#,
        ),
    ] {
        let blamed = served.ask(method, &path, body).await.blames();
        assert!(path.contains(&format!("?{blamed}=")), "{path}: {blamed}");
    }
    let on = served.get(&defects).await.ok(200);
    assert_eq!(on["defects"].as_array().unwrap().len(), 1);
    let calls = served.get(&format!("{device}/calls")).await.ok(200);
    assert_eq!(calls["calls"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn nothing_is_set_for_instances_and_commands_that_are_not_there() {
    let served = Served::subarrays().await;
    let never = r#"{"progression": "never"}"#;
    for path in [
        "*/no/such/device",
        "tango::subarray/no/such/device",
        "tango::subarray/..%2f..%2fdevices",
        "%2a?command=%3Cscript%3E",
        "tango::subarray?command=NoSuch",
        "tango::subarray%0d%0aX:%20y",
        "..",
    ] {
        let path = format!("/state-manager/transitions/{path}");
        let answer = served.put(&path, never).await;
        assert!(answer.header("x").is_none());
        answer.refused(404);
    }
    let all = served.get("/state-manager/transitions").await.ok(200);
    assert_eq!(all["transitions"].as_array().unwrap().len(), 0);
}
