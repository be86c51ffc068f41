//! How much clients may store.

/// How much clients may store in a [`Database`](super::Database).
///
/// What goes beyond is refused: with the reasons `DB_NameTooLong`, `DB_ValueTooLong`,
/// `DB_TooManyValues` and `DB_DatabaseFull`. Deleting is always possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct StorageLimits {
    /// The longest name of a device, server, class, property and so on, in octets. 255 unless
    /// changed, as in MySQL's tables.
    pub name: usize,
    /// The longest single value of a property, in octets. 65,535 unless changed, as in MySQL's
    /// tables.
    pub value: usize,
    /// The most values of a property. 65,536 unless changed.
    pub values: usize,
    /// The most memory for everything together, in octets, about. 256 MiB unless changed: some
    /// 500,000 devices.
    pub memory: usize,
}

impl Default for StorageLimits {
    fn default() -> Self {
        Self {
            name: 255,
            value: 65_535,
            values: 65_536,
            memory: 256 << 20,
        }
    }
}

impl StorageLimits {
    /// With this much memory for everything together, in octets.
    #[must_use]
    pub fn with_memory(mut self, octets: usize) -> Self {
        self.memory = octets;
        self
    }

    /// With values of this length at most, in octets.
    #[must_use]
    pub fn with_value(mut self, octets: usize) -> Self {
        self.value = octets;
        self
    }
}
