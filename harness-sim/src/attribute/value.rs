//! The values of the attributes.

use std::fmt;
use std::sync::Arc;

use harness_tango::control_model::{AdminMode, DevState, HealthState, ObsState};

use crate::dish::{Band, DishMode, PointingState};

/// A value of an attribute of a simulated device.
///
/// Its text is for people: words of enumerations, texts as they are, lists with commas.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttributeValue {
    /// A device state.
    State(DevState),
    /// An observation state.
    ObsState(ObsState),
    /// An admin mode.
    AdminMode(AdminMode),
    /// A health state.
    HealthState(HealthState),
    /// A dish mode.
    DishMode(DishMode),
    /// A pointing state.
    PointingState(PointingState),
    /// A band of a dish.
    Band(Band),
    /// Yes or no.
    Flag(bool),
    /// A number.
    Number(i64),
    /// A list of numbers.
    Numbers(Vec<i32>),
    /// A text.
    Text(Arc<str>),
    /// A list of texts.
    Texts(Vec<Arc<str>>),
    /// Rows of two texts.
    Pairs(Vec<[Arc<str>; 2]>),
}

impl AttributeValue {
    /// A list of texts.
    pub(crate) fn texts<T: Into<Arc<str>>>(texts: impl IntoIterator<Item = T>) -> AttributeValue {
        AttributeValue::Texts(texts.into_iter().map(Into::into).collect())
    }
}

impl fmt::Display for AttributeValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AttributeValue::State(state) => write!(formatter, "{state}"),
            AttributeValue::ObsState(state) => write!(formatter, "{state}"),
            AttributeValue::AdminMode(mode) => write!(formatter, "{mode}"),
            AttributeValue::HealthState(health) => write!(formatter, "{health}"),
            AttributeValue::DishMode(mode) => write!(formatter, "{mode}"),
            AttributeValue::PointingState(state) => write!(formatter, "{state}"),
            AttributeValue::Band(band) => write!(formatter, "{band}"),
            AttributeValue::Flag(flag) => write!(formatter, "{flag}"),
            AttributeValue::Number(number) => write!(formatter, "{number}"),
            AttributeValue::Numbers(numbers) => {
                let numbers: Vec<_> = numbers.iter().map(ToString::to_string).collect();
                formatter.write_str(&numbers.join(", "))
            }
            AttributeValue::Text(text) => formatter.write_str(text),
            AttributeValue::Texts(texts) => formatter.write_str(&texts.join(", ")),
            AttributeValue::Pairs(rows) => {
                let rows: Vec<_> = rows
                    .iter()
                    .map(|[first, second]| format!("{first}({second})"))
                    .collect();
                formatter.write_str(&rows.join(", "))
            }
        }
    }
}
