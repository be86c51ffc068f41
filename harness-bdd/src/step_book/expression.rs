//! From a Cucumber Expression to the regular expression that cucumber matches with.
//!
//! The only place that calls `cucumber::codegen`, which cucumber documents as glue: a new cucumber
//! release is felt here and nowhere else.

use std::collections::HashMap;

use cucumber::codegen::{Expression, Regex};

/// Parameters that a book's expressions may use beside cucumber's own (`{int}`, `{word}`, ..).
///
/// `{words}` is a list in plain English: `A`, `A and B`, `A, B and C`, `A, B, C`, `A then B`.
const PARAMETERS: [(&str, &str); 1] = [(
    "words",
    r"[^\s,]+(?:(?:,\s*(?:(?:and|then)\s+)?|\s+(?:and|then)\s+)[^\s,]+)*",
)];

/// Compiles `expression`; the error is the text of what is wrong with it.
pub(super) fn compile(expression: &str) -> Result<Regex, String> {
    let parameters: HashMap<_, _> = PARAMETERS.into_iter().collect();
    Expression::regex_with_parameters(expression, &parameters).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_match_the_ways_people_write_lists() {
        let regex = compile("passes through {words} in that order").unwrap();
        for list in [
            "ABORTED",
            "ABORTING and ABORTED",
            "A, B and C",
            "A, B, C",
            "A then B",
            "A,B",
        ] {
            let text = format!("passes through {list} in that order");
            let found = regex
                .captures(&text)
                .unwrap_or_else(|| panic!("{list} does not match"));
            assert_eq!(&found[1], list);
        }
        assert!(!regex.is_match("passes through A B in that order"));
    }

    #[test]
    fn a_broken_expression_is_told_as_text() {
        assert!(
            compile("subarray {unknown}")
                .unwrap_err()
                .contains("unknown")
        );
    }
}
