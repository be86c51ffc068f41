//! The reporters of a run.

use std::{cell::RefCell, rc::Rc};

use crate::report::{Notice, Reporter};

/// All reporters as one. Clones are the same.
#[derive(Clone, Default)]
pub(super) struct Reporters(Rc<RefCell<Vec<Box<dyn Reporter>>>>);

impl Reporters {
    pub(super) fn add(&self, reporter: Box<dyn Reporter>) {
        self.0.borrow_mut().push(reporter);
    }

    pub(super) fn report(&self, notice: Notice<'_>) {
        for reporter in self.0.borrow_mut().iter_mut() {
            reporter.report(notice);
        }
    }
}
