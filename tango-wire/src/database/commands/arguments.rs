//! The one form in which all database commands take their arguments: a list of strings.

use crate::{
    database::{limits::StorageLimits, store::ENTRY},
    types::{DevFailed, Value},
};

/// What a client sent along with a command, taken one by one.
#[derive(Debug)]
pub(crate) struct Arguments {
    command: &'static str,
    limits: StorageLimits,
    items: std::vec::IntoIter<String>,
}

impl Arguments {
    /// Nothing, a string or strings; other types have no strings to offer.
    pub(crate) fn new(command: &'static str, argument: Value, limits: StorageLimits) -> Self {
        let items = match argument {
            Value::String(item) => vec![item],
            Value::Strings(items) => items,
            _ => Vec::new(),
        };
        Self {
            command,
            limits,
            items: items.into_iter(),
        }
    }

    /// The most memory that storing all that is left can take: names are kept twice, and a
    /// server's once with each of its devices.
    pub(crate) fn cost(&self) -> usize {
        let items = self.items.as_slice().iter();
        items.map(|item| 4 * item.len() + 4 * ENTRY).sum()
    }

    /// # Errors
    /// The store would hold too much.
    pub(crate) fn check_memory(&self, held: usize) -> Result<(), DevFailed> {
        if held.saturating_add(self.cost()) <= self.limits.memory {
            return Ok(());
        }
        let limit = self.limits.memory;
        Err(self.failure(
            "DB_DatabaseFull",
            format!("the database may hold {limit} octets: delete something first"),
        ))
    }

    /// The next one, which is `what`.
    pub(crate) fn text(&mut self, what: &str) -> Result<String, DevFailed> {
        self.items.next().ok_or_else(|| {
            self.incorrect(format!(
                "needs {what}: see the description of {}'s argument",
                self.command
            ))
        })
    }

    /// The next one, which is a name to be stored.
    pub(crate) fn name(&mut self, what: &str) -> Result<String, DevFailed> {
        let name = self.text(what)?;
        if name.len() <= self.limits.name {
            return Ok(name);
        }
        let (length, limit) = (name.len(), self.limits.name);
        Err(self.failure(
            "DB_NameTooLong",
            format!("{what} has {length} octets, {limit} are the most"),
        ))
    }

    /// The next one, which is a value to be stored.
    pub(crate) fn value(&mut self, what: &str) -> Result<String, DevFailed> {
        let value = self.text(what)?;
        if value.len() <= self.limits.value {
            return Ok(value);
        }
        let (length, limit) = (value.len(), self.limits.value);
        Err(self.failure(
            "DB_ValueTooLong",
            format!("{what} has {length} octets, {limit} are the most"),
        ))
    }

    /// The next one as a number, which is `what`.
    pub(crate) fn number(&mut self, what: &str) -> Result<i32, DevFailed> {
        let text = self.text(what)?;
        let number = text.trim().parse();
        number.map_err(|_| self.incorrect(format!("{what} must be a number, not '{text}'")))
    }

    /// The next one as a number of things.
    pub(crate) fn count(&mut self, what: &str) -> Result<usize, DevFailed> {
        let text = self.text(what)?;
        let count = text.trim().parse();
        count.map_err(|_| self.incorrect(format!("{what} must be a number, not '{text}'")))
    }

    /// As many values as the next one says.
    pub(crate) fn values(&mut self, what: &str) -> Result<Vec<String>, DevFailed> {
        let count = self.count(&format!("the number of {what}"))?;
        let there = self.items.len();
        if count > there {
            return Err(self.incorrect(format!("announces {count} {what}, {there} are there")));
        }
        if count > self.limits.values {
            let limit = self.limits.values;
            return Err(self.failure(
                "DB_TooManyValues",
                format!("{count} values are too many, {limit} are the most"),
            ));
        }
        (0..count).map(|_| self.value("a value")).collect()
    }

    /// The next one, if there is one.
    pub(crate) fn another(&mut self) -> Option<String> {
        self.items.next()
    }

    /// True if all have been taken.
    pub(crate) fn is_empty(&self) -> bool {
        self.items.len() == 0
    }

    /// All that are left.
    pub(crate) fn rest(&mut self) -> impl Iterator<Item = String> + use<'_> {
        self.items.by_ref()
    }

    /// A failure of this command.
    pub(crate) fn failure(&self, reason: &str, description: String) -> DevFailed {
        DevFailed::new(reason, description, format!("DataBase::{}()", self.command))
    }

    /// A failure because of what was sent along.
    pub(crate) fn incorrect(&self, description: String) -> DevFailed {
        self.failure("DB_IncorrectArguments", description)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(items: &[&str]) -> Arguments {
        let items = items.iter().map(|&item| item.to_owned()).collect();
        let limits = StorageLimits {
            name: 5,
            value: 6,
            values: 2,
            memory: 10_000,
        };
        Arguments::new("DbPutProperty", Value::Strings(items), limits)
    }

    #[test]
    fn arguments_are_taken_in_order() {
        let mut arguments = arguments(&["object", "2", "a", "b", "-7", "rest"]);
        assert_eq!(arguments.text("the object").as_deref(), Ok("object"));
        assert_eq!(arguments.values("values"), Ok(vec!["a".into(), "b".into()]));
        assert_eq!(arguments.number("the mode"), Ok(-7));
        assert_eq!(arguments.rest().collect::<Vec<_>>(), ["rest"]);
        assert!(arguments.is_empty());
    }

    #[test]
    fn what_is_missing_or_no_number_is_named() {
        let missing = arguments(&[]).text("the object").expect_err("missing");
        assert_eq!(missing.reason(), "DB_IncorrectArguments");
        assert!(missing.to_string().contains("the object"), "{missing}");
        let word = arguments(&["x"]).values("values").expect_err("no number");
        assert!(word.to_string().contains("'x'"), "{word}");
        let short = arguments(&["99999999999", "a"]).values("values");
        let short = short.expect_err("short").to_string();
        assert!(short.contains("1 are there"), "{short}");
    }

    #[test]
    fn what_is_too_long_or_too_much_is_refused() {
        assert!(arguments(&["12345"]).name("the object").is_ok());
        let long = arguments(&["123456"]).name("the object");
        assert_eq!(long.expect_err("long").reason(), "DB_NameTooLong");
        assert!(arguments(&["123456"]).value("a value").is_ok());
        let long = arguments(&["1", "1234567"]).values("values");
        assert_eq!(long.expect_err("long").reason(), "DB_ValueTooLong");
        let many = arguments(&["3", "a", "b", "c"]).values("values");
        assert_eq!(many.expect_err("many").reason(), "DB_TooManyValues");
        let full = arguments(&["a"]).check_memory(9_700);
        assert_eq!(full.expect_err("full").reason(), "DB_DatabaseFull");
        assert_eq!(arguments(&["a"]).check_memory(9_600), Ok(()));
    }
}
