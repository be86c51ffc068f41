//! Verifying several assertions at the same time over the same record.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures_util::future::{FutureExt, join, join_all};
use tokio::task::unconstrained;
use tokio::time::{Interval, MissedTickBehavior, interval_at};

use super::closing::{Closing, Judged};
use super::{Assertion, Watch};
use crate::failure::{Expected, Failure};
use crate::tracer::{Progress, ProgressObserver};

/// How often a wait says where it stands.
const REPORT_EVERY: Duration = Duration::from_secs(1);

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
            let closing = Closing::new();
            let any_last = assertions
                .iter()
                .any(|assertion| assertion.is_judged_last());
            // until all have looked once, nobody can know what is waited for
            let first_look = closing.awaits(false);
            let verifying = assertions
                .iter()
                .zip(&outcomes)
                .map(|(assertion, outcome)| {
                    let judged_last = assertion.is_judged_last();
                    let awaited = (!judged_last).then(|| closing.awaits(true));
                    let closing = Arc::clone(&closing);
                    async move {
                        let judged = if judged_last {
                            Judged::Last
                        } else {
                            Judged::Soon
                        };
                        let watch = match any_last {
                            true => self.closing(&closing, judged),
                            false => self.clone(),
                        };
                        let verdict = verify_one(&**assertion, &watch).await;
                        if judged_last && verdict.is_err() {
                            closing.set_broken();
                        }
                        // the result is set once, here
                        let _ = outcome.set(verdict);
                        drop(awaited);
                    }
                });
            let all = join(join_all(verifying), async move { drop(first_look) });
            let mut all = pin!(all);
            let mut stopped = pin!(async {
                tokio::select! {
                    () = self.until_stopped() => {}
                    () = closing.over(Judged::Soon) => {}
                }
            });
            let mut reports = Reports::new(self, action);
            loop {
                tokio::select! {
                    biased;
                    _ = &mut all => break,
                    () = &mut stopped => {
                        // or something is broken that nothing to come can mend; entries before
                        // it may have come since the assertions last looked: they look once more,
                        // without being held up by tokio's fair sharing
                        let _ = unconstrained(all.as_mut()).now_or_never();
                        break;
                    }
                    () = reports.due() => reports.send(assertions, &outcomes),
                }
            }
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

/// Says once a second what is awaited, to the tracer's observer if there is one.
struct Reports<'a> {
    watch: &'a Watch,
    action: &'a str,
    to: Option<(Arc<dyn ProgressObserver>, Interval)>,
    sent: bool,
}

impl<'a> Reports<'a> {
    fn new(watch: &'a Watch, action: &'a str) -> Self {
        let to = watch.tracer().progress().map(|observer| {
            let mut ticks = interval_at(tokio::time::Instant::now() + REPORT_EVERY, REPORT_EVERY);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            (observer, ticks)
        });
        Self {
            watch,
            action,
            to,
            sent: false,
        }
    }

    async fn due(&mut self) {
        match &mut self.to {
            Some((_, ticks)) => {
                ticks.tick().await;
            }
            None => std::future::pending().await,
        }
    }

    fn send(&mut self, assertions: &[Box<dyn Assertion>], outcomes: &[Outcome]) {
        let open = assertions
            .iter()
            .zip(outcomes)
            .filter(|(_, outcome)| outcome.get().is_none());
        let awaited: Vec<_> = open.map(|(assertion, _)| assertion.describe()).collect();
        if !awaited.is_empty() {
            self.sent = true;
            self.report(awaited);
        }
    }

    fn report(&self, awaited: Vec<String>) {
        if let Some((observer, _)) = &self.to {
            observer.report(&Progress {
                action: self.action.to_owned(),
                awaited,
                waited: self.watch.waited(),
                remaining: self.watch.timeout().remaining(),
            });
        }
    }
}

impl Drop for Reports<'_> {
    fn drop(&mut self) {
        if self.sent {
            self.report(Vec::new());
        }
    }
}
