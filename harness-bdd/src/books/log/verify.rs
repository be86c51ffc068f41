//! Looking into the logs of devices.

use std::time::Duration;

use harness_core::{Timeout, assertion::Logs, assertion::logs};

use crate::{
    BoxError, Context, HasTelescope,
    books::observed::{Account, AccountError},
    phrase::{Words, words},
    world::Aspect,
};

/// How long a line is awaited that must not come, after the command is over: lines are sent apart from
/// answers and events.
const SILENCE: Duration = Duration::from_secs(1);

/// By what a line is known to be about a transaction, as SKA's libraries write it.
const TRANSACTION: [&str; 4] = ["transaction[", "transaction_id", "transaction id", "txn-"];

pub(super) async fn contains<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    verify(world, context, true).await
}

pub(super) async fn lacks<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    verify(world, context, false).await
}

async fn verify<W: HasTelescope>(
    world: &mut W,
    context: Context,
    contains: bool,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let session = world.session();
    let timeout = Timeout::new(session.telescope()?.config().timeouts().command);
    for target in session.targets(words.who("who"), Aspect::System)? {
        let line = line_of(session.heard_as(&target.device)?, &words);
        let when = session.last_when(target.number).cloned();
        let when = when.ok_or("nothing was done yet: this line needs a When before it")?;
        let account = Account::new(&target.device, &context);
        if contains {
            account
                .follows(&when.act, line, &when.mark, &timeout)
                .await?;
            continue;
        }
        when.act.check_accepted()?;
        if let Some(sent) = when.act.accepted() {
            sent.completion(&timeout).await.map_err(AccountError)?;
        }
        account
            .holds(line.never(), &when.mark, &Timeout::new(SILENCE))
            .await?;
    }
    Ok(())
}

/// What the line says is, or is not, in the log.
fn line_of(device: &str, words: &Words) -> Logs {
    match words.text("text") {
        Some(text) => {
            let (name, text) = (format!("a line with `{text}`"), text.to_owned());
            logs(device, name, move |line| line.message.contains(&text))
        }
        None => logs(device, "a line with a transaction ID", |line| {
            let message = line.message.to_lowercase();
            TRANSACTION.iter().any(|word| message.contains(word))
        }),
    }
}
