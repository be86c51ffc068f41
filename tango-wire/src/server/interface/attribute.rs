//! One attribute as it is served.

use std::sync::Arc;

use super::{limits::Limits, property::Property};
use crate::types::{AttributeConfig, DevFailed, Quality, Value};

/// An attribute: what its servant declared, what clients have made of it, and the limits that
/// follow. It never changes: a configuration that is written makes another one.
#[derive(Debug)]
pub(in crate::server) struct Attribute {
    pub(super) declared: Arc<AttributeConfig>,
    /// The very one that was declared, until a client writes to it: servers have thousands.
    pub(super) config: Arc<AttributeConfig>,
    pub(super) limits: Limits,
}

impl Attribute {
    /// As its servant declares it. Limits that are no numbers are not in force.
    pub(in crate::server) fn new(declared: AttributeConfig) -> Self {
        let declared = Arc::new(declared);
        Self {
            limits: Limits::declared(&declared),
            config: Arc::clone(&declared),
            declared,
        }
    }

    /// What the servant said.
    pub(in crate::server) fn declared(&self) -> &AttributeConfig {
        &self.declared
    }

    /// What clients are told.
    pub(in crate::server) fn config(&self) -> &AttributeConfig {
        &self.config
    }

    /// True if a client has written something else than the servant declared.
    pub(in crate::server) fn is_configured(&self) -> bool {
        self.config != self.declared
    }

    /// This attribute, with all that clients have written to an older one of its name; `None` if
    /// there is nothing to keep, or if it does not suit the attribute any more.
    pub(super) fn keeping(&self, old: &Self) -> Option<Self> {
        let same_type = self.declared.data_type == old.declared.data_type;
        if !old.is_configured() || !same_type {
            return None;
        }
        let mut config = AttributeConfig::clone(&self.declared);
        for property in Property::ALL {
            let written = (property.text)(&old.config);
            if written != (property.text)(&old.declared) {
                (property.text_mut)(&mut config).clone_from(written);
            }
        }
        if old.config.enum_labels != old.declared.enum_labels
            && config.enum_labels == old.declared.enum_labels
        {
            config.enum_labels.clone_from(&old.config.enum_labels);
        }
        let limits = Limits::read(&config).ok()?;
        limits.check_order().ok()?;
        Some(Self {
            declared: Arc::clone(&self.declared),
            config: Arc::new(config),
            limits,
        })
    }

    /// Checks a value that is to be written.
    pub(in crate::server) fn check_write(&self, value: &Value) -> Result<(), DevFailed> {
        self.limits.check_write(&self.config.name, value)
    }

    /// The quality of a value that its servant calls valid.
    pub(in crate::server) fn quality(&self, value: &Value) -> Quality {
        self.limits.quality(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::DataType;

    fn written(attribute: &Attribute, change: impl FnOnce(&mut AttributeConfig)) -> Attribute {
        let mut config = AttributeConfig::clone(&attribute.config);
        change(&mut config);
        Attribute {
            declared: Arc::clone(&attribute.declared),
            limits: Limits::read(&config).expect("numbers"),
            config: Arc::new(config),
        }
    }

    #[test]
    fn what_was_written_is_kept_and_what_was_declared_is_not() {
        let mut declared = AttributeConfig::new("power", DataType::Double);
        declared.unit = "W".into();
        let old = Attribute::new(declared.clone());
        assert!(
            Attribute::new(declared.clone()).keeping(&old).is_none(),
            "nothing was written"
        );
        let old = written(&old, |config| config.maximum = "5".into());
        declared.unit = "kW".into();
        let kept = Attribute::new(declared).keeping(&old).expect("kept");
        assert_eq!(kept.config.unit, "kW");
        assert_eq!(kept.config.maximum, "5");
        assert!(kept.check_write(&Value::Double(6.0)).is_err());
    }

    #[test]
    fn what_does_not_suit_the_attribute_any_more_is_forgotten() {
        let old = Attribute::new(AttributeConfig::new("power", DataType::Double));
        let old = written(&old, |config| config.maximum = "5".into());
        let long = Attribute::new(AttributeConfig::new("power", DataType::Long));
        assert!(long.keeping(&old).is_none(), "another type");
        let mut declared = AttributeConfig::new("power", DataType::Double);
        declared.minimum = "7".into();
        let above = Attribute::new(declared);
        assert!(above.keeping(&old).is_none(), "the least is greater");
    }

    #[test]
    fn labels_are_kept_while_the_declared_ones_stay() {
        let declared = |labels: [&str; 2]| {
            Attribute::new(AttributeConfig::new("mode", DataType::Enum).with_enum_labels(labels))
        };
        let old = written(&declared(["ON", "OFF"]), |config| {
            config.enum_labels = vec!["GO".into(), "STOP".into()];
        });
        let kept = declared(["ON", "OFF"]).keeping(&old).expect("kept");
        assert_eq!(kept.config.enum_labels, ["GO", "STOP"]);
        let other = declared(["UP", "DOWN"]).keeping(&old).expect("kept");
        assert_eq!(other.config.enum_labels, ["UP", "DOWN"]);
    }
}
