//! Names that a file may use, and which of them was meant.

/// Names that a file may use, of what this crate does not know: the faults that there are, and so on.
#[derive(Clone, Debug, Default)]
pub struct KnownNames {
    /// The faults.
    pub faults: Vec<FaultName>,
    /// Bugs that can be planted in a simulated telescope.
    pub bugs: Vec<String>,
    /// Simulated telescopes.
    pub presets: Vec<String>,
    /// Rules of what is taken where, and the commands of each.
    pub rules: Vec<(String, Vec<String>)>,
    /// The states that the devices' state can have.
    pub states: Vec<String>,
}

/// The name of a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultName {
    /// The name, in small letters with hyphens: `network-down`.
    pub name: String,
    /// Whether only a telescope that is simulated in this process can have it.
    pub simulated_only: bool,
}

/// `; did you mean users?`, if something is near enough.
pub(super) fn near(word: &str, known: &[&str]) -> String {
    let folded = word.to_lowercase().replace([' ', '_'], "-");
    let distances = known.iter().map(|name| {
        let distance = strsim::osa_distance(&folded, &name.to_lowercase());
        (distance, *name)
    });
    match distances.min() {
        // in short names two wrong letters are half of it
        Some((distance, name)) if distance <= if name.len() < 6 { 1 } else { 2 } => {
            format!("; did you mean `{name}`?")
        }
        _ => String::new(),
    }
}

/// `a, b and c`, each in backticks.
pub(super) fn listed(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        None => "nothing".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_near_is_offered_and_nothing_else() {
        let known = ["users", "cycles", "warm-up"];
        assert_eq!(near("user", &known), "; did you mean `users`?");
        assert_eq!(near("warm_up", &known), "; did you mean `warm-up`?");
        assert_eq!(near("Cylces", &known), "; did you mean `cycles`?");
        assert_eq!(near("telescope", &known), "");
        assert_eq!(near("x", &[]), "");
    }

    #[test]
    fn names_are_listed_as_a_person_would() {
        assert_eq!(listed(&["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(listed(&["a"]), "`a`");
        assert_eq!(listed(&[]), "nothing");
    }
}
