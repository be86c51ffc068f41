//! Device names with a place for the number of a subarray or the name of a dish.

use std::fmt;

use thiserror::Error;

use super::role::{Each, Role};

/// A device name with at most one kind of placeholder: `low-tmc/subarray/{subarray:02}`.
///
/// `{subarray}` stands for the number of a subarray, `{subarray:02}` for the number with at least
/// two digits, `{dish}` for the name of a dish, `{dish_number:04}` for the digits in the name of a
/// dish, as one number with at least four digits: `0001` for `SKA001`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameTemplate {
    text: String,
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Subarray { digits: usize },
    Dish,
    DishNumber { digits: usize },
}

/// Why a device name can not be used.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum TemplateError {
    /// The name is empty.
    #[error("the device name of role {role} is empty")]
    Empty {
        /// The role.
        role: Role,
    },
    /// A placeholder is not known, or is not closed.
    #[error(
        "{template}, the device name of role {role}, has the unknown placeholder {placeholder}; \
         known: {{subarray}}, {{subarray:02}}, {{dish}}, {{dish_number:04}}"
    )]
    Placeholder {
        /// The role.
        role: Role,
        /// The name as it was given.
        template: String,
        /// The placeholder.
        placeholder: String,
    },
    /// A placeholder does not belong to this role.
    #[error("{template}, the device name of role {role}, can not depend on {{{placeholder}}}")]
    Misplaced {
        /// The role.
        role: Role,
        /// The name as it was given.
        template: String,
        /// The placeholder.
        placeholder: &'static str,
    },
}

impl NameTemplate {
    /// Reads the device name of a role.
    ///
    /// # Errors
    /// When it is empty, or when a placeholder is unknown or does not belong to the role.
    pub fn parse(role: Role, template: &str) -> Result<NameTemplate, TemplateError> {
        let text = template.trim().to_owned();
        if text.is_empty() {
            return Err(TemplateError::Empty { role });
        }
        let mut pieces = Vec::new();
        let mut rest = text.as_str();
        while let Some(start) = rest.find('{') {
            if start > 0 {
                pieces.push(Piece::Text(rest[..start].to_owned()));
            }
            let end = rest[start..]
                .find('}')
                .map_or(rest.len(), |length| start + length + 1);
            let piece =
                placeholder(&rest[start..end]).ok_or_else(|| TemplateError::Placeholder {
                    role,
                    template: text.clone(),
                    placeholder: rest[start..end].to_owned(),
                })?;
            let misplaced = match (&piece, role.each()) {
                (Piece::Subarray { .. }, Each::Telescope | Each::Dish) => Some("subarray"),
                (
                    Piece::Dish | Piece::DishNumber { .. },
                    Each::Telescope | Each::Subarray | Each::Beam,
                ) => Some("dish"),
                _ => None,
            };
            if let Some(placeholder) = misplaced {
                return Err(TemplateError::Misplaced {
                    role,
                    template: text,
                    placeholder,
                });
            }
            pieces.push(piece);
            rest = &rest[end..];
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Ok(NameTemplate { text, pieces })
    }

    /// The device name for a subarray.
    #[must_use]
    pub fn for_subarray(&self, number: u32) -> String {
        self.fill(number, "")
    }

    /// The device name for a dish.
    #[must_use]
    pub fn for_dish(&self, dish: &str) -> String {
        self.fill(0, dish)
    }

    /// Whether the name is the same for all.
    #[must_use]
    pub fn is_fixed(&self) -> bool {
        self.pieces
            .iter()
            .all(|piece| matches!(piece, Piece::Text(_)))
    }

    fn fill(&self, subarray: u32, dish: &str) -> String {
        self.pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.clone(),
                Piece::Subarray { digits } => format!("{subarray:0digits$}", digits = *digits),
                Piece::Dish => dish.to_owned(),
                Piece::DishNumber { digits } => {
                    format!("{:0>digits$}", number_in(dish), digits = *digits)
                }
            })
            .collect()
    }
}

impl fmt::Display for NameTemplate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// The digits in the name of a dish, without leading zeros.
fn number_in(dish: &str) -> String {
    let digits: String = dish.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').to_owned()
}

fn placeholder(text: &str) -> Option<Piece> {
    let name = text.strip_prefix('{')?.strip_suffix('}')?;
    let (name, digits) = match name.split_once(':') {
        None => (name, 1),
        Some(("dish", _)) => return None,
        Some((name, width)) => (name, width.strip_prefix('0')?.parse().ok()?),
    };
    match name {
        "dish" => Some(Piece::Dish),
        _ if !(1..=9).contains(&digits) => None,
        "subarray" => Some(Piece::Subarray { digits }),
        "dish_number" => Some(Piece::DishNumber { digits }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::role::Role;
    use super::{NameTemplate, TemplateError};

    fn subarray(template: &str) -> Result<NameTemplate, TemplateError> {
        NameTemplate::parse(Role::Subarray, template)
    }

    #[test]
    fn numbers_are_filled_in_with_the_digits_asked_for() {
        assert_eq!(
            subarray("ska_low/tm_subarray_node/{subarray}")
                .unwrap()
                .for_subarray(2),
            "ska_low/tm_subarray_node/2"
        );
        assert_eq!(
            subarray(" low-tmc/subarray/{subarray:02} ")
                .unwrap()
                .for_subarray(2),
            "low-tmc/subarray/02"
        );
        assert_eq!(
            subarray("a/b/{subarray:02}").unwrap().for_subarray(12),
            "a/b/12"
        );
        assert_eq!(
            subarray("tango://h:1/a/{subarray}/b#dbase=no")
                .unwrap()
                .for_subarray(1),
            "tango://h:1/a/1/b#dbase=no"
        );
        assert!(subarray("a/b/c").unwrap().is_fixed());
    }

    #[test]
    fn dishes_are_filled_in_by_name() {
        let dish = NameTemplate::parse(Role::Dish, "mid-dish/dish-manager/{dish}").unwrap();
        assert_eq!(dish.for_dish("SKA001"), "mid-dish/dish-manager/SKA001");
        let leaf = "ska_mid/tm_leaf_node/d{dish_number:04}";
        let leaf = NameTemplate::parse(Role::DishLeaf, leaf).unwrap();
        assert_eq!(leaf.for_dish("SKA036"), "ska_mid/tm_leaf_node/d0036");
        assert_eq!(leaf.for_dish("MKT000"), "ska_mid/tm_leaf_node/d0000");
    }

    #[test]
    fn what_can_not_be_filled_in_is_refused() {
        for unknown in [
            "a/{station}/c",
            "a/{subarray",
            "a/{subarray:2}/c",
            "a/{subarray:0x}/c",
            "a/{}/c",
            "a/{dish:02}/c",
        ] {
            let error = subarray(unknown).unwrap_err();
            assert!(
                matches!(error, TemplateError::Placeholder { .. }),
                "{unknown}: {error}"
            );
        }
        assert!(matches!(
            subarray("a/{dish}/c"),
            Err(TemplateError::Misplaced {
                placeholder: "dish",
                ..
            })
        ));
        assert!(matches!(
            NameTemplate::parse(Role::CentralNode, "a/{subarray}/c"),
            Err(TemplateError::Misplaced { .. })
        ));
        assert!(matches!(subarray("  "), Err(TemplateError::Empty { .. })));
    }
}
