//! The type itself and its accessors.

use std::sync::Arc;

/// A value of a command or an attribute.
///
/// # Equality
///
/// `==` answers the tester's question "is this the value I asked for?":
///
/// * numbers compare by value, whatever their kind: `Int(1) == Float(1.0)`;
/// * an enumeration equals another one, or a number, by its number; it equals a string by its
///   label, in any ASCII case;
/// * `NaN` equals `NaN`, so that it can be asked for and a repeated one is not a change;
/// * bytes equal a list of the same numbers.
///
/// Through an enumeration a number and a string may both equal a third value without being equal
/// to each other; that is the one place where this equality is not transitive.
///
/// ```
/// use harness_core::{EnumValue, Value};
///
/// let ready = Value::Enum(EnumValue::labelled(4, "READY"));
/// assert_eq!(ready, Value::from("ready"));
/// assert_eq!(ready, Value::from(4));
/// assert_eq!(ready.to_string(), "READY");
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Value {
    /// No value: the argument of a command that takes none, the reply of one that gives none.
    #[default]
    Void,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number above [`i64::MAX`]; smaller ones are [`Value::Int`].
    UInt(u64),
    /// A number with a fraction.
    Float(f64),
    /// Text.
    String(String),
    /// A member of an enumeration.
    Enum(EnumValue),
    /// Raw bytes.
    Bytes(Vec<u8>),
    /// Several values; a matrix is a list of lists, and so is a pair of arrays.
    List(Vec<Value>),
}

/// A member of an enumeration: its number, and its label when the device told it.
#[derive(Clone, Debug)]
pub struct EnumValue {
    /// The number that travels on the wire.
    pub number: i64,
    /// The word people use for it; shared, since every event of an attribute carries one.
    pub label: Option<Arc<str>>,
}

impl EnumValue {
    /// A member of which only the number is known.
    pub fn new(number: i64) -> Self {
        Self {
            number,
            label: None,
        }
    }

    /// A member with its label.
    pub fn labelled(number: i64, label: impl Into<Arc<str>>) -> Self {
        Self {
            number,
            label: Some(label.into()),
        }
    }

    /// The label, when it is known.
    pub fn label(&self) -> Option<&str> {
        self.label.as_deref()
    }
}

impl Value {
    /// Whether there is no value at all.
    pub fn is_void(&self) -> bool {
        matches!(self, Self::Void)
    }

    /// The text of a string, or the label of an enumeration.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            Self::Enum(member) => member.label(),
            _ => None,
        }
    }

    /// The value as a whole number: integers that fit, enumerations, and floats without fraction.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            Self::UInt(number) => i64::try_from(*number).ok(),
            Self::Enum(member) => Some(member.number),
            Self::Float(number) => whole(*number),
            _ => None,
        }
    }

    /// The value as a float; large integers are rounded to the nearest one.
    #[expect(clippy::cast_precision_loss, reason = "asked for: the nearest float")]
    pub fn as_float(&self) -> Option<f64> {
        match self {
            Self::Int(number) => Some(*number as f64),
            Self::UInt(number) => Some(*number as f64),
            Self::Enum(member) => Some(member.number as f64),
            Self::Float(number) => Some(*number),
            _ => None,
        }
    }

    /// The value as a truth value; numbers are none.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(truth) => Some(*truth),
            _ => None,
        }
    }

    /// The elements of a list.
    pub fn as_list(&self) -> Option<&[Value]> {
        match self {
            Self::List(elements) => Some(elements),
            _ => None,
        }
    }

    /// The raw bytes.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The member of an enumeration.
    pub fn as_enum(&self) -> Option<&EnumValue> {
        match self {
            Self::Enum(member) => Some(member),
            _ => None,
        }
    }
}

impl Value {
    /// A bare number with the label that this value, or one of its elements, has for it; other
    /// values as they are.
    pub(crate) fn label_for(&self, value: Value) -> Value {
        let number = match &value {
            Self::Int(number) => *number,
            Self::Enum(member) if member.label.is_none() => member.number,
            _ => return value,
        };
        let is_it = |member: &&EnumValue| member.number == number && member.label.is_some();
        let member = match self {
            Self::List(elements) => elements.iter().filter_map(Self::as_enum).find(is_it),
            single => single.as_enum().filter(is_it),
        };
        member.map_or(value, |member| Self::Enum(member.clone()))
    }
}

/// The integer a float stands for exactly, if it stands for one that fits.
pub(super) fn whole(number: f64) -> Option<i64> {
    // 2^63 is exact as a float; i64::MAX is not, so the upper bound is exclusive
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if number.fract() == 0.0 && (-LIMIT..LIMIT).contains(&number) {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "checked: whole and in range"
        )]
        return Some(number as i64);
    }
    None
}
