//! A part of a load, for one of several processes or machines.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

/// A part of a load: the users, or planned starts, of which the number leaves the same remainder. All
/// parts together are the whole, and each is as large as the others, give or take one.
///
/// Written `2/4`, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    number: u32,
    of: u32,
}

/// A part that there is not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no part of a load: write K/N, as in 2/4, with K from 1 to N and N at most 10000")]
pub struct ShardError(String);

/// So many parts at most.
const MOST: u32 = 10_000;

impl Shard {
    /// The whole.
    pub const WHOLE: Shard = Shard { number: 1, of: 1 };

    /// One of so many parts, counted from 1.
    ///
    /// # Errors
    /// When there is no such part.
    pub fn new(number: u32, of: u32) -> Result<Shard, ShardError> {
        match (1..=of).contains(&number) && of <= MOST {
            true => Ok(Shard { number, of }),
            false => Err(ShardError(format!("{number}/{of}"))),
        }
    }

    /// Whether the user or start of this number, counted from 0, is in it.
    #[must_use]
    pub fn has(self, number: u64) -> bool {
        number % u64::from(self.of) == u64::from(self.number - 1)
    }

    /// How many parts there are.
    #[must_use]
    pub fn of(self) -> u32 {
        self.of
    }
}

impl Default for Shard {
    fn default() -> Self {
        Shard::WHOLE
    }
}

impl FromStr for Shard {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Shard, ShardError> {
        let parts = text.split_once('/');
        let read = parts.and_then(|(number, of)| {
            let (number, of) = (number.trim().parse().ok()?, of.trim().parse().ok()?);
            Shard::new(number, of).ok()
        });
        read.ok_or_else(|| ShardError(text.to_owned()))
    }
}

impl Display for Shard {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_in_exactly_one_part() {
        let parts: Vec<Shard> = (1..=3).map(|it| Shard::new(it, 3).unwrap()).collect();
        for number in 0..100 {
            assert_eq!(parts.iter().filter(|it| it.has(number)).count(), 1);
        }
        assert!((0..100).all(|it| Shard::WHOLE.has(it)));
    }

    #[test]
    fn only_parts_that_there_are_are_read() {
        assert_eq!("2/4".parse(), Shard::new(2, 4));
        for text in ["0/4", "5/4", "1/0", "x", "1", "1/2/3", "-1/2", "1/99999"] {
            let error = text.parse::<Shard>().unwrap_err().to_string();
            assert!(error.contains(text), "{error}");
        }
    }
}
