//! How several actions at the same time ended, in one account.

use super::ActionError;
use crate::failure::{Expected, Failure};

/// How each of the actions, by name, came through a phase that not all came through.
pub(super) struct Outcomes(pub(super) Vec<(String, Result<(), ActionError>)>);

impl Outcomes {
    /// One account of all that failed. `tells_met` says whether those that came through the phase
    /// have thereby done something worth telling.
    pub(super) fn account(self, name: &str, ending: &str, tells_met: bool) -> ActionError {
        let all = self.0.len();
        let failures = self.0.iter().filter(|(_, outcome)| outcome.is_err());
        let headline = format!(
            "{name}: {} of {all} actions failed{ending}",
            failures.count()
        );
        let mut account = Failure::new(headline);
        let mut failed = Vec::new();
        for (action, outcome) in self.0 {
            account = match outcome {
                Ok(()) if tells_met => account.with_expected(Expected::met(action)),
                Ok(()) => account,
                Err(error) => {
                    let failure = error.failure().cloned().unwrap_or_else(|| Failure::new(""));
                    let how = without_name(failure.headline(), &action).to_owned();
                    failed.push(error);
                    account
                        .with_expected(Expected::missing(action).nearest(how))
                        .absorb(failure)
                }
            };
        }
        ActionError::Several {
            action: name.to_owned(),
            failure: Box::new(account),
            failed,
        }
    }
}

/// The headline of an action's failure, which usually begins with its name.
fn without_name<'a>(headline: &'a str, action: &str) -> &'a str {
    headline
        .strip_prefix(action)
        .and_then(|rest| rest.strip_prefix(": "))
        .unwrap_or(headline)
}
