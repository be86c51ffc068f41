//! What all vocabularies have in common: numbers, labels, parsing, conversion to values.

use std::fmt;

use harness_core::Value;
use thiserror::Error;

/// A word, a number or a value that a vocabulary does not know.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{given} is no {vocabulary}{}; known: {}", Suggestion(.suggestion), .known.join(", "))]
pub struct UnknownWord {
    vocabulary: &'static str,
    given: String,
    suggestion: Option<&'static str>,
    known: &'static [&'static str],
}

impl UnknownWord {
    pub(crate) fn new(
        vocabulary: &'static str,
        given: impl fmt::Display,
        known: &'static [&'static str],
    ) -> UnknownWord {
        let given = given.to_string();
        let normal = normal_form(&given);
        let suggestion = known
            .iter()
            .map(|word| (edit_distance(&normal, word), *word))
            .min_by_key(|(distance, _)| *distance)
            .filter(|(distance, word)| *distance <= 2 && *distance < word.len())
            .map(|(_, word)| word);
        UnknownWord {
            vocabulary,
            given: if given.is_empty() {
                "an empty text".to_owned()
            } else {
                given
            },
            suggestion,
            known,
        }
    }

    /// The words that the vocabulary knows.
    #[must_use]
    pub fn known(&self) -> &'static [&'static str] {
        self.known
    }
}

struct Suggestion<'a>(&'a Option<&'static str>);

impl fmt::Display for Suggestion<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(word) => write!(formatter, " (did you mean {word}?)"),
            None => Ok(()),
        }
    }
}

/// Upper case, with one spelling for what people write as `STANDBY-FP` and `standby fp`.
pub(super) fn normal_form(word: &str) -> String {
    word.trim().to_ascii_uppercase().replace(['-', ' '], "_")
}

/// The text of a value if it is one that names a word.
pub(super) fn word_of(value: &Value) -> Option<&str> {
    value.as_str()
}

/// The least number of letters to insert, remove or replace.
fn edit_distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, counterpart) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *counterpart);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

/// Declares an enum whose members have a number, a label, and possibly other spellings.
macro_rules! vocabulary {
    (
        $(#[$attribute:meta])*
        pub enum $name:ident ($vocabulary:literal) {
            $(
                $(#[$member_attribute:meta])*
                $member:ident = $number:literal => $label:literal $(| $alias:literal)*,
            )+
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $( $(#[$member_attribute])* $member = $number, )+
        }

        impl $name {
            /// All members, in the order of their numbers.
            pub const ALL: &'static [$name] = &[$( $name::$member, )+];

            /// The labels of all members, in the order of their numbers.
            pub const LABELS: &'static [&'static str] = &[$( $label, )+];

            /// The number that travels on the wire.
            #[must_use]
            pub const fn number(self) -> i64 {
                self as i64
            }

            /// The word that people use.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self {
                    $( $name::$member => $label, )+
                }
            }

            /// The member with this number.
            #[must_use]
            pub const fn from_number(number: i64) -> Option<$name> {
                match number {
                    $( $number => Some($name::$member), )+
                    _ => None,
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.pad(self.label())
            }
        }

        /// As its label.
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.label())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::control_model::UnknownWord;

            /// Reads a label in any case, with `-` or a blank for `_`.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match $crate::control_model::vocabulary::normal_form(text).as_str() {
                    $( $label $(| $alias)* => Ok($name::$member), )+
                    _ => Err($crate::control_model::UnknownWord::new(
                        $vocabulary, text, Self::LABELS,
                    )),
                }
            }
        }

        impl TryFrom<i64> for $name {
            type Error = $crate::control_model::UnknownWord;

            fn try_from(number: i64) -> Result<Self, Self::Error> {
                Self::from_number(number).ok_or_else(|| {
                    $crate::control_model::UnknownWord::new($vocabulary, number, Self::LABELS)
                })
            }
        }

        impl TryFrom<&harness_core::Value> for $name {
            type Error = $crate::control_model::UnknownWord;

            /// Reads the label where there is one, since devices number their own enums, and
            /// else the number.
            fn try_from(value: &harness_core::Value) -> Result<Self, Self::Error> {
                if let Some(word) = $crate::control_model::vocabulary::word_of(value) {
                    return word.parse();
                }
                value.as_int().and_then(Self::from_number).ok_or_else(|| {
                    $crate::control_model::UnknownWord::new($vocabulary, value, Self::LABELS)
                })
            }
        }

        impl From<$name> for harness_core::Value {
            fn from(member: $name) -> Self {
                harness_core::Value::Enum(harness_core::EnumValue::labelled(
                    member.number(),
                    member.label(),
                ))
            }
        }
    };
}

pub(super) use vocabulary;

#[cfg(test)]
mod tests {
    use super::edit_distance;

    #[test]
    fn edit_distances() {
        assert_eq!(edit_distance("READY", "READY"), 0);
        assert_eq!(edit_distance("REDY", "READY"), 1);
        assert_eq!(edit_distance("", "IDLE"), 4);
        assert_eq!(edit_distance("ABORTING", "ABORTED"), 3);
    }
}
