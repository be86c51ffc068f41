//! Properties of the attributes of devices and classes.

use super::properties::Property;
use super::proxy::DatabaseProxy;
use super::question::Question;
use super::reply::{self, BadReply, Items};
use crate::error::Error;
use crate::types::Value;

/// Whose attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AttributeOwner<'a> {
    /// A device, by its name.
    Device(&'a str),
    /// A class: what its devices have in common.
    Class(&'a str),
}

/// The properties of one attribute: its label, its limits, its set point kept for the next start.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AttributeProperties {
    /// The attribute's name, which has no case.
    pub attribute: String,
    /// Its properties.
    pub properties: Vec<Property>,
}

impl AttributeProperties {
    /// Properties for the attribute of that name.
    #[must_use]
    pub fn new(
        attribute: impl Into<String>,
        properties: impl IntoIterator<Item = Property>,
    ) -> AttributeProperties {
        AttributeProperties {
            attribute: attribute.into(),
            properties: properties.into_iter().collect(),
        }
    }

    /// The values of the property of that name, if it is there.
    #[must_use]
    pub fn values(&self, property: &str) -> Option<&[String]> {
        let mut properties = self.properties.iter();
        let found = properties.find(|found| found.name.eq_ignore_ascii_case(property))?;
        Some(&found.values)
    }
}

impl DatabaseProxy {
    /// All properties of several attributes, in the order of `attributes`. An attribute that is
    /// not there has none.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn attribute_properties(
        &self,
        owner: AttributeOwner<'_>,
        attributes: &[&str],
    ) -> Result<Vec<AttributeProperties>, Error> {
        if attributes.is_empty() {
            return Ok(Vec::new());
        }
        let (command, name) = match owner {
            AttributeOwner::Device(name) => ("DbGetDeviceAttributeProperty2", name),
            AttributeOwner::Class(name) => ("DbGetClassAttributeProperty2", name),
        };
        let question = Question::list(command, name, attributes.iter().copied());
        self.ask(&question, |reply| read_attributes(reply, attributes))
            .await
    }

    /// The names of the attributes that fit a pattern and have properties.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn attributes_with_properties(
        &self,
        owner: AttributeOwner<'_>,
        pattern: &str,
    ) -> Result<Vec<String>, Error> {
        let (command, name) = match owner {
            AttributeOwner::Device(name) => ("DbGetDeviceAttributeList", name),
            AttributeOwner::Class(name) => ("DbGetClassAttributeList", name),
        };
        let question = Question::list(command, name, [pattern]);
        self.ask(&question, reply::texts).await
    }

    /// Sets properties of attributes; those that are not named here stay as they are.
    ///
    /// # Errors
    /// As for any call: see [`Error`]. [`Error::Argument`] if a name or value can't be sent.
    pub async fn put_attribute_properties(
        &self,
        owner: AttributeOwner<'_>,
        attributes: &[AttributeProperties],
    ) -> Result<(), Error> {
        if attributes.is_empty() {
            return Ok(());
        }
        let (command, name) = match owner {
            AttributeOwner::Device(name) => ("DbPutDeviceAttributeProperty2", name),
            AttributeOwner::Class(name) => ("DbPutClassAttributeProperty2", name),
        };
        let mut items = vec![attributes.len().to_string()];
        for attribute in attributes {
            items.push(attribute.attribute.clone());
            items.push(attribute.properties.len().to_string());
            for property in &attribute.properties {
                property.append_to(&mut items);
            }
        }
        self.change(Question::list(command, name, items)).await
    }

    /// Deletes properties of an attribute. That one is not there is no error.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn delete_attribute_properties(
        &self,
        owner: AttributeOwner<'_>,
        attribute: &str,
        names: &[&str],
    ) -> Result<(), Error> {
        if names.is_empty() {
            return Ok(());
        }
        let (command, name) = match owner {
            AttributeOwner::Device(name) => ("DbDeleteDeviceAttributeProperty", name),
            AttributeOwner::Class(name) => ("DbDeleteClassAttributeProperty", name),
        };
        let items = std::iter::once(attribute).chain(names.iter().copied());
        self.change(Question::list(command, name, items)).await
    }

    /// Deletes all properties of an attribute.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn delete_attribute(
        &self,
        owner: AttributeOwner<'_>,
        attribute: &str,
    ) -> Result<(), Error> {
        let (command, name) = match owner {
            AttributeOwner::Device(name) => ("DbDeleteDeviceAttribute", name),
            AttributeOwner::Class(name) => ("DbDeleteClassAttribute", name),
        };
        self.change(Question::list(command, name, [attribute]))
            .await
    }
}

/// Reads owner, number of attributes, then for each its name, its number of properties, and for
/// each of these its name, its number of values, the values.
fn read_attributes(
    reply: Value,
    attributes: &[&str],
) -> Result<Vec<AttributeProperties>, BadReply> {
    let mut items = Items::of(reply)?;
    items.text("the owner")?;
    let count = items.count("attributes")?;
    if count != attributes.len() {
        let words = format!("{count} attributes instead of {}", attributes.len());
        return Err(BadReply::new(words));
    }
    let mut found = Vec::with_capacity(count);
    for _ in attributes {
        let attribute = items.text("the name of an attribute")?;
        let mut properties = Vec::new();
        for _ in 0..items.count("properties")? {
            let name = items.text("the name of a property")?;
            let values = items.values()?;
            properties.push(Property { name, values });
        }
        found.push(AttributeProperties {
            attribute,
            properties,
        });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(items: &[&str]) -> Result<Vec<AttributeProperties>, BadReply> {
        let items = items.iter().map(|&item| item.to_owned()).collect();
        read_attributes(Value::Strings(items), &["power"])
    }

    #[test]
    fn properties_keep_all_their_values() {
        let items = [
            "a/b/c", "1", "power", "2", "unit", "1", "W", "x", "2", "", "2",
        ];
        let power = &read(&items).unwrap()[0];
        assert_eq!(power.attribute, "power");
        assert_eq!(power.values("UNIT"), Some(&["W".to_owned()][..]));
        assert_eq!(
            power.values("x"),
            Some(&[String::new(), "2".to_owned()][..])
        );
        assert_eq!(power.values("label"), None);
    }

    #[test]
    fn a_count_that_nothing_bears_out_is_refused() {
        assert!(read(&["a/b/c", "1", "power", "99999999999"]).is_err());
        assert!(read(&["a/b/c", "2", "power", "0", "x", "0"]).is_err());
    }
}
