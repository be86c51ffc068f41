//! The properties of an attribute that clients may write.

use super::number::{Number, is_numeric};
use crate::types::{AttributeConfig, DataType};

/// Tango's word for a limit or change that nobody has set.
const NOT_SPECIFIED: &str = "Not specified";
/// The word that stands, in any case, for what the device's class says.
const CLASS_DEFAULT: &str = "NaN";

/// One property, by the name that Tango's errors give it.
pub(super) struct Property {
    pub(super) name: &'static str,
    pub(super) text: fn(&AttributeConfig) -> &String,
    pub(super) text_mut: fn(&mut AttributeConfig) -> &mut String,
    kind: Kind,
}

/// What a property can hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Any text.
    Words,
    /// A number of the attribute's type.
    Limit,
    /// A change upwards and downwards, or one for both.
    Change,
    /// Milliseconds.
    Period,
    /// Milliseconds, of attributes that have numbers.
    Delay,
}

macro_rules! property {
    ($name:literal, $kind:ident, $($field:ident).+) => {
        Property {
            name: $name,
            text: |config| &config.$($field).+,
            text_mut: |config| &mut config.$($field).+,
            kind: Kind::$kind,
        }
    };
}

/// Why a property cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// It is no number where one is wanted.
    Format,
    /// Attributes of this type do not have it.
    DataType,
}

impl Property {
    pub(super) const MINIMUM: Self = property!("min_value", Limit, minimum);
    pub(super) const MAXIMUM: Self = property!("max_value", Limit, maximum);
    pub(super) const MINIMUM_ALARM: Self = property!("min_alarm", Limit, alarm.minimum_alarm);
    pub(super) const MAXIMUM_ALARM: Self = property!("max_alarm", Limit, alarm.maximum_alarm);
    pub(super) const MINIMUM_WARNING: Self = property!("min_warning", Limit, alarm.minimum_warning);
    pub(super) const MAXIMUM_WARNING: Self = property!("max_warning", Limit, alarm.maximum_warning);

    /// All of them; the labels of an enumeration are no text, and stand apart.
    pub(super) const ALL: [Self; 20] = [
        property!("description", Words, description),
        property!("label", Words, label),
        property!("unit", Words, unit),
        property!("standard_unit", Words, standard_unit),
        property!("display_unit", Words, display_unit),
        property!("format", Words, display_format),
        Self::MINIMUM,
        Self::MAXIMUM,
        Self::MINIMUM_ALARM,
        Self::MAXIMUM_ALARM,
        Self::MINIMUM_WARNING,
        Self::MAXIMUM_WARNING,
        property!("delta_t", Delay, alarm.delta_time),
        property!("delta_val", Limit, alarm.delta_value),
        property!("rel_change", Change, events.relative_change),
        property!("abs_change", Change, events.absolute_change),
        property!("event_period", Period, events.period),
        property!("archive_rel_change", Change, events.archive_relative_change),
        property!("archive_abs_change", Change, events.archive_absolute_change),
        property!("archive_period", Period, events.archive_period),
    ];

    /// The limit that a configuration sets by this property.
    ///
    /// # Errors
    /// It is no number: the property's name.
    pub(super) fn limit(&self, config: &AttributeConfig) -> Result<Option<Number>, &'static str> {
        match (self.text)(config).as_str() {
            "" | NOT_SPECIFIED => Ok(None),
            text => match Number::parse(text, config.data_type) {
                Some(number) => Ok(Some(number)),
                None => Err(self.name),
            },
        }
    }

    /// What a configuration holds after a client has written this text: no text stands for what
    /// the servant declared, "NaN" as well, and "Not specified" for Tango's own default.
    pub(super) fn accept(&self, text: &str, declared: &AttributeConfig) -> Result<String, Problem> {
        let data_type = declared.data_type;
        if text.is_empty() || text.eq_ignore_ascii_case(CLASS_DEFAULT) {
            return Ok((self.text)(declared).clone());
        }
        let library = AttributeConfig::new(declared.name.as_str(), data_type);
        let library = (self.text)(&library);
        if text == NOT_SPECIFIED || text == library {
            return Ok(library.clone());
        }
        let limited = is_numeric(data_type);
        match self.kind {
            Kind::Words => {}
            Kind::Limit | Kind::Delay if !limited => return Err(Problem::DataType),
            Kind::Change if !limited && data_type != DataType::Enum => {
                return Err(Problem::DataType);
            }
            Kind::Limit => match Number::parse(text, data_type) {
                None => return Err(Problem::Format),
                // as it is in force, not as it was written
                Some(number @ Number::Integer(_)) => return Ok(number.to_string()),
                Some(Number::Real(_)) => {}
            },
            Kind::Change => return change(text).ok_or(Problem::Format),
            Kind::Period | Kind::Delay if text.parse::<i32>().is_err() => {
                return Err(Problem::Format);
            }
            Kind::Period | Kind::Delay => {}
        }
        Ok(text.to_owned())
    }
}

/// One number or two, without signs: the first is what the value goes down by.
fn change(text: &str) -> Option<String> {
    let sizes: Vec<&str> = text
        .split(',')
        .map(|size| size.strip_prefix('-').unwrap_or(size))
        .collect();
    let numbers = sizes
        .iter()
        .all(|size| Number::parse(size, DataType::Double).is_some());
    (sizes.len() <= 2 && numbers).then(|| sizes.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accept(property: &str, text: &str, declared: &AttributeConfig) -> Result<String, Problem> {
        let property = Property::ALL.iter().find(|one| one.name == property);
        property.expect("a property").accept(text, declared)
    }

    #[test]
    fn three_words_take_a_property_back() {
        let mut declared = AttributeConfig::new("power", DataType::Double);
        declared.maximum = "10".into();
        declared.unit = "V".into();
        for word in ["", "NaN", "nan"] {
            assert_eq!(accept("max_value", word, &declared).as_deref(), Ok("10"));
            assert_eq!(accept("unit", word, &declared).as_deref(), Ok("V"));
            assert_eq!(
                accept("event_period", word, &declared).as_deref(),
                Ok("1000")
            );
        }
        for (property, library) in [
            ("max_value", "Not specified"),
            ("unit", ""),
            ("label", "power"),
            ("format", "%6.2f"),
            ("standard_unit", "No standard unit"),
            ("description", "No description"),
            ("event_period", "1000"),
        ] {
            let accepted = accept(property, "Not specified", &declared);
            assert_eq!(accepted.as_deref(), Ok(library), "{property}");
        }
    }

    #[test]
    fn numbers_are_wanted_where_they_are_used() {
        let double = AttributeConfig::new("power", DataType::Double);
        let byte = AttributeConfig::new("mask", DataType::UChar);
        assert_eq!(accept("max_value", "1e3", &double).as_deref(), Ok("1e3"));
        assert_eq!(accept("max_value", "1.5", &byte).as_deref(), Ok("1"));
        assert_eq!(
            accept("rel_change", "-10,20", &double).as_deref(),
            Ok("10,20")
        );
        assert_eq!(
            accept("label", "two words", &double).as_deref(),
            Ok("two words")
        );
        for (property, text) in [
            ("max_value", "abc"),
            ("delta_val", "abc"),
            ("delta_t", "abc"),
            ("delta_t", "1.5"),
            ("abs_change", "1,2,3"),
            ("archive_rel_change", "1,"),
            ("event_period", "soon"),
            ("archive_period", "soon"),
        ] {
            let refused = accept(property, text, &double);
            assert_eq!(refused, Err(Problem::Format), "{property} {text}");
        }
        assert_eq!(accept("max_value", "300", &byte), Err(Problem::Format));
    }

    #[test]
    fn what_has_no_order_has_no_limits() {
        for data_type in [DataType::String, DataType::Boolean, DataType::Enum] {
            let declared = AttributeConfig::new("mode", data_type);
            for property in ["min_value", "max_alarm", "min_warning", "delta_t"] {
                let refused = accept(property, "1", &declared);
                assert_eq!(refused, Err(Problem::DataType), "{property} of {data_type}");
                let kept = accept(property, "Not specified", &declared);
                assert_eq!(kept.as_deref(), Ok("Not specified"));
            }
        }
        let mode = AttributeConfig::new("mode", DataType::Enum);
        assert_eq!(accept("rel_change", "1", &mode).as_deref(), Ok("1"));
    }
}
