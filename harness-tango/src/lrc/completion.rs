//! Waiting for the end of a long running command.

use std::sync::Arc;

use harness_core::assertion::{Assertion, EarlyStop, Watch};
use harness_core::failure::{Expected, Failure};
use harness_core::{BoxFuture, Entry};

use super::codes::ResultCodes;
use super::execution::Execution;
use crate::control_model::ResultCode;

/// The command ends with one of the codes.
#[derive(Debug)]
pub(super) struct Completes(pub(super) Arc<Execution>);

impl Completes {
    fn codes(&self) -> ResultCodes {
        self.0.expected().unwrap_or_else(ResultCodes::any)
    }
}

impl Assertion for Completes {
    fn describe(&self) -> String {
        format!(
            "{} {} completes with {}",
            self.0.device.name(),
            self.0.command,
            self.codes()
        )
    }

    fn setup(&self) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(async { Ok(self.0.watch().await?) })
    }

    fn verify<'a>(&'a self, watch: &'a Watch) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(async move {
            let codes = self.codes();
            let nearest = match self.0.end(watch, &codes).await {
                Some(completion) if codes.accept(completion.code) => return Ok(()),
                Some(completion) => format!("it ended with {completion}"),
                None => self.0.nearest(),
            };
            let what = self.describe();
            Err(Failure::new(format!("{what}: {nearest}"))
                .with_expected(Expected::missing(what).nearest(nearest)))
        })
    }

    fn standing(&self) -> Option<String> {
        self.0.standing()
    }
}

/// The command ends with a code that is not expected: then nothing else need be waited for.
#[derive(Debug)]
pub(super) struct EndsOtherwise(pub(super) Arc<Execution>);

impl EarlyStop for EndsOtherwise {
    fn examine(&self, entry: &Entry) -> Option<String> {
        let expected = self.0.expected().unwrap_or_else(|| ResultCode::Ok.into());
        let completion = self.0.first_end_in(entry, &expected)?;
        let otherwise = !expected.accept(completion.code);
        otherwise.then(|| format!("{} ended with {completion}", self.0.command))
    }

    fn describe(&self) -> String {
        format!("an error of {}", self.0.command)
    }

    fn setup(&self) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(async {
            match self.0.expected() {
                // then `Completes` does it
                Some(_) => Ok(()),
                None => Ok(self.0.watch().await?),
            }
        })
    }
}
