//! How much memory things take, roughly: for the limit on what clients may store.

/// What an entry of a map takes beside its text, in octets.
pub(crate) const ENTRY: usize = 96;

/// Something whose size is known.
pub(crate) trait Weigh {
    /// How many octets it takes, about.
    fn weight(&self) -> usize;
}

impl Weigh for String {
    fn weight(&self) -> usize {
        size_of::<String>() + self.len()
    }
}

impl Weigh for Vec<String> {
    fn weight(&self) -> usize {
        size_of::<Self>() + self.iter().map(Weigh::weight).sum::<usize>()
    }
}
