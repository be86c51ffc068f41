//! What the steps of a team's own ask of a session, beside what the library's steps ask.

use std::sync::Arc;

use harness_core::{Mark, Timeout, TracedDevice, Value};
use harness_tango::{
    lrc::{Completion, SendError},
    subarray::Subarray,
};

use super::{Act, Answer, Aspect, Sent, SessionError, TelescopeSession};
use crate::{BoxError, phrase::Who};

impl TelescopeSession {
    /// The devices that a line names, in that order; for a line that names nobody those that the
    /// scenario is about, which is the telescope manager's subarray unless a Given says otherwise. What
    /// lines say afterwards by "they" is these.
    ///
    /// ```
    /// use harness_bdd::{
    ///     Aspect, BoxError, Context, HarnessWorld, HasTelescope, Keyword, StepBook,
    ///     phrase::{Phrase, words}, step,
    /// };
    ///
    /// const ACCURATE: Phrase = Phrase::new("the pointing of dishes is accurate")
    ///     .with_patterns(&["pointing of <who> is accurate [to <limit:number> (arcsec|arcseconds)]"])
    ///     .with_examples(&["the pointing of the dish SKA001 is accurate to 2 arcsec"]);
    ///
    /// async fn accurate(world: &mut HarnessWorld, context: Context) -> Result<(), BoxError> {
    ///     let words = words(&context)?;
    ///     let limit = words.value::<f64>("limit")?.unwrap_or(1.0);
    ///     for dish in world.session().devices(words.who("who"), Aspect::System)? {
    ///         let error = dish.read("pointingError").await?.value.as_float();
    ///         if error.is_none_or(|error| error > limit) {
    ///             return Err(format!("{}: the error is {error:?}, not {limit}", dish.name()).into());
    ///         }
    ///     }
    ///     Ok(())
    /// }
    ///
    /// let book = StepBook::<HarnessWorld>::new().phrase(&[Keyword::Then], ACCURATE, |world, context| {
    ///     step(accurate(world, context))
    /// });
    /// assert!(book.errors().is_empty());
    /// ```
    ///
    /// # Errors
    /// [`SessionError::NobodyIs`] and [`SessionError::NoSubarray`] for what the telescope does not have,
    /// [`SessionError::NoTelescope`].
    pub fn devices(
        &mut self,
        who: Option<&Who>,
        aspect: Aspect,
    ) -> Result<Vec<TracedDevice>, SessionError> {
        let targets = self.targets(who, aspect)?;
        Ok(targets.into_iter().map(|target| target.device).collect())
    }

    /// Where in the record the last When began that was about this subarray or the telescope: a Then
    /// looks at what came since, `tracer.expect(..).since(&mark)`.
    ///
    /// # Errors
    /// [`SessionError::NoWhen`] if there was none.
    pub fn since_when(&self, number: u32) -> Result<Mark, SessionError> {
        let when = self.last_when(Some(number));
        when.map(|when| when.mark.clone())
            .ok_or(SessionError::NoWhen { subarray: number })
    }

    /// Sends a command to a subarray, as the library's When does: what Thens say of "the command" is
    /// about this one. Without `input` it is given that of the telescope's file. A refusal is no error
    /// yet, as the next line may be that it is rejected.
    ///
    /// # Errors
    /// [`SessionError`]; whatever keeps the telescope from being ON; a command that is not answered.
    pub async fn send(
        &mut self,
        number: u32,
        command: &str,
        input: Option<Value>,
    ) -> Result<(), BoxError> {
        self.ensure_on().await?;
        let subarray = self.subarray(number)?;
        self.send_to(&subarray, command, input).await
    }

    /// As [`send`](Self::send), to the subarray of any system.
    pub(crate) async fn send_to(
        &mut self,
        subarray: &Subarray,
        command: &str,
        input: Option<Value>,
    ) -> Result<(), BoxError> {
        let before = subarray.obs_state().await?;
        let input = input.or_else(|| subarray.inputs().of(command).map(Value::from));
        let argument = input.as_ref().and_then(Value::as_str).map(Arc::from);
        let beginning = self.begin().await?;
        let answer = match subarray.send(command, input).await {
            Ok(sent) => Answer::Accepted(Arc::new(sent)),
            Err(SendError::Refused(refusal)) => Answer::Refused(refusal),
            Err(error) => return Err(error.into()),
        };
        let sent = Sent {
            command: command.to_owned(),
            device: subarray.traced().clone(),
            argument,
            before: Some(before),
            answer,
        };
        self.note(subarray.number(), beginning, Act::Sent(sent));
        Ok(())
    }

    /// Waits for the end of the last long running command that a When sent, and says how it ended.
    ///
    /// # Errors
    /// [`SessionError::NoCommand`] if there was none; if it was refused, or has not ended within the
    /// telescope's time for commands.
    pub async fn last_result(&self) -> Result<Completion, BoxError> {
        let timeout = Timeout::new(self.telescope()?.config().timeouts().command);
        let when = self.last_command()?;
        when.act.check_accepted()?;
        let sent = when.act.accepted().ok_or(SessionError::NoCommand)?;
        sent.completion(&timeout)
            .await
            .map_err(|failure| NotEnded(Box::new(failure)).into())
    }
}

/// The command did not end.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct NotEnded(Box<harness_core::Failure>);
