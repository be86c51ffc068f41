//! What must be true before and after an action.

use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;

use super::ActionError;
use super::missing::subjects_missing;
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
#[derive(Default)]
pub struct Conditions {
    preconditions: Vec<Box<dyn Assertion>>,
    postconditions: Vec<Box<dyn Assertion>>,
    early_stops: Vec<Arc<dyn EarlyStop>>,
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
        let assertions = self.preconditions.iter().chain(&self.postconditions);
        let assertions = assertions.map(|assertion| assertion.setup());
        let setups = assertions.chain(self.early_stops.iter().map(|stop| stop.setup()));
        let failures: Vec<_> = join_all(setups)
            .await
            .into_iter()
            .filter_map(Result::err)
            .collect();
        if failures.is_empty() {
            return Ok(());
        }
        let account = Failure::new(format!("{action}: not everything needed can be watched"));
        let failure = Box::new(failures.into_iter().fold(account, Failure::absorb));
        Err(ActionError::Subscribe {
            action: action.to_owned(),
            failure,
        })
    }

    /// Checks the preconditions, all at the same time, looking once.
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
        if self.preconditions.is_empty() {
            return Ok(());
        }
        let watch = Watch::new(tracer, mark, &Timeout::zero());
        let Err(failure) = watch.verify_all(action, &self.preconditions).await else {
            return Ok(());
        };
        let missing = subjects_missing(&self.preconditions, &failure);
        let failure = failure
            .with_headline(format!(
                "{action}: a precondition does not hold; nothing was sent"
            ))
            .with_current_values(missing)
            .await;
        Err(ActionError::Precondition {
            action: action.to_owned(),
            failure: Box::new(failure),
        })
    }

    /// Waits for the postconditions, all at the same time over the same events.
    ///
    /// # Errors
    ///
    /// [`ActionError::EarlyStop`] when an early stop fired before all held, otherwise
    /// [`ActionError::Postcondition`]; both list all of them, which were seen, what came nearest to
    /// the others, what their attributes are now, and what the devices did after the mark.
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
        let watch = Watch::new(tracer, mark, timeout)
            .with_early_stops(self.early_stops.iter().map(Arc::clone));
        let Err(failure) = watch.verify_all(action, &self.postconditions).await else {
            return Ok(());
        };
        let missing = subjects_missing(&self.postconditions, &failure);
        let action = action.to_owned();
        Err(match watch.stopped() {
            Some(stopped) => {
                let headline = format!(
                    "{action}: stopped early after {}: {}",
                    rounded(watch.waited()),
                    stopped.reason
                );
                let failure = failure.with_headline(headline).with_timeline(mark);
                let failure = Box::new(failure.with_current_values(missing).await);
                ActionError::EarlyStop { action, failure }
            }
            None => {
                let headline = headline(&action, &failure, &watch);
                let failure = failure.with_headline(headline).with_timeline(mark);
                let failure = Box::new(failure.with_current_values(missing).await);
                ActionError::Postcondition { action, failure }
            }
        })
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
            .field("postconditions", &described(&self.postconditions))
            .field("early_stops", &self.early_stops.len())
            .finish()
    }
}

/// Hands the builder methods of an action on to its `conditions`.
macro_rules! condition_builders {
    () => {
        /// Adds something that must be true before; otherwise nothing is done.
        pub fn precondition(
            mut self,
            assertion: impl $crate::assertion::Assertion + 'static,
        ) -> Self {
            self.conditions = self.conditions.precondition(assertion);
            self
        }

        /// Adds something that must become true afterwards, within the timeout.
        pub fn postcondition(
            mut self,
            assertion: impl $crate::assertion::Assertion + 'static,
        ) -> Self {
            self.conditions = self.conditions.postcondition(assertion);
            self
        }

        /// Adds something that makes waiting for the postconditions useless.
        pub fn early_stop(mut self, stop: impl $crate::assertion::EarlyStop + 'static) -> Self {
            self.conditions = self.conditions.early_stop(stop);
            self
        }
    };
}

/// Implements the verifying methods of [`Action`](super::Action) with the action's `conditions`.
macro_rules! verified_by_conditions {
    () => {
        fn setup(&mut self) -> BoxFuture<'_, Result<(), ActionError>> {
            Box::pin(self.conditions.setup(&self.name))
        }

        fn verify_preconditions<'a>(
            &'a mut self,
            mark: &'a Mark,
        ) -> BoxFuture<'a, Result<(), ActionError>> {
            Box::pin(async move {
                let Self {
                    conditions, name, ..
                } = &*self;
                conditions
                    .verify_preconditions(self.tracer(), name, mark)
                    .await
            })
        }

        fn verify_postconditions<'a>(
            &'a mut self,
            mark: &'a Mark,
            timeout: &'a Timeout,
        ) -> BoxFuture<'a, Result<(), ActionError>> {
            Box::pin(async move {
                let Self {
                    conditions, name, ..
                } = &*self;
                conditions
                    .verify_postconditions(self.tracer(), name, mark, timeout)
                    .await
            })
        }
    };
}

pub(super) use {condition_builders, verified_by_conditions};
