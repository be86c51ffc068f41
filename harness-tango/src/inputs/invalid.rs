//! Inputs that are broken on purpose, by name.

use std::fmt;
use std::str::FromStr;

use serde_json::{Value as Json, json};

use super::document::InputDocument;
use super::error::EditError;
use super::variant_name::{self, UnknownVariant};

/// A way to break an input, as tests ask for it by name.
///
/// The names follow a rule, they are no list: `KEY_key_missing`, `missing_KEY_key` and
/// `without_KEY` take a key out wherever it stands, whatever the key; so do `invalid_KEY`,
/// `wrong_type_KEY`, `null_KEY`, `empty_KEY`, `extra_KEY` and `duplicate_KEY` in their ways. The
/// key is found as in [`InputDocument::key_like`]. `empty_string`, `empty_json` and
/// `malformed_json` are about the whole.
///
/// ```
/// use harness_tango::inputs::{InputDocument, InvalidInput};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let scan = InputDocument::parse("scan", r#"{"scan_id": 1, "interface": "x"}"#)?;
/// let broken = InvalidInput::parse("scan_id_key_missing")?.apply(&scan)?;
/// assert_eq!(broken, r#"{"interface":"x"}"#);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InvalidInput {
    /// No text at all.
    EmptyText,
    /// `{}`.
    EmptyObject,
    /// JSON that ends too early.
    Malformed,
    /// This key is missing wherever it stood.
    Missing(String),
    /// This key has a value of the right kind that does not exist.
    Wrong(String),
    /// This key has a value of another kind.
    WrongType(String),
    /// This key is `null`.
    Null(String),
    /// This key is an empty text, list or object.
    Blank(String),
    /// This key is there and should not be.
    Extra(String),
    /// This key has the id of the last AssignResources.
    Duplicate(String),
}

impl InvalidInput {
    /// Reads the name of a way to break an input: `csp_key_missing`, `empty string`.
    ///
    /// # Errors
    /// When the name says none; the rules are told.
    pub fn parse(name: &str) -> Result<InvalidInput, UnknownVariant> {
        variant_name::parse(name)
    }

    /// The text of a document broken in this way. The document stays as it is.
    ///
    /// # Errors
    /// When the document does not have what is to be broken.
    pub fn apply(&self, document: &InputDocument) -> Result<String, EditError> {
        let document = document.apart();
        let at = |key: &String, change: fn(&Json) -> Json| {
            let key = document.key_like(key)?;
            let values = document.values_anywhere(&key);
            let value = values.first().map(|value| change(value));
            document
                .clone()
                .set_anywhere(&key, value.unwrap_or_default())
        };
        let broken = match self {
            InvalidInput::EmptyText => return Ok(String::new()),
            InvalidInput::EmptyObject => return Ok("{}".to_owned()),
            InvalidInput::Malformed => {
                let mut text = document.text();
                text.pop();
                return Ok(text);
            }
            InvalidInput::Missing(key) => {
                let key = document.key_like(key)?;
                document.remove_anywhere(&key)?
            }
            InvalidInput::Wrong(key) => at(key, wrong)?,
            InvalidInput::WrongType(key) => at(key, of_another_kind)?,
            InvalidInput::Null(key) => at(key, |_| Json::Null)?,
            InvalidInput::Blank(key) => at(key, blank)?,
            InvalidInput::Extra(key) => document.insert(key, 1)?,
            InvalidInput::Duplicate(key) => document.duplicate_id(key)?,
        };
        Ok(broken.text())
    }
}

impl FromStr for InvalidInput {
    type Err = UnknownVariant;

    fn from_str(name: &str) -> Result<InvalidInput, UnknownVariant> {
        InvalidInput::parse(name)
    }
}

/// A name that [`parse`](InvalidInput::parse) reads back.
impl fmt::Display for InvalidInput {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InvalidInput::EmptyText => formatter.write_str("empty_string"),
            InvalidInput::EmptyObject => formatter.write_str("empty_json"),
            InvalidInput::Malformed => formatter.write_str("malformed_json"),
            InvalidInput::Missing(key) => write!(formatter, "{key}_key_missing"),
            InvalidInput::Wrong(key) => write!(formatter, "invalid_{key}"),
            InvalidInput::WrongType(key) => write!(formatter, "wrong_type_{key}"),
            InvalidInput::Null(key) => write!(formatter, "null_{key}"),
            InvalidInput::Blank(key) => write!(formatter, "empty_{key}"),
            InvalidInput::Extra(key) => write!(formatter, "extra_{key}"),
            InvalidInput::Duplicate(key) => write!(formatter, "duplicate_{key}"),
        }
    }
}

/// A value of the same kind that no telescope has.
fn wrong(value: &Json) -> Json {
    match value {
        Json::Number(_) => json!(-1),
        Json::String(_) | Json::Bool(_) | Json::Null => "xxx-invalid".into(),
        Json::Array(elements) => elements.first().map_or_else(
            || json!(["xxx-invalid"]),
            |element| Json::Array(vec![wrong(element)]),
        ),
        Json::Object(_) => json!({"xxx-invalid": -1}),
    }
}

fn of_another_kind(value: &Json) -> Json {
    match value {
        Json::String(_) => json!(12345),
        Json::Number(number) => number.to_string().into(),
        _ => "xxx".into(),
    }
}

fn blank(value: &Json) -> Json {
    match value {
        Json::Array(_) => json!([]),
        Json::Object(_) => json!({}),
        _ => "".into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;

    use super::InvalidInput;
    use crate::inputs::{InputDocument, Inputs};

    fn broken(name: &str, document: &InputDocument) -> Json {
        let text = InvalidInput::parse(name).unwrap().apply(document).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn a_missing_key_is_gone_at_any_depth_and_nothing_else() {
        let low = Inputs::low();
        let assign = low.assign_resources_document();
        for (name, path) in [
            (
                "missing_field_id_key",
                "/sdp/execution_block/fields/0/field_id",
            ),
            ("receptor_id_key_missing", "/sdp/resources/receptors"),
            (
                "without_stride",
                "/sdp/execution_block/channels/0/spectral_windows/0/stride",
            ),
            ("mccs_missing", "/mccs"),
        ] {
            assert!(assign.json().pointer(path).is_some(), "{name}");
            let broken = broken(name, &assign);
            assert!(broken.pointer(path).is_none(), "{name}: {broken}");
            assert!(broken.pointer("/interface").is_some());
        }
        assert!(assign.changes().is_empty());
        let error = InvalidInput::parse("receiver_band_key_missing").unwrap();
        let error = error.apply(&assign).unwrap_err().to_string();
        assert!(error.contains("no key receiver_band"), "{error}");
    }

    #[test]
    fn values_are_broken_by_kind() {
        let low = Inputs::low();
        let assign = low.assign_resources_document();
        let eb = "/sdp/execution_block/eb_id";
        assert_eq!(
            broken("invalid_eb_id", &assign).pointer(eb).unwrap(),
            "xxx-invalid"
        );
        assert_eq!(
            broken("eb_id_wrong_type", &assign).pointer(eb).unwrap(),
            12345
        );
        assert!(broken("null_eb_id", &assign).pointer(eb).unwrap().is_null());
        assert_eq!(broken("empty_eb_id", &assign).pointer(eb).unwrap(), "");
        let subarray = broken("invalid_subarray_id", &assign);
        assert_eq!(subarray["subarray_id"], -1);
        assert_eq!(broken("extra_colour", &assign)["colour"], 1);
        let again = low.assign_resources_document();
        let first = assign.json().pointer(eb);
        assert_eq!(broken("duplicate_eb_id", &again).pointer(eb), first);
    }

    #[test]
    fn a_whole_document_is_broken() {
        let scan = Inputs::low().scan_document();
        let of = |name| InvalidInput::parse(name).unwrap().apply(&scan).unwrap();
        assert_eq!(of("empty_string"), "");
        assert_eq!(of("empty_json"), "{}");
        serde_json::from_str::<Json>(&of("malformed_json")).unwrap_err();
    }

    #[test]
    fn to_break_an_input_is_noted_nowhere() {
        let inputs = Inputs::low();
        let assign = inputs.assign_resources_document();
        let noted = inputs.last_assigned_ids();
        broken("missing_eb_id", &assign);
        assert_eq!(inputs.last_assigned_ids(), noted);
    }

    #[test]
    fn names_are_read_back() {
        for name in [
            "empty_string",
            "csp_key_missing",
            "wrong_type_eb_id",
            "extra_x",
            "null_tmc",
        ] {
            let variant = InvalidInput::parse(name).unwrap();
            assert_eq!(variant.to_string().parse(), Ok(variant), "{name}");
        }
    }
}
