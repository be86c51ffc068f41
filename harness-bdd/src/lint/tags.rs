//! Tags that are nearly the same.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use cucumber::gherkin::Feature;

use super::{linter::Found, scenarios::Placed};
use crate::feature::distance;

/// Where each tag stands; the rows of an outline have it from one place.
type Places<'a> = BTreeMap<&'a str, BTreeSet<(&'a Path, usize)>>;

/// Tags that differ by case or one letter from a tag that is used more.
pub(super) fn drifting(features: &[Feature], scenarios: &[Placed<'_>], found: &mut Found) {
    let mut places: Places<'_> = BTreeMap::new();
    for feature in features {
        let file = feature.path.as_deref().unwrap_or(Path::new(""));
        for tag in &feature.tags {
            places
                .entry(tag)
                .or_default()
                .insert((file, feature.position.line));
        }
    }
    for placed in scenarios {
        let steps = &placed.scenario.steps;
        let line = steps
            .first()
            .map_or(placed.scenario.position.line, |step| step.position.line);
        for tag in &placed.scenario.tags {
            places.entry(tag).or_default().insert((placed.file, line));
        }
    }
    for (tag, rare) in &places {
        let usual = places
            .iter()
            .filter(|(other, more)| {
                (more.len(), *other) > (rare.len(), tag) && are_near(tag, other)
            })
            .max_by_key(|(_, more)| more.len());
        let Some((usual, more)) = usual else { continue };
        for (file, line) in rare {
            let message = format!(
                "`@{tag}` is nearly `@{usual}`, which is used {} times; is it the same?",
                more.len()
            );
            found.add("tag-drift", file, line_of(file, tag, *line), message);
        }
    }
}

/// Whether two tags are probably meant to be one. Numbers are not compared: `@XTP-1` and `@XTP-2` are
/// two tickets.
fn are_near(left: &str, right: &str) -> bool {
    let plain = |tag: &str| -> String { tag.to_lowercase().replace(['_', '-'], "") };
    let (left, right) = (plain(left), plain(right));
    let digits = |tag: &str| -> String { tag.chars().filter(char::is_ascii_digit).collect() };
    if digits(&left) != digits(&right) {
        return false;
    }
    let letters = left
        .chars()
        .filter(|character| character.is_alphabetic())
        .count();
    left == right || letters >= 6 && distance(&left, &right) == 1
}

/// The line above `line` in which the tag is written; `line` if it can't be found.
fn line_of(file: &Path, tag: &str, line: usize) -> usize {
    let Ok(text) = std::fs::read_to_string(file) else {
        return line;
    };
    let has = |text: &str| {
        let mut words = text.split_whitespace();
        words.any(|word| word.strip_prefix('@').is_some_and(|word| word == tag))
    };
    let lines: Vec<&str> = text.lines().take(line).collect();
    lines
        .iter()
        .rposition(|text| has(text))
        .map_or(line, |index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_near_by_case_and_by_one_letter_but_not_by_numbers() {
        assert!(are_near("Team_RAIN", "team_rain"));
        assert!(are_near("ttmc_csp", "tmc_csp"));
        assert!(!are_near("XTP-1234", "XTP-1235"));
        assert!(!are_near("low", "slow"));
        assert!(!are_near("tmc_csp", "tmc_sdp"));
    }
}
