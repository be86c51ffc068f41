//! Data that is safe within a script element.

use serde::Serialize;

/// The data as JSON in which nothing ends the script element that it stands in, or begins a comment.
pub(super) fn embedded(data: &impl Serialize) -> String {
    match serde_json::to_string(data) {
        Ok(json) => harmless(&json),
        // a page without its data says more than no page
        Err(error) => harmless(&serde_json::Value::from(error.to_string()).to_string()),
    }
}

/// These characters stand in strings only, in JSON, where they may be written so.
fn harmless(json: &str) -> String {
    let mut safe = String::with_capacity(json.len() + json.len() / 16);
    for letter in json.chars() {
        match letter {
            '<' => safe.push_str("\\u003c"),
            '>' => safe.push_str("\\u003e"),
            '&' => safe.push_str("\\u0026"),
            '\u{2028}' => safe.push_str("\\u2028"),
            '\u{2029}' => safe.push_str("\\u2029"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::embedded;

    #[test]
    fn nothing_in_a_text_ends_the_script_or_begins_markup() {
        let text = "</script><!--<script> & \u{2028}\u{2029} \"quoted\"";
        let safe = embedded(&text);
        for harmful in ['<', '>', '&', '\u{2028}', '\u{2029}'] {
            assert!(!safe.contains(harmful), "{harmful:?} in {safe}");
        }
        let back: String = serde_json::from_str(&safe).unwrap();
        assert_eq!(back, text);
    }
}
