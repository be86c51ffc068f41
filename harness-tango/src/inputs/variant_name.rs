//! How the names of broken inputs are read.

use thiserror::Error;

use super::invalid::InvalidInput;

/// A name that says no way of breaking an input.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error(
    "{0:?} says no way to break an input; known are: KEY_key_missing, missing_KEY_key, \
     without_KEY, invalid_KEY, wrong_type_KEY, null_KEY, empty_KEY, extra_KEY, duplicate_KEY, \
     empty_string, empty_json, malformed_json, or the stem of a file of the library"
)]
pub struct UnknownVariant(
    /// The name.
    pub String,
);

/// What stands for a whole document, in words.
const DOCUMENT: &[&str] = &[
    "json",
    "input",
    "inputs",
    "argument",
    "string",
    "document",
    "object",
    "payload",
    "configuration",
    "config",
    "syntax",
];

/// Those of them that are an object when they are empty.
const JSON: &[&str] = &["json", "document", "object", "configuration", "config"];

/// Words for what can not be parsed.
const MALFORMED: &[&str] = &[
    "malformed",
    "broken",
    "truncated",
    "corrupt",
    "corrupted",
    "unparsable",
    "unparseable",
];

/// Words that say nothing.
const FILLERS: &[&str] = &[
    "a", "an", "the", "with", "key", "keys", "is", "value", "has",
];

type Make = fn(String) -> InvalidInput;

/// What is wrong with a key, by the word for it, before or after the key.
const FLAWS: &[(&[&str], Make)] = &[
    (
        &[
            "missing",
            "without",
            "no",
            "remove",
            "removed",
            "removing",
            "absent",
            "lacking",
            "lacks",
            "omitted",
            "omit",
            "not_present",
        ],
        InvalidInput::Missing,
    ),
    (
        &["wrong_type", "type_wrong", "invalid_type", "type_invalid"],
        InvalidInput::WrongType,
    ),
    (
        &["duplicate", "duplicated", "same"],
        InvalidInput::Duplicate,
    ),
    (&["null", "none"], InvalidInput::Null),
    (&["empty", "blank"], InvalidInput::Blank),
    (
        &["extra", "additional", "unexpected", "superfluous", "added"],
        InvalidInput::Extra,
    ),
    (
        &[
            "invalid",
            "incorrect",
            "wrong",
            "bad",
            "unknown",
            "illegal",
            "non_existing",
        ],
        InvalidInput::Wrong,
    ),
];

pub(super) fn parse(name: &str) -> Result<InvalidInput, UnknownVariant> {
    let words = words(name);
    if words.is_empty() {
        return Ok(InvalidInput::EmptyText);
    }
    whole(&words)
        .or_else(|| about_a_key(without_document(&words)))
        .or_else(|| about_a_key(&words))
        .or_else(|| within(&words))
        .ok_or_else(|| UnknownVariant(name.to_owned()))
}

/// What is about a whole document: `empty_string`, `malformed`, `invalid_json`.
fn whole(words: &[String]) -> Option<InvalidInput> {
    let (about, rest): (Vec<&str>, Vec<&str>) = words
        .iter()
        .map(String::as_str)
        .partition(|word| DOCUMENT.contains(word));
    let [flaw] = rest.as_slice() else {
        return None;
    };
    match (*flaw, about.as_slice()) {
        ("empty" | "blank", about) if about.iter().any(|word| JSON.contains(word)) => {
            Some(InvalidInput::EmptyObject)
        }
        ("empty" | "blank", _) => Some(InvalidInput::EmptyText),
        (flaw, _) if MALFORMED.contains(&flaw) => Some(InvalidInput::Malformed),
        (_, []) => None,
        ("invalid" | "bad" | "wrong" | "incorrect" | "not", _) => Some(InvalidInput::Malformed),
        _ => None,
    }
}

fn about_a_key(words: &[String]) -> Option<InvalidInput> {
    FLAWS.iter().find_map(|(flaws, make)| {
        flaws.iter().find_map(|flaw| {
            let flaw: Vec<&str> = flaw.split('_').collect();
            let before = words.len() > flaw.len() && starts_with(words, &flaw);
            let after = words.len() > flaw.len() && ends_with(words, &flaw);
            let key = match (before, after) {
                (true, _) => words.get(flaw.len()..)?,
                (_, true) => words.get(..words.len() - flaw.len())?,
                _ => split_around(words, &flaw)?,
            };
            let key: Vec<&str> = key
                .iter()
                .map(String::as_str)
                .filter(|word| !FILLERS.contains(word))
                .collect();
            (!key.is_empty()).then(|| make(key.join("_")))
        })
    })
}

/// `csp_key_missing_json` is about `csp`.
fn without_document(words: &[String]) -> &[String] {
    let of_document = |word: &&String| DOCUMENT.contains(&word.as_str());
    let end = words.len() - words.iter().rev().take_while(of_document).count();
    words.get(..end).unwrap_or_default()
}

/// `configure_without_csp`: what comes before says which document it is.
fn within(words: &[String]) -> Option<InvalidInput> {
    let starts = 1..words.len();
    starts
        .filter_map(|start| without_document(words).get(start..))
        .filter(|words| FLAWS.iter().any(|(flaws, _)| begins(words, flaws)))
        .find_map(about_a_key)
}

fn begins(words: &[String], flaws: &[&str]) -> bool {
    flaws.iter().any(|flaw| {
        let flaw: Vec<&str> = flaw.split('_').collect();
        starts_with(words, &flaw) && words.len() > flaw.len()
    })
}

/// `wrong KEY type`, `invalid KEY type`.
fn split_around<'a>(words: &'a [String], flaw: &[&str]) -> Option<&'a [String]> {
    match (flaw, words) {
        ([first @ ("wrong" | "invalid"), last @ "type"], [start, key @ .., end])
            if start == first && end == last && !is_a_key_ending_in_type(key) =>
        {
            Some(key)
        }
        _ => None,
    }
}

/// `invalid_scan_type` is about the key `scan_type`.
fn is_a_key_ending_in_type(key: &[String]) -> bool {
    key.last().is_none_or(|word| word == "scan")
}

fn starts_with(words: &[String], flaw: &[&str]) -> bool {
    words.iter().zip(flaw).all(|(word, flaw)| word == flaw)
}

fn ends_with(words: &[String], flaw: &[&str]) -> bool {
    words
        .iter()
        .rev()
        .zip(flaw.iter().rev())
        .all(|(word, flaw)| word == flaw)
}

/// The words of a name, in lower case, without `.json` and fillers at its ends.
fn words(name: &str) -> Vec<String> {
    let name = name
        .trim()
        .trim_matches(['"', '\'', '<', '>'])
        .to_lowercase();
    let name = name.strip_suffix(".json").unwrap_or(&name);
    let words: Vec<&str> = name
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let filler = |word: &&&str| FILLERS.contains(*word);
    let start = words.iter().take_while(filler).count();
    let end = words.len() - words.iter().rev().take_while(filler).count();
    let words = words.get(start..end).unwrap_or_default();
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::inputs::InvalidInput::{
        self, Blank, Duplicate, EmptyObject, EmptyText, Extra, Malformed, Missing, Null, Wrong,
        WrongType,
    };

    fn is(name: &str, expected: &InvalidInput) {
        assert_eq!(parse(name).as_ref(), Ok(expected), "{name}");
    }

    #[test]
    fn a_key_can_be_missing_in_many_words() {
        for name in [
            "lowcbf_key_missing",
            "missing_lowcbf_key",
            "missing_lowcbf",
            "lowcbf_missing",
            "without lowcbf",
            "without the lowcbf key",
            "LOWCBF-KEY-MISSING",
            "no_lowcbf",
            "lowcbf_key_removed.json",
            "lowcbf_key_missing_json",
            "configure_without_lowcbf",
            "assign_resources_mid_missing_lowcbf_key",
            "\"lowcbf_key_missing\"",
        ] {
            is(name, &Missing("lowcbf".to_owned()));
        }
        is(
            "update_rate_key_missing",
            &Missing("update_rate".to_owned()),
        );
        is("missing_field_id_key", &Missing("field_id".to_owned()));
    }

    #[test]
    fn a_key_can_be_wrong_in_many_ways() {
        let key = || "sbi_ids".to_owned();
        is("invalid_sbi_ids", &Wrong(key()));
        is("sbi_ids_invalid", &Wrong(key()));
        is("incorrect sbi_ids value", &Wrong(key()));
        is("wrong_type_sbi_ids", &WrongType(key()));
        is("sbi_ids_wrong_type", &WrongType(key()));
        is("invalid_sbi_ids_type", &WrongType(key()));
        is("invalid_scan_type", &Wrong("scan_type".to_owned()));
        is("null_sbi_ids", &Null(key()));
        is("empty_sbi_ids", &Blank(key()));
        is("extra_sbi_ids_key", &Extra(key()));
        is("duplicate_sbi_ids", &Duplicate(key()));
    }

    #[test]
    fn a_whole_document_can_be_broken() {
        for name in ["empty_string", "empty", "", "  ", "an empty input"] {
            is(name, &EmptyText);
        }
        for name in ["empty_json", "empty JSON", "empty_object"] {
            is(name, &EmptyObject);
        }
        for name in [
            "malformed_json",
            "invalid_json",
            "malformed",
            "broken json",
            "not_json",
            "bad input",
        ] {
            is(name, &Malformed);
        }
    }

    #[test]
    fn a_name_that_says_nothing_is_told_with_the_ways_there_are() {
        for name in [
            "nonsense",
            "configure_low",
            "key_missing",
            "missing",
            "invalid",
        ] {
            let error = parse(name).unwrap_err().to_string();
            assert!(error.contains("KEY_key_missing"), "{name}: {error}");
        }
    }
}
