//! The words that choose scenarios by their tags.

use std::str::FromStr;

/// A tag expression: tags, `and`, `or`, `not`, and brackets around a part.
///
/// Cucumber's own takes brackets in a tag (`@stations(ci-1)`) only behind a backslash, and asks for
/// every letter in the case of the file; teams write `@Team_A` and `@TEAM_A` and mean the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TagExpression {
    /// In small letters, without `@`.
    Tag(String),
    Not(Box<Self>),
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
}

impl TagExpression {
    /// Whether these tags satisfy it; they come with or without `@`.
    pub(super) fn is_satisfied_by(&self, tags: &[&str]) -> bool {
        match self {
            Self::Tag(wanted) => tags.iter().any(|tag| normal(tag) == *wanted),
            Self::Not(inner) => !inner.is_satisfied_by(tags),
            Self::And(left, right) => left.is_satisfied_by(tags) && right.is_satisfied_by(tags),
            Self::Or(left, right) => left.is_satisfied_by(tags) || right.is_satisfied_by(tags),
        }
    }
}

fn normal(tag: &str) -> String {
    tag.trim_start_matches('@').to_lowercase()
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Tag(String),
    Not,
    And,
    Or,
    Open,
    Close,
}

impl Token {
    fn as_written(&self) -> String {
        match self {
            Self::Tag(tag) => format!("@{tag}"),
            Self::Not => "not".to_owned(),
            Self::And => "and".to_owned(),
            Self::Or => "or".to_owned(),
            Self::Open => "(".to_owned(),
            Self::Close => ")".to_owned(),
        }
    }
}

impl FromStr for TagExpression {
    /// What is wrong, for a person.
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let tokens = tokens(text)?;
        let mut tokens = tokens.iter().peekable();
        let expression = any_of(&mut tokens)?;
        match tokens.next() {
            None => Ok(expression),
            Some(token) => Err(format!(
                "`and` or `or` is missing before `{}`",
                token.as_written()
            )),
        }
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            '@' => {
                let length = tag_length(rest);
                let tag = rest.get(1..length).unwrap_or_default().replace('\\', "");
                if tag.is_empty() {
                    return Err("a tag has no name".to_owned());
                }
                (Token::Tag(normal(&tag)), length)
            }
            _ => {
                let end = |letter: char| letter.is_whitespace() || "()@".contains(letter);
                let length = rest.find(end).unwrap_or(rest.len());
                let word = rest.get(..length).unwrap_or_default();
                let token = match word.to_ascii_lowercase().as_str() {
                    "and" => Token::And,
                    "or" => Token::Or,
                    "not" => Token::Not,
                    _ => return Err(format!("`{word}` is no tag; tags begin with @")),
                };
                (token, length)
            }
        };
        tokens.push(token);
        rest = rest.get(length..).unwrap_or_default().trim_start();
    }
    Ok(tokens)
}

/// How many bytes of the text are a tag. A bracket that was opened in the tag is closed in it.
fn tag_length(text: &str) -> usize {
    let mut open = 0_usize;
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '(' => open += 1,
            ')' if open == 0 => return at,
            ')' => open -= 1,
            '@' => return at,
            // In brackets it belongs to the tag, as in feature files.
            _ if letter.is_whitespace() && !(open > 0 && is_closed(text, at)) => return at,
            _ => {}
        }
    }
    text.len()
}

/// Whether a bracket is closed before the next tag begins.
fn is_closed(text: &str, at: usize) -> bool {
    let behind = text.get(at..).unwrap_or_default();
    let here = behind.split('@').next().unwrap_or_default();
    here.contains(')')
}

type Tokens<'a> = std::iter::Peekable<std::slice::Iter<'a, Token>>;

fn any_of(tokens: &mut Tokens<'_>) -> Result<TagExpression, String> {
    let mut left = all_of(tokens)?;
    while tokens.next_if_eq(&&Token::Or).is_some() {
        left = TagExpression::Or(Box::new(left), Box::new(all_of(tokens)?));
    }
    Ok(left)
}

fn all_of(tokens: &mut Tokens<'_>) -> Result<TagExpression, String> {
    let mut left = one(tokens)?;
    while tokens.next_if_eq(&&Token::And).is_some() {
        left = TagExpression::And(Box::new(left), Box::new(one(tokens)?));
    }
    Ok(left)
}

fn one(tokens: &mut Tokens<'_>) -> Result<TagExpression, String> {
    match tokens.next() {
        Some(Token::Tag(tag)) => Ok(TagExpression::Tag(tag.clone())),
        Some(Token::Not) => Ok(TagExpression::Not(Box::new(one(tokens)?))),
        Some(Token::Open) => {
            let inner = any_of(tokens)?;
            match tokens.next() {
                Some(Token::Close) => Ok(inner),
                _ => Err("a bracket is not closed".to_owned()),
            }
        }
        Some(token) => Err(format!("a tag is missing before `{}`", token.as_written())),
        None => Err("a tag is missing at the end".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn satisfied(expression: &str, tags: &[&str]) -> bool {
        let expression: TagExpression = expression.parse().unwrap();
        expression.is_satisfied_by(tags)
    }

    #[test]
    fn brackets_in_a_tag_belong_to_it() {
        let tags = ["stations(ci-1)", "slow"];
        for wanted in [
            "@stations(ci-1)",
            "@stations(ci-1) and @slow",
            "(@stations(ci-1))",
            "not (@stations(ci-2) or @fast)",
            r"@stations\(ci-1\)",
        ] {
            assert!(satisfied(wanted, &tags), "{wanted}");
        }
        assert!(!satisfied("@stations", &tags));
        let spaced = ["stations(ci 1)", "slow"];
        assert!(satisfied("@stations(ci 1) and @slow", &spaced));
        assert!(satisfied("not (@stations(ci 2) or @fast)", &spaced));
        assert!(!satisfied("@stations(ci-2)", &tags));
    }

    #[test]
    fn letters_count_in_any_case() {
        assert!(satisfied("@team_a", &["@TEAM_A"]));
        assert!(satisfied("@Team_A AND NOT @SLOW", &["team_a"]));
    }

    #[test]
    fn not_binds_closest_and_or_loosest() {
        assert!(satisfied("@a or @b and @c", &["a"]));
        assert!(satisfied("not @a and @b", &["b"]));
        assert!(!satisfied("not (@a or @b)", &["b"]));
        assert!(satisfied("not not @a", &["a"]));
    }

    #[test]
    fn what_is_wrong_is_told() {
        for (text, reason) in [
            ("@a and and", "a tag is missing before `and`"),
            ("@a @b", "`and` or `or` is missing before `@b`"),
            ("smoke", "`smoke` is no tag; tags begin with @"),
            ("(@a", "a bracket is not closed"),
            ("not", "a tag is missing at the end"),
            ("@", "a tag has no name"),
            ("", "a tag is missing at the end"),
        ] {
            assert_eq!(text.parse::<TagExpression>().unwrap_err(), reason, "{text}");
        }
    }
}
