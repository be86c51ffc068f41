//! Lists, as tables of feature files write them.

use serde_json::Value as Json;

/// Lists, as tables of feature files write them.
///
/// ```
/// use harness_tango::inputs::InputList;
///
/// assert_eq!(InputList::parse(r#"["1", "2"]"#), ["1", "2"]);
/// assert_eq!(InputList::parse("SKA001,SKA036"), ["SKA001", "SKA036"]);
/// assert_eq!(InputList::parse(r#"["beam:a" , beam:b"]"#), ["beam:a", "beam:b"]);
/// ```
#[derive(Debug)]
pub enum InputList {}

impl InputList {
    /// The elements of a list: JSON, or separated by commas or a last `and`, in brackets or not,
    /// in quotes or not. Missing quotes and brackets do no harm; nothing at all is an empty list.
    #[must_use]
    pub fn parse(text: &str) -> Vec<String> {
        let text = text.trim();
        if let Ok(Json::Array(elements)) = serde_json::from_str(text) {
            return elements.iter().flat_map(elements_of).collect();
        }
        if text.starts_with('"')
            && let Ok(Json::Array(elements)) = serde_json::from_str(&format!("[{text}]"))
        {
            return elements.iter().flat_map(elements_of).collect();
        }
        let inner = text.trim_start_matches(['[', '(', '{']);
        let inner = inner.trim_end_matches([']', ')', '}']);
        split(inner)
            .into_iter()
            .flat_map(|element| match element {
                Element::Quoted(text) => vec![text],
                Element::Bare(text) => bare(&text),
            })
            .collect()
    }
}

/// Text stays, lists within lists are laid flat, all else is its JSON.
fn elements_of(json: &Json) -> Vec<String> {
    match json {
        Json::String(text) => vec![text.clone()],
        Json::Array(elements) => elements.iter().flat_map(elements_of).collect(),
        other => vec![other.to_string()],
    }
}

#[derive(Debug)]
enum Element {
    /// What stood in quotes on both sides: as it is.
    Quoted(String),
    Bare(String),
}

/// Splits at commas outside of quotes. A quote begins an element or is none; it ends before a
/// comma.
fn split(text: &str) -> Vec<Element> {
    let mut elements = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (element, after) = match quoted(rest) {
            Some((element, after)) => (Element::Quoted(element.to_owned()), after),
            None => {
                let (element, after) = rest.split_once([',', ';']).unwrap_or((rest, ""));
                (Element::Bare(element.to_owned()), after)
            }
        };
        elements.push(element);
        rest = after.trim();
    }
    elements
}

/// What stands in quotes at the start, up to a comma or the end, and what comes after the comma.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let quote = text
        .chars()
        .next()
        .filter(|first| matches!(first, '"' | '\''))?;
    let inner = text.get(quote.len_utf8()..)?;
    let mut ends = inner.match_indices(quote);
    let (end, _) = ends.next()?;
    let element = inner.get(..end)?;
    let after = inner.get(end + quote.len_utf8()..)?.trim_start();
    if after.is_empty() {
        return Some((element, ""));
    }
    let after = after.strip_prefix([',', ';'])?;
    Some((element, after))
}

/// Elements without quotes, or with one that is lost.
fn bare(text: &str) -> Vec<String> {
    let quote_or_space =
        |letter: char| letter.is_whitespace() || matches!(letter, '"' | '\'' | '[' | ']');
    text.split(" and ")
        .map(|element| element.trim_matches(quote_or_space))
        .map(|element| element.strip_prefix("and ").unwrap_or(element).trim())
        .filter(|element| !element.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{ProptestConfig, any, proptest};

    use super::InputList;

    #[test]
    fn lists_are_read_in_all_their_forms() {
        let three = ["a1", "b:2", "c_3"];
        for text in [
            r#"["a1","b:2","c_3"]"#,
            r#"[ "a1" , "b:2" , "c_3" ]"#,
            r#""a1", "b:2", "c_3""#,
            "['a1', 'b:2', 'c_3']",
            "a1,b:2,c_3",
            " a1 ,  b:2 , c_3, ",
            "[a1, b:2, c_3]",
            r#"["a1", b:2", "c_3]"#,
            "a1, b:2 and c_3",
            "a1; b:2; c_3",
        ] {
            assert_eq!(InputList::parse(text), three, "{text}");
        }
    }

    #[test]
    fn what_is_malformed_is_read_as_it_was_meant() {
        assert_eq!(InputList::parse(r#"["a" , b:c"]"#), ["a", "b:c"]);
        assert_eq!(InputList::parse(r#"["a, "b"]"#), ["a", "b"]);
        assert_eq!(InputList::parse(r#"["a", "b""#), ["a", "b"]);
        assert_eq!(InputList::parse(r#"["a","b"#), ["a", "b"]);
    }

    #[test]
    fn one_is_a_list_and_nothing_is_an_empty_one() {
        assert_eq!(InputList::parse("READY"), ["READY"]);
        assert_eq!(
            InputList::parse("mccs master,sdp controller"),
            ["mccs master", "sdp controller"]
        );
        assert_eq!(InputList::parse("7"), ["7"]);
        assert_eq!(InputList::parse("[1, 2.5, true]"), ["1", "2.5", "true"]);
        assert_eq!(InputList::parse("[[1], [\"a\"]]"), ["1", "a"]);
        for text in ["", "  ", "[]", ",", "[ , ]", "\""] {
            assert!(InputList::parse(text).is_empty(), "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_was_written_as_json_comes_back(list in any::<Vec<String>>()) {
            let text = serde_json::to_string(&list).unwrap();
            assert_eq!(InputList::parse(&text), list);
            let inner = text.trim_start_matches('[').trim_end_matches(']');
            if inner.ends_with('"') {
                assert_eq!(InputList::parse(inner), list);
            }
        }

        #[test]
        fn what_was_written_with_commas_comes_back(
            list in proptest::collection::vec("[A-Za-z_][A-Za-z0-9:_.-]{0,8}", 1..6)
        ) {
            for (before, after) in [("", ""), ("[", "]"), ("(", ")"), ("[\"", "\"]")] {
                let between = if before == "[\"" { "\" , \"" } else { ", " };
                let text = format!("{before}{}{after}", list.join(between));
                assert_eq!(InputList::parse(&text), list, "{text}");
            }
        }

        #[test]
        fn no_text_is_too_odd(text in any::<String>()) {
            drop(InputList::parse(&text));
        }
    }
}
