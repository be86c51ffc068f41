//! The page, and the description of all that can be asked for.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::client::Served;

const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

#[tokio::test]
async fn what_is_described_is_there_and_has_no_other_methods() {
    let served = Served::subarrays().await;
    let described = served.get("/openapi.json").await.ok(200);
    let paths = described["paths"].as_object().unwrap();
    assert!(paths.len() > 15, "{}", paths.len());
    for (path, operations) in paths {
        let concrete = path.replace(['{', '}'], "");
        let answer = served.ask("TRACE", &concrete, "").await;
        let allow = answer
            .header("allow")
            .unwrap_or_else(|| panic!("{path}: {answer:?}"));
        let allowed: BTreeSet<_> = allow
            .split(',')
            .filter(|method| *method != "HEAD")
            .map(str::to_ascii_lowercase)
            .collect();
        let operations = operations.as_object().unwrap();
        let told: BTreeSet<_> = operations
            .keys()
            .filter(|key| METHODS.contains(&key.as_str()))
            .cloned()
            .collect();
        assert_eq!(allowed, told, "{path}");
    }
}

#[tokio::test]
async fn every_reference_of_the_description_leads_somewhere() {
    let served = Served::subarrays().await;
    let described = served.get("/openapi.json").await.ok(200);
    let mut references = Vec::new();
    collect(&described, &mut references);
    assert!(references.len() > 100, "{}", references.len());
    for reference in references {
        let pointer = reference.trim_start_matches('#');
        assert!(described.pointer(pointer).is_some(), "{reference}");
    }
}

fn collect<'a>(value: &'a Value, references: &mut Vec<&'a str>) {
    match value {
        Value::Object(members) => {
            references.extend(members.get("$ref").and_then(Value::as_str));
            members
                .values()
                .for_each(|value| collect(value, references));
        }
        Value::Array(items) => items.iter().for_each(|value| collect(value, references)),
        _ => {}
    }
}

#[tokio::test]
async fn the_page_needs_nothing_from_elsewhere() {
    let served = Served::subarrays().await;
    let page = served.get("/").await;
    assert_eq!(page.status, 200);
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert!(
        page.header("content-security-policy")
            .unwrap()
            .starts_with("default-src 'none'")
    );
    for foreign in [
        "http://",
        "https://",
        "//cdn",
        "@import",
        "innerHTML",
        "document.write",
    ] {
        assert!(!page.body.contains(foreign), "{foreign}");
    }
}
