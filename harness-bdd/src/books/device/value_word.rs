//! Values of attributes as people write them.

use std::{convert::Infallible, fmt, str::FromStr};

use harness_core::{Value, assertion};
use harness_tango::control_model::{AdminMode, DevState, HealthState};

/// A value as people write it: `STANDBY-FP` for STANDBY_FP, `HealthState.OK`, `"a text"`, `5`,
/// `true`, `[1, 2]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::books) struct ValueWord(String);

impl FromStr for ValueWord {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

impl From<DevState> for ValueWord {
    fn from(state: DevState) -> Self {
        Self(state.label().to_owned())
    }
}

impl fmt::Display for ValueWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl ValueWord {
    /// Whether a device that says `value` for the attribute says this.
    pub(in crate::books) fn is(&self, attribute: &str, value: &Value) -> bool {
        match value {
            Value::Enum(member) if member.label().is_some() => {
                member.label().is_some_and(|label| self.is_called(label))
                    || self.0.parse() == Ok(member.number)
            }
            Value::Enum(_) | Value::Int(_) | Value::UInt(_) => {
                let number = self.number_for(attribute).map(Value::from);
                number.is_some_and(|number| number == *value) || self.is_number(value)
            }
            Value::Float(_) => self.is_number(value),
            Value::Bool(truth) => {
                let word = self.0.to_ascii_lowercase();
                let words: &[&str] = if *truth {
                    &["true", "yes", "1"]
                } else {
                    &["false", "no", "0"]
                };
                words.contains(&word.as_str())
            }
            Value::String(text) => {
                let is_label = self.0.chars().all(|letter| !letter.is_ascii_lowercase());
                *text == self.0 || is_label && self.is_called(text) || self.is_same_json(text)
            }
            Value::List(values) => self.is_list(attribute, values),
            _ => false,
        }
    }

    /// As an assertion matches it.
    pub(in crate::books) fn matcher(&self, attribute: &str) -> assertion::Matcher {
        // every device has the same words for these, so that they can be told plainly
        if ["state", "telescopestate"].contains(&attribute.to_ascii_lowercase().as_str())
            && self.number_for(attribute).is_some()
        {
            return Value::from(self.label()).into();
        }
        let (word, attribute) = (self.clone(), attribute.to_owned());
        assertion::matching(self.to_string(), move |reading| {
            word.is(&attribute, &reading.value)
        })
    }

    /// The number that stands for the word in an attribute of which all devices have the same words.
    pub(in crate::books) fn number_for(&self, attribute: &str) -> Option<i64> {
        let label = self.label();
        match attribute.to_ascii_lowercase().as_str() {
            "healthstate" | "telescopehealthstate" => {
                label.parse().ok().map(|state: HealthState| state.number())
            }
            "adminmode" => label.parse().ok().map(|mode: AdminMode| mode.number()),
            "state" | "telescopestate" => label.parse().ok().map(|state: DevState| state.number()),
            _ => None,
        }
    }

    /// Without the name of the enumeration before it, in upper case, with `_` for `-`.
    pub(in crate::books) fn label(&self) -> String {
        let member = self
            .0
            .rsplit_once('.')
            .map_or(self.0.as_str(), |(_, member)| member);
        member.to_ascii_uppercase().replace(['-', ' '], "_")
    }

    fn is_called(&self, label: &str) -> bool {
        let normal = |text: &str| text.to_ascii_uppercase().replace(['-', ' '], "_");
        normal(label) == normal(&self.0) || normal(label) == self.label()
    }

    fn is_number(&self, value: &Value) -> bool {
        let number = self.0.parse::<f64>().ok().map(Value::from);
        number.is_some_and(|number| number == *value)
    }

    fn is_same_json(&self, text: &str) -> bool {
        let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
        let same = |own: serde_json::Value| json(text) == Some(own);
        json(&self.0)
            .filter(|own| own.is_object() || own.is_array())
            .is_some_and(same)
    }

    fn is_list(&self, attribute: &str, values: &[Value]) -> bool {
        let inside = self
            .0
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'));
        let inside = inside.unwrap_or(&self.0).trim();
        if inside.is_empty() {
            return values.is_empty();
        }
        let items: Vec<_> = inside.split(',').collect();
        let is = |item: &&str, value: &Value| {
            let bare = item.trim().trim_matches(['"', '\'']);
            Self(bare.to_owned()).is(attribute, value)
        };
        items.len() == values.len()
            && items
                .iter()
                .zip(values)
                .all(|(item, value)| is(item, value))
    }
}

/// A state that every device can have, as people write it: `On`, `DevState.OFF`, `disabled`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::books) struct StateWord(pub(in crate::books) DevState);

impl FromStr for StateWord {
    type Err = <DevState as FromStr>::Err;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let upper = word.to_ascii_uppercase();
        let bare = upper.rsplit(['.', ' ']).next().unwrap_or(&upper);
        match bare.strip_prefix("DEVSTATE_").unwrap_or(bare) {
            "DISABLED" => Ok(Self(DevState::Disable)),
            state => state.parse().map(Self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use harness_core::EnumValue;

    fn is(word: &str, attribute: &str, value: impl Into<Value>) -> bool {
        ValueWord(word.to_owned()).is(attribute, &value.into())
    }

    #[test]
    fn words_of_enumerations_are_read_in_every_spelling() {
        let mode = || Value::Enum(EnumValue::labelled(3, "STANDBY_FP"));
        for word in ["STANDBY-FP", "standby_fp", "DishMode.STANDBY_FP", "3"] {
            assert!(is(word, "dishMode", mode()), "{word}");
        }
        for word in ["STANDBY_LP", "STANDBY", "2"] {
            assert!(!is(word, "dishMode", mode()), "{word}");
        }
    }

    #[test]
    fn a_label_counts_more_than_a_number_that_others_give_the_word() {
        let other = Value::Enum(EnumValue::labelled(0, "UNKNOWN"));
        assert!(!is("OK", "healthState", other));
        assert!(is("OK", "healthState", 0));
        assert!(!is("OK", "kValue", 0));
    }

    #[test]
    fn numbers_truths_texts_and_lists_are_compared_as_what_they_are() {
        assert!(is("5", "kValue", 5) && is("5.0", "kValue", 5) && !is("6", "kValue", 5));
        assert!(is("True", "isOn", true) && !is("false", "isOn", true));
        assert!(
            is("science_A", "scanType", "science_A") && !is("science_a", "scanType", "science_A")
        );
        assert!(is("ONLINE", "mode", "online"));
        assert!(is(r#"{"a": 1}"#, "setup", r#"{"a":1}"#));
        assert!(is("[1, 2]", "stations", [1, 2]) && !is("[1]", "stations", [1, 2]));
        assert!(is(r#"["a","b"]"#, "names", ["a", "b"]) && is("[]", "names", Vec::<i64>::new()));
    }

    #[test]
    fn states_are_read_in_every_spelling() {
        for (word, state) in [
            ("On", DevState::On),
            ("DevState.STANDBY", DevState::Standby),
            ("disabled", DevState::Disable),
        ] {
            assert_eq!(word.parse(), Ok(StateWord(state)), "{word}");
        }
        assert!("READY".parse::<StateWord>().is_err());
    }
}
