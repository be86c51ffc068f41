//! Device names with a place for the number of a subarray or the name of a dish.

use std::fmt;

use serde::Deserialize;

/// A device name with places to fill in: `{subarray}`, `{subarray:02}` with at least so many
/// digits, `{dish}`, and `{dish_number:04}` for the digits of a dish's name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct NameTemplate {
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

impl TryFrom<String> for NameTemplate {
    type Error = String;

    fn try_from(text: String) -> Result<NameTemplate, String> {
        let mut pieces = Vec::new();
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            pieces.push(Piece::Text(before.to_owned()));
            let (inner, after) = after
                .split_once('}')
                .ok_or_else(|| format!("{text}: the brace is not closed"))?;
            pieces.push(placeholder(inner).ok_or_else(|| {
                format!(
                    "{text}: unknown placeholder {{{inner}}}; known: {{subarray}}, {{subarray:02}}, \
                     {{dish}}, {{dish_number:04}}"
                )
            })?);
            rest = after;
        }
        pieces.push(Piece::Text(rest.to_owned()));
        Ok(NameTemplate { text, pieces })
    }
}

fn placeholder(text: &str) -> Option<Piece> {
    let (name, digits) = match text.split_once(':') {
        None => (text, 1),
        Some((name, width)) => (name, width.strip_prefix('0')?.parse().ok()?),
    };
    match name {
        "subarray" if (1..=9).contains(&digits) => Some(Piece::Subarray { digits }),
        "dish_number" if (1..=9).contains(&digits) => Some(Piece::DishNumber { digits }),
        "dish" if text == name => Some(Piece::Dish),
        _ => None,
    }
}

impl NameTemplate {
    /// The name for a subarray and a dish; whichever does not matter may be anything.
    pub(crate) fn fill(&self, subarray: u32, dish: &str) -> String {
        let mut name = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => name += text,
                Piece::Subarray { digits } => name += &format!("{subarray:0digits$}"),
                Piece::Dish => name += dish,
                Piece::DishNumber { digits } => {
                    let number: String = dish.chars().filter(char::is_ascii_digit).collect();
                    let number = number.trim_start_matches('0');
                    name += &format!("{number:0>digits$}");
                }
            }
        }
        name
    }

    /// Whether it differs from subarray to subarray.
    pub(super) fn has_subarray(&self) -> bool {
        let mut pieces = self.pieces.iter();
        pieces.any(|piece| matches!(piece, Piece::Subarray { .. }))
    }

    /// Whether it differs from dish to dish.
    pub(super) fn has_dish(&self) -> bool {
        let mut pieces = self.pieces.iter();
        pieces.any(|piece| matches!(piece, Piece::Dish | Piece::DishNumber { .. }))
    }
}

impl fmt::Display for NameTemplate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::NameTemplate;

    fn filled(template: &str) -> Result<String, String> {
        NameTemplate::try_from(template.to_owned()).map(|template| template.fill(2, "SKA001"))
    }

    #[test]
    fn places_are_filled_in() {
        for (template, name) in [
            ("low-tmc/subarray/{subarray:02}", "low-tmc/subarray/02"),
            (
                "ska_low/tm_subarray_node/{subarray}",
                "ska_low/tm_subarray_node/2",
            ),
            (
                "mid-tmc/leaf-node-dish/{dish}",
                "mid-tmc/leaf-node-dish/SKA001",
            ),
            (
                "ska_mid/tm_leaf_node/d{dish_number:04}",
                "ska_mid/tm_leaf_node/d0001",
            ),
            ("a/b/c", "a/b/c"),
        ] {
            assert_eq!(filled(template).as_deref(), Ok(name));
        }
    }

    #[test]
    fn unknown_places_are_refused() {
        for template in [
            "a/b/{station}",
            "a/b/{subarray",
            "a/b/{subarray:2}",
            "a/b/{dish:02}",
        ] {
            filled(template).unwrap_err();
        }
    }
}
