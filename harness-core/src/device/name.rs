//! Names of devices, however they are written.

/// The name itself in a name that is written like a URL: what stands before the path (scheme and
/// authority) and behind `#` is no part of it.
///
/// ```
/// use harness_core::device::plain_name;
///
/// assert_eq!(plain_name("tango://host:10000/low-tmc/subarray/01#dbase=no"), "low-tmc/subarray/01");
/// assert_eq!(plain_name("low-tmc/subarray/01"), "low-tmc/subarray/01");
/// ```
pub fn plain_name(name: &str) -> &str {
    let name = name.split_once('#').map_or(name, |(before, _)| before);
    match name.split_once("//") {
        Some((scheme, rest)) if scheme.is_empty() || is_scheme(scheme) => {
            rest.split_once('/').map_or(rest, |(_, path)| path)
        }
        _ => name,
    }
}

/// Whether two names are of one device: in any case, and written like a URL or not.
pub fn is_same_name(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other) || plain_name(one).eq_ignore_ascii_case(plain_name(other))
}

/// `tango:`
fn is_scheme(text: &str) -> bool {
    text.strip_suffix(':').is_some_and(|scheme| {
        !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_any_case_and_form_are_the_same() {
        for form in [
            "t/subarray/01",
            "T/Subarray/01",
            "tango://host:10000/t/subarray/01",
            "TANGO://HOST:10000/T/SUBARRAY/01#dbase=no",
            "//host:10000/t/subarray/01",
            "t/subarray/01#dbase=no",
        ] {
            assert!(is_same_name(form, "t/subarray/01"), "{form}");
            assert!(is_same_name("t/Subarray/01", form), "{form}");
            assert!(!is_same_name(form, "t/subarray/02"), "{form}");
        }
    }

    #[test]
    fn what_is_no_url_stays_as_it_is() {
        assert_eq!(plain_name("a//b"), "a//b");
        assert_eq!(plain_name("://a/b"), "://a/b");
        assert_eq!(plain_name("tango://host"), "host");
        assert_eq!(plain_name(""), "");
    }
}
