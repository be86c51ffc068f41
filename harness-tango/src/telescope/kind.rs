//! Low or Mid.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;
use thiserror::Error;

/// Which of the two telescopes of SKA it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
#[non_exhaustive]
pub enum TelescopeKind {
    /// SKA Low: stations.
    #[default]
    Low,
    /// SKA Mid: dishes.
    Mid,
}

impl TelescopeKind {
    /// What the names of its devices tell; none if they tell nothing, or both.
    pub(super) fn guess<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<TelescopeKind> {
        let (mut low, mut mid) = (false, false);
        for name in names {
            let name = name.to_ascii_lowercase();
            // of tango://host:port/domain/.. the domain
            let plain = name
                .split_once("://")
                .map_or(Some(name.as_str()), |(_, rest)| {
                    rest.split_once('/').map(|(_, device)| device)
                });
            let domain = plain.unwrap_or_default();
            let domain = domain.split('/').next().unwrap_or_default();
            let mut words = domain.split(['-', '_']);
            let word = match words.next() {
                Some("ska") => words.next(),
                first => first,
            };
            low |= word == Some("low");
            mid |= word == Some("mid");
        }
        match (low, mid) {
            (true, false) => Some(TelescopeKind::Low),
            (false, true) => Some(TelescopeKind::Mid),
            _ => None,
        }
    }
}

impl fmt::Display for TelescopeKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            TelescopeKind::Low => "low",
            TelescopeKind::Mid => "mid",
        })
    }
}

/// A kind of telescope that there is not.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("unknown kind of telescope `{given}`; known kinds: low, mid")]
pub struct UnknownTelescopeKind {
    given: String,
}

/// Reads `low` and `mid` in any case, also as `SKA-Low`.
impl FromStr for TelescopeKind {
    type Err = UnknownTelescopeKind;

    fn from_str(text: &str) -> Result<TelescopeKind, UnknownTelescopeKind> {
        let word = text.trim().to_ascii_lowercase();
        let word = word.strip_prefix("ska").map_or(word.as_str(), |rest| {
            rest.trim_start_matches(['-', '_', ' '])
        });
        match word {
            "low" => Ok(TelescopeKind::Low),
            "mid" => Ok(TelescopeKind::Mid),
            _ => Err(UnknownTelescopeKind {
                given: text.to_owned(),
            }),
        }
    }
}

impl TryFrom<String> for TelescopeKind {
    type Error = UnknownTelescopeKind;

    fn try_from(text: String) -> Result<TelescopeKind, UnknownTelescopeKind> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::TelescopeKind::{self, Low, Mid};

    #[test]
    fn the_kind_is_guessed_from_the_domains_of_both_namings() {
        let guess = |names: &[&str]| TelescopeKind::guess(names.iter().copied());
        assert_eq!(guess(&["lab/lamp/1", "low-tmc/subarray/01"]), Some(Low));
        assert_eq!(guess(&["ska_mid/tm_central/central_node"]), Some(Mid));
        assert_eq!(guess(&["tango://db.ns:10000/MID-CSP/control/0"]), Some(Mid));
        assert_eq!(guess(&["mid_csp_cbf/sub_elt/controller"]), Some(Mid));
        assert_eq!(guess(&["low-tmc/subarray/01", "mid-tmc/subarray/01"]), None);
        assert_eq!(guess(&["lowland/cow/1", "lab/low-lamp/1", ""]), None);
    }

    #[test]
    fn kinds_are_read_as_people_write_them() {
        for text in ["low", "Low", "SKA-low", "SKA_LOW", "ska low"] {
            assert_eq!(text.parse(), Ok(Low), "{text}");
        }
        assert_eq!("MID".parse(), Ok(Mid));
        let error = "high".parse::<TelescopeKind>().unwrap_err();
        assert!(error.to_string().contains("low, mid"), "{error}");
    }
}
