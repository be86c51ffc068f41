//! Properties: lists of strings that belong to an object, a class, a device, or an attribute of one.

use super::{
    names::{NameMap, Pattern},
    weight::Weigh,
};

/// Named lists of strings. An empty list is no property.
pub(crate) type Properties = NameMap<Vec<String>>;

/// The properties of many owners: free objects, classes or devices.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PropertyTable {
    owners: NameMap<Properties>,
}

impl PropertyTable {
    pub(crate) fn get(&self, owner: &str, property: &str) -> Option<&[String]> {
        self.owners.get(owner)?.get(property).map(Vec::as_slice)
    }

    /// All properties of one owner, sorted by name.
    pub(crate) fn of(&self, owner: &str) -> Option<&Properties> {
        self.owners.get(owner)
    }

    /// All owners with their properties, sorted by name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Properties)> {
        self.owners.iter()
    }

    /// Sets a property; without values, it is deleted.
    pub(crate) fn put(&mut self, owner: &str, property: &str, values: Vec<String>) {
        if values.is_empty() {
            self.delete(owner, property);
        } else {
            self.owners
                .edit_or_default(owner, |properties| properties.insert(property, values));
        }
    }

    pub(crate) fn delete(&mut self, owner: &str, property: &str) {
        self.shrink(owner, |properties| {
            properties.remove(property);
        });
    }

    pub(crate) fn delete_fitting(&mut self, owner: &str, pattern: &Pattern) {
        self.shrink(owner, |properties| {
            properties.retain(|name, _| !pattern.fits(name));
        });
    }

    /// Takes something away from an owner, who is forgotten with the last property.
    fn shrink(&mut self, owner: &str, change: impl FnOnce(&mut Properties)) {
        let empty = self.owners.edit(owner, |properties| {
            change(properties);
            properties.is_empty()
        });
        if empty == Some(true) {
            self.owners.remove(owner);
        }
    }

    pub(crate) fn delete_owner(&mut self, owner: &str) {
        self.owners.remove(owner);
    }

    pub(crate) fn rename_owner(&mut self, owner: &str, new: &str) {
        if let Some(properties) = self.owners.remove(owner) {
            self.owners.insert(new, properties);
        }
    }

    pub(crate) fn owners<'a>(&'a self, pattern: &'a Pattern) -> impl Iterator<Item = &'a str> {
        self.owners.fitting(pattern).map(|(name, _)| name)
    }

    pub(crate) fn names<'a>(
        &'a self,
        owner: &str,
        pattern: &'a Pattern,
    ) -> impl Iterator<Item = &'a str> {
        let properties = self.owners.get(owner).into_iter();
        properties
            .flat_map(|properties| properties.fitting(pattern))
            .map(|(name, _)| name)
    }

    /// How many values all properties of all owners have together.
    pub(crate) fn count(&self) -> usize {
        let properties = self
            .owners
            .iter()
            .flat_map(|(_, properties)| properties.iter());
        properties.map(|(_, values)| values.len()).sum()
    }
}

impl Weigh for PropertyTable {
    fn weight(&self) -> usize {
        self.owners.weight()
    }
}

/// The properties of the attributes (or pipes) of many owners: classes or devices.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct AttributePropertyTable {
    owners: NameMap<PropertyTable>,
}

impl AttributePropertyTable {
    /// All properties of one attribute.
    pub(crate) fn of(&self, owner: &str, attribute: &str) -> Option<&Properties> {
        self.owners.get(owner)?.of(attribute)
    }

    /// All attributes of one owner with their properties.
    pub(crate) fn all_of(&self, owner: &str) -> Option<&PropertyTable> {
        self.owners.get(owner)
    }

    /// All owners with the properties of their attributes, sorted by name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &PropertyTable)> {
        self.owners.iter()
    }

    /// Sets a property; without values, it is deleted.
    pub(crate) fn put(&mut self, owner: &str, attribute: &str, name: &str, values: Vec<String>) {
        if values.is_empty() {
            self.delete(owner, attribute, name);
        } else {
            self.owners
                .edit_or_default(owner, |table| table.put(attribute, name, values));
        }
    }

    pub(crate) fn delete(&mut self, owner: &str, attribute: &str, name: &str) {
        self.shrink(owner, |table| table.delete(attribute, name));
    }

    pub(crate) fn delete_attribute(&mut self, owner: &str, attribute: &str) {
        self.shrink(owner, |table| table.delete_owner(attribute));
    }

    fn shrink(&mut self, owner: &str, change: impl FnOnce(&mut PropertyTable)) {
        let empty = self.owners.edit(owner, |table| {
            change(table);
            table.owners.is_empty()
        });
        if empty == Some(true) {
            self.owners.remove(owner);
        }
    }

    pub(crate) fn delete_owner(&mut self, owner: &str) {
        self.owners.remove(owner);
    }

    pub(crate) fn rename_owner(&mut self, owner: &str, new: &str) {
        if let Some(table) = self.owners.remove(owner) {
            self.owners.insert(new, table);
        }
    }

    /// The attributes of one owner that have properties.
    pub(crate) fn attributes<'a>(
        &'a self,
        owner: &str,
        pattern: &'a Pattern,
    ) -> impl Iterator<Item = &'a str> {
        let table = self.owners.get(owner).into_iter();
        table.flat_map(|table| table.owners(pattern))
    }

    /// How many values all properties of all attributes of all owners have together.
    pub(crate) fn count(&self) -> usize {
        self.owners.iter().map(|(_, table)| table.count()).sum()
    }
}

impl Weigh for AttributePropertyTable {
    fn weight(&self) -> usize {
        self.owners.weight()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Pattern {
        Pattern::new("*")
    }

    #[test]
    fn properties_are_put_listed_and_deleted() {
        let mut table = PropertyTable::default();
        table.put("a/b/c", "Address", vec!["one".into(), "two".into()]);
        table.put("A/B/C", "Port", vec!["1".into()]);
        assert_eq!(
            table.get("a/B/c", "address"),
            Some(&["one".into(), "two".into()][..])
        );
        let everything = all();
        let names: Vec<_> = table.names("a/b/c", &everything).collect();
        assert_eq!(names, ["Address", "Port"]);
        assert_eq!(table.count(), 3);
        table.rename_owner("a/b/c", "d");
        table.delete_fitting("d", &Pattern::new("addr*"));
        assert_eq!(table.get("d", "Address"), None);
        table.put("d", "port", vec![]);
        assert_eq!(table, PropertyTable::default(), "nothing is left");
    }

    #[test]
    fn attribute_properties_are_kept_apart() {
        let mut table = AttributePropertyTable::default();
        table.put("a/b/c", "obsState", "label", vec!["state".into()]);
        table.put("a/b/d", "obsState", "label", vec!["other".into()]);
        let label = table.of("A/b/c", "obsstate").and_then(|of| of.get("LABEL"));
        assert_eq!(label, Some(&vec!["state".into()]));
        table.delete_attribute("a/b/c", "obsState");
        assert_eq!(table.of("a/b/c", "obsState"), None);
        let everything = all();
        let names: Vec<_> = table.attributes("a/b/d", &everything).collect();
        assert_eq!(names, ["obsState"]);
        table.delete("a/b/d", "obsstate", "Label");
        assert_eq!(table, AttributePropertyTable::default(), "nothing is left");
    }
}
