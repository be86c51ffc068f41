//! The grammar of the run that is going on.

use std::sync::Arc;

use super::{Grammar, WordError, Words};
use crate::Context;

tokio::task_local! {
    // Cucumber's steps are plain function pointers and can't capture anything; what they share in a
    // run comes this way. Cucumber runs all scenarios in the task that awaits it.
    static GRAMMAR: Arc<Grammar>;
}

/// Runs `future` with the grammar in force for the steps in it.
pub(crate) async fn within<F: Future>(grammar: Arc<Grammar>, future: F) -> F::Output {
    GRAMMAR.scope(grammar, future).await
}

/// What the line of a step by grammar fills in.
///
/// # Errors
/// [`WordError::NoPhrase`] outside of a suite, or if the line is of no phrase.
pub fn words(context: &Context) -> Result<Words, WordError> {
    let line = &context.step.value;
    let recognise = |grammar: &Arc<Grammar>| grammar.recognise(context.step.ty.into(), line);
    let recognised = GRAMMAR.try_with(recognise).ok().flatten();
    recognised
        .map(|recognised| recognised.words)
        .ok_or_else(|| WordError::NoPhrase { line: line.clone() })
}
