//! Trying again.

use std::fmt::{self, Debug, Formatter};
use std::time::Duration;

use super::conditions::rounded;
use super::{Action, ActionError};
use crate::device::BoxFuture;
use crate::timeout::Timeout;
use crate::tracer::Tracer;

/// The pause before the second try, unless set.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

type Reason = dyn Fn(&ActionError) -> bool + Send + Sync;

/// An action that is executed again when it fails, with growing pauses: see [`Action::retried`].
///
/// Each try is a whole execution, preconditions included, and stands as a step in the record. All
/// tries share the timeout, which starts with the first one; none begins after it has ended. What
/// the last try failed of is the failure, with a note of how the others did. Dropping the future
/// ends the trying; what was sent stays sent.
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicU32, Ordering};
/// use std::time::Duration;
/// use harness_core::action::{Action, CommandAction};
/// use harness_core::{DeviceError, InMemoryDevice, Timeout, Tracer, Value};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let asked = AtomicU32::new(0);
/// let dish = InMemoryDevice::new("mid-dish/dish-manager/ska001")
///     .with_command("SetOperateMode", move |_dish, _argument| {
///         match asked.fetch_add(1, Ordering::Relaxed) {
///             0 | 1 => Err(DeviceError::refused("mid-dish/dish-manager/ska001", "SetOperateMode")),
///             _ => Ok(Value::Void),
///         }
///     });
/// let dish = Tracer::default().device(Arc::new(dish));
///
/// CommandAction::new(&dish, "SetOperateMode", ())
///     .retried(5)
///     .with_pause(Duration::from_millis(1))
///     .execute(Timeout::seconds(10))
///     .await?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[must_use = "an action does nothing until it is executed"]
pub struct Retried<A> {
    action: A,
    tries: u32,
    pause: Duration,
    each: Option<Duration>,
    reason: Box<Reason>,
}

impl<A: Action> Retried<A> {
    pub(super) fn new(action: A, tries: u32) -> Self {
        Self {
            action,
            tries: tries.max(1),
            pause: FIRST_PAUSE,
            each: None,
            reason: Box::new(|_| true),
        }
    }

    /// Sets the pause before the second try; 100 ms unless set. Each one after it is twice as long.
    pub fn with_pause(mut self, pause: Duration) -> Self {
        self.pause = pause;
        self
    }

    /// Gives each try that much time, or what is left if that is less. Without it, a try may take
    /// all that is left.
    pub fn each_within(mut self, time: Duration) -> Self {
        self.each = Some(time);
        self
    }

    /// Tries again only after failures for which `reason` is true, such as a refusal.
    pub fn only_when(
        mut self,
        reason: impl Fn(&ActionError) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.reason = Box::new(reason);
        self
    }

    /// The timeout of one try; the whole one when nothing is left of it, which then says so.
    fn share(&self, timeout: &Timeout) -> Timeout {
        match self.each {
            Some(each) if !timeout.has_expired() => {
                let share = Timeout::new(each.min(timeout.remaining()));
                share.start();
                share
            }
            _ => timeout.clone(),
        }
    }

    /// Whether no other try follows.
    fn is_last(&self, tried: u32, pause: Duration, error: &ActionError, timeout: &Timeout) -> bool {
        let is_short = !timeout.initial().is_zero() && timeout.remaining() <= pause;
        tried >= self.tries || is_short || !(self.reason)(error)
    }

    /// The try after that many.
    fn next_try(&self, tried: u32) -> String {
        format!(
            "try {} of {} of {}",
            tried + 1,
            self.tries,
            self.action.name()
        )
    }
}

/// Waits until the next try, and says so.
async fn pause_before(next: &str, pause: Duration, tracer: &Tracer, timeout: &Timeout) {
    let note = format!("{next} follows in {}", rounded(pause));
    tracer.journal().note(note);
    let awaited = || vec![format!("{next} to begin")];
    let pausing = tokio::time::sleep(pause);
    tracer
        .while_waiting(next, Some(timeout), awaited, pausing)
        .await;
}

impl<A: Action> Action for Retried<A> {
    fn name(&self) -> String {
        format!("{}, tried up to {} times", self.action.name(), self.tries)
    }

    fn description(&self) -> String {
        format!(
            "{}, tried up to {} times",
            self.action.description(),
            self.tries
        )
    }

    fn tracer(&self) -> &Tracer {
        self.action.tracer()
    }

    fn procedure<'a>(&'a mut self, timeout: &'a Timeout) -> BoxFuture<'a, Result<(), ActionError>> {
        Box::pin(async move {
            timeout.start();
            let mut earlier: Vec<String> = Vec::new();
            let mut pause = self.pause;
            for tried in 1.. {
                let share = self.share(timeout);
                let Err(error) = self.action.execute(share).await else {
                    break;
                };
                if self.is_last(tried, pause, &error, timeout) {
                    let last = format!("this was try {tried} of {}", self.tries);
                    return Err(error.map_failure(|failure| {
                        let failure = failure.with_note(last);
                        earlier.into_iter().fold(failure, crate::Failure::with_note)
                    }));
                }
                let how = error.failure().map_or("", |failure| failure.headline());
                earlier.push(format!("try {tried}: {how}"));
                let (next, tracer) = (self.next_try(tried), self.action.tracer().clone());
                pause_before(&next, pause, &tracer, timeout).await;
                pause = pause.saturating_mul(2);
            }
            Ok(())
        })
    }
}

impl<A: Debug> Debug for Retried<A> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retried")
            .field("action", &self.action)
            .field("tries", &self.tries)
            .field("pause", &self.pause)
            .field("each", &self.each)
            .finish_non_exhaustive()
    }
}
