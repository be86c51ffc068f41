//! The grammar of the run that is going on, and what its lines look at.

use std::sync::Arc;

use super::{Grammar, Watched, WordError, Words};
use crate::Context;

tokio::task_local! {
    // Cucumber's steps are plain function pointers and can't capture anything; what they share in a
    // run comes this way. Cucumber runs all scenarios in the task that awaits it.
    static CURRENT: Current;
}

/// What the steps of a run share.
#[derive(Clone, Debug)]
pub(crate) struct Current {
    pub(crate) grammar: Arc<Grammar>,
    /// What the lines of all features look at.
    pub(crate) watched: Arc<[Watched]>,
}

/// Runs `future` with the grammar in force for the steps in it.
pub(crate) async fn within<F: Future>(current: Current, future: F) -> F::Output {
    CURRENT.scope(current, future).await
}

/// What the lines of the run look at; nothing outside of a suite.
pub(crate) fn watched() -> Arc<[Watched]> {
    let watched = CURRENT.try_with(|current| Arc::clone(&current.watched));
    watched.unwrap_or_else(|_| Arc::from([]))
}

/// What the line of a step by grammar fills in.
///
/// # Errors
/// [`WordError::NoPhrase`] outside of a suite, or if the line is of no phrase.
pub fn words(context: &Context) -> Result<Words, WordError> {
    let line = &context.step.value;
    let recognise = |current: &Current| current.grammar.recognise(context.step.ty.into(), line);
    let recognised = CURRENT.try_with(recognise).ok().flatten();
    recognised
        .map(|recognised| recognised.words)
        .ok_or_else(|| WordError::NoPhrase { line: line.clone() })
}
