//! The strings of a reply to which a small request can make many copies of large properties.

use super::Arguments;
use crate::{
    giop::Limits,
    types::{DevFailed, Value},
};

/// A list of strings that does not outgrow what clients take.
#[derive(Debug)]
pub(super) struct Reply {
    items: Vec<String>,
    room: Option<usize>,
}

impl Reply {
    pub(super) fn new() -> Self {
        Self {
            items: Vec::new(),
            room: Some(Limits::default().message),
        }
    }

    pub(super) fn push(&mut self, text: &str) {
        // what an empty string takes here is more than what it takes on its way
        let size = text.len() + size_of::<String>();
        self.room = self.room.and_then(|room| room.checked_sub(size));
        if self.room.is_some() {
            self.items.push(text.to_owned());
        }
    }

    pub(super) fn push_count(&mut self, count: usize) {
        self.push(&count.to_string());
    }

    pub(super) fn extend(&mut self, texts: impl IntoIterator<Item = impl AsRef<str>>) {
        for text in texts {
            if self.is_full() {
                break;
            }
            self.push(text.as_ref());
        }
    }

    /// A reply of these texts and nothing else.
    ///
    /// # Errors
    /// The reply would be too long.
    pub(super) fn of(
        texts: impl IntoIterator<Item = impl AsRef<str>>,
        arguments: &Arguments,
    ) -> Result<Value, DevFailed> {
        let mut reply = Self::new();
        reply.extend(texts);
        reply.finish(arguments)
    }

    /// True if nothing more goes in: there is no use in looking further.
    pub(super) fn is_full(&self) -> bool {
        self.room.is_none()
    }

    /// # Errors
    /// The reply would be too long.
    pub(super) fn finish(self, arguments: &Arguments) -> Result<Value, DevFailed> {
        match self.room {
            Some(_) => Ok(Value::Strings(self.items)),
            None => Err(arguments.failure(
                "DB_ReplyTooLong",
                "the reply would be too long: ask for less at a time".to_owned(),
            )),
        }
    }
}
