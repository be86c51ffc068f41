//! What must be true before and after an action.

use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tracing::field::display;

use super::ActionError;
use super::execution::ACTION_TARGET;
use super::manner::Manner;
use crate::assertion::{Assertion, EarlyStop, Watch};
use crate::failure::Failure;
use crate::journal::Mark;
use crate::timeout::Timeout;
use crate::tracer::Tracer;

/// The preconditions, postconditions and early stops of an action, and how they are verified.
///
/// For actions of one's own: hold one, hand the builder methods on to it, and call
/// [`setup`](Conditions::setup), [`verify_preconditions`](Conditions::verify_preconditions) and
/// [`verify_postconditions`](Conditions::verify_postconditions) from the methods of
/// [`Action`](super::Action) with the same names.
///
/// ```
/// use harness_core::action::{Action, ActionError, Conditions};
/// use harness_core::{BoxFuture, Mark, Timeout, TracedDevice, Tracer};
///
/// struct PowerCycle {
///     rack: TracedDevice,
///     conditions: Conditions,
/// }
///
/// impl Action for PowerCycle {
///     fn name(&self) -> String {
///         format!("power cycle {}", self.rack.name())
///     }
///
///     fn tracer(&self) -> &Tracer {
///         self.rack.tracer()
///     }
///
///     fn setup(&mut self) -> BoxFuture<'_, Result<(), ActionError>> {
///         Box::pin(async { self.conditions.setup(&self.name()).await })
///     }
///
///     fn procedure<'a>(&'a mut self, _: &'a Timeout) -> BoxFuture<'a, Result<(), ActionError>> {
///         Box::pin(async {
///             for command in ["Off", "On"] {
///                 let answer = self.rack.command(command, ()).await;
///                 answer.map_err(|error| {
///                     ActionError::procedure(self.name(), harness_core::Failure::new(error.to_string()))
///                 })?;
///             }
///             Ok(())
///         })
///     }
///
///     fn verify_postconditions<'a>(
///         &'a mut self,
///         mark: &'a Mark,
///         timeout: &'a Timeout,
///     ) -> BoxFuture<'a, Result<(), ActionError>> {
///         Box::pin(async move {
///             let (tracer, name) = (self.tracer(), self.name());
///             self.conditions.verify_postconditions(tracer, &name, mark, timeout).await
///         })
///     }
/// }
/// ```
#[derive(Default)]
pub struct Conditions {
    preconditions: Vec<Box<dyn Assertion>>,
    /// Preconditions that may become true within a time of their own.
    patient: Vec<Patient>,
    postconditions: Vec<Box<dyn Assertion>>,
    early_stops: Vec<Arc<dyn EarlyStop>>,
}

struct Patient {
    assertion: Box<dyn Assertion>,
    patience: Duration,
}

impl Conditions {
    /// No conditions.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds something that must be true before.
    #[must_use]
    pub fn precondition(mut self, assertion: impl Assertion + 'static) -> Self {
        self.preconditions.push(Box::new(assertion));
        self
    }

    /// Adds something that must be true before, or become so within that time; the timeout of the
    /// action does not count for it.
    #[must_use]
    pub fn precondition_within(
        mut self,
        assertion: impl Assertion + 'static,
        patience: Duration,
    ) -> Self {
        let assertion = Box::new(assertion);
        self.patient.push(Patient {
            assertion,
            patience,
        });
        self
    }

    /// Adds something that must become true afterwards.
    #[must_use]
    pub fn postcondition(mut self, assertion: impl Assertion + 'static) -> Self {
        self.postconditions.push(Box::new(assertion));
        self
    }

    /// Adds something that makes waiting for the postconditions useless.
    #[must_use]
    pub fn early_stop(mut self, stop: impl EarlyStop + 'static) -> Self {
        self.early_stops.push(Arc::new(stop));
        self
    }

    /// Lets everything watch what it must see, at the same time.
    ///
    /// # Errors
    ///
    /// [`ActionError::Subscribe`] that names all that can not be watched.
    pub async fn setup(&self, action: &str) -> Result<(), ActionError> {
        let patient = self.patient.iter().map(|patient| &patient.assertion);
        let assertions = self.preconditions.iter().chain(patient);
        let assertions = assertions.chain(&self.postconditions);
        let assertions = assertions.map(|wanting| (wanting.describe(), wanting.setup()));
        let stops = self.early_stops.iter();
        let stops = stops.map(|wanting| (wanting.describe(), wanting.setup()));
        let setups = assertions.chain(stops);
        let setups = setups.map(async |(wanting, setup)| setup.await.map_err(|it| (wanting, it)));
        let outcomes = join_all(setups).await.into_iter();
        let failures: Vec<_> = outcomes.filter_map(Result::err).collect();
        if failures.is_empty() {
            return Ok(());
        }
        let account = Failure::new(format!("{action}: not everything needed can be watched"));
        let failures = failures.into_iter();
        let failure = Box::new(failures.fold(account, |account, (wanting, failure)| {
            let account = account.absorb(failure);
            account.with_note(format!("wanted by: {wanting}"))
        }));
        Err(ActionError::Subscribe {
            action: action.to_owned(),
            failure,
        })
    }

    /// Checks the preconditions, all at the same time. Those that may not wait are looked at once,
    /// and, when others had to be waited for, once more just before the procedure.
    ///
    /// # Errors
    ///
    /// [`ActionError::Precondition`] that lists all of them, and which do not hold.
    pub async fn verify_preconditions(
        &self,
        tracer: &Tracer,
        action: &str,
        mark: &Mark,
    ) -> Result<(), ActionError> {
        let patient = self.patient.iter().map(|patient| &patient.assertion);
        log_all(action, self.preconditions.iter().chain(patient), None);
        let look_once = async || {
            let watch = Watch::new(tracer, mark, &Timeout::zero());
            watch.verify_all(action, &self.preconditions).await
        };
        let mut outcome = look_once().await;
        if !self.patient.is_empty() {
            // in vain if one that may not wait has failed, but the account is to be complete
            let waits = outcome.is_ok();
            let waited = self.verify_patient(tracer, action, mark, waits).await;
            outcome = match (outcome, waited) {
                (Ok(()), Ok(())) => look_once().await,
                (Err(failure), Err(other)) => Err(failure.absorb(other)),
                (Err(failure), Ok(())) | (Ok(()), Err(failure)) => Err(failure),
            };
        }
        outcome.map_err(|failure| {
            let failure = failure.with_headline(format!(
                "{action}: a precondition does not hold; nothing was sent"
            ));
            ActionError::Precondition {
                action: action.to_owned(),
                failure: Box::new(failure),
            }
        })
    }

    /// Waits for the preconditions that may become true, or else only looks at them.
    async fn verify_patient(
        &self,
        tracer: &Tracer,
        action: &str,
        mark: &Mark,
        waits: bool,
    ) -> Result<(), Failure> {
        let waiting = self.patient.iter().map(async |patient| {
            let patience = if waits {
                patient.patience
            } else {
                Duration::ZERO
            };
            let watch = Watch::new(tracer, mark, &Timeout::new(patience));
            let assertion = std::slice::from_ref(&patient.assertion);
            watch.verify_all(action, assertion).await
        });
        let all = tracer.while_waiting_for_all(action, None, Vec::new, join_all(waiting));
        let failures = all.await.into_iter().filter_map(Result::err);
        match failures.reduce(Failure::absorb) {
            None => Ok(()),
            Some(failure) => Err(failure),
        }
    }

    /// Waits for the postconditions, all at the same time over the same events.
    ///
    /// # Errors
    ///
    /// [`ActionError::EarlyStop`] when an early stop fired before all held, otherwise
    /// [`ActionError::Postcondition`]; both list all of them, which were seen, what came nearest to
    /// the others, and what the devices did after the mark.
    pub async fn verify_postconditions(
        &self,
        tracer: &Tracer,
        action: &str,
        mark: &Mark,
        timeout: &Timeout,
    ) -> Result<(), ActionError> {
        if self.postconditions.is_empty() && self.early_stops.is_empty() {
            return Ok(());
        }
        // with nothing to wait for, the early stops look once at what is there
        let timeout = if self.postconditions.is_empty() {
            &Timeout::zero()
        } else {
            timeout
        };
        log_all(action, &self.postconditions, Some(timeout));
        let watch = Watch::new(tracer, mark, timeout)
            .with_early_stops(self.early_stops.iter().map(Arc::clone));
        let Err(failure) = watch.verify_all(action, &self.postconditions).await else {
            return Ok(());
        };
        let action = action.to_owned();
        Err(match watch.stopped() {
            Some(stopped) => {
                let headline = format!(
                    "{action}: stopped early after {}: {}",
                    rounded(watch.waited()),
                    stopped.reason
                );
                let failure = Box::new(failure.with_headline(headline).with_timeline(mark));
                ActionError::EarlyStop { action, failure }
            }
            None => {
                let headline = headline(&action, &failure, &watch);
                let failure = Box::new(failure.with_headline(headline).with_timeline(mark));
                ActionError::Postcondition { action, failure }
            }
        })
    }
}

/// Tells `tracing` what is verified, with the time that is left for it now.
fn log_all<'a>(
    action: &str,
    assertions: impl IntoIterator<Item = &'a Box<dyn Assertion>>,
    timeout: Option<&Timeout>,
) {
    if !tracing::enabled!(target: ACTION_TARGET, tracing::Level::DEBUG) || !Manner::here().is_logged
    {
        return;
    }
    for assertion in assertions {
        let left = timeout.map(|timeout| display(rounded(timeout.remaining())));
        let condition = assertion.describe();
        tracing::debug!(target: ACTION_TARGET, %action, %condition, left, "verifying");
    }
}

/// `Configure on low-tmc/subarray/01: 2 of 3 expected things not seen within 30s`.
fn headline(action: &str, failure: &Failure, watch: &Watch) -> String {
    let (missing, all) = (failure.missing().count(), failure.expected().len());
    let things = match (missing, all) {
        (1, 1) => "what was expected was".to_owned(),
        (missing, all) => format!("{missing} of {all} expected things were"),
    };
    let whole = watch.timeout().initial();
    if whole.is_zero() {
        return format!("{action}: {things} not seen (looked once, without waiting)");
    }
    let had = watch.length();
    let whole = humantime::format_duration(whole);
    if watch.timeout().initial().saturating_sub(had) > Duration::from_millis(50) {
        let had = rounded(had);
        return format!("{action}: {things} not seen within the {had} that were left of {whole}");
    }
    format!("{action}: {things} not seen within {whole}")
}

/// Nobody reads nanoseconds.
pub(super) fn rounded(duration: Duration) -> humantime::FormattedDuration {
    let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    humantime::format_duration(Duration::from_millis(millis))
}

impl Debug for Conditions {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let described = |assertions: &[Box<dyn Assertion>]| {
            assertions
                .iter()
                .map(|assertion| assertion.describe())
                .collect::<Vec<_>>()
        };
        f.debug_struct("Conditions")
            .field("preconditions", &described(&self.preconditions))
            .field("patient_preconditions", &self.patient.len())
            .field("postconditions", &described(&self.postconditions))
            .field("early_stops", &self.early_stops.len())
            .finish()
    }
}
