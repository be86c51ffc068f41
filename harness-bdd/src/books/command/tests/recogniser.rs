//! What the phrases of these books say of a line.

use std::sync::{Arc, LazyLock};

use crate::{
    HarnessWorld, Keyword, StepBook,
    books::{command_steps, observation_steps},
    phrase::{Grammar, Phrase, Words},
};

/// The phrases of these books, and what each is about. Compiling them takes a while.
static BOOK: LazyLock<(Arc<Grammar>, Vec<String>)> = LazyLock::new(|| {
    let book = StepBook::<HarnessWorld>::new()
        .merge(command_steps)
        .merge(observation_steps);
    let bound = book.bind(&[], &["station"]).unwrap();
    let entries = bound.catalogue.entries().iter();
    let about = entries.map(|entry| entry.expression.clone()).collect();
    (bound.current.grammar, about)
});

/// What a line is, and what it fills in.
pub(super) fn recognised(keyword: Keyword, line: &str) -> Option<(String, Words)> {
    let (grammar, about) = &*BOOK;
    let found = grammar.recognise(keyword, line)?;
    Some((about[found.phrase].clone(), found.words))
}

/// Each line is of the phrase, and fills in these words.
pub(super) fn all_are(phrase: Phrase, keyword: Keyword, lines: &[(&str, &[(&str, &str)])]) {
    for (line, filled) in lines {
        let (about, words) =
            recognised(keyword, line).unwrap_or_else(|| panic!("`{line}` is nothing"));
        assert_eq!(about, phrase.about(), "{line}");
        for (name, value) in *filled {
            assert_eq!(words.text(name), Some(*value), "{name} in `{line}`");
        }
    }
}
