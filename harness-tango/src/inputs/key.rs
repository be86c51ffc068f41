//! Which key of a document is meant by a word for it.

/// The key that a word means: the key itself, or one that differs in case and separators, in
/// singular and plural, or in `_id` at the end, in this order.
pub(super) fn meant_by<'a>(word: &str, keys: &'a [String]) -> Option<&'a str> {
    let forms: [fn(&str) -> String; 4] = [str::to_owned, plain, singular, bare];
    forms.into_iter().find_map(|form| {
        let wanted = form(word);
        keys.iter()
            .find(|key| !wanted.is_empty() && form(key) == wanted)
            .map(String::as_str)
    })
}

/// Letters and digits only, in lower case.
fn plain(word: &str) -> String {
    word.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect()
}

fn singular(word: &str) -> String {
    let plain = plain(word);
    plain.strip_suffix('s').map(str::to_owned).unwrap_or(plain)
}

/// Without the `id` of `receptor_id`.
fn bare(word: &str) -> String {
    let singular = singular(word);
    let bare = singular.strip_suffix("id").unwrap_or(&singular);
    bare.strip_suffix('s').unwrap_or(bare).to_owned()
}

#[cfg(test)]
mod tests {
    use super::meant_by;

    #[test]
    fn keys_are_found_by_what_comes_near_them_and_the_nearest_wins() {
        let keys = ["scan_types", "scan_type_id", "receptors", "eb_id", "csp"].map(str::to_owned);
        for (word, key) in [
            ("scan_type_id", "scan_type_id"),
            ("scan_type", "scan_types"),
            ("ScanTypeID", "scan_type_id"),
            ("receptor_id", "receptors"),
            ("receptor_ids", "receptors"),
            ("eb-id", "eb_id"),
            ("CSP", "csp"),
        ] {
            assert_eq!(meant_by(word, &keys), Some(key), "{word}");
        }
        assert_eq!(meant_by("sdp", &keys), None);
        assert_eq!(meant_by("id", &keys), None);
        assert_eq!(meant_by("", &keys), None);
    }
}
