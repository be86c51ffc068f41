//! Verifying several assertions at the same time over the same record.

use std::any::Any;
use std::future::poll_fn;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::task::Poll;

use futures_util::future::{FutureExt, maybe_done};
use tokio::task::unconstrained;

use super::closing::{Closing, Judged};
use super::{Assertion, Watch};
use crate::failure::{Expected, Failure};

type Outcome = OnceLock<Result<(), Failure>>;

impl Watch {
    /// Verifies all assertions at the same time, and reports every one that does not hold.
    ///
    /// All look at the same entries, each one on its own: one that panics fails alone. As soon as
    /// an early stop fires the wait ends; what was recorded before it still counts. Those that can
    /// only be [judged last](Assertion::is_judged_last) are watched until all others have been
    /// seen, or to the end of the timeout when there are no others; when one of them fails, waiting
    /// for the others is useless and ends. `action` names what the wait is part of, for reports of
    /// progress.
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
            let closing = Closing::new(self.tracer().journal());
            let mut verifying: Vec<_> = assertions
                .iter()
                .zip(&outcomes)
                .map(|(assertion, outcome)| {
                    let judged = match assertion.is_judged_last() {
                        true => Judged::Last,
                        false => Judged::Soon,
                    };
                    let awaited = (judged == Judged::Soon).then(|| closing.awaits(true));
                    // until all have looked once, nobody can know what is waited for
                    let first_look = closing.awaits(false);
                    let closing = Arc::clone(&closing);
                    Box::pin(maybe_done(async move {
                        let watch = self.closing(&closing, judged);
                        let mut verifying = pin!(verify_one(&**assertion, &watch));
                        let looked =
                            poll_fn(|context| Poll::Ready(verifying.poll_unpin(context))).await;
                        drop(first_look);
                        let verdict = match looked {
                            Poll::Ready(verdict) => verdict,
                            Poll::Pending => verifying.await,
                        };
                        if judged == Judged::Last && verdict.is_err() {
                            closing.set_useless();
                        }
                        // the result is set once, here
                        let _ = outcome.set(verdict);
                        drop(awaited);
                    }))
                })
                .collect();
            // each time all of them look, not only those that were woken: see below
            let mut all = poll_fn(|context| {
                let open = verifying
                    .iter_mut()
                    .filter_map(|one| one.poll_unpin(context).is_pending().then_some(()));
                match open.count() {
                    0 => Poll::Ready(()),
                    _ => Poll::Pending,
                }
            });
            let mut stopped = pin!(async {
                tokio::select! {
                    () = self.until_stopped() => {}
                    () = closing.over(Judged::Soon) => {}
                }
            });
            let waiting = async {
                tokio::select! {
                    biased;
                    () = &mut all => {}
                    () = &mut stopped => {
                        // entries before it may have come since the assertions last looked: all
                        // are told and look once more, without being held up by tokio's fair
                        // sharing
                        closing.set_useless();
                        let _ = unconstrained(&mut all).now_or_never();
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
            self.look_for_stops();
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
            // with nothing to wait for, an early stop is all there is; and what must not happen is
            // not watched to the end
            let is_cut_short = assertions
                .iter()
                .all(|assertion| assertion.is_judged_last());
            return match stopped {
                Some(_) if is_cut_short => {
                    let watched = assertions.iter().map(|assertion| {
                        Expected::missing(assertion.describe()).nearest("only watched until then")
                    });
                    Err(watched.fold(Failure::new("stopped early"), Failure::with_expected))
                }
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
                    Err(super::WatchEnd::TimedOut | super::WatchEnd::Decided) => break,
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
    let verifying = AssertUnwindSafe(async { assertion.verify(watch).await });
    match verifying.catch_unwind().await {
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
