//! Patterns: what a phrase looks like, for people to read and for the grammar to match with.

use std::{fmt, iter::Peekable, str::Chars};

use super::{PatternError, kind, vocabulary::Vocabulary};

/// What a line of a phrase looks like.
///
/// * words stand for themselves, in any case of letters;
/// * `[words]` may be left out, `(words|other words)` is one of them;
/// * `<name>` or `<name:kind>` is filled in by the line: `<who>`, `<target:obs>`;
/// * `{verb}` stands for the ways of saying it, for example `{becomes}`.
///
/// ```
/// use harness_bdd::phrase::Pattern;
///
/// let pattern: Pattern = "<who> {becomes} [obsState] <target:obs>".parse()?;
/// assert_eq!(pattern.to_string(), "<who> {becomes} [obsState] <target:obs>");
/// # Ok::<(), harness_bdd::phrase::PatternError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    root: Node,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    Word(String),
    Sequence(Vec<Node>),
    OneOf(Vec<Node>),
    Optional(Box<Node>),
    Capture { name: String, kind: String },
    Verb(String),
}

impl Pattern {
    /// The regular expression over a tidied line in small letters with a space at its end: whatever
    /// is matched takes the space behind it along.
    pub(super) fn regex(&self, vocabulary: &Vocabulary) -> String {
        let mut regex = String::from("^");
        self.root.write(vocabulary, &mut regex);
        regex.push('$');
        regex
    }

    /// Names and kinds of what is filled in.
    pub(super) fn captures(&self) -> Vec<(String, String)> {
        let mut captures = Vec::new();
        self.root.captures(&mut captures);
        captures
    }

    /// The words that stand for themselves.
    pub(super) fn literals(&self) -> Vec<String> {
        let mut literals = Vec::new();
        self.root.literals(&mut literals);
        literals
    }
}

impl Node {
    fn write(&self, vocabulary: &Vocabulary, regex: &mut String) {
        match self {
            Self::Word(word) => {
                regex.push_str(&regex::escape(&word.to_lowercase()));
                regex.push_str(",? ");
            }
            Self::Sequence(nodes) => nodes.iter().for_each(|node| node.write(vocabulary, regex)),
            Self::OneOf(nodes) => {
                for (index, node) in nodes.iter().enumerate() {
                    regex.push_str(if index == 0 { "(?:" } else { "|" });
                    node.write(vocabulary, regex);
                }
                regex.push(')');
            }
            Self::Optional(node) => {
                regex.push_str("(?:");
                node.write(vocabulary, regex);
                regex.push_str(")?");
            }
            Self::Capture { name, kind } => {
                regex.push_str(&format!("(?P<{name}>{}),? ", vocabulary.regex(kind)));
            }
            Self::Verb(verb) => {
                if let Some(pattern) = kind::verb(verb) {
                    regex.push_str("(?:");
                    pattern.root.write(vocabulary, regex);
                    regex.push(')');
                }
            }
        }
    }

    fn captures(&self, captures: &mut Vec<(String, String)>) {
        match self {
            Self::Capture { name, kind } => captures.push((name.clone(), kind.clone())),
            Self::Sequence(nodes) | Self::OneOf(nodes) => {
                nodes.iter().for_each(|node| node.captures(captures));
            }
            Self::Optional(node) => node.captures(captures),
            Self::Word(_) | Self::Verb(_) => {}
        }
    }

    fn literals(&self, literals: &mut Vec<String>) {
        match self {
            Self::Word(word) => literals.push(word.to_lowercase()),
            Self::Sequence(nodes) | Self::OneOf(nodes) => {
                nodes.iter().for_each(|node| node.literals(literals));
            }
            Self::Optional(node) => node.literals(literals),
            Self::Verb(verb) => {
                if let Some(pattern) = kind::verb(verb) {
                    pattern.root.literals(literals);
                }
            }
            Self::Capture { .. } => {}
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::str::FromStr for Pattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        let mut reader = Reader {
            text,
            characters: text.chars().peekable(),
        };
        let root = reader.alternatives(None)?;
        let pattern = Self {
            text: text.to_owned(),
            root,
        };
        for (name, kind) in pattern.captures() {
            if !kind::is_known(&kind) {
                return Err(reader.error(format!("there is no kind of words called `{kind}`")));
            }
            if !name.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
                return Err(
                    reader.error(format!("`{name}` is no name: small letters and `_` only"))
                );
            }
        }
        Ok(pattern)
    }
}

struct Reader<'a> {
    text: &'a str,
    characters: Peekable<Chars<'a>>,
}

impl Reader<'_> {
    fn error(&self, reason: String) -> PatternError {
        PatternError {
            pattern: self.text.to_owned(),
            reason,
        }
    }

    /// `a b|c` up to `end`, which is taken, or up to the end of the text.
    fn alternatives(&mut self, end: Option<char>) -> Result<Node, PatternError> {
        let mut alternatives = Vec::new();
        let mut sequence = Vec::new();
        loop {
            match self.characters.next() {
                found if found == end => break,
                None => return Err(self.error(format!("a `{}` is missing", end.unwrap_or(')')))),
                Some('|') => alternatives.push(Node::Sequence(std::mem::take(&mut sequence))),
                Some('[') => {
                    sequence.push(Node::Optional(Box::new(self.alternatives(Some(']'))?)));
                }
                Some('(') => sequence.push(self.alternatives(Some(')'))?),
                Some('<') => sequence.push(self.capture()?),
                Some('{') => sequence.push(self.verb()?),
                Some(stray @ (']' | ')' | '>' | '}')) => {
                    return Err(self.error(format!("a `{stray}` that ends nothing")));
                }
                Some(space) if space.is_whitespace() => {}
                Some(first) => sequence.push(self.word(first)),
            }
        }
        if alternatives.is_empty() {
            return Ok(Node::Sequence(sequence));
        }
        alternatives.push(Node::Sequence(sequence));
        Ok(Node::OneOf(alternatives))
    }

    fn word(&mut self, first: char) -> Node {
        let mut word = String::from(first);
        while let Some(next) = self
            .characters
            .next_if(|next| !next.is_whitespace() && !"|[](){}<>".contains(*next))
        {
            word.push(next);
        }
        Node::Word(word)
    }

    fn capture(&mut self) -> Result<Node, PatternError> {
        let inside = self.up_to('>')?;
        let (name, kind) = inside.split_once(':').unwrap_or((&inside, &inside));
        Ok(Node::Capture {
            name: name.to_owned(),
            kind: kind.to_owned(),
        })
    }

    fn verb(&mut self) -> Result<Node, PatternError> {
        let verb = self.up_to('}')?;
        match kind::verb(&verb) {
            Some(_) => Ok(Node::Verb(verb)),
            None => Err(self.error(format!("there is no `{{{verb}}}`"))),
        }
    }

    fn up_to(&mut self, end: char) -> Result<String, PatternError> {
        let mut inside = String::new();
        loop {
            match self.characters.next() {
                Some(found) if found == end => return Ok(inside),
                Some(other) => inside.push(other),
                None => return Err(self.error(format!("a `{end}` is missing"))),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn regex(pattern: &str) -> String {
        let pattern: Pattern = pattern.parse().unwrap();
        pattern.regex(&Vocabulary::default())
    }

    #[test]
    fn what_may_be_left_out_takes_its_space_along() {
        let regex = regex::Regex::new(&regex("it [now] (goes|is sent) away")).unwrap();
        for line in [
            "it goes away ",
            "it now is sent away ",
            "it now, goes away ",
        ] {
            assert!(regex.is_match(line), "{line}");
        }
        assert!(!regex.is_match("it now away "));
    }

    #[test]
    fn mistakes_are_told() {
        for (pattern, reason) in [
            ("a (b", "a `)` is missing"),
            ("a ]", "a `]` that ends nothing"),
            ("<what:nothing>", "no kind of words called `nothing`"),
            ("{flies}", "there is no `{flies}`"),
            ("<who", "a `>` is missing"),
            ("<W:who>", "`W` is no name"),
        ] {
            let error = pattern.parse::<Pattern>().unwrap_err().to_string();
            assert!(error.contains(reason), "{pattern}: {error}");
        }
    }
}
