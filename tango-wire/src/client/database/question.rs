//! One command of a database, before it is sent.

use crate::types::Value;

/// A command, its argument, and who or what it is about.
#[derive(Debug)]
pub(super) struct Question<'a> {
    pub(super) command: &'static str,
    /// For whoever reads an error.
    pub(super) subject: &'a str,
    pub(super) argument: Value,
    /// True if it changes the database: it must not run twice then.
    pub(super) changes: bool,
}

impl<'a> Question<'a> {
    /// A question that takes a name or a pattern.
    pub(super) fn of(command: &'static str, subject: &'a str) -> Question<'a> {
        Question {
            command,
            subject,
            argument: Value::String(subject.to_owned()),
            changes: false,
        }
    }

    /// A question that takes a list, which starts with its subject.
    pub(super) fn list(
        command: &'static str,
        subject: &'a str,
        others: impl IntoIterator<Item = impl Into<String>>,
    ) -> Question<'a> {
        let items = std::iter::once(subject.to_owned()).chain(others.into_iter().map(Into::into));
        Question {
            command,
            subject,
            argument: Value::Strings(items.collect()),
            changes: false,
        }
    }

    /// Says that the database is not the same afterwards.
    pub(super) fn changing(mut self) -> Question<'a> {
        self.changes = true;
        self
    }
}
