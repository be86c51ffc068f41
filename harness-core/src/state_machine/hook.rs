//! What is done before and after each step of a navigation.

use std::error::Error;

use super::arrival::StepTaken;
use super::plan::PlannedStep;
use crate::device::BoxFuture;

/// Why a hook objects.
pub type HookError = Box<dyn Error + Send + Sync>;

/// A moment in a navigation that a [`StepHook`] is told of. Of a step that is called off by a
/// [`Cancel`](super::Cancel) only the beginning is told.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum StepMoment<S> {
    /// A step is about to begin; nothing of it was done.
    Before(PlannedStep<S>),
    /// A step was taken, and its state confirmed.
    Taken(StepTaken<S>),
    /// A step failed, or could not be begun.
    Failed {
        /// Which one.
        step: PlannedStep<S>,
        /// The state found after it, if it could be read.
        found: Option<S>,
        /// What went wrong, in one line.
        reason: String,
    },
}

/// Is told before and after each step of a navigation: to log, to take a screenshot, to wait, to
/// check more.
///
/// An error before a step vetoes it: nothing of it is done and the navigation ends, with the
/// hook's words. An error after a step that was taken ends the navigation, too. Neither leads to a
/// new plan. An error after a failed step is only logged: the navigation ends by that step, or not.
///
/// Implemented for asynchronous closures that return nothing or an error. What a hook waits for
/// counts towards the timeout of the navigation. It may take what is left of that; after a step
/// three seconds at least. A hook that takes longer before a step keeps it from beginning.
///
/// ```
/// use harness_core::Tracer;
/// use harness_core::state_machine::{StateMachine, StepMoment};
///
/// let lamp = StateMachine::new(&Tracer::default(), || async { Ok::<_, std::io::Error>("OFF") })
///     .with_step_hook(|moment| async move {
///         match moment {
///             StepMoment::Before(step) if step.name() == "Explode" => Err("not in this house"),
///             _ => Ok(()),
///         }
///     });
/// # drop(lamp);
/// ```
pub trait StepHook<S>: Send + Sync {
    /// Hears of a moment.
    ///
    /// # Errors
    /// When the navigation is to end here.
    fn hear(&self, moment: StepMoment<S>) -> BoxFuture<'_, Result<(), HookError>>;
}

impl<S, E, F, Heard> StepHook<S> for F
where
    S: Send + 'static,
    F: Fn(StepMoment<S>) -> Heard + Send + Sync,
    Heard: Future<Output = Result<(), E>> + Send,
    E: Into<HookError>,
{
    fn hear(&self, moment: StepMoment<S>) -> BoxFuture<'_, Result<(), HookError>> {
        Box::pin(async move { self(moment).await.map_err(Into::into) })
    }
}
