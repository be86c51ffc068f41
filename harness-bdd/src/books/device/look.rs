//! Looking at an attribute of a device, in the three ways in which lines speak of one.

use std::time::Duration;

use harness_core::{
    Timeout, TracedDevice,
    assertion::{Matcher, changes, changes_to, is_in_state, one_of},
};
use harness_tango::control_model::DevState;

use super::ValueWord;
use crate::{
    BoxError, Context, TelescopeSession,
    books::observed::{Account, AccountError},
    world::{Act, Target},
};

/// How long a value must hold if the line doesn't say: long enough for a change that was on its way.
const STILL: Duration = Duration::from_millis(300);

/// What a line says of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::books) enum Wording {
    /// It is, or will soon be.
    Is,
    /// It changed to this since the last When, or will.
    Becomes,
    /// It is, and has not changed since the last When, nor does for so long.
    Remains(Duration),
}

impl Wording {
    /// It remains for that many seconds, or for a little if the line says nothing.
    pub(in crate::books) fn remains(seconds: Option<f64>) -> Result<Self, BoxError> {
        let period = seconds.map(Duration::try_from_secs_f64).transpose()?;
        Ok(Self::Remains(period.unwrap_or(STILL)))
    }
}

/// An attribute of a device, and the values that a line allows it.
#[derive(Clone, Debug)]
pub(in crate::books) struct Claim {
    pub(in crate::books) target: Target,
    pub(in crate::books) attribute: String,
    pub(in crate::books) values: Vec<ValueWord>,
}

impl Claim {
    /// One of these states.
    pub(in crate::books) fn state(target: Target, attribute: &str, states: &[DevState]) -> Self {
        Self {
            target,
            attribute: attribute.to_owned(),
            values: states.iter().copied().map(ValueWord::from).collect(),
        }
    }

    pub(in crate::books) fn device(&self) -> &TracedDevice {
        &self.target.device
    }

    /// Whether the device says so when asked.
    pub(in crate::books) async fn holds_now(&self) -> Result<bool, BoxError> {
        let reading = self.device().read(&self.attribute).await?;
        let is = |word: &ValueWord| word.is(&self.attribute, &reading.value);
        Ok(self.values.iter().any(is))
    }

    /// An error unless the line is right.
    pub(in crate::books) async fn verify(
        &self,
        session: &TelescopeSession,
        context: &Context,
        wording: Wording,
    ) -> Result<(), BoxError> {
        match wording {
            Wording::Is => self.is(session, context).await,
            Wording::Becomes => self.becomes(session, context).await,
            Wording::Remains(period) => self.remains(session, context, period).await,
        }
    }

    /// A command that the last When sent is over before the value is looked at.
    async fn is(&self, session: &TelescopeSession, context: &Context) -> Result<(), BoxError> {
        let timeout = timeout(session)?;
        if let Some(when) = session.last_when(self.target.number) {
            when.act.check_accepted()?;
            if let Some(sent) = when.act.accepted() {
                sent.completion(&timeout).await.map_err(AccountError)?;
            }
        }
        let mark = self.device().tracer().mark();
        Account::new(self.device(), context)
            .holds(self.in_state(), &mark, &timeout)
            .await
    }

    async fn becomes(&self, session: &TelescopeSession, context: &Context) -> Result<(), BoxError> {
        let timeout = timeout(session)?;
        let when = session.last_when(self.target.number).ok_or(NothingDone)?;
        if matches!(when.act, Act::Initialised) {
            return self.is(session, context).await;
        }
        let words: Vec<String> = self.values.iter().map(ToString::to_string).collect();
        let words = words.join(" or ");
        let advice = format!("if it should just be {words}, say `is {words}`");
        let changes = changes_to([self.device()], &self.attribute, self.matcher());
        Account::new(self.device(), context)
            .with_advice(advice)
            .follows(&when.act, changes, &when.mark, &timeout)
            .await
    }

    async fn remains(
        &self,
        session: &TelescopeSession,
        context: &Context,
        period: Duration,
    ) -> Result<(), BoxError> {
        let (device, tracer) = (self.device(), self.device().tracer());
        let account = Account::new(device, context);
        device.watch(&self.attribute).await?;
        let now = tracer.mark();
        account
            .holds(self.in_state(), &now, &timeout(session)?)
            .await?;
        // what it had when the When began, it must never have left
        let since = session.last_when(self.target.number).and_then(|when| {
            let changes = tracer.changes_since(&when.mark, device.name(), &self.attribute);
            let before = changes.first()?.previous.as_ref()?;
            let is = |word: &ValueWord| word.is(&self.attribute, before);
            self.values.iter().any(is).then(|| when.mark.clone())
        });
        let since = since.unwrap_or_else(|| tracer.mark());
        let unchanged = changes([device], &self.attribute).never();
        account
            .holds(unchanged, &since, &Timeout::new(period))
            .await
    }

    fn in_state(&self) -> harness_core::assertion::IsInState {
        is_in_state([self.device()], &self.attribute, self.matcher())
    }

    fn matcher(&self) -> Matcher {
        match self.values.as_slice() {
            [one] => one.matcher(&self.attribute),
            more => one_of(more.iter().map(|word| word.matcher(&self.attribute))),
        }
    }
}

fn timeout(session: &TelescopeSession) -> Result<Timeout, BoxError> {
    let timeouts = session.telescope()?.config().timeouts();
    Ok(Timeout::new(timeouts.command))
}

/// A line speaks of a change, and nothing was done.
#[derive(Debug, thiserror::Error)]
#[error("nothing was done yet that could have changed anything: this line needs a When before it")]
struct NothingDone;
