//! The one form in which all database commands take their arguments: a list of strings.

use crate::types::{DevFailed, Value};

/// What a client sent along with a command, taken one by one.
#[derive(Debug)]
pub(crate) struct Arguments {
    command: &'static str,
    items: std::vec::IntoIter<String>,
}

impl Arguments {
    /// Nothing, a string or strings; other types have no strings to offer.
    pub(crate) fn new(command: &'static str, argument: Value) -> Self {
        let items = match argument {
            Value::String(item) => vec![item],
            Value::Strings(items) => items,
            _ => Vec::new(),
        };
        Self {
            command,
            items: items.into_iter(),
        }
    }

    /// The next one, which is `what`.
    pub(crate) fn text(&mut self, what: &str) -> Result<String, DevFailed> {
        self.items.next().ok_or_else(|| {
            self.failure(
                "DB_IncorrectArguments",
                format!(
                    "needs {what}: see the description of {}'s argument",
                    self.command
                ),
            )
        })
    }

    /// The next one as a number of `what`.
    pub(crate) fn count(&mut self, what: &str) -> Result<usize, DevFailed> {
        let text = self.text(what)?;
        text.trim().parse().map_err(|_| {
            self.failure(
                "DB_IncorrectArguments",
                format!("{what} must be a number, not '{text}'"),
            )
        })
    }

    /// As many values as the next one says.
    pub(crate) fn values(&mut self, what: &str) -> Result<Vec<String>, DevFailed> {
        let count = self.count(&format!("the number of {what}"))?;
        if count > self.items.len() {
            return Err(self.failure(
                "DB_IncorrectArguments",
                format!("announces {count} {what}, {} are there", self.items.len()),
            ));
        }
        Ok(self.items.by_ref().take(count).collect())
    }

    /// The next one, if there is one.
    pub(crate) fn another(&mut self) -> Option<String> {
        self.items.next()
    }

    /// All that are left.
    pub(crate) fn rest(&mut self) -> impl Iterator<Item = String> + use<'_> {
        self.items.by_ref()
    }

    /// A failure of this command.
    pub(crate) fn failure(&self, reason: &str, description: String) -> DevFailed {
        DevFailed::new(reason, description, format!("DataBase::{}()", self.command))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(items: &[&str]) -> Arguments {
        let items = items.iter().map(|&item| item.to_owned()).collect();
        Arguments::new("DbPutProperty", Value::Strings(items))
    }

    #[test]
    fn arguments_are_taken_in_order() {
        let mut arguments = arguments(&["object", "2", "a", "b", "rest"]);
        assert_eq!(arguments.text("the object").as_deref(), Ok("object"));
        assert_eq!(arguments.values("values"), Ok(vec!["a".into(), "b".into()]));
        assert_eq!(arguments.rest().collect::<Vec<_>>(), ["rest"]);
    }

    #[test]
    fn what_is_missing_or_no_number_is_named() {
        let missing = arguments(&[]).text("the object").expect_err("missing");
        assert_eq!(missing.reason(), "DB_IncorrectArguments");
        assert!(missing.to_string().contains("the object"), "{missing}");
        let word = arguments(&["x"]).values("values").expect_err("no number");
        assert!(word.to_string().contains("'x'"), "{word}");
        let short = arguments(&["99999999999", "a"]).values("values");
        assert!(
            short
                .expect_err("short")
                .to_string()
                .contains("1 are there")
        );
    }
}
