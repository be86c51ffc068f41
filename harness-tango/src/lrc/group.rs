//! A long running command on several devices at once.

use harness_core::action::{Action, ActionError, Parallel};
use harness_core::{BoxFuture, Failure, Mark, Timeout, Tracer};

use super::action::LrcAction;
use super::codes::ResultCodes;

/// A long running command on several devices at the same time, under one timeout: see
/// [`LrcAction::on_each`].
///
/// Nothing is sent unless the preconditions hold for all devices. Each device gives an id of its
/// own and tells the end by the protocol it speaks; all that fail are told, not the first alone.
#[derive(Debug)]
#[must_use = "an action does nothing until it is executed"]
pub struct LrcGroup {
    name: String,
    tracer: Tracer,
    /// One for each device, until they are put together.
    actions: Vec<LrcAction>,
    together: Option<Parallel>,
}

impl LrcGroup {
    pub(super) fn new(command: &str, actions: Vec<LrcAction>) -> LrcGroup {
        let devices: Vec<_> = actions.iter().map(|it| &**it.device().name()).collect();
        let name = match &*devices {
            [] => format!("{command} on no device"),
            [one] => format!("{command} on {one}"),
            several => format!("{command} on {} devices", several.len()),
        };
        LrcGroup {
            name,
            tracer: actions
                .first()
                .map_or_else(Tracer::default, |action| action.tracer().clone()),
            actions,
            together: None,
        }
    }

    /// Changes the action of each device, such as by a postcondition about that device.
    ///
    /// ```no_run
    /// use harness_core::assertion::changes_to;
    /// use harness_tango::control_model::ObsState;
    /// use harness_tango::lrc::LrcAction;
    ///
    /// # fn example(subarrays: &[harness_tango::subarray::Subarray]) {
    /// let _abort = LrcAction::on_each(subarrays, "Abort", ()).each(|action| {
    ///     let aborted = changes_to([action.device()], "obsState", ObsState::Aborted);
    ///     action.postcondition(aborted)
    /// });
    /// # }
    /// ```
    pub fn each(mut self, change: impl FnMut(LrcAction) -> LrcAction) -> Self {
        self.actions = self.actions.into_iter().map(change).collect();
        self
    }

    /// Waits until the command has completed on every device with one of these codes; see
    /// [`LrcAction::completes_with`].
    pub fn completes_with(self, codes: impl Into<ResultCodes>) -> Self {
        let codes = codes.into();
        self.each(|action| action.completes_with(codes.clone()))
    }

    /// Ends the wait for a device when the command ends on it with another code than expected; see
    /// [`LrcAction::stops_early_on_lrc_error`].
    pub fn stops_early_on_lrc_error(self) -> Self {
        self.each(LrcAction::stops_early_on_lrc_error)
    }

    fn together(&mut self) -> &mut Parallel {
        let (tracer, name, actions) = (&self.tracer, &self.name, &mut self.actions);
        self.together
            .get_or_insert_with(|| Parallel::new(tracer, name.clone()).and_all(actions.drain(..)))
    }
}

impl Action for LrcGroup {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn tracer(&self) -> &Tracer {
        &self.tracer
    }

    fn setup(&mut self) -> BoxFuture<'_, Result<(), ActionError>> {
        if self.actions.is_empty() && self.together.is_none() {
            let name = self.name.clone();
            let failure = Failure::new(format!("{name}: there is nothing to send it to"));
            let error = ActionError::procedure(name, failure);
            return Box::pin(std::future::ready(Err(error)));
        }
        self.together().setup()
    }

    fn verify_preconditions<'a>(
        &'a mut self,
        mark: &'a Mark,
    ) -> BoxFuture<'a, Result<(), ActionError>> {
        self.together().verify_preconditions(mark)
    }

    fn procedure<'a>(&'a mut self, timeout: &'a Timeout) -> BoxFuture<'a, Result<(), ActionError>> {
        self.together().procedure(timeout)
    }

    fn verify_postconditions<'a>(
        &'a mut self,
        mark: &'a Mark,
        timeout: &'a Timeout,
    ) -> BoxFuture<'a, Result<(), ActionError>> {
        self.together().verify_postconditions(mark, timeout)
    }

    fn give_up(&mut self) {
        if let Some(together) = &mut self.together {
            together.give_up();
        }
    }
}
