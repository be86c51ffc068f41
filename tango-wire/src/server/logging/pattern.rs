//! Patterns of device names.

/// Whether a name is what a pattern means, in which `*` stands for any letters.
pub(in crate::server) fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.to_ascii_lowercase(), name.to_ascii_lowercase());
    let mut pieces = pattern.split('*');
    let Some(mut rest) = pieces.next().and_then(|first| name.strip_prefix(first)) else {
        return false;
    };
    let pieces: Vec<&str> = pieces.collect();
    let Some((last, between)) = pieces.split_last() else {
        return rest.is_empty();
    };
    for piece in between {
        let Some((_, after)) = rest.split_once(piece) else {
            return false;
        };
        rest = after;
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_stands_for_any_letters() {
        for pattern in ["*", "a/b/c", "A/*", "*/c", "a/*/c", "*b*", "a*b*c"] {
            assert!(fits(pattern, "a/b/c"), "{pattern}");
        }
        for pattern in ["", "a/b", "b*", "*b", "a/*/d", "*x*"] {
            assert!(!fits(pattern, "a/b/c"), "{pattern}");
        }
    }
}
