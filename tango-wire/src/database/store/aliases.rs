//! Short names, found both ways.

use super::{
    names::{NameMap, Pattern, same},
    weight::Weigh,
};

/// Aliases and what they stand for: at most one alias for each thing, and one thing for each alias.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct AliasTable {
    targets: NameMap<String>,
    aliases: NameMap<String>,
}

impl AliasTable {
    /// What the alias stands for.
    pub(crate) fn target(&self, alias: &str) -> Option<&str> {
        self.targets.get(alias).map(String::as_str)
    }

    /// The alias of this.
    pub(crate) fn alias(&self, target: &str) -> Option<&str> {
        self.aliases.get(target).map(String::as_str)
    }

    /// Gives this an alias in place of the one it had; false if the alias stands for something
    /// else.
    pub(crate) fn put(&mut self, target: &str, alias: &str) -> bool {
        if self.target(alias).is_some_and(|other| !same(other, target)) {
            return false;
        }
        self.remove_target(target);
        self.targets.insert(alias, target.to_owned());
        self.aliases.insert(target, alias.to_owned());
        true
    }

    pub(crate) fn remove(&mut self, alias: &str) {
        if let Some(target) = self.targets.remove(alias) {
            self.aliases.remove(&target);
        }
    }

    pub(crate) fn remove_target(&mut self, target: &str) {
        if let Some(alias) = self.aliases.remove(target) {
            self.targets.remove(&alias);
        }
    }

    /// Removes the aliases of everything whose name begins like this.
    pub(crate) fn remove_targets_beginning_with(&mut self, prefix: &str) {
        for target in self.aliases.beginning_with(prefix) {
            self.remove_target(&target);
        }
    }

    /// The aliases that fit, with what they stand for, sorted.
    pub(crate) fn fitting<'a>(
        &'a self,
        pattern: &'a Pattern,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        let fitting = self.targets.fitting(pattern);
        fitting.map(|(alias, target)| (alias, target.as_str()))
    }

    /// Everything that has an alias, with it, sorted.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let aliases = self.aliases.iter();
        aliases.map(|(target, alias)| (target, alias.as_str()))
    }
}

impl Weigh for AliasTable {
    fn weight(&self) -> usize {
        self.targets.weight() + self.aliases.weight()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alias_replaces_the_one_before_and_is_not_taken_from_others() {
        let mut table = AliasTable::default();
        assert!(table.put("a/b/c", "One"));
        assert!(table.put("A/B/C", "two"));
        assert_eq!(table.target("one"), None);
        assert_eq!(table.target("TWO"), Some("A/B/C"));
        assert!(!table.put("d/e/f", "Two"));
        assert!(table.put("a/b/c", "TWO"), "it is its own");
        assert_eq!(table.alias("a/b/c"), Some("TWO"));
        table.remove("two");
        assert_eq!(table, AliasTable::default());
    }

    #[test]
    fn aliases_go_with_what_they_stand_for() {
        let mut table = AliasTable::default();
        for (target, alias) in [("a/b/c/x", "x"), ("a/b/c/y", "y"), ("a/b/cd/z", "z")] {
            assert!(table.put(target, alias));
        }
        table.remove_targets_beginning_with("A/b/c/");
        assert_eq!(table.iter().collect::<Vec<_>>(), [("a/b/cd/z", "z")]);
        table.remove_target("a/b/CD/z");
        assert_eq!(table.weight(), 0);
    }
}
