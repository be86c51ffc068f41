//! The limits of an attribute's values, in force.

use std::cmp::Ordering;

use super::{
    number::{Number, is_numeric, position},
    property::Property,
};
use crate::types::{AttributeConfig, DevFailed, Quality, Value};

/// The six limits of an attribute; `None` where there is none.
#[derive(Debug, Default)]
pub(super) struct Limits {
    /// Least and greatest value that can be written.
    value: Range,
    /// At or beyond them the quality is ALARM,
    alarm: Range,
    /// or else WARNING.
    warning: Range,
}

#[derive(Debug, Default)]
struct Range {
    least: Option<Number>,
    greatest: Option<Number>,
}

impl Limits {
    /// Those of a servant's declaration, which nobody else has checked.
    pub(super) fn declared(config: &AttributeConfig) -> Self {
        Self::read(config).unwrap_or_else(|property| {
            tracing::warn!(
                attribute = config.name,
                property,
                "a declared limit is no number: the attribute has no limits"
            );
            Self::default()
        })
    }

    /// Reads them.
    ///
    /// # Errors
    /// The name of a property that is no number.
    pub(super) fn read(config: &AttributeConfig) -> Result<Self, &'static str> {
        if !is_numeric(config.data_type) {
            return Ok(Self::default());
        }
        let range = |least: &Property, greatest: &Property| -> Result<Range, &'static str> {
            Ok(Range {
                least: least.limit(config)?,
                greatest: greatest.limit(config)?,
            })
        };
        Ok(Self {
            value: range(&Property::MINIMUM, &Property::MAXIMUM)?,
            alarm: range(&Property::MINIMUM_ALARM, &Property::MAXIMUM_ALARM)?,
            warning: range(&Property::MINIMUM_WARNING, &Property::MAXIMUM_WARNING)?,
        })
    }

    /// Checks that each lower limit is below its upper one.
    ///
    /// # Errors
    /// What the pair that is not so is about: value, alarm or warning.
    pub(super) fn check_order(&self) -> Result<(), &'static str> {
        for (range, what) in [
            (&self.value, "value"),
            (&self.alarm, "alarm"),
            (&self.warning, "warning"),
        ] {
            if let Range {
                least: Some(least),
                greatest: Some(greatest),
            } = range
                && least.compare(*greatest) != Some(Ordering::Less)
            {
                return Err(what);
            }
        }
        Ok(())
    }

    /// Checks a value that is to be written. The limits themselves can be written; what is not
    /// finite cannot, even where there are no limits.
    pub(super) fn check_write(&self, attribute: &str, value: &Value) -> Result<(), DevFailed> {
        let refusal = |place: usize, problem: &str| {
            Err(DevFailed::new(
                "API_WAttrOutsideLimit",
                format!(
                    "set value for attribute {attribute} is {problem} (at least element {place})"
                ),
                "tango_wire::server",
            ))
        };
        if let Some(place) = position(value, |number| !number.is_finite()) {
            return refusal(place, "a NaN or INF value");
        }
        let Range { least, greatest } = &self.value;
        if let Some(least) = least
            && let Some(place) = position(value, |number| {
                number.compare(*least) == Some(Ordering::Less)
            })
        {
            return refusal(place, &format!("below the minimum authorized, {least}"));
        }
        if let Some(greatest) = greatest
            && let Some(place) = position(value, |number| {
                number.compare(*greatest) == Some(Ordering::Greater)
            })
        {
            return refusal(place, &format!("above the maximum authorized, {greatest}"));
        }
        Ok(())
    }

    /// The quality of a value that is valid as such.
    pub(super) fn quality(&self, value: &Value) -> Quality {
        if self.alarm.is_reached(value) {
            Quality::Alarm
        } else if self.warning.is_reached(value) {
            Quality::Warning
        } else {
            Quality::Valid
        }
    }
}

impl Range {
    /// True if an item is at one of the limits, or beyond.
    fn is_reached(&self, value: &Value) -> bool {
        if self.least.is_none() && self.greatest.is_none() {
            return false;
        }
        let low = |number: Number| {
            self.least.is_some_and(|least| {
                matches!(
                    number.compare(least),
                    Some(Ordering::Less | Ordering::Equal)
                )
            })
        };
        let high = |number: Number| {
            self.greatest.is_some_and(|greatest| {
                matches!(
                    number.compare(greatest),
                    Some(Ordering::Greater | Ordering::Equal)
                )
            })
        };
        position(value, |number| low(number) || high(number)).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::DataType;

    fn limited() -> AttributeConfig {
        let mut config = AttributeConfig::new("power", DataType::Double);
        config.minimum = "0".into();
        config.maximum = "10".into();
        config.alarm.minimum_alarm = "1".into();
        config.alarm.maximum_alarm = "9".into();
        config.alarm.minimum_warning = "2".into();
        config.alarm.maximum_warning = "8".into();
        config
    }

    /// The numbers that a real server was asked about.
    #[test]
    fn qualities_are_those_of_a_real_server() {
        let limits = Limits::read(&limited()).expect("numbers");
        for (value, quality) in [
            (0.5, Quality::Alarm),
            (1.0, Quality::Alarm),
            (1.5, Quality::Warning),
            (2.0, Quality::Warning),
            (5.0, Quality::Valid),
            (8.0, Quality::Warning),
            (9.0, Quality::Alarm),
            (f64::NAN, Quality::Valid),
        ] {
            assert_eq!(limits.quality(&Value::Double(value)), quality, "{value}");
        }
        let spectrum = Value::Doubles(vec![5.0, 8.5, 9.5]);
        assert_eq!(limits.quality(&spectrum), Quality::Alarm);
    }

    #[test]
    fn what_is_written_must_be_finite_and_within_the_limits() {
        let limits = Limits::read(&limited()).expect("numbers");
        let refused = |value| {
            let failure = limits.check_write("power", &value).err()?;
            assert_eq!(failure.reason(), "API_WAttrOutsideLimit");
            Some(failure.to_string())
        };
        assert_eq!(refused(Value::Double(10.0)), None);
        assert_eq!(refused(Value::Double(0.0)), None);
        let words = refused(Value::Doubles(vec![1.0, 10.5])).expect("too much");
        assert!(words.contains("maximum authorized, 10"), "{words}");
        assert!(words.contains("element 1"), "{words}");
        assert!(refused(Value::Double(-0.1)).is_some());
        assert!(refused(Value::Double(f64::NAN)).is_some());
        let none = Limits::default();
        let infinite = Value::Float(f32::INFINITY);
        assert!(none.check_write("power", &infinite).is_err());
    }

    #[test]
    fn a_declared_limit_that_is_no_number_is_not_in_force() {
        let mut config = limited();
        config.alarm.maximum_alarm = "much".into();
        assert_eq!(Limits::read(&config).err(), Some("max_alarm"));
        let limits = Limits::declared(&config);
        assert_eq!(limits.quality(&Value::Double(100.0)), Quality::Valid);
    }

    #[test]
    fn lower_limits_are_below_upper_ones() {
        let mut config = limited();
        assert_eq!(
            Limits::read(&config).expect("numbers").check_order(),
            Ok(())
        );
        config.alarm.minimum_warning = "8".into();
        let limits = Limits::read(&config).expect("numbers");
        assert_eq!(limits.check_order(), Err("warning"));
    }
}
