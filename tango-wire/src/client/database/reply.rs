//! How the replies of a database are read: mostly lists of strings, with counts among them.

use crate::types::Value;

/// A reply that is not what the command promises.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(super) struct BadReply(String);

impl BadReply {
    pub(super) fn new(words: impl Into<String>) -> BadReply {
        BadReply(words.into())
    }
}

/// Takes what a command without a result replies.
pub(super) fn nothing(_: Value) -> Result<(), BadReply> {
    Ok(())
}

/// Takes one string.
pub(super) fn text(reply: Value) -> Result<String, BadReply> {
    match reply {
        Value::String(text) => Ok(text),
        other => Err(unexpected(&other, "a string")),
    }
}

/// Takes a list of strings.
pub(super) fn texts(reply: Value) -> Result<Vec<String>, BadReply> {
    match reply {
        Value::Strings(texts) => Ok(texts),
        other => Err(unexpected(&other, "strings")),
    }
}

/// Takes numbers and strings.
pub(super) fn numbers_and_texts(reply: Value) -> Result<(Vec<i32>, Vec<String>), BadReply> {
    match reply {
        Value::LongStrings(numbers, texts) => Ok((numbers, texts)),
        other => Err(unexpected(&other, "numbers and strings")),
    }
}

fn unexpected(found: &Value, expected: &str) -> BadReply {
    BadReply(format!("a {} instead of {expected}", found.data_type()))
}

/// A list of strings, taken one by one.
#[derive(Debug)]
pub(super) struct Items {
    items: std::vec::IntoIter<String>,
}

impl Items {
    /// The items of a reply.
    pub(super) fn of(reply: Value) -> Result<Items, BadReply> {
        let items = texts(reply)?.into_iter();
        Ok(Items { items })
    }

    /// The next one, which is `what`.
    pub(super) fn text(&mut self, what: &str) -> Result<String, BadReply> {
        let next = self.items.next();
        next.ok_or_else(|| BadReply(format!("it ends before {what}")))
    }

    /// The next one as a number of `what`.
    pub(super) fn count(&mut self, what: &str) -> Result<usize, BadReply> {
        let text = self.text(what)?;
        let count = text.trim().parse();
        count.map_err(|_| BadReply(format!("\"{text}\" instead of the number of {what}")))
    }

    /// As many values as the next one says.
    pub(super) fn values(&mut self) -> Result<Vec<String>, BadReply> {
        let count = self.count("values")?;
        if count > self.items.len() {
            let left = self.items.len();
            return Err(BadReply(format!("{count} values announced, {left} there")));
        }
        Ok(self.items.by_ref().take(count).collect())
    }

    /// Leaves the next one out, if there is one.
    pub(super) fn skip(&mut self) {
        self.items.next();
    }
}
