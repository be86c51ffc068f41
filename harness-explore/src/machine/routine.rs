//! The asynchronous closures of a machine, behind traits that can be kept in a list.
//!
//! Programs run one step at a time on one thread, so that no future has to be `Send`.

use std::future::Future;
use std::pin::Pin;

use super::call::{Call, Produced};
use super::rule_error::RuleError;

/// A future that stays on its thread.
pub(crate) type LocalFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Makes a fresh system for each program.
pub(crate) trait Start<S> {
    fn start(&self) -> LocalFuture<'_, Result<S, RuleError>>;
}

impl<S, F> Start<S> for F
where
    F: AsyncFn() -> Result<S, RuleError>,
{
    fn start(&self) -> LocalFuture<'_, Result<S, RuleError>> {
        Box::pin(self())
    }
}

/// What a rule does.
pub(crate) trait Routine<S, V> {
    fn run<'a>(
        &'a self,
        state: &'a mut S,
        call: Call<V>,
    ) -> LocalFuture<'a, Result<Produced<V>, RuleError>>;
}

impl<S, V, F> Routine<S, V> for F
where
    F: AsyncFn(&mut S, Call<V>) -> Result<Produced<V>, RuleError>,
    V: 'static,
{
    fn run<'a>(
        &'a self,
        state: &'a mut S,
        call: Call<V>,
    ) -> LocalFuture<'a, Result<Produced<V>, RuleError>> {
        Box::pin(self(state, call))
    }
}

/// What an invariant or a teardown does.
pub(crate) trait Check<S> {
    fn check<'a>(&'a self, state: &'a mut S) -> LocalFuture<'a, Result<(), RuleError>>;
}

impl<S, F> Check<S> for F
where
    F: AsyncFn(&mut S) -> Result<(), RuleError>,
{
    fn check<'a>(&'a self, state: &'a mut S) -> LocalFuture<'a, Result<(), RuleError>> {
        Box::pin(self(state))
    }
}
