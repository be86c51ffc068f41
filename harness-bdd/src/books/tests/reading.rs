//! Reading lines with all the phrases that there are.

use std::sync::Arc;

use crate::{
    HarnessWorld, Keyword, StepBook,
    books::telescope_steps,
    phrase::{Grammar, Recognised},
};

/// All steps that come with the harness.
pub(super) struct Book {
    grammar: Arc<Grammar>,
    /// What the phrases are about, in their order.
    about: Vec<String>,
}

impl Book {
    /// On a telescope with a station and tiles.
    pub(super) fn new() -> Self {
        let book = StepBook::<HarnessWorld>::new().merge(telescope_steps);
        let bound = book.bind(&[], &["station", "tile"]).unwrap();
        let entries = bound.catalogue.entries().iter();
        let phrases = entries.filter(|entry| entry.is_phrase());
        Self {
            about: phrases.map(|entry| entry.expression.clone()).collect(),
            grammar: bound.current.grammar,
        }
    }

    /// What the line is about, and what it fills in.
    pub(super) fn read(&self, keyword: Keyword, line: &str) -> Option<(&str, Recognised)> {
        let recognised = self.grammar.recognise(keyword, line)?;
        Some((&self.about[recognised.phrase], recognised))
    }

    /// Panics unless each line is of a phrase that is about that.
    pub(super) fn expect(&self, keywords: &[Keyword], about: &str, lines: &[&str]) {
        for line in lines {
            for keyword in keywords {
                match self.read(*keyword, line) {
                    Some((found, _)) if found.starts_with(about) => {}
                    Some((found, _)) => panic!("`{keyword} {line}` is read as: {found}"),
                    None => panic!("`{keyword} {line}` is read as nothing"),
                }
            }
        }
    }
}
