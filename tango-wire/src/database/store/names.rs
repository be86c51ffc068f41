//! Tango names: the same whatever their case.

use std::collections::BTreeMap;

use super::weight::{ENTRY, Weigh};

/// A map whose keys are Tango names: found in any case, kept as they were last written, sorted as
/// MySQL sorts them (letters before underscores). It knows at any time how much it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NameMap<T> {
    entries: BTreeMap<String, (String, T)>,
    weight: usize,
}

impl<T> Default for NameMap<T> {
    fn default() -> Self {
        Self {
            entries: BTreeMap::new(),
            weight: 0,
        }
    }
}

impl<T> NameMap<T> {
    pub(crate) fn get(&self, name: &str) -> Option<&T> {
        self.entries.get(&fold(name)).map(|(_, value)| value)
    }

    /// The name as it is kept, and what it stands for.
    pub(crate) fn entry(&self, name: &str) -> Option<(&str, &T)> {
        let (kept, value) = self.entries.get(&fold(name))?;
        Some((kept, value))
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.entries.contains_key(&fold(name))
    }

    /// All names with what they stand for, sorted.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.entries
            .values()
            .map(|(name, value)| (name.as_str(), value))
    }

    /// What [`NameMap::iter`] gives, if the name fits the pattern.
    pub(crate) fn fitting<'a>(
        &'a self,
        pattern: &'a Pattern,
    ) -> impl Iterator<Item = (&'a str, &'a T)> {
        let entries = self.entries.iter();
        entries
            .filter(|(folded, _)| pattern.fits_folded(folded))
            .map(|(_, (name, value))| (name.as_str(), value))
    }

    /// The names that begin like this, sorted.
    pub(crate) fn beginning_with(&self, prefix: &str) -> Vec<String> {
        let prefix = fold(prefix);
        let from_there = self.entries.range(prefix.clone()..);
        from_there
            .take_while(|(folded, _)| folded.starts_with(&prefix))
            .map(|(_, (name, _))| name.clone())
            .collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl<T: Weigh> NameMap<T> {
    pub(crate) fn insert(&mut self, name: &str, value: T) {
        self.remove(name);
        let folded = fold(name);
        self.weight += weight_of(&folded, name, &value);
        self.entries.insert(folded, (name.to_owned(), value));
    }

    pub(crate) fn remove(&mut self, name: &str) -> Option<T> {
        let folded = fold(name);
        let (name, value) = self.entries.remove(&folded)?;
        self.weight -= weight_of(&folded, &name, &value);
        Some(value)
    }

    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&str, &T) -> bool) {
        let weight = &mut self.weight;
        self.entries.retain(|folded, (name, value)| {
            let kept = keep(name, value);
            if !kept {
                *weight -= weight_of(folded, name, value);
            }
            kept
        });
    }

    /// Changes what a name stands for, if it is there.
    pub(crate) fn edit<R>(&mut self, name: &str, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        let (_, value) = self.entries.get_mut(&fold(name))?;
        self.weight -= value.weight();
        let outcome = change(value);
        self.weight += value.weight();
        Some(outcome)
    }

    /// Changes what all names stand for.
    pub(crate) fn edit_each(&mut self, mut change: impl FnMut(&mut T)) {
        for (_, value) in self.entries.values_mut() {
            self.weight -= value.weight();
            change(value);
            self.weight += value.weight();
        }
    }
}

impl<T: Default + Weigh> NameMap<T> {
    /// Changes what a name stands for; it is made if it is new.
    pub(crate) fn edit_or_default<R>(&mut self, name: &str, change: impl FnOnce(&mut T) -> R) -> R {
        let folded = fold(name);
        let length = folded.len();
        let mut added = 0;
        let (_, value) = self.entries.entry(folded).or_insert_with(|| {
            added = length + name.len() + ENTRY;
            (name.to_owned(), T::default())
        });
        let before = if added == 0 { value.weight() } else { 0 };
        let outcome = change(value);
        self.weight += added + value.weight();
        self.weight -= before;
        outcome
    }
}

impl<T: Weigh> Weigh for NameMap<T> {
    fn weight(&self) -> usize {
        self.weight
    }
}

fn weight_of<T: Weigh>(folded: &str, name: &str, value: &T) -> usize {
    folded.len() + name.len() + ENTRY + value.weight()
}

/// The name without its case.
fn fold(name: &str) -> String {
    name.to_uppercase()
}

/// True if both are the same name.
pub(crate) fn same(one: &str, other: &str) -> bool {
    if one.is_ascii() && other.is_ascii() {
        one.eq_ignore_ascii_case(other)
    } else {
        fold(one) == fold(other)
    }
}

/// The different names among these, sorted: the first spelling of each.
pub(crate) fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut found = BTreeMap::new();
    for name in names {
        found.entry(fold(name)).or_insert(name);
    }
    found.into_values().collect()
}

/// A name in which `*` may stand for anything; case is ignored. It may be of any length: a name that
/// is held against it takes a time of its own length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    beginning: String,
    /// What must come behind the first star; `None` without one.
    behind: Option<Behind>,
    /// The fewest octets that fit.
    least: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Behind {
    /// Pieces, with a star between each two, that must come in this order.
    middle: String,
    end: String,
}

impl Pattern {
    pub(crate) fn new(text: &str) -> Self {
        let mut folded = fold(text);
        // many stars are as good as one
        let mut last = '\0';
        folded
            .retain(|character| std::mem::replace(&mut last, character) != '*' || character != '*');
        let least = folded.len() - folded.matches('*').count();
        let (beginning, behind) = match folded.split_once('*') {
            Some((beginning, behind)) => {
                let (middle, end) = behind.rsplit_once('*').unwrap_or(("", behind));
                let (middle, end) = (middle.to_owned(), end.to_owned());
                (beginning.to_owned(), Some(Behind { middle, end }))
            }
            None => (folded, None),
        };
        Self {
            beginning,
            behind,
            least,
        }
    }

    pub(crate) fn fits(&self, name: &str) -> bool {
        self.fits_folded(&fold(name))
    }

    fn fits_folded(&self, name: &str) -> bool {
        if name.len() < self.least {
            return false;
        }
        let Some(mut rest) = name.strip_prefix(self.beginning.as_str()) else {
            return false;
        };
        let Some(Behind { middle, end }) = &self.behind else {
            return rest.is_empty();
        };
        for piece in middle.split('*') {
            let Some((_, behind)) = rest.split_once(piece) else {
                return false;
            };
            rest = behind;
        }
        rest.ends_with(end.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_case_and_kept_as_written() {
        let mut map = NameMap::default();
        map.insert("Low-TMC/Subarray/01", "one".to_owned());
        map.edit_or_default("low-tmc/subarray/01", |value| value.push('!'));
        assert_eq!(
            map.entry("LOW-TMC/SUBARRAY/01"),
            Some(("Low-TMC/Subarray/01", &"one!".to_owned()))
        );
        assert_eq!(map.len(), 1);
        assert_eq!(map.remove("low-tmc/subarray/01"), Some("one!".to_owned()));
        assert!(map.is_empty());
    }

    #[test]
    fn what_is_held_is_known_whatever_is_done() {
        let mut map = NameMap::<NameMap<String>>::default();
        map.edit_or_default("a", |inner| inner.insert("x", "12345".into()));
        let one = map.weight();
        assert_eq!(one, 2 + ENTRY + 2 + ENTRY + "12345".to_owned().weight());
        map.edit_or_default("A", |inner| inner.insert("Y", String::new()));
        map.edit("a", |inner| inner.insert("x", "1234567".into()));
        assert_eq!(map.weight(), one + 2 + 2 + ENTRY + String::new().weight());
        map.insert("b", NameMap::default());
        map.edit_each(|inner| inner.retain(|name, _| name != "Y"));
        map.retain(|name, _| name != "b");
        assert_eq!(map.weight(), one + 2);
        map.remove("a");
        assert_eq!(map.weight(), 0);
    }

    #[test]
    fn names_are_sorted_as_mysql_sorts_them() {
        // DataBaseds 9.3.4 on MariaDB lists them in this order
        let names = ["_under", "zed", "Alpha", "mem_10", "MEM3", "alpha"];
        assert_eq!(
            distinct(names.into_iter()),
            ["Alpha", "MEM3", "mem_10", "zed", "_under"]
        );
    }

    #[test]
    fn names_can_be_looked_up_by_their_beginning() {
        let mut map = NameMap::default();
        for name in ["a/b", "a/B/c", "A/b/d", "a/b0"] {
            map.insert(name, String::new());
        }
        assert_eq!(map.beginning_with("a/b/"), ["a/B/c", "A/b/d"]);
    }

    #[test]
    fn stars_stand_for_anything() {
        assert_eq!(Pattern::new("**a***b*"), Pattern::new("*a*b*"), "kept once");
        for (pattern, name, fits) in [
            ("*", "", true),
            ("*", "a/b/c", true),
            ("A/b/*", "a/B/c", true),
            ("a/b/*", "a/c/b", false),
            ("*/01", "low/01/01", true),
            ("a*b*c", "aXbXbXc", true),
            ("a*b*c", "aXbXbX", false),
            ("ab*b", "ab", false),
            ("**a**", "bab", true),
            ("a**b***c", "abc", true),
            ("a*b", "ab", true),
            ("a*a", "a", false),
            ("***", "", true),
            ("", "", true),
            ("", "a", false),
            ("a", "ab", false),
        ] {
            assert_eq!(
                Pattern::new(pattern).fits(name),
                fits,
                "{pattern:?} {name:?}"
            );
        }
    }
}
