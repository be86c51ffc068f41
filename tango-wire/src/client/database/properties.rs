//! Properties of devices, classes and free objects.

use super::proxy::DatabaseProxy;
use super::question::Question;
use super::reply::{self, BadReply, Items};
use crate::error::Error;
use crate::types::Value;

/// A property: a name and one or more strings.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Property {
    /// Its name, which has no case.
    pub name: String,
    /// Its values. Tango keeps numbers as strings, too.
    pub values: Vec<String>,
}

impl Property {
    /// A property of that name with these values.
    #[must_use]
    pub fn new<S: Into<String>>(
        name: impl Into<String>,
        values: impl IntoIterator<Item = S>,
    ) -> Property {
        Property {
            name: name.into(),
            values: values.into_iter().map(Into::into).collect(),
        }
    }
}

/// Whose properties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PropertyOwner<'a> {
    /// A device, by its name.
    Device(&'a str),
    /// A class: what its devices have in common.
    Class(&'a str),
    /// A free object: any name that is neither.
    Object(&'a str),
}

/// The commands for one kind of owner.
struct Commands {
    get: &'static str,
    put: &'static str,
    delete: &'static str,
    list: &'static str,
}

const OF_DEVICES: Commands = Commands {
    get: "DbGetDeviceProperty",
    put: "DbPutDeviceProperty",
    delete: "DbDeleteDeviceProperty",
    list: "DbGetDevicePropertyList",
};
const OF_CLASSES: Commands = Commands {
    get: "DbGetClassProperty",
    put: "DbPutClassProperty",
    delete: "DbDeleteClassProperty",
    list: "DbGetClassPropertyList",
};
const OF_OBJECTS: Commands = Commands {
    get: "DbGetProperty",
    put: "DbPutProperty",
    delete: "DbDeleteProperty",
    list: "DbGetPropertyList",
};

impl<'a> PropertyOwner<'a> {
    fn parts(self) -> (&'a str, &'static Commands) {
        match self {
            PropertyOwner::Device(name) => (name, &OF_DEVICES),
            PropertyOwner::Class(name) => (name, &OF_CLASSES),
            PropertyOwner::Object(name) => (name, &OF_OBJECTS),
        }
    }
}

impl DatabaseProxy {
    /// The values of several properties, in the order of `names`.
    ///
    /// `None` stands for a property that is not there. Tango does not tell it from one without
    /// values, so what is there has one value at least; that may be an empty string.
    ///
    /// # Errors
    /// As for any call: see [`Error`]. That the owner is not there is none: it has no properties.
    pub async fn properties(
        &self,
        owner: PropertyOwner<'_>,
        names: &[&str],
    ) -> Result<Vec<Option<Vec<String>>>, Error> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let (name, commands) = owner.parts();
        let question = Question::list(commands.get, name, names.iter().copied());
        // the classes' command is the odd one out
        let has_dummies = !matches!(owner, PropertyOwner::Class(_));
        let read = |reply| read_values(reply, names, has_dummies);
        self.ask(&question, read).await
    }

    /// The names of all properties that fit a pattern: "*" for every one.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn property_names(
        &self,
        owner: PropertyOwner<'_>,
        pattern: &str,
    ) -> Result<Vec<String>, Error> {
        let (name, commands) = owner.parts();
        if let PropertyOwner::Class(_) = owner {
            // the classes' command takes no pattern
            let mut names = self.names(commands.list, name).await?;
            names.retain(|name| fits(pattern, name));
            return Ok(names);
        }
        let question = Question::list(commands.list, name, [pattern]);
        self.ask(&question, reply::texts).await
    }

    /// All properties that fit a pattern, with their values.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn all_properties(
        &self,
        owner: PropertyOwner<'_>,
        pattern: &str,
    ) -> Result<Vec<Property>, Error> {
        let names = self.property_names(owner, pattern).await?;
        let asked: Vec<&str> = names.iter().map(String::as_str).collect();
        let values = self.properties(owner, &asked).await?;
        let pairs = names.into_iter().zip(values);
        // one that was deleted between the two calls is left out
        let found =
            pairs.filter_map(|(name, values)| values.map(|values| Property { name, values }));
        Ok(found.collect())
    }

    /// Sets properties; what they held before is lost. One without values is deleted.
    ///
    /// # Errors
    /// As for any call: see [`Error`]. [`Error::Argument`] if a name or value can't be sent.
    pub async fn put_properties(
        &self,
        owner: PropertyOwner<'_>,
        properties: &[Property],
    ) -> Result<(), Error> {
        let (empty, full): (Vec<&Property>, Vec<&Property>) = properties
            .iter()
            .partition(|property| property.values.is_empty());
        let (name, commands) = owner.parts();
        if !full.is_empty() {
            let mut items = vec![full.len().to_string()];
            for property in full {
                property.append_to(&mut items);
            }
            self.change(Question::list(commands.put, name, items))
                .await?;
        }
        let empty: Vec<&str> = empty
            .iter()
            .map(|property| property.name.as_str())
            .collect();
        self.delete_properties(owner, &empty).await
    }

    /// Deletes properties. That one is not there is no error.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn delete_properties(
        &self,
        owner: PropertyOwner<'_>,
        names: &[&str],
    ) -> Result<(), Error> {
        if names.is_empty() {
            return Ok(());
        }
        let (name, commands) = owner.parts();
        self.change(Question::list(commands.delete, name, names.iter().copied()))
            .await
    }

    /// The names of the free objects that fit a pattern and have properties.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn objects(&self, pattern: &str) -> Result<Vec<String>, Error> {
        self.names("DbGetObjectList", pattern).await
    }
}

impl Property {
    /// Appends name, number of values and values.
    pub(super) fn append_to(&self, items: &mut Vec<String>) {
        items.push(self.name.clone());
        items.push(self.values.len().to_string());
        items.extend_from_slice(&self.values);
    }
}

/// Reads owner, number of properties, then for each its name, its number of values, the values.
/// With `has_dummies`, a blank stands where there are none.
fn read_values(
    reply: Value,
    names: &[&str],
    has_dummies: bool,
) -> Result<Vec<Option<Vec<String>>>, BadReply> {
    let mut items = Items::of(reply)?;
    items.text("the owner")?;
    let count = items.count("properties")?;
    if count != names.len() {
        let words = format!("{count} properties instead of {}", names.len());
        return Err(BadReply::new(words));
    }
    let mut found = Vec::with_capacity(count);
    for name in names {
        let told = items.text("the name of a property")?;
        if !told.eq_ignore_ascii_case(name) {
            return Err(BadReply::new(format!("property {told} instead of {name}")));
        }
        let values = items.values()?;
        if values.is_empty() && has_dummies {
            items.skip();
        }
        found.push(Some(values).filter(|values| !values.is_empty()));
    }
    Ok(found)
}

/// True if `name` fits a pattern, where `*` stands for any characters; neither has case.
fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.to_lowercase(), name.to_lowercase());
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|start| name.strip_prefix(start)) else {
        return false;
    };
    let Some(end) = parts.next_back() else {
        return rest.is_empty(); // no star in it
    };
    for part in parts {
        match rest.split_once(part) {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
    rest.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(items: &[&str]) -> Value {
        Value::Strings(items.iter().map(|&item| item.to_owned()).collect())
    }

    #[test]
    fn dummies_stand_behind_counts_of_zero_only_where_the_protocol_has_them() {
        let values = || Some(vec![" ".to_owned()]);
        let reply = strings(&["a/b/c", "3", "x", "0", " ", "y", "1", " ", "z", "0", " "]);
        let read = read_values(reply, &["X", "y", "z"], true);
        assert_eq!(read, Ok(vec![None, values(), None]));
        let reply = strings(&["Class", "3", "x", "0", "y", "1", " ", "z", "0"]);
        let read = read_values(reply, &["x", "y", "z"], false);
        assert_eq!(read, Ok(vec![None, values(), None]));
    }

    #[test]
    fn replies_that_do_not_add_up_are_refused() {
        for (items, words) in [
            (&[][..], "it ends before the owner"),
            (&["a/b/c"], "it ends before properties"),
            (
                &["a/b/c", "two"],
                "\"two\" instead of the number of properties",
            ),
            (&["a/b/c", "2"], "2 properties instead of 1"),
            (&["a/b/c", "1", "y"], "property y instead of x"),
            (
                &["a/b/c", "1", "x", "9", "v"],
                "9 values announced, 1 there",
            ),
        ] {
            let error = read_values(strings(items), &["x"], true).unwrap_err();
            assert_eq!(error.to_string(), words);
        }
        let error = read_values(Value::Long(1), &["x"], true).unwrap_err();
        assert_eq!(error.to_string(), "a DevLong instead of strings");
    }

    #[test]
    fn patterns_fit_as_a_database_takes_them() {
        for (pattern, name, expected) in [
            ("*", "anything", true),
            ("Address", "address", true),
            ("addr*", "Address", true),
            ("*ess", "Address", true),
            ("a*d*s", "Address", true),
            ("a*x*s", "Address", false),
            ("dress", "Address", false),
            ("ad*ad", "ad", false),
            ("", "x", false),
        ] {
            assert_eq!(fits(pattern, name), expected, "{pattern} {name}");
        }
    }
}
