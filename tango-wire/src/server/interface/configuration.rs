//! What clients may write to an attribute's configuration, and what comes of it.

use std::sync::Arc;

use std::collections::HashSet;

use super::{
    Attribute,
    limits::Limits,
    property::{Problem, Property},
};
use crate::types::{AttributeConfig, DataType, DevFailed};

/// The most octets of all texts of a configuration together: it stays, and clients may write the
/// configurations of all attributes. A real database keeps no property that is longer than this.
const TEXT_LIMIT: usize = 65_535;

impl Attribute {
    /// The attribute as a client wants it to be. What belongs to the device's code (type, shape,
    /// whether it can be written, display level, what is memorized) must be what it is.
    ///
    /// # Errors
    /// As real servers have them: `API_AttrNotAllowed` for what cannot be changed,
    /// `API_AttrOptProp` for values that a property cannot take, also for texts that are too long, `API_IncoherentValues` for a
    /// lower limit that is not below its upper one, `API_NotSupportedFeature` for another number
    /// of labels.
    pub(in crate::server) fn configured(
        &self,
        device: &str,
        wanted: &AttributeConfig,
    ) -> Result<Self, DevFailed> {
        let name = self.config.name.as_str();
        let refusal = |reason: &str, problem: &str| {
            let words = format!("device {device}, attribute {name}: {problem}");
            DevFailed::new(reason, words, "tango_wire::server")
        };
        if let Some(property) = hard_coded(&self.config, wanted) {
            let problem = format!("the property {property} is not changeable at run time");
            return Err(refusal("API_AttrNotAllowed", &problem));
        }
        let length = text_length(wanted);
        if length > TEXT_LIMIT && length > text_length(&self.config) {
            let problem = format!(
                "its properties would have {length} octets, {TEXT_LIMIT} together are the most"
            );
            return Err(refusal("API_AttrOptProp", &problem));
        }
        let mut config = AttributeConfig::clone(&self.config);
        for property in Property::ALL {
            let text = (property.text)(wanted);
            let accepted = property.accept(text, &self.declared).map_err(|problem| {
                let property = property.name;
                let problem = match problem {
                    Problem::Format => format!(
                        "the property {property} is defined in an unsupported format: '{text}'"
                    ),
                    Problem::DataType => format!(
                        "the property {property} is not settable for the attribute's data type, {}",
                        self.config.data_type
                    ),
                };
                refusal("API_AttrOptProp", &problem)
            })?;
            *(property.text_mut)(&mut config) = accepted;
        }
        if config.data_type == DataType::Enum {
            check_labels(&config.enum_labels, &wanted.enum_labels)
                .map_err(|(reason, problem)| refusal(reason, &problem))?;
            config.enum_labels.clone_from(&wanted.enum_labels);
        }
        let limits = Limits::read(&config).map_err(|property| {
            let problem = format!("the property {property} is defined in an unsupported format");
            refusal("API_AttrOptProp", &problem)
        })?;
        limits.check_order().map_err(|what| {
            let problem = format!("value of min_{what} is greater than or equal to max_{what}");
            refusal("API_IncoherentValues", &problem)
        })?;
        Ok(Self {
            declared: self.declared.clone(),
            config: Arc::new(config),
            limits,
        })
    }
}

/// The octets of all that a client may write.
fn text_length(config: &AttributeConfig) -> usize {
    let texts = Property::ALL.iter().map(|one| (one.text)(config));
    let texts = texts.chain(&config.enum_labels);
    texts.map(String::len).sum()
}

/// The first property, if any, that differs and is the code's own.
fn hard_coded(config: &AttributeConfig, wanted: &AttributeConfig) -> Option<&'static str> {
    [
        (config.data_type != wanted.data_type, "data_type"),
        (config.format != wanted.format, "data_format"),
        (config.writable != wanted.writable, "writable"),
        (config.max_columns != wanted.max_columns, "max_dim_x"),
        (config.max_rows != wanted.max_rows, "max_dim_y"),
        (config.level != wanted.level, "level"),
        (
            config.writable_attribute != wanted.writable_attribute,
            "writable_attr_name",
        ),
        (
            (config.memorized, config.memorized_init) != (wanted.memorized, wanted.memorized_init),
            "memorized",
        ),
    ]
    .into_iter()
    .find_map(|(differs, property)| differs.then_some(property))
}

/// Labels may be given other words; how many there are is the code's own.
fn check_labels(labels: &[String], wanted: &[String]) -> Result<(), (&'static str, String)> {
    if wanted.is_empty() && !labels.is_empty() {
        let problem = "no value defined for the property enum_labels".to_owned();
        return Err(("API_AttrOptProp", problem));
    }
    if wanted.len() != labels.len() {
        let problem = format!(
            "it has {} labels, and their number cannot be changed from outside the device",
            labels.len()
        );
        return Err(("API_NotSupportedFeature", problem));
    }
    let mut seen = HashSet::new();
    match wanted.iter().find(|label| !seen.insert(label.as_str())) {
        Some(label) => Err(("API_AttrOptProp", format!("two labels are alike: {label}"))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{AttributeFormat, DisplayLevel, Quality, Value, WriteMode};

    fn power() -> Attribute {
        Attribute::new(AttributeConfig::new("power", DataType::Double).read_write())
    }

    fn write(
        attribute: &Attribute,
        change: impl FnOnce(&mut AttributeConfig),
    ) -> Result<Attribute, String> {
        let mut wanted = attribute.config().clone();
        change(&mut wanted);
        let configured = attribute.configured("a/b/c", &wanted);
        configured.map_err(|failure| failure.reason().to_owned())
    }

    #[test]
    fn limits_are_in_force_as_soon_as_they_are_written() {
        let limited = write(&power(), |config| {
            config.maximum = "10".into();
            config.alarm.maximum_alarm = "5".into();
        });
        let limited = limited.expect("accepted");
        assert!(limited.is_configured());
        assert!(limited.check_write(&Value::Double(11.0)).is_err());
        assert_eq!(limited.quality(&Value::Double(6.0)), Quality::Alarm);
        let free = write(&limited, |config| config.maximum.clear()).expect("accepted");
        assert!(free.check_write(&Value::Double(11.0)).is_ok());
        assert_eq!(free.config().maximum, "Not specified");
    }

    #[test]
    fn what_the_code_says_cannot_be_written() {
        type Change = fn(&mut AttributeConfig);
        let changes: [Change; 8] = [
            |config| config.data_type = DataType::Long,
            |config| config.format = AttributeFormat::Spectrum,
            |config| config.writable = WriteMode::Read,
            |config| config.max_columns = 2,
            |config| config.max_rows = 2,
            |config| config.level = DisplayLevel::Expert,
            |config| config.writable_attribute = "None".into(),
            |config| config.memorized = true,
        ];
        for change in changes {
            assert_eq!(
                write(&power(), change).err().as_deref(),
                Some("API_AttrNotAllowed")
            );
        }
        let other_case = write(&power(), |config| config.name = "POWER".into());
        assert_eq!(other_case.expect("accepted").config().name, "power");
    }

    #[test]
    fn refusals_are_those_of_a_real_server() {
        let refused = |change: fn(&mut AttributeConfig)| write(&power(), change).err();
        assert_eq!(
            refused(|config| config.maximum = "abc".into()).as_deref(),
            Some("API_AttrOptProp")
        );
        let coherent = |config: &mut AttributeConfig| {
            config.minimum = "10".into();
            config.maximum = "10".into();
        };
        assert_eq!(refused(coherent).as_deref(), Some("API_IncoherentValues"));
    }

    #[test]
    fn labels_can_be_renamed_and_not_counted_anew() {
        let mode = AttributeConfig::new("mode", DataType::Enum).with_enum_labels(["A", "B"]);
        let mode = Attribute::new(mode);
        let write = |labels: &[&str]| {
            let labels = labels.iter().map(|&label| label.to_owned()).collect();
            write(&mode, |config| config.enum_labels = labels)
        };
        let renamed = write(&["ON", "OFF"]).expect("accepted");
        assert_eq!(renamed.config().enum_labels, ["ON", "OFF"]);
        assert_eq!(write(&[]).err().as_deref(), Some("API_AttrOptProp"));
        assert_eq!(write(&["X", "X"]).err().as_deref(), Some("API_AttrOptProp"));
        assert_eq!(
            write(&["X", "Y", "Z"]).err().as_deref(),
            Some("API_NotSupportedFeature")
        );
    }
}
