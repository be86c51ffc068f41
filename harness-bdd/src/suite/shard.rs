//! Which part of a suite one of several runners takes.

use std::{collections::BTreeMap, fmt, str::FromStr};

use super::case::Case;

/// One part of a suite that is run in several parts at the same time, written `2/4`.
///
/// Every scenario is in exactly one shard, and the sizes of the shards differ by one at most. Which
/// shard it is depends on the scenario's file, name and place among those of the same name, so that
/// few scenarios move when others come or go.
///
/// ```
/// use harness_bdd::suite::Shard;
///
/// let shard: Shard = "2/4".parse()?;
/// assert_eq!((shard.number(), shard.of()), (2, 4));
/// assert!("5/4".parse::<Shard>().is_err());
/// # Ok::<(), harness_bdd::suite::ShardError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    number: usize,
    of: usize,
}

/// Not a part of a suite.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is not a shard; write 2/4 for the second of four, of {} at most",
    Shard::MOST
)]
pub struct ShardError {
    text: String,
}

impl Shard {
    /// The most shards that there can be.
    pub const MOST: usize = 10_000;

    /// The shard `number`, from 1, of as many as `of`.
    ///
    /// # Errors
    /// [`ShardError`] if there is no such shard.
    pub fn new(number: usize, of: usize) -> Result<Self, ShardError> {
        if (1..=of).contains(&number) && of <= Self::MOST {
            Ok(Self { number, of })
        } else {
            Err(ShardError {
                text: format!("{number}/{of}"),
            })
        }
    }

    /// Which one it is, from 1.
    pub fn number(self) -> usize {
        self.number
    }

    /// How many there are.
    pub fn of(self) -> usize {
        self.of
    }

    /// The cases of this shard, in the order in which they were.
    pub(super) fn take(self, cases: Vec<Case>) -> Vec<Case> {
        let shards = shards_of(&keys(&cases), self.of);
        let wanted = self.number - 1;
        let kept = cases.into_iter().zip(shards);
        kept.filter(|(_, shard)| *shard == wanted)
            .map(|(case, _)| case)
            .collect()
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl FromStr for Shard {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ShardError {
            text: text.to_owned(),
        };
        let (number, of) = text.split_once('/').ok_or_else(error)?;
        let parse = |text: &str| text.trim().parse().map_err(|_| error());
        Self::new(parse(number)?, parse(of)?).map_err(|_| error())
    }
}

/// A number for each case that is the same on every machine. No line numbers: a comment that is
/// added to a file moves nothing.
fn keys(cases: &[Case]) -> Vec<u64> {
    let mut seen: BTreeMap<(&std::path::Path, &str), u64> = BTreeMap::new();
    let keys = cases.iter().map(|case| {
        let name = case.scenario.name.as_str();
        let nth = seen.entry((case.file(), name)).or_default();
        *nth += 1;
        hash(&format!("{}\n{name}\n{nth}", case.file().display()))
    });
    keys.collect()
}

/// The shard, from 0, of each key. In the order of the keys each takes the shard that its number
/// asks for, or the next one with room.
fn shards_of(keys: &[u64], shards: usize) -> Vec<usize> {
    let (each, more) = (keys.len() / shards, keys.len() % shards);
    let mut left = vec![each; shards];
    // How many shards may still take one more than the others.
    let mut more = more;
    let mut order: Vec<(u64, usize)> = keys.iter().copied().zip(0..).collect();
    order.sort_unstable();
    let mut taken = vec![0; keys.len()];
    for (key, index) in order {
        let wanted = usize::try_from(key % shards as u64).unwrap_or_default();
        for shard in (wanted..shards).chain(0..wanted) {
            let Some(room) = left.get_mut(shard) else {
                continue;
            };
            let from_each = *room > 0 && *room != usize::MAX;
            if !from_each && (*room != 0 || more == 0) {
                continue;
            }
            if from_each {
                *room -= 1;
            } else {
                more -= 1;
                *room = usize::MAX;
            }
            if let Some(taken) = taken.get_mut(index) {
                *taken = shard;
            }
            break;
        }
    }
    taken
}

/// FNV-1a with the finish of MurmurHash3: the same everywhere and in every version, which the hash
/// of the standard library is not, and with good low bits.
fn hash(text: &str) -> u64 {
    let mut hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys_of(names: impl IntoIterator<Item = usize>) -> Vec<u64> {
        let names = names.into_iter();
        names.map(|name| hash(&format!("file {name}"))).collect()
    }

    fn sizes(shards: &[usize], of: usize) -> Vec<usize> {
        (0..of)
            .map(|shard| shards.iter().filter(|one| **one == shard).count())
            .collect()
    }

    #[test]
    fn sizes_differ_by_one_at_most() {
        for cases in [0, 1, 3, 4, 5, 9, 100, 602] {
            for of in [1, 2, 3, 4, 7, 16] {
                let sizes = sizes(&shards_of(&keys_of(0..cases), of), of);
                let (least, most) = (sizes.iter().min().unwrap(), sizes.iter().max().unwrap());
                assert!(most - least <= 1, "{cases} in {of}: {sizes:?}");
                assert_eq!(sizes.iter().sum::<usize>(), cases);
            }
        }
    }

    #[test]
    fn few_scenarios_move_when_one_comes() {
        let before = shards_of(&keys_of(0..400), 4);
        let after = shards_of(&keys_of(0..401), 4);
        let moved = before.iter().zip(&after).filter(|(a, b)| a != b).count();
        assert!(moved <= 20, "{moved} of 400 moved");
    }

    #[test]
    fn what_is_no_part_is_refused() {
        for text in ["0/4", "5/4", "1", "a/b", "1/0", "", "1/99999999999999"] {
            let error = text.parse::<Shard>().unwrap_err().to_string();
            assert!(error.starts_with(&format!("`{text}` is not a shard")));
        }
        assert_eq!(" 2 / 4".parse::<Shard>().unwrap().to_string(), "2/4");
    }
}
