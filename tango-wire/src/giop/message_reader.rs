use tokio::io::{AsyncRead, AsyncReadExt};

use super::assembler::Assembler;
use super::header::Header;
use super::{GiopError, Limits, Message};

/// What is read at once; nearly every Tango message is smaller.
const CHUNK: usize = 8 << 10;
/// The most that is reserved ahead for a message that has only been announced.
const AHEAD: usize = 64 << 10;

/// Reads whole messages from a stream of octets.
///
/// Cancel-safe: what was read stays in a buffer of its own, so the future of
/// [`MessageReader::next`] can be dropped at any time.
#[derive(Debug)]
pub struct MessageReader<R> {
    source: R,
    limits: Limits,
    buffer: Vec<u8>,
    /// Octets at the start of the buffer that were handed out already.
    consumed: usize,
    assembler: Assembler,
}

impl<R: AsyncRead + Unpin> MessageReader<R> {
    /// Reads from `source`.
    #[must_use]
    pub fn new(source: R, limits: Limits) -> MessageReader<R> {
        MessageReader {
            source,
            limits,
            buffer: Vec::with_capacity(CHUNK),
            consumed: 0,
            assembler: Assembler::default(),
        }
    }

    /// The stream that is read from, for instance to write to it.
    pub fn source_mut(&mut self) -> &mut R {
        &mut self.source
    }

    /// The stream that is read from.
    pub fn source(&self) -> &R {
        &self.source
    }

    /// True if octets were read that are not part of a message handed out yet.
    #[must_use]
    pub fn has_unread(&self) -> bool {
        self.consumed < self.buffer.len() || self.assembler.is_waiting()
    }

    /// Waits for the next message; `None` when the peer has closed the connection between two.
    ///
    /// # Errors
    /// The connection fails or ends in the middle of a message, the octets are not GIOP, or a
    /// limit is met. After an error the stream has lost its place: drop it.
    pub async fn next(&mut self) -> Result<Option<Message>, GiopError> {
        loop {
            let header = Header::read(&self.buffer[self.consumed..], &self.limits)?;
            let available = self.buffer.len() - self.consumed;
            match header {
                Some(header) if header.length <= available => {
                    let octets = self.take(header.length);
                    if let Some(message) = self.assembler.push(header, octets, &self.limits)? {
                        return Ok(Some(message));
                    }
                    continue;
                }
                Some(header) => self.make_room(header.length - available),
                None => self.make_room(CHUNK),
            }
            if self.source.read_buf(&mut self.buffer).await? == 0 {
                return if self.has_unread() {
                    Err(GiopError::Truncated)
                } else {
                    Ok(None)
                };
            }
        }
    }

    /// Hands out the next `length` octets; a large message goes with its buffer, uncopied.
    fn take(&mut self, length: usize) -> Vec<u8> {
        let end = self.consumed + length;
        if self.consumed == 0 && end == self.buffer.len() && length > CHUNK / 2 {
            return std::mem::replace(&mut self.buffer, Vec::with_capacity(CHUNK));
        }
        let octets = self.buffer[self.consumed..end].to_vec();
        self.consumed = end;
        if self.consumed == self.buffer.len() {
            self.buffer.clear();
            self.consumed = 0;
        }
        octets
    }

    /// Makes room for octets to come, by doubling rather than by what a header announces.
    fn make_room(&mut self, missing: usize) {
        if self.consumed > 0 {
            self.buffer.drain(..self.consumed);
            self.consumed = 0;
        }
        if self.buffer.capacity() - self.buffer.len() < missing {
            self.buffer
                .reserve_exact(missing.min(self.buffer.len().max(AHEAD)));
        }
    }
}

#[cfg(test)]
mod tests;
