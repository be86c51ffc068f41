//! What a line of a feature file is, by itself.

/// What begins a part of a feature file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Feature,
    Rule,
    Background,
    Scenario,
    Examples,
}

/// What a line looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Blank,
    Comment,
    Tags,
    Row,
    /// `"""` or three backquotes.
    Quotes(&'static str),
    /// `Scenario: name`; `exact` if it is written as standard Gherkin wants it.
    Section {
        section: Section,
        keyword: &'static str,
        name: String,
        exact: bool,
    },
    /// `Given text`.
    Step {
        keyword: &'static str,
        text: String,
        exact: bool,
    },
    Other,
}

/// The keywords of parts, each with what it begins.
const SECTIONS: [(&str, Section); 11] = [
    ("Feature", Section::Feature),
    ("Business Need", Section::Feature),
    ("Ability", Section::Feature),
    ("Rule", Section::Rule),
    ("Background", Section::Background),
    ("Scenario Outline", Section::Scenario),
    ("Scenario Template", Section::Scenario),
    ("Scenarios", Section::Examples),
    ("Scenario", Section::Scenario),
    ("Examples", Section::Examples),
    ("Example", Section::Scenario),
];

/// The keywords of steps.
pub(super) const STEPS: [&str; 5] = ["Given", "When", "Then", "And", "But"];

/// White space that editors and copied text bring in, beside the space and the tab of Gherkin.
pub(super) fn is_blank(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{feff}' | '\u{200b}')
}

impl Kind {
    pub(super) fn of(line: &str) -> Self {
        let text = line.trim_matches(is_blank);
        match text.chars().next() {
            None => Self::Blank,
            Some('#') => Self::Comment,
            Some('@') => Self::Tags,
            Some('|') => Self::Row,
            _ if text.starts_with("\"\"\"") => Self::Quotes("\"\"\""),
            _ if text.starts_with("```") => Self::Quotes("```"),
            Some(_) => section(text).or_else(|| step(text)).unwrap_or(Self::Other),
        }
    }

    /// Whether it says something: neither blank nor a comment.
    pub(super) fn is_significant(&self) -> bool {
        !matches!(self, Self::Blank | Self::Comment)
    }
}

/// `Scenario: name`, in any case of letters and with blanks before the colon.
fn section(text: &str) -> Option<Kind> {
    let (head, name) = text.split_once(':')?;
    let wanted = letters(head)?;
    let (keyword, section) = *SECTIONS
        .iter()
        .find(|(keyword, _)| letters(keyword).as_ref() == Some(&wanted))?;
    Some(Kind::Section {
        section,
        keyword,
        name: name.trim_matches(is_blank).to_owned(),
        exact: head == keyword,
    })
}

/// The keyword of a part that stands without its colon: `Examples`, `Scenario to observe`.
pub(super) fn section_without_colon(text: &str) -> Option<Kind> {
    let text = text.trim_matches(is_blank);
    SECTIONS.iter().find_map(|(keyword, section)| {
        let head = text.get(..keyword.len())?;
        let name = text.get(keyword.len()..)?;
        let whole = name.chars().next().is_none_or(is_blank);
        (head.eq_ignore_ascii_case(keyword) && whole).then(|| Kind::Section {
            section: *section,
            keyword,
            name: name.trim_matches(is_blank).to_owned(),
            exact: false,
        })
    })
}

/// The letters of a keyword in small ones; none if there is something else in it.
fn letters(head: &str) -> Option<String> {
    head.chars()
        .filter(|character| !is_blank(*character) && !matches!(character, '_' | '-'))
        .map(|character| {
            character
                .is_ascii_alphabetic()
                .then(|| character.to_ascii_lowercase())
        })
        .collect()
}

/// `Given text`, in any case of letters, with any blank or a colon behind the keyword.
fn step(text: &str) -> Option<Kind> {
    if let Some(rest) = text.strip_prefix("* ") {
        return Some(Kind::Step {
            keyword: "*",
            text: rest.trim_matches(is_blank).to_owned(),
            exact: true,
        });
    }
    let (keyword, rest) = STEPS.iter().find_map(|keyword| {
        let (head, rest) = text.split_at_checked(keyword.len())?;
        head.eq_ignore_ascii_case(keyword)
            .then_some((keyword, rest))
    })?;
    let separator = rest.chars().next()?;
    if !is_blank(separator) && !matches!(separator, ':' | ',') {
        return None;
    }
    let said = rest.trim_matches(|character| is_blank(character) || matches!(character, ':' | ','));
    Some(Kind::Step {
        keyword,
        text: if is_blank(separator) {
            rest.trim_matches(is_blank).to_owned()
        } else {
            said.to_owned()
        },
        exact: text.starts_with(keyword) && matches!(separator, ' ' | '\t'),
    })
    .filter(|_| !said.is_empty())
}

/// The keyword that the first word of `text` was probably meant to be.
pub(super) fn misspelt(text: &str) -> Option<&'static str> {
    let word = text.trim_matches(is_blank);
    let word = word.split(|c| is_blank(c) || c == ':').next()?;
    let word = word.to_ascii_lowercase();
    // The one English word that begins many lines and is nearly a keyword.
    if word == "the" {
        return None;
    }
    let colon = text.contains(':');
    let sections = SECTIONS.iter().map(|(keyword, _)| *keyword);
    STEPS
        .into_iter()
        .chain(sections.filter(|_| colon))
        .find(|keyword| {
            let first = keyword.split(' ').next().unwrap_or(keyword);
            let near = if first.len() > 5 { 2 } else { 1 };
            word.len() > 2 && distance(&first.to_ascii_lowercase(), &word) <= near
        })
}

/// How many letters are to be changed, left out or put in, or neighbours swapped.
pub(crate) fn distance(left: &str, right: &str) -> usize {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX / 2);
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in right.iter().enumerate() {
            let mut best = (at(&last, j) + usize::from(a != b))
                .min(at(&last, j + 1) + 1)
                .min(at(&row, j) + 1);
            let swapped =
                i > 0 && j > 0 && left.get(i - 1) == Some(b) && right.get(j - 1) == Some(a);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            row.push(best);
        }
        before = last;
        last = row;
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(line: &str) -> Option<(&'static str, bool)> {
        match Kind::of(line) {
            Kind::Section { keyword, exact, .. } | Kind::Step { keyword, exact, .. } => {
                Some((keyword, exact))
            }
            _ => None,
        }
    }

    #[test]
    fn keywords_are_known_in_every_spelling() {
        assert_eq!(
            exact("  Scenario Outline: a"),
            Some(("Scenario Outline", true))
        );
        assert_eq!(
            exact("scenario outline : a"),
            Some(("Scenario Outline", false))
        );
        assert_eq!(
            exact("ScenarioOutline: a"),
            Some(("Scenario Outline", false))
        );
        assert_eq!(exact("EXAMPLES :"), Some(("Examples", false)));
        assert_eq!(exact("\tGiven\ta"), Some(("Given", true)));
        assert_eq!(exact("and a"), Some(("And", false)));
        assert_eq!(exact("Then: a"), Some(("Then", false)));
        assert_eq!(exact("When\u{a0}a"), Some(("When", false)));
        assert_eq!(exact("* a"), Some(("*", true)));
    }

    #[test]
    fn words_that_only_begin_like_keywords_are_none() {
        for line in [
            "Whenever it rains",
            "Andromeda: a galaxy",
            "Scenarios of rain",
            "*bold*",
        ] {
            assert_eq!(Kind::of(line), Kind::Other, "{line}");
        }
    }

    #[test]
    fn misspelt_keywords_are_found_and_articles_are_none() {
        assert_eq!(misspelt("Thne it is wet"), Some("Then"));
        assert_eq!(misspelt("Gven rain"), Some("Given"));
        assert_eq!(misspelt("Senario: rain"), Some("Scenario Outline"));
        assert_eq!(misspelt("the rain"), None);
        assert_eq!(misspelt("it rains"), None);
    }
}
