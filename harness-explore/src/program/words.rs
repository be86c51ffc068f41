//! Names that fit into other languages.

/// A name that Rust and Python accept: what they do not becomes `_`.
pub(super) fn identifier(name: &str) -> String {
    let mut identifier: String = name
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter
            } else {
                '_'
            }
        })
        .collect();
    if !identifier.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_') {
        identifier.insert(0, '_');
    }
    identifier
}

/// A name in the style of Rust's functions: `BalancedTrees` becomes `balanced_trees`.
pub(crate) fn function_name(name: &str) -> String {
    let mut words = String::new();
    let mut after_lower = false;
    for letter in identifier(name).chars() {
        if letter.is_ascii_uppercase() && after_lower {
            words.push('_');
        }
        after_lower = letter.is_ascii_lowercase() || letter.is_ascii_digit();
        words.push(letter.to_ascii_lowercase());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_becomes_an_identifier() {
        for (name, expected) in [
            ("trees", "trees"),
            ("balanced BinaryTree", "balanced_BinaryTree"),
            ("2nd", "_2nd"),
            ("größe", "gr__e"),
            ("", "_"),
        ] {
            assert_eq!(identifier(name), expected);
        }
    }

    #[test]
    fn functions_are_named_in_small_letters() {
        for (name, expected) in [
            ("BalancedTrees", "balanced_trees"),
            ("check balanced", "check_balanced"),
            ("HTTPServer", "httpserver"),
            ("obsState", "obs_state"),
        ] {
            assert_eq!(function_name(name), expected);
        }
    }
}
