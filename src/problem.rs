//! What ends the command before its time, and how it is told.

use harness_bdd::{BoxError, ErrorChain};

use crate::{exit::Exit, output};

/// Why the command can't go on, with which code it ends, and what the user can do.
#[derive(Debug)]
pub(crate) struct Problem {
    exit: Exit,
    error: BoxError,
    advice: Option<String>,
}

impl Problem {
    pub(crate) fn new(exit: Exit, error: impl Into<BoxError>) -> Self {
        Self {
            exit,
            error: error.into(),
            advice: None,
        }
    }

    /// A mistake in what the command was given.
    pub(crate) fn usage(error: impl Into<BoxError>) -> Self {
        Self::new(Exit::Usage, error)
    }

    /// What to do next.
    pub(crate) fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    /// Prints `error: ...`, the causes, and the advice; gives the code to end with.
    pub(crate) fn tell(&self) -> Exit {
        output::complain(format_args!("error: {}", ErrorChain(self.error.as_ref())));
        if let Some(advice) = &self.advice {
            output::complain(format_args!("next: {advice}"));
        }
        self.exit
    }
}
