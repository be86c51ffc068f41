use serde_json::json;

use super::InputDocument;

fn document() -> InputDocument {
    InputDocument::new(
        "assign",
        json!({
            "sdp": {"scan_type": "a", "blocks": [{"pb_id": "1", "scan_type": "b"}, {"pb_id": "2"}]},
            "csp": {"common": {"scan_type": "c"}},
        }),
    )
}

fn changes(document: &InputDocument) -> Vec<String> {
    document.changes().iter().map(ToString::to_string).collect()
}

#[test]
fn a_value_is_set_at_a_path_and_anywhere_and_the_changes_are_told() {
    let one = document().set("sdp.blocks[1].pb_id", "9").unwrap();
    assert_eq!(changes(&one), [r#"sdp.blocks[1].pb_id: "2" -> "9""#]);
    let all = document().set_anywhere("scan_type", "x").unwrap();
    assert_eq!(all.values_anywhere("scan_type"), ["x", "x", "x"]);
    assert_eq!(all.changes().len(), 3);
    let each = document().set("sdp.blocks.pb_id", 7).unwrap();
    assert_eq!(each.values("sdp.blocks.pb_id"), [&json!(7), &json!(7)]);
}

#[test]
fn what_is_not_there_is_told_with_what_is() {
    let error = document().set("sdp.scan_typ", "x").unwrap_err().to_string();
    assert_eq!(
        error,
        "assign has no sdp.scan_typ: sdp has blocks, scan_type; nearest: scan_type"
    );
    let error = document().remove("mccs").unwrap_err().to_string();
    assert_eq!(error, "assign has no mccs: the document has csp, sdp");
    let error = document().set_anywhere("pbid", 1).unwrap_err().to_string();
    assert_eq!(error, "assign has no key pbid at any depth; nearest: pb_id");
    let error = document().set("csp.common.scan_type.x", 1).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("csp.common.scan_type has no keys")
    );
}

#[test]
fn keys_are_removed_by_path_and_anywhere_and_below() {
    let without = document().remove("sdp.blocks[0]").unwrap();
    assert_eq!(without.values("sdp.blocks.pb_id"), ["2"]);
    let without = document().remove_anywhere("scan_type").unwrap();
    assert!(!without.text().contains("scan_type"));
    let below = document().remove_below("csp", "scan-types").unwrap();
    assert_eq!(changes(&below), ["csp.common.scan_type: removed"]);
    assert!(document().remove_below("csp", "pb_id").is_err());
    let nested = InputDocument::new("x", json!({"a": {"a": 1}}));
    let nested = nested.remove_anywhere("a").unwrap();
    assert_eq!(nested.text(), "{}");
    assert_eq!(changes(&nested), ["a.a: removed", "a: removed"]);
}

#[test]
fn values_are_added_and_renamed_but_nothing_is_written_over() {
    let more = document().insert("csp.common.eb_id", "eb-1").unwrap();
    assert_eq!(changes(&more), [r#"csp.common.eb_id: added "eb-1""#]);
    let error = document().insert("csp.common", 1).unwrap_err();
    assert_eq!(
        error.to_string(),
        "assign has csp.common already; set it instead"
    );
    assert!(document().insert("mccs.a", 1).is_err());
    assert!(document().insert("sdp.scan_type.a", 1).is_err());

    let renamed = document().rename("csp.common", "rare").unwrap();
    assert_eq!(renamed.values("csp.rare.scan_type"), ["c"]);
    assert!(renamed.values("csp.common").is_empty());
    assert!(document().rename("csp", "sdp").is_err());
    assert!(document().rename("sdp.blocks[0]", "x").is_err());
}

#[test]
fn broken_text_is_told_with_line_and_column() {
    let error = InputDocument::parse("x", "{\n  \"a\": }").unwrap_err();
    assert!(error.to_string().contains("line 2 column"), "{error}");
    assert!(InputDocument::parse("x", "[1]").is_err());
}
