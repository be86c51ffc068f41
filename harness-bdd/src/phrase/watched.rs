//! What lines look at, known before anything is run.

use super::{Phrase, Who, Words, attribute_name};

/// What some line looks at, of those whom it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Watched {
    /// Whom the line names; [`None`] if the scenario says it.
    pub(crate) who: Option<Who>,
    /// What it looks at.
    pub(crate) what: Seen,
}

/// What can be looked at only while it happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// An attribute.
    Attribute(String),
    /// The log.
    Log,
}

impl Watched {
    /// What a line of this phrase looks at: the attributes that it names itself, in what is filled in
    /// for `<attribute>` or `<.._attribute>`, and what the phrase says.
    pub(crate) fn by(phrase: &Phrase, words: &Words) -> Vec<Self> {
        let named = words
            .filled
            .keys()
            .filter(|name| name.ends_with("attribute"));
        let named = named
            .filter_map(|name| words.text(name))
            .map(attribute_name);
        let said = phrase
            .watched()
            .iter()
            .map(|&attribute| attribute.to_owned());
        let log = phrase.listens().then_some(Seen::Log);
        let seen = named.chain(said).map(Seen::Attribute).chain(log);
        let of = |what| Self {
            who: words.who("who").cloned(),
            what,
        };
        seen.map(of).collect()
    }
}
