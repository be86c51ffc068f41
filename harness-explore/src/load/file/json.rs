//! Values of TOML as JSON, which is what devices are given.

use serde_json::{Map, Number, Value as Json};
use toml::de::DeValue;

/// The value as JSON.
///
/// # Errors
/// What JSON does not have, in words.
pub(super) fn json(value: &DeValue<'_>) -> Result<Json, String> {
    Ok(match value {
        DeValue::String(text) => Json::String(text.to_string()),
        DeValue::Integer(number) => whole(&number.as_str().replace('_', ""), number.radix())?,
        DeValue::Float(number) => {
            let read = number.as_str().replace('_', "").parse().ok();
            let number = read.and_then(Number::from_f64);
            Json::Number(number.ok_or("must be a finite number")?)
        }
        DeValue::Boolean(flag) => Json::Bool(*flag),
        DeValue::Datetime(date) => {
            return Err(format!("must not be a date: write \"{date}\", in quotes"));
        }
        DeValue::Array(list) => {
            let inner = list.iter().map(|it| json(it.get_ref()));
            Json::Array(inner.collect::<Result<_, _>>()?)
        }
        DeValue::Table(table) => {
            let inner = table.iter().map(|(key, value)| {
                let value = json(value.get_ref())?;
                Ok((key.get_ref().to_string(), value))
            });
            Json::Object(inner.collect::<Result<Map<_, _>, String>>()?)
        }
    })
}

fn whole(text: &str, radix: u32) -> Result<Json, String> {
    let number = i64::from_str_radix(text, radix).map(Number::from);
    let number = number.or_else(|_| u64::from_str_radix(text, radix).map(Number::from));
    number
        .map(Json::Number)
        .map_err(|_| "is too large a number".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_toml_says_is_said_in_json() {
        let value =
            DeValue::parse("{a = [1, -2.5, 0x1f, true], b = {c = \"x\"}, d = 1_000}").unwrap();
        assert_eq!(
            json(value.get_ref()).unwrap().to_string(),
            r#"{"a":[1,-2.5,31,true],"b":{"c":"x"},"d":1000}"#
        );
    }

    #[test]
    fn what_json_does_not_have_is_told() {
        for (text, told) in [
            ("[nan]", "finite"),
            ("2020-01-01", "write \"2020-01-01\", in quotes"),
            ("99999999999999999999", "too large"),
        ] {
            let value = DeValue::parse(text).unwrap();
            let error = json(value.get_ref()).unwrap_err();
            assert!(error.contains(told), "{error}");
        }
    }
}
