//! What all actions that hold [`Conditions`](super::Conditions) have in common.

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

        /// Adds something that must be true before, or become so within that time, before anything
        /// is done. The timeout of the action does not count for it.
        pub fn precondition_within(
            mut self,
            assertion: impl $crate::assertion::Assertion + 'static,
            patience: std::time::Duration,
        ) -> Self {
            self.conditions = self.conditions.precondition_within(assertion, patience);
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
