//! Properties: lists of strings that belong to an object, a class, a device, or an attribute of one.

use super::names::{NameMap, matches};

/// Named lists of strings.
pub(crate) type Properties = NameMap<Vec<String>>;

/// The properties of many owners: free objects, classes or devices.
#[derive(Debug, Default)]
pub(crate) struct PropertyTable {
    owners: NameMap<Properties>,
}

impl PropertyTable {
    pub(crate) fn get(&self, owner: &str, property: &str) -> Option<&[String]> {
        self.owners.get(owner)?.get(property).map(Vec::as_slice)
    }

    pub(crate) fn put(&mut self, owner: &str, property: &str, values: Vec<String>) {
        self.owners.get_or_default(owner).insert(property, values);
    }

    pub(crate) fn delete(&mut self, owner: &str, pattern: &str) {
        if let Some(properties) = self.owners.get_mut(owner) {
            properties.retain(|name, _| !matches(pattern, name));
            if properties.is_empty() {
                self.owners.remove(owner);
            }
        }
    }

    pub(crate) fn delete_owner(&mut self, owner: &str) {
        self.owners.remove(owner);
    }

    pub(crate) fn owners(&self, pattern: &str) -> Vec<String> {
        let names = self.owners.iter().map(|(name, _)| name);
        names
            .filter(|name| matches(pattern, name))
            .map(str::to_owned)
            .collect()
    }

    pub(crate) fn names(&self, owner: &str, pattern: &str) -> Vec<String> {
        let properties = self.owners.get(owner).into_iter().flat_map(NameMap::iter);
        properties
            .map(|(name, _)| name)
            .filter(|name| matches(pattern, name))
            .map(str::to_owned)
            .collect()
    }

    /// How many properties all owners have together.
    pub(crate) fn count(&self) -> usize {
        self.owners
            .iter()
            .map(|(_, properties)| properties.len())
            .sum()
    }
}

/// The properties of the attributes (or pipes) of many owners: classes or devices.
#[derive(Debug, Default)]
pub(crate) struct AttributePropertyTable {
    owners: NameMap<PropertyTable>,
}

impl AttributePropertyTable {
    /// All properties of one attribute, sorted by name.
    pub(crate) fn of(&self, owner: &str, attribute: &str) -> Vec<(&str, &[String])> {
        let properties = self
            .owners
            .get(owner)
            .and_then(|table| table.owners.get(attribute));
        let properties = properties.into_iter().flat_map(NameMap::iter);
        properties
            .map(|(name, values)| (name, values.as_slice()))
            .collect()
    }

    pub(crate) fn put(&mut self, owner: &str, attribute: &str, name: &str, values: Vec<String>) {
        self.owners
            .get_or_default(owner)
            .put(attribute, name, values);
    }

    pub(crate) fn delete(&mut self, owner: &str, attribute: &str, pattern: &str) {
        if let Some(table) = self.owners.get_mut(owner) {
            table.delete(attribute, pattern);
        }
    }

    pub(crate) fn delete_owner(&mut self, owner: &str) {
        self.owners.remove(owner);
    }

    /// The attributes of one owner that have properties.
    pub(crate) fn attributes(&self, owner: &str, pattern: &str) -> Vec<String> {
        self.owners
            .get(owner)
            .map(|table| table.owners(pattern))
            .unwrap_or_default()
    }

    /// How many properties all attributes of all owners have together.
    pub(crate) fn count(&self) -> usize {
        self.owners.iter().map(|(_, table)| table.count()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_are_put_listed_and_deleted() {
        let mut table = PropertyTable::default();
        table.put("a/b/c", "Address", vec!["one".into(), "two".into()]);
        table.put("A/B/C", "Port", vec!["1".into()]);
        assert_eq!(
            table.get("a/B/c", "address"),
            Some(&["one".into(), "two".into()][..])
        );
        assert_eq!(table.names("a/b/c", "*"), ["Address", "Port"]);
        assert_eq!(table.count(), 2);
        table.delete("a/b/c", "addr*");
        assert_eq!(table.get("a/b/c", "Address"), None);
        table.delete("a/b/c", "port");
        assert!(
            table.owners("*").is_empty(),
            "an owner without properties is forgotten"
        );
    }

    #[test]
    fn attribute_properties_are_kept_apart() {
        let mut table = AttributePropertyTable::default();
        table.put("a/b/c", "obsState", "label", vec!["state".into()]);
        table.put("a/b/d", "obsState", "label", vec!["other".into()]);
        assert_eq!(
            table.of("A/b/c", "obsstate"),
            [("label", &["state".into()][..])]
        );
        table.delete("a/b/c", "obsState", "*");
        assert!(table.of("a/b/c", "obsState").is_empty());
        assert_eq!(table.attributes("a/b/d", "*"), ["obsState"]);
        table.delete_owner("a/b/d");
        assert_eq!(table.count(), 0);
    }
}
