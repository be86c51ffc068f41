//! Messages: what a subscriber receives.

/// A multipart message; the first part is the topic.
///
/// Two messages are equal when all their parts are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Message {
    parts: Vec<Vec<u8>>,
}

impl Message {
    /// A message of these parts.
    #[must_use]
    pub fn new(parts: Vec<Vec<u8>>) -> Self {
        Self { parts }
    }

    /// The first part; empty if there is none.
    #[must_use]
    pub fn topic(&self) -> &[u8] {
        self.part(0).unwrap_or_default()
    }

    /// The part with this index, counted from 0 (the topic).
    #[must_use]
    pub fn part(&self, index: usize) -> Option<&[u8]> {
        self.parts.get(index).map(Vec::as_slice)
    }

    /// All parts, the topic first.
    #[must_use]
    pub fn parts(&self) -> &[Vec<u8>] {
        &self.parts
    }

    /// About how many octets of memory it takes.
    pub(crate) fn memory(&self) -> usize {
        let parts = self.parts.iter().map(Vec::capacity).sum::<usize>();
        size_of::<Self>() + self.parts.capacity() * size_of::<Vec<u8>>() + parts
    }

    /// Gives the parts away.
    #[must_use]
    pub fn into_parts(self) -> Vec<Vec<u8>> {
        self.parts
    }
}
