//! Joins the fragments of messages.

use std::collections::HashMap;

use super::header::Header;
use super::{GiopError, HEADER_LENGTH, Limits, Message, MessageKind, Version};
use crate::cdr::{ByteOrder, Reader};

/// Messages whose last fragment has not come yet.
#[derive(Debug, Default)]
pub(super) struct Assembler {
    /// By request id; GIOP 1.1 has none in a fragment and so only one unfinished message.
    unfinished: HashMap<Option<u32>, Unfinished>,
}

#[derive(Debug)]
struct Unfinished {
    message: Message,
    fragments: usize,
}

impl Assembler {
    /// True if a fragment is awaited.
    pub(super) fn is_waiting(&self) -> bool {
        !self.unfinished.is_empty()
    }

    /// Takes in what came; gives a message when it is whole.
    pub(super) fn push(
        &mut self,
        header: Header,
        octets: Vec<u8>,
        limits: &Limits,
    ) -> Result<Option<Message>, GiopError> {
        if header.kind == MessageKind::Fragment {
            return self.continue_message(header, &octets, limits);
        }
        let message = Message {
            version: header.version,
            order: header.order,
            kind: header.kind,
            octets,
        };
        if !header.more_fragments {
            return Ok(Some(message));
        }
        let key = key(header.version, &message.octets, header.order)?;
        let unfinished = Unfinished {
            message,
            fragments: 1,
        };
        self.unfinished.insert(key, unfinished);
        let (size, limit) = (self.unfinished.len(), limits.unfinished);
        if size > limit {
            return Err(GiopError::TooLarge {
                what: "unfinished messages",
                size,
                limit,
            });
        }
        self.check_total(limits)?;
        Ok(None)
    }

    fn continue_message(
        &mut self,
        header: Header,
        octets: &[u8],
        limits: &Limits,
    ) -> Result<Option<Message>, GiopError> {
        let key = key(header.version, octets, header.order)?;
        let Some(unfinished) = self.unfinished.get_mut(&key) else {
            return Err(GiopError::StrayFragment);
        };
        let content = HEADER_LENGTH + if key.is_some() { 4 } else { 0 };
        unfinished
            .message
            .octets
            .extend_from_slice(octets.get(content..).unwrap_or_default());
        unfinished.fragments += 1;
        let (size, limit) = (unfinished.fragments, limits.fragments);
        if size > limit {
            return Err(GiopError::TooLarge {
                what: "fragments",
                size,
                limit,
            });
        }
        self.check_total(limits)?;
        if header.more_fragments {
            return Ok(None);
        }
        Ok(self
            .unfinished
            .remove(&key)
            .map(|unfinished| unfinished.message))
    }

    /// The limit of one message holds for all unfinished ones together.
    fn check_total(&self, limits: &Limits) -> Result<(), GiopError> {
        let size = self
            .unfinished
            .values()
            .map(|unfinished| unfinished.message.octets.len())
            .sum();
        if size > limits.message {
            let what = "a message in fragments";
            return Err(GiopError::TooLarge {
                what,
                size,
                limit: limits.message,
            });
        }
        Ok(())
    }
}

/// The request id that stands right behind the header from GIOP 1.2 on.
fn key(version: Version, octets: &[u8], order: ByteOrder) -> Result<Option<u32>, GiopError> {
    if version < Version::V1_2 {
        return Ok(None);
    }
    let mut reader = Reader::new(octets, order);
    reader.take(HEADER_LENGTH)?;
    Ok(Some(reader.u32()?))
}
