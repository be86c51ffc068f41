//! Faults: something made to go wrong on purpose, for as long as a guard lives.
//!
//! The simulator, the wire and the gate each have faults of their own; what they share is the
//! trait [`Fault`], so that steps, exploration and load can use any of them.

use std::error::Error;
use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;

use crate::device::BoxFuture;
use crate::journal::{Journal, Phase};

mod timetable;

pub use timetable::Timetable;

/// Something that can be made to go wrong.
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicBool, Ordering};
/// use harness_core::device::BoxFuture;
/// use harness_core::fault::{Fault, FaultError, FaultGuard};
///
/// #[derive(Debug)]
/// struct Dark(Arc<AtomicBool>);
///
/// impl Fault for Dark {
///     fn describe(&self) -> String {
///         "the light is out".to_owned()
///     }
///
///     fn start(&self) -> BoxFuture<'_, Result<FaultGuard, FaultError>> {
///         let dark = Arc::clone(&self.0);
///         dark.store(true, Ordering::Relaxed);
///         let stop = async move { Ok(dark.store(false, Ordering::Relaxed)) };
///         Box::pin(std::future::ready(Ok(FaultGuard::new(self.describe(), stop))))
///     }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let dark = Arc::new(AtomicBool::new(false));
/// let guard = Dark(Arc::clone(&dark)).start().await?;
/// assert!(dark.load(Ordering::Relaxed));
/// guard.stop().await?;
/// assert!(!dark.load(Ordering::Relaxed));
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
pub trait Fault: Debug + Send + Sync {
    /// What goes wrong, in one line.
    fn describe(&self) -> String;

    /// Makes it go wrong until the guard is stopped or dropped.
    fn start(&self) -> BoxFuture<'_, Result<FaultGuard, FaultError>>;
}

macro_rules! behind_a_pointer {
    ($($pointer:ident),*) => {$(
        impl<F: Fault + ?Sized> Fault for $pointer<F> {
            fn describe(&self) -> String {
                (**self).describe()
            }

            fn start(&self) -> BoxFuture<'_, Result<FaultGuard, FaultError>> {
                (**self).start()
            }
        }
    )*};
}

behind_a_pointer!(Box, Arc);

/// A fault could not be started or stopped.
#[derive(Debug, thiserror::Error)]
#[error("the fault could not be {}: {fault}", if *.stopping { "stopped" } else { "started" })]
pub struct FaultError {
    fault: String,
    stopping: bool,
    source: Box<dyn Error + Send + Sync>,
}

impl FaultError {
    /// The fault could not be started, because of `source`.
    pub fn start(
        fault: impl Into<String>,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self {
            fault: fault.into(),
            stopping: false,
            source: source.into(),
        }
    }

    /// The fault could not be stopped, because of `source`.
    pub fn stop(fault: impl Into<String>, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            fault: fault.into(),
            stopping: true,
            source: source.into(),
        }
    }
}

/// Keeps a fault going.
///
/// End it with [`stop`](FaultGuard::stop), which tells whether that worked. Dropping the guard is
/// the net: it ends the fault too, in a task of the tokio runtime it is dropped in. Without a
/// runtime the fault goes on, and a warning is logged.
#[must_use = "dropping the guard ends the fault"]
pub struct FaultGuard {
    description: Arc<str>,
    stop: Option<BoxFuture<'static, Result<(), FaultError>>>,
    journal: Option<Journal>,
}

impl FaultGuard {
    /// A guard of a fault that is going on; `stop` ends it.
    pub fn new(
        description: impl Into<Arc<str>>,
        stop: impl Future<Output = Result<(), FaultError>> + Send + 'static,
    ) -> Self {
        Self {
            description: description.into(),
            stop: Some(Box::pin(stop)),
            journal: None,
        }
    }

    /// Writes to the record that the fault has begun, and later that it has ended.
    pub fn recorded_in(mut self, journal: &Journal) -> Self {
        journal.fault(Arc::clone(&self.description), Phase::Started);
        self.journal = Some(journal.clone());
        self
    }

    /// What goes wrong, in one line.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// Ends the fault.
    ///
    /// # Errors
    ///
    /// When it could not be ended; it may go on.
    pub async fn stop(mut self) -> Result<(), FaultError> {
        match self.stop.take() {
            Some(stop) => end(stop, &self.description, self.journal.take()).await,
            None => Ok(()),
        }
    }

    /// Lets the fault go on for good.
    pub fn forget(mut self) {
        self.stop = None;
    }
}

async fn end(
    stop: BoxFuture<'static, Result<(), FaultError>>,
    description: &Arc<str>,
    journal: Option<Journal>,
) -> Result<(), FaultError> {
    let outcome = stop.await;
    if let Some(journal) = journal {
        let phase = match &outcome {
            Ok(()) => Phase::Finished,
            Err(error) => Phase::Failed {
                reason: error.source.to_string(),
            },
        };
        journal.fault(Arc::clone(description), phase);
    }
    outcome
}

impl Drop for FaultGuard {
    fn drop(&mut self) {
        let Some(stop) = self.stop.take() else { return };
        let description = Arc::clone(&self.description);
        let journal = self.journal.take();
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => {
                runtime.spawn(async move {
                    if let Err(error) = end(stop, &description, journal).await {
                        tracing::warn!(cause = %error.source, "{error}");
                    }
                });
            }
            Err(_) => tracing::warn!(
                fault = %description,
                "a fault goes on: its guard was dropped outside a runtime"
            ),
        }
    }
}

impl Debug for FaultGuard {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("FaultGuard")
            .field("description", &self.description)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::journal::EntryKind;

    fn counting() -> (Arc<AtomicUsize>, FaultGuard) {
        let stopped = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&stopped);
        let guard = FaultGuard::new("the light is out", async move {
            count.fetch_add(1, Ordering::Relaxed);
            Ok(())
        });
        (stopped, guard)
    }

    #[tokio::test]
    async fn stopping_ends_it_once_and_is_recorded() {
        let journal = Journal::new();
        let mark = journal.mark();
        let (stopped, guard) = counting();
        guard.recorded_in(&journal).stop().await.unwrap();
        tokio::task::yield_now().await;
        assert_eq!(stopped.load(Ordering::Relaxed), 1);
        let phases: Vec<_> = journal
            .since(&mark)
            .iter()
            .map(|entry| match &*entry.kind {
                EntryKind::Fault { phase, .. } => phase.clone(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(phases, [Phase::Started, Phase::Finished]);
    }

    #[tokio::test]
    async fn dropping_ends_it_too() {
        let (stopped, guard) = counting();
        drop(guard);
        tokio::task::yield_now().await;
        assert_eq!(stopped.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn a_forgotten_one_goes_on() {
        let (stopped, guard) = counting();
        guard.forget();
        tokio::task::yield_now().await;
        assert_eq!(stopped.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn a_failure_to_stop_says_what_and_why() {
        let guard = FaultGuard::new("the light is out", async {
            Err(FaultError::stop("the light is out", "the switch is stuck"))
        });
        let error = guard.stop().await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "the fault could not be stopped: the light is out"
        );
        assert_eq!(error.source().unwrap().to_string(), "the switch is stuck");
    }
}
