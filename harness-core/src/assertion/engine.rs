//! Verifying several assertions at the same time over the same record.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::OnceLock;

use futures_util::future::{FutureExt, join_all};
use tokio::task::unconstrained;

use super::{Assertion, Watch};
use crate::failure::{Expected, Failure};

type Outcome = OnceLock<Result<(), Failure>>;

impl Watch {
    /// Verifies all assertions at the same time, and reports every one that does not hold.
    ///
    /// All look at the same entries, each one on its own: one that panics fails alone. As soon as
    /// an early stop fires the wait ends; what was recorded before it still counts. `action` names
    /// what the wait is part of, for reports of progress.
    ///
    /// # Errors
    ///
    /// When not all hold. The account lists all that was expected, met or not; [`Watch::stopped`]
    /// tells whether an early stop was the reason.
    pub async fn verify_all(
        &self,
        action: &str,
        assertions: &[Box<dyn Assertion>],
    ) -> Result<(), Failure> {
        let outcomes: Vec<Outcome> = assertions.iter().map(|_| OnceLock::new()).collect();
        {
            let verifying = assertions
                .iter()
                .zip(&outcomes)
                .map(async |(assertion, outcome)| {
                    // the result is set once, here
                    let _ = outcome.set(verify_one(&**assertion, self).await);
                });
            let mut all = pin!(join_all(verifying));
            let mut stopped = pin!(self.until_stopped());
            let waiting = async {
                tokio::select! {
                    biased;
                    _ = &mut all => {}
                    () = &mut stopped => {
                        // entries before the stop may have come since the assertions last looked;
                        // they look once more, without being held up by tokio's fair sharing
                        let _ = unconstrained(all.as_mut()).now_or_never();
                    }
                }
            };
            let open = || still_open(assertions, &outcomes);
            self.tracer()
                .while_waiting(action, Some(self.timeout()), open, waiting)
                .await;
        }
        if assertions.is_empty() {
            // nothing to wait for: the early stops look once at what is there
            let _ = self.until_stopped().now_or_never();
        }
        self.verdict(assertions, outcomes)
    }

    fn verdict(
        &self,
        assertions: &[Box<dyn Assertion>],
        outcomes: Vec<Outcome>,
    ) -> Result<(), Failure> {
        let stopped = self.stopped();
        if outcomes
            .iter()
            .all(|outcome| matches!(outcome.get(), Some(Ok(()))))
        {
            // with nothing to wait for, an early stop is all there is
            return match stopped {
                Some(_) if assertions.is_empty() => Err(Failure::new("stopped early")),
                _ => Ok(()),
            };
        }
        let mut account = Failure::new("not all that was expected was seen");
        for (assertion, outcome) in assertions.iter().zip(outcomes) {
            account = match outcome.into_inner() {
                Some(Ok(())) => account.with_expected(Expected::met(assertion.describe())),
                Some(Err(failure)) => account.absorb(failure),
                None => account.with_expected(
                    Expected::missing(assertion.describe())
                        .nearest("still waited for when stopped"),
                ),
            };
        }
        Err(account)
    }

    /// Ends when an early stop fires; never without early stops.
    async fn until_stopped(&self) {
        if self.has_early_stops() {
            let mut entries = self.entries();
            loop {
                match entries.next().await {
                    Ok(_) => {}
                    Err(super::WatchEnd::Stopped(_)) => return,
                    // the assertions know about the timeout themselves
                    Err(super::WatchEnd::TimedOut) => break,
                }
            }
        }
        std::future::pending().await
    }
}

/// What is still awaited, and where it stands as far as it is known.
fn still_open(assertions: &[Box<dyn Assertion>], outcomes: &[Outcome]) -> Vec<String> {
    let open = assertions
        .iter()
        .zip(outcomes)
        .filter(|(_, outcome)| outcome.get().is_none());
    open.map(|(assertion, _)| match assertion.standing() {
        Some(standing) => format!("{} ({standing})", assertion.describe()),
        None => assertion.describe(),
    })
    .collect()
}

/// Verifies one assertion; if it panics, that is its failure.
async fn verify_one(assertion: &dyn Assertion, watch: &Watch) -> Result<(), Failure> {
    // what it may have left half done is its own future, which is dropped
    match AssertUnwindSafe(assertion.verify(watch))
        .catch_unwind()
        .await
    {
        Ok(outcome) => outcome,
        Err(panic) => {
            let what = assertion.describe();
            let nearest = format!("the assertion panicked: {}", panic_text(&*panic));
            Err(Failure::new(format!("{what}: {nearest}"))
                .with_expected(Expected::missing(what).nearest(nearest)))
        }
    }
}

/// The words of a panic.
pub(super) fn panic_text(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "without a message".to_owned())
}
