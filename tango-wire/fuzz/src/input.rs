//! Takes a target's input apart.

use tango_wire::cdr::ByteOrder;

/// Octets from the fuzzer: a few that choose, then those that are sent.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a>(pub &'a [u8]);

impl<'a> Input<'a> {
    /// The next octet; 0 at the end.
    pub fn octet(&mut self) -> u8 {
        let Some((&first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        first
    }

    /// One of so many choices.
    pub fn choice(&mut self, of: usize) -> usize {
        usize::from(self.octet()) % of.max(1)
    }

    /// A byte order.
    pub fn order(&mut self) -> ByteOrder {
        ByteOrder::from_flag(self.octet())
    }

    /// The next `count` octets, or as many as there are.
    pub fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(count.min(self.0.len()));
        self.0 = rest;
        taken
    }
}
