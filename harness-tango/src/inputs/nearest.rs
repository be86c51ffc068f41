//! Which of the known words someone may have meant.

/// At most this many are told.
const TOLD: usize = 3;

/// The known words nearest to one that is unknown, nearest first; those that have nothing to do
/// with it are left out.
pub(super) fn nearest<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = wanted.to_lowercase();
    let mut ranked: Vec<(usize, &str)> = known
        .into_iter()
        .map(|word| {
            let lower = word.to_lowercase();
            let contained = !wanted.is_empty()
                && !lower.is_empty()
                && (lower.contains(&wanted) || wanted.contains(&lower));
            let distance = distance(&wanted, &lower);
            (if contained { distance.min(2) } else { distance }, word)
        })
        .filter(|(distance, word)| *distance <= 2.max(wanted.len().max(word.len()) / 3))
        .collect();
    ranked.sort();
    ranked.dedup();
    ranked
        .into_iter()
        .map(|(_, word)| word)
        .take(TOLD)
        .collect()
}

/// How many letters must be put in, left out or changed to make one of the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in one.chars().enumerate() {
        let mut next = vec![line + 1];
        let above = row.iter().zip(row.iter().skip(1));
        for ((diagonal, above), theirs) in above.zip(&other) {
            let left = next.last().copied().unwrap_or_default();
            let changed = diagonal + usize::from(letter != *theirs);
            next.push(changed.min(above + 1).min(left + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

/// ` (nearest: a, b)`, or nothing.
pub(super) fn told(words: &[String]) -> String {
    match words {
        [] => String::new(),
        words => format!("; nearest: {}", words.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn distances_are_counted_in_letters() {
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", "abc"), 0);
        assert_eq!(distance("sitting", "kitten"), 3);
    }

    #[test]
    fn the_nearest_come_first_and_strangers_not_at_all() {
        let known = ["configure_low", "scan_low", "configure_mid", "zebra"];
        assert_eq!(
            nearest("Configure_Lo", known),
            ["configure_low", "configure_mid"]
        );
        assert!(nearest("quite something else", known).is_empty());
    }
}
