//! Values as people read them: labels rather than numbers.

use std::fmt::{self, Display, Formatter, Write};

use super::{EnumValue, Value};

/// Writes the label when it is known, otherwise the number.
impl Display for EnumValue {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.label() {
            Some(label) => f.write_str(label),
            None => write!(f, "{}", self.number),
        }
    }
}

/// Writes the value on one line; text is bare where it stands alone and quoted within lists.
impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Void => f.write_str("nothing"),
            Self::Bool(truth) => write!(f, "{truth}"),
            Self::Int(number) => write!(f, "{number}"),
            Self::UInt(number) => write!(f, "{number}"),
            Self::Float(number) => write!(f, "{number:?}"),
            Self::String(text) if stands_alone(text) => f.write_str(text),
            Self::String(text) => write!(f, "{text:?}"),
            Self::Enum(member) => write!(f, "{member}"),
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
            Self::List(elements) => {
                f.write_char('[')?;
                for (index, element) in elements.iter().enumerate() {
                    if index > 0 {
                        f.write_str(", ")?;
                    }
                    match element {
                        Self::String(text) => write!(f, "{text:?}")?,
                        other => write!(f, "{other}")?,
                    }
                }
                f.write_char(']')
            }
        }
    }
}

/// Whether text can be shown without quotes and still be recognised as one piece.
fn stands_alone(text: &str) -> bool {
    !text.is_empty() && text.trim().len() == text.len() && !text.contains(char::is_control)
}
