//! What commands are given, with placeholders in it.

use harness_core::value::Value;
use serde_json::Value as Json;

use super::flow::UserData;
use super::text::{Surroundings, Text, TextError};

/// What a command is given, or written to an attribute.
#[derive(Clone, Debug)]
pub(crate) enum Argument {
    /// Always the same.
    Fixed(Value),
    /// A text, or what a field is that is all of it.
    Text(Text),
    /// An object, as text.
    Object(Text),
    List(Vec<Argument>),
}

impl Argument {
    pub(crate) fn of(json: &Json, data: &[UserData]) -> Result<Argument, TextError> {
        Ok(match json {
            Json::String(text) => {
                let text = Text::of(text, data)?;
                match text.fixed() {
                    Some(fixed) => Argument::Fixed(fixed.into()),
                    None => Argument::Text(text),
                }
            }
            Json::Object(_) => {
                let text = Text::of_json(json, data)?;
                match text.fixed() {
                    Some(fixed) => Argument::Fixed(fixed.into()),
                    None => Argument::Object(text),
                }
            }
            Json::Array(elements) => {
                let elements = elements.iter().map(|it| Argument::of(it, data));
                let elements: Vec<Argument> = elements.collect::<Result<_, _>>()?;
                let fixed = elements.iter().map(|it| match it {
                    Argument::Fixed(value) => Some(value.clone()),
                    _ => None,
                });
                match fixed.collect::<Option<Vec<Value>>>() {
                    Some(fixed) => Argument::Fixed(Value::List(fixed)),
                    None => Argument::List(elements),
                }
            }
            plain => Argument::Fixed(value_of(plain)),
        })
    }

    pub(crate) fn filled(&self, around: &Surroundings<'_>) -> Value {
        match self {
            Argument::Fixed(value) => value.clone(),
            Argument::Object(text) => text.filled(around).into_owned().into(),
            Argument::Text(text) => match text.only_field(around) {
                Some(field) => value_of(&field),
                None => text.filled(around).into_owned().into(),
            },
            Argument::List(elements) => elements.iter().map(|it| it.filled(around)).collect(),
        }
    }
}

/// A value of JSON; an object as text, since that is how commands take one.
fn value_of(json: &Json) -> Value {
    match json {
        Json::Null => Value::Void,
        Json::Bool(truth) => (*truth).into(),
        Json::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(number), _) => number.into(),
            (None, Some(number)) => number.into(),
            (None, None) => number.as_f64().unwrap_or(f64::NAN).into(),
        },
        Json::String(text) => text.into(),
        Json::Array(elements) => elements.iter().map(value_of).collect(),
        Json::Object(_) => json.to_string().into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_what_a_device_takes() {
        let data = [UserData::from([("id".to_owned(), json!(7))])];
        let around = Surroundings {
            user: 3,
            cycle: 0,
            device: "a/b/c",
            data: data.first(),
        };
        for (json, value) in [
            (json!("scan"), Value::from("scan")),
            (json!(5), Value::from(5)),
            (json!(null), Value::Void),
            (json!({"id": 5}), Value::from(r#"{"id":5}"#)),
            (json!({"id": "${id}"}), Value::from(r#"{"id":7}"#)),
            (json!("${id}"), Value::from(7)),
            (json!("scan ${id}"), Value::from("scan 7")),
            (
                json!(["${user}", 1.5]),
                Value::List(vec![3.into(), 1.5.into()]),
            ),
        ] {
            let filled = Argument::of(&json, &data).unwrap().filled(&around);
            assert_eq!(filled, value, "{json}");
            assert_eq!(
                filled.as_str().is_some(),
                value.as_str().is_some(),
                "{json}"
            );
        }
    }
}
