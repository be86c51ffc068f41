//! What a Then looks at, and how it tells what it saw.

use std::time::Duration;

use harness_core::{
    Mark, Timeout, TracedDevice, Value,
    action::Conditions,
    assertion::Assertion,
    event::Signal,
    failure::{Expected, Failure},
};
use harness_tango::{control_model::ObsState, lrc::Refusal};

use crate::{
    BoxError, Context,
    world::{Act, OBS_STATE},
};

/// How long a state is still awaited after the command that should have led to it has failed: the
/// events of the two may come in any order.
const GRACE: Duration = Duration::from_secs(1);

/// Verifies what a line of a feature file says, and names that line when it doesn't hold.
#[derive(Debug)]
pub(super) struct Account<'a> {
    device: &'a TracedDevice,
    line: String,
    advice: Option<String>,
}

impl<'a> Account<'a> {
    pub(super) fn new(device: &'a TracedDevice, context: &Context) -> Self {
        Self {
            device,
            line: context.step.value.clone(),
            advice: None,
        }
    }

    /// What to try if it doesn't hold.
    pub(super) fn with_advice(&self, advice: String) -> Self {
        Self {
            device: self.device,
            line: self.line.clone(),
            advice: Some(advice),
        }
    }

    /// Waits until the assertion holds, looking at the record after `mark`.
    pub(super) async fn holds(
        &self,
        assertion: impl Assertion + 'static,
        mark: &Mark,
        timeout: &Timeout,
    ) -> Result<(), BoxError> {
        let conditions = Conditions::new().postcondition(assertion);
        conditions.setup(&self.line).await?;
        let tracer = self.device.tracer();
        let held = conditions
            .verify_postconditions(tracer, &self.line, mark, timeout)
            .await;
        held.map_err(|error| match &self.advice {
            Some(advice) => error
                .map_failure(|account| account.with_advice(advice))
                .into(),
            None => error.into(),
        })
    }

    /// As [`holds`](Self::holds), for what `act` must cause: not waited for if that was a command
    /// which was refused, or which fails meanwhile.
    pub(super) async fn follows(
        &self,
        act: &Act,
        assertion: impl Assertion + 'static,
        mark: &Mark,
        timeout: &Timeout,
    ) -> Result<(), BoxError> {
        act.check_accepted()?;
        let subjects = assertion.subjects();
        let following = async {
            tokio::select! {
                biased;
                held = self.holds(assertion, mark, timeout) => held,
                refusal = failed(act, timeout) => {
                    let headline = format!("{}: no longer awaited, since {refusal}", self.line);
                    let account = Failure::new(headline).with_timeline(mark);
                    Err(AccountError(account.with_current_values(subjects).await).into())
                }
            }
        };
        self.device
            .tracer()
            .while_waiting_for_all(&self.line, Some(timeout), Vec::new, following)
            .await
    }

    /// Fails if the obsState changed since `mark`, or changes within `period`, or isn't known.
    pub(super) async fn unchanged(&self, mark: &Mark, period: Duration) -> Result<(), BoxError> {
        let mut entries = self.device.tracer().follow(mark);
        let found = tokio::time::timeout(period, async {
            loop {
                let entry = entries.next().await;
                let Some(event) = entry.event() else { continue };
                if !event.is_from(self.device.name(), OBS_STATE) {
                    continue;
                }
                match (&event.signal, event.change()) {
                    (_, Some(reading)) => return format!("it changed to {}", reading.value),
                    (Signal::Lost { reason } | Signal::Gap { reason, .. }, _) => {
                        return format!("it isn't known whether it changed: {reason}");
                    }
                    _ => {}
                }
            }
        });
        let length = Timeout::new(period);
        length.start();
        let awaited = || vec![self.line.clone()];
        let waiting =
            (self.device.tracer()).while_waiting(&self.line, Some(&length), awaited, found);
        match waiting.await {
            Err(_elapsed) => Ok(()),
            Ok(found) => {
                let expected = Expected::missing(&self.line).nearest(&found);
                let account = Failure::new(format!("{}: {found}", self.line));
                let account = account.with_expected(expected).with_timeline(mark);
                let subject = (self.device.clone(), OBS_STATE.into());
                Err(AccountError(account.with_current_values([subject]).await).into())
            }
        }
    }
}

/// An account as an error.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct AccountError(pub(super) Failure);

/// Returns when the command that `act` sent has failed and what it caused should have been told.
async fn failed(act: &Act, timeout: &Timeout) -> Refusal {
    if let Some(sent) = act.accepted() {
        // Its own clock: the timeout of the wait must not be why this ends.
        if let Ok(Some(refusal)) = sent.refusal(&Timeout::new(timeout.initial())).await {
            tokio::time::sleep(GRACE).await;
            return refusal;
        }
    }
    std::future::pending().await
}

/// An error unless the device says, when asked, that it is in the state.
pub(super) async fn now_in(device: &TracedDevice, state: ObsState) -> Result<(), BoxError> {
    let found = device.read(OBS_STATE).await?.value;
    if found == Value::from(state) {
        return Ok(());
    }
    Err(format!("{} is in {found}, not in {state}", device.name()).into())
}

/// The state that the device says it is in.
pub(super) async fn obs_state(device: &TracedDevice) -> Result<ObsState, BoxError> {
    let reading = device.read(OBS_STATE).await?;
    Ok(ObsState::try_from(&reading.value)?)
}
