//! Typing errors.

use std::collections::BTreeSet;

use super::tidy;

/// The line with each unknown word that is nearly a known one replaced by it; [`None`] if there is
/// nothing to replace. Short words are left as they are: too many of them are near each other. So is
/// quoted text, which is a value.
pub(super) fn mended(line: &str, known: &BTreeSet<String>) -> Option<String> {
    let mut changed = false;
    let words: Vec<String> = tidy::words(line)
        .into_iter()
        .map(|word| {
            let small = word.to_lowercase();
            if known.contains(&small) || !is_plain(&small) {
                return word.to_owned();
            }
            match nearest(&small, known) {
                Some(meant) => {
                    changed = true;
                    meant.to_owned()
                }
                None => word.to_owned(),
            }
        })
        .collect();
    changed.then(|| words.join(" "))
}

fn is_plain(word: &str) -> bool {
    word.len() >= 6
        && word
            .chars()
            .all(|letter| letter.is_ascii_lowercase() || letter == '-')
}

/// One wrong, missing, surplus or swapped letter is forgiven; in long words two. Not the first one:
/// people seldom mistype it, and it is where opposites differ (`unassigned`, `decreases`).
fn nearest<'a>(word: &str, known: &'a BTreeSet<String>) -> Option<&'a str> {
    let forgiven = if word.len() >= 8 { 2 } else { 1 };
    known
        .iter()
        .filter(|other| is_plain(other) && !other.contains('-'))
        .filter(|other| other.chars().next() == word.chars().next())
        .filter(|other| other.len().abs_diff(word.len()) <= forgiven)
        .map(|other| (distance(word.as_bytes(), other.as_bytes()), other))
        .filter(|(distance, _)| *distance <= forgiven)
        .min()
        .map(|(_, other)| other.as_str())
}

/// How many letters must be changed, put in, taken out or swapped.
fn distance(left: &[u8], right: &[u8]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for (row, letter) in left.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, other) in right.iter().enumerate() {
            let cost = usize::from(letter != other);
            let mut best = (last[column] + cost)
                .min(last[column + 1] + 1)
                .min(current[column] + 1);
            if row > 0 && column > 0 && *letter == right[column - 1] && left[row - 1] == *other {
                let swapped = before.get(column - 1);
                best = best.min(swapped.map_or(best, |swapped| swapped + 1));
            }
            current.push(best);
        }
        before = std::mem::replace(&mut last, current);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> BTreeSet<String> {
        [
            "subarray",
            "transitions",
            "telescope",
            "is",
            "propagates",
            "release",
            "released",
        ]
        .map(str::to_owned)
        .into()
    }

    #[test]
    fn typing_errors_are_mended() {
        for (typed, meant) in [
            ("subbaray", "subarray"),
            ("telecsope", "telescope"),
            ("transtions", "transitions"),
            ("propogates", "propagates"),
        ] {
            assert_eq!(mended(typed, &known()).as_deref(), Some(meant), "{typed}");
        }
    }

    #[test]
    fn known_short_and_strange_words_stay() {
        for word in ["released", "si", "READY", "weather", "target:a", "on"] {
            assert_eq!(mended(word, &known()), None, "{word}");
        }
    }

    #[test]
    fn words_of_another_meaning_stay() {
        let known = [
            "assigned",
            "configure",
            "increases",
            "successfully",
            "started",
        ];
        let known = known.map(str::to_owned).into();
        for word in [
            "unassigned",
            "deconfigure",
            "decreases",
            "unsuccessfully",
            "restarted",
        ] {
            assert_eq!(mended(word, &known), None, "{word}");
        }
    }

    #[test]
    fn quoted_text_stays() {
        let line = "subbaray says \"no subbaray  here\" [\"subbaray\"]";
        assert_eq!(
            mended(line, &known()).as_deref(),
            Some("subarray says \"no subbaray  here\" [\"subbaray\"]")
        );
    }

    #[test]
    fn swapped_letters_count_once() {
        assert_eq!(distance(b"abcd", b"abdc"), 1);
        assert_eq!(distance(b"abcd", b"acbd"), 1);
        assert_eq!(distance(b"kitten", b"sitting"), 3);
    }
}
