//! Tango names: the same whatever their case.

use std::collections::BTreeMap;

/// A map whose keys are Tango names: found in any case, kept as they were first written, sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NameMap<T> {
    entries: BTreeMap<String, (String, T)>,
}

impl<T> Default for NameMap<T> {
    fn default() -> Self {
        Self {
            entries: BTreeMap::new(),
        }
    }
}

impl<T> NameMap<T> {
    pub(crate) fn get(&self, name: &str) -> Option<&T> {
        self.entries
            .get(&name.to_lowercase())
            .map(|(_, value)| value)
    }

    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut T> {
        self.entries
            .get_mut(&name.to_lowercase())
            .map(|(_, value)| value)
    }

    /// The name as it is kept, and what it stands for.
    pub(crate) fn entry(&self, name: &str) -> Option<(&str, &T)> {
        let (kept, value) = self.entries.get(&name.to_lowercase())?;
        Some((kept, value))
    }

    pub(crate) fn insert(&mut self, name: &str, value: T) {
        self.entries
            .insert(name.to_lowercase(), (name.to_owned(), value));
    }

    pub(crate) fn remove(&mut self, name: &str) -> Option<T> {
        self.entries
            .remove(&name.to_lowercase())
            .map(|(_, value)| value)
    }

    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&str, &T) -> bool) {
        self.entries.retain(|_, (name, value)| keep(name, value));
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.entries
            .values()
            .map(|(name, value)| (name.as_str(), value))
    }

    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.entries.values_mut().map(|(_, value)| value)
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl<T: Default> NameMap<T> {
    /// What the name stands for; made if it is new.
    pub(crate) fn get_or_default(&mut self, name: &str) -> &mut T {
        let (_, value) = self
            .entries
            .entry(name.to_lowercase())
            .or_insert_with(|| (name.to_owned(), T::default()));
        value
    }
}

/// True if `name` fits `pattern`, in which `*` stands for anything; case is ignored.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.to_lowercase().chars().collect();
    let name: Vec<char> = name.to_lowercase().chars().collect();
    let (mut at_pattern, mut at_name) = (0, 0);
    // where to go on if what follows the last star turns out not to fit
    let mut retry = None;
    while at_name < name.len() {
        if pattern.get(at_pattern) == Some(&'*') {
            retry = Some((at_pattern, at_name));
            at_pattern += 1;
        } else if pattern.get(at_pattern) == name.get(at_name) {
            at_pattern += 1;
            at_name += 1;
        } else if let Some((star, taken)) = retry {
            retry = Some((star, taken + 1));
            at_pattern = star + 1;
            at_name = taken + 1;
        } else {
            return false;
        }
    }
    pattern[at_pattern..]
        .iter()
        .all(|&character| character == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_case_and_kept_as_written() {
        let mut map = NameMap::default();
        map.insert("Low-TMC/Subarray/01", 1);
        *map.get_or_default("low-tmc/subarray/01") += 1;
        assert_eq!(
            map.entry("LOW-TMC/SUBARRAY/01"),
            Some(("Low-TMC/Subarray/01", &2))
        );
        assert_eq!(map.len(), 1);
        assert_eq!(map.remove("low-tmc/subarray/01"), Some(2));
        assert!(map.is_empty());
    }

    #[test]
    fn stars_stand_for_anything() {
        for (pattern, name, fits) in [
            ("*", "", true),
            ("*", "a/b/c", true),
            ("A/b/*", "a/B/c", true),
            ("a/b/*", "a/c/b", false),
            ("*/01", "low/01/01", true),
            ("a*b*c", "aXbXbXc", true),
            ("a*b*c", "aXbXbX", false),
            ("", "", true),
            ("", "a", false),
            ("a", "ab", false),
        ] {
            assert_eq!(matches(pattern, name), fits, "{pattern:?} {name:?}");
        }
    }
}
