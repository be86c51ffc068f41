//! Which devices and attributes a failure is about.

use super::Failure;
use super::scan::About;

/// How many of the things expected are searched for the names of devices and attributes.
const SEARCHED: usize = 64;

/// The names in an account, in lower case.
pub(super) struct Names {
    text: String,
    expects: bool,
}

impl Names {
    pub(super) fn of(account: &Failure) -> Self {
        let expected = account.expected().iter().take(SEARCHED);
        let texts = expected.map(|expected| expected.description.as_str());
        let texts: Vec<_> = texts.chain([account.headline()]).collect();
        Self {
            text: texts.join("\n").to_ascii_lowercase(),
            expects: !account.expected().is_empty(),
        }
    }

    /// Whether the name is in the text, and not just as a part of a longer one.
    fn have(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        let longer = |letter: char| letter.is_alphanumeric() || "_-/.".contains(letter);
        self.text.match_indices(&name).any(|(at, _)| {
            let before = self
                .text
                .get(..at)
                .and_then(|text| text.chars().next_back());
            let after = self.text.get(at + name.len()..);
            let after = after.and_then(|text| text.chars().next());
            !before.is_some_and(longer) && !after.is_some_and(longer)
        })
    }
}

impl About for Names {
    fn names_device(&self, device: &str) -> bool {
        self.have(device)
    }

    fn names_attribute(&self, attribute: &str) -> bool {
        !self.expects || self.have(attribute)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Expected;

    #[test]
    fn a_name_is_not_found_within_a_longer_one() {
        let account = Failure::new("Go on a/b/10: it failed")
            .with_expected(Expected::missing("x/y/z obsState changes to READY"));
        let names = Names::of(&account);
        assert!(names.names_device("a/b/10") && !names.names_device("a/b/1"));
        assert!(names.names_attribute("OBSSTATE") && !names.names_attribute("state"));
        assert!(Names::of(&Failure::new("x")).names_attribute("state"));
    }
}
