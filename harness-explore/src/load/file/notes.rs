//! Where problems are collected, so that all of them are told at once.

use std::cell::RefCell;
use std::ops::Range;
use std::path::Path;

use super::error::{FileProblem, LoadFileError, Place};
use super::mentions::{Mention, Wanted};

/// Where problems of a file are collected, and what it wants devices to have.
#[derive(Debug)]
pub(super) struct Notes<'t> {
    text: &'t str,
    problems: RefCell<Vec<FileProblem>>,
    mentions: RefCell<Vec<Mention>>,
}

impl<'t> Notes<'t> {
    pub(super) fn of(text: &'t str) -> Notes<'t> {
        Notes {
            text,
            problems: RefCell::default(),
            mentions: RefCell::default(),
        }
    }

    /// Notes that something is wrong.
    pub(super) fn wrong(&self, span: &Range<usize>, key: &str, words: impl Into<String>) {
        self.problems.borrow_mut().push(FileProblem {
            place: self.place(span),
            key: key.to_owned(),
            words: words.into(),
        });
    }

    /// Notes that devices must have a command or an attribute of that name.
    pub(super) fn mention(&self, span: &Range<usize>, key: &str, name: &str, wanted: Wanted) {
        self.mentions.borrow_mut().push(Mention {
            name: name.to_owned(),
            wanted,
            key: key.to_owned(),
            place: self.place(span),
        });
    }

    /// What devices must have, taken out.
    pub(super) fn mentions(&self) -> Vec<Mention> {
        self.mentions.take()
    }

    pub(super) fn place(&self, span: &Range<usize>) -> Place {
        Place::of(self.text, span.start)
    }

    pub(super) fn is_clean(&self) -> bool {
        self.problems.borrow().is_empty()
    }

    /// All that is wrong, in the order of the file.
    pub(super) fn end(self, path: &Path) -> Result<(), LoadFileError> {
        let mut problems = self.problems.into_inner();
        if problems.is_empty() {
            return Ok(());
        }
        problems.sort_by_key(|it| it.place);
        let path = path.to_owned();
        Err(LoadFileError { path, problems })
    }
}
