//! The two directions.

use std::fmt;

/// One of the two directions of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// From the client to what is behind the gate.
    Requests,
    /// From what is behind the gate to the client.
    Replies,
}

impl Direction {
    /// Both of them.
    pub const BOTH: [Direction; 2] = [Direction::Requests, Direction::Replies];

    pub(crate) const fn opposite(self) -> Direction {
        match self {
            Direction::Requests => Direction::Replies,
            Direction::Replies => Direction::Requests,
        }
    }

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Direction::Requests => "requests",
            Direction::Replies => "replies",
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}
