//! What lines look at, known before anything is run.

use super::{Phrase, Who, Words, attribute_name};

/// An attribute that some line looks at, of those whom it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Watched {
    /// Whom the line names; [`None`] if the scenario says it.
    pub(crate) who: Option<Who>,
    /// The attribute.
    pub(crate) attribute: String,
}

impl Watched {
    /// What a line of this phrase looks at: the attributes that it names itself, in what is filled in
    /// for `<attribute>` or `<.._attribute>`, and those that the phrase says.
    pub(crate) fn by(phrase: &Phrase, words: &Words) -> Vec<Self> {
        let of = |attribute| Self {
            who: words.who("who").cloned(),
            attribute,
        };
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
        named.chain(said).map(of).collect()
    }
}
