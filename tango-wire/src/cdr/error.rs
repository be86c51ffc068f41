use thiserror::Error;

/// Octets that are not the CDR they should be, or a value that CDR can't carry.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CdrError {
    /// The stream ends in the middle of a value.
    #[error("{needed} octets needed, {remaining} left")]
    UnexpectedEnd {
        /// Octets the next value takes.
        needed: usize,
        /// Octets that are left.
        remaining: usize,
    },
    /// A sequence claims more items than the rest of the stream could hold.
    #[error("a sequence of {count} items can't fit the {remaining} octets left")]
    SequenceTooLong {
        /// The count found in the stream.
        count: usize,
        /// Octets that are left.
        remaining: usize,
    },
    /// A string whose last octet is not NUL.
    #[error("a string does not end in NUL")]
    MissingTerminator,
    /// An enumeration or union discriminator with a number nobody has given a meaning.
    #[error("{value} is not a known {what}")]
    Unknown {
        /// What was being read, as "device state".
        what: &'static str,
        /// The number found in the stream.
        value: u32,
    },
    /// TypeCodes or other structures nested deeper than any Tango type.
    #[error("types nested more than {limit} deep")]
    NestedTooDeep {
        /// The limit that was met.
        limit: usize,
    },
    /// A value of a type this crate has no use for.
    #[error("values of this type are not supported: {what}")]
    Unsupported {
        /// The type, in words.
        what: String,
    },
    /// A string with a character outside ISO-8859-1, the only character set Tango agrees on.
    #[error(
        "{character:?} can't be sent: Tango strings are ISO-8859-1 (Latin-1); replace or escape it"
    )]
    NotLatin1 {
        /// The first character that can't be sent.
        character: char,
    },
    /// A string with a NUL in it, which would end it early on the other side.
    #[error("a NUL character can't be sent in a string")]
    NulInString,
    /// More than 4 GiB in one sequence or string.
    #[error("{length} items are too many for a 32-bit count")]
    TooLongToSend {
        /// The number of items or octets.
        length: usize,
    },
}
