//! Octets that were read at once.

use std::ops::{Deref, Range};
use std::sync::Arc;

/// Octets that were read at once, or a part of them. Taking it apart copies nothing.
#[derive(Clone, Debug)]
pub(crate) struct Chunk {
    octets: Arc<Vec<u8>>,
    part: Range<usize>,
}

impl Chunk {
    /// Cuts the first so many octets off, or all there are.
    pub(crate) fn split_to(&mut self, count: usize) -> Chunk {
        let middle = self.part.start + count.min(self.len());
        let first = Chunk {
            octets: Arc::clone(&self.octets),
            part: self.part.start..middle,
        };
        self.part.start = middle;
        first
    }

    /// The octets, for changing them.
    pub(crate) fn into_vec(self) -> Vec<u8> {
        let whole = self.part == (0..self.octets.len());
        match (whole, Arc::try_unwrap(self.octets)) {
            (true, Ok(octets)) => octets,
            (_, Ok(octets)) => octets.get(self.part).unwrap_or_default().to_vec(),
            (_, Err(shared)) => shared.get(self.part).unwrap_or_default().to_vec(),
        }
    }
}

impl From<Vec<u8>> for Chunk {
    fn from(octets: Vec<u8>) -> Chunk {
        let part = 0..octets.len();
        Chunk {
            octets: Arc::new(octets),
            part,
        }
    }
}

impl Deref for Chunk {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.octets.get(self.part.clone()).unwrap_or_default()
    }
}
