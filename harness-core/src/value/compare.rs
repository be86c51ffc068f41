//! Equality as a tester means it; the rules are in the documentation of [`Value`].

use super::types::whole;
use super::{EnumValue, Value};

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        use Value::{Bool, Bytes, Enum, Float, Int, List, String, UInt, Void};
        match (self, other) {
            (Void, Void) => true,
            (Bool(a), Bool(b)) => a == b,
            (String(a), String(b)) => a == b,
            (Enum(a), Enum(b)) => a == b,
            (Enum(member), String(text)) | (String(text), Enum(member)) => member.is_called(text),
            (Bytes(a), Bytes(b)) => a == b,
            (List(a), List(b)) => a == b,
            (Bytes(bytes), List(list)) | (List(list), Bytes(bytes)) => {
                bytes.len() == list.len()
                    && bytes
                        .iter()
                        .zip(list)
                        .all(|(byte, value)| Int((*byte).into()) == *value)
            }
            (Int(_) | UInt(_) | Float(_) | Enum(_), Int(_) | UInt(_) | Float(_) | Enum(_)) => {
                Number::of(self) == Number::of(other)
            }
            _ => false,
        }
    }
}

/// By number; labels are what people see, the number is what the device says.
impl PartialEq for EnumValue {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl Eq for EnumValue {}

impl EnumValue {
    fn is_called(&self, text: &str) -> bool {
        self.label()
            .is_some_and(|label| label.eq_ignore_ascii_case(text))
    }
}

/// A number in a form in which equal values have equal forms; nothing is rounded.
#[derive(PartialEq)]
enum Number {
    Whole(i128),
    Fraction(f64),
    Nan,
}

impl Number {
    fn of(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Int(number) => Self::Whole((*number).into()),
            Value::UInt(number) => Self::Whole((*number).into()),
            Value::Enum(member) => Self::Whole(member.number.into()),
            Value::Float(number) if number.is_nan() => Self::Nan,
            Value::Float(number) => match whole(*number) {
                Some(whole) => Self::Whole(whole.into()),
                None => Self::beyond_i64(*number),
            },
            _ => return None,
        })
    }

    fn beyond_i64(number: f64) -> Self {
        const LIMIT: f64 = 18_446_744_073_709_551_616.0; // 2^64
        if number.fract() == 0.0 && (0.0..LIMIT).contains(&number) {
            #[expect(clippy::cast_possible_truncation, reason = "whole and below 2^64")]
            return Self::Whole(number as i128);
        }
        Self::Fraction(number)
    }
}
