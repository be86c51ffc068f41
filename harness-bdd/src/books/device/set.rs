//! Bringing about values of attributes.

use harness_core::{
    TracedDevice, Value,
    fault::{FaultError, FaultGuard},
};

use super::{Claim, ValueWord};
use crate::{BoxError, TelescopeSession};

/// A Given: the attribute has the value, or is given it until the end of the scenario.
pub(in crate::books) async fn bring_about(
    session: &mut TelescopeSession,
    claim: &Claim,
) -> Result<(), BoxError> {
    if claim.holds_now().await? {
        return Ok(());
    }
    set(session, claim).await
}

/// Gives the attribute the value: by the command that a helper device has for it, or by writing it. It
/// is given back what it had at the end of the scenario.
pub(in crate::books) async fn set(
    session: &mut TelescopeSession,
    claim: &Claim,
) -> Result<(), BoxError> {
    let Claim {
        target, attribute, ..
    } = claim;
    let device = &target.device;
    let Some(word) = claim.values.first() else {
        return Err("the line names no value".into());
    };
    let before = device.read(attribute).await?.value;
    let by_command = direct_command(device, attribute).await?;
    let value = match &by_command {
        Some(_) => number(device, attribute, word),
        None => writable(attribute, word, &before),
    };
    let setter = Setter {
        device: device.clone(),
        attribute: attribute.clone(),
        command: by_command,
    };
    setter.set(value).await.map_err(|source| NotSettable {
        device: device.name().to_string(),
        attribute: attribute.clone(),
        value: word.to_string(),
        now: before.to_string(),
        source,
    })?;
    let description = format!("{} {attribute} was set to {word}", device.name());
    let told = description.clone();
    let guard = FaultGuard::new(description, async move {
        let before = match before {
            Value::Enum(member) if setter.command.is_some() => Value::from(member.number),
            before => before,
        };
        setter
            .set(before)
            .await
            .map_err(|error| FaultError::stop(told, error))
    });
    session.keep_fault(guard.recorded_in(device.tracer().journal()));
    if claim.holds_now().await? {
        return Ok(());
    }
    let now = device.read(attribute).await?;
    Err(format!(
        "{} {attribute} was set to {word} and is {now}",
        device.name()
    )
    .into())
}

/// Sets one attribute of a device.
#[derive(Debug)]
struct Setter {
    device: TracedDevice,
    attribute: String,
    /// The command that sets it; written if there is none.
    command: Option<String>,
}

impl Setter {
    async fn set(&self, value: Value) -> Result<(), harness_core::DeviceError> {
        match &self.command {
            Some(command) => self.device.command(command, value).await.map(drop),
            None => self.device.write(&self.attribute, value).await,
        }
    }
}

/// The command by which a helper device lets the attribute be set: `SetDirectHealthState`.
async fn direct_command(
    device: &TracedDevice,
    attribute: &str,
) -> Result<Option<String>, BoxError> {
    let wanted = format!("SetDirect{attribute}");
    let known = device.device().commands().await?.unwrap_or_default();
    Ok(known
        .into_iter()
        .find(|command| command.eq_ignore_ascii_case(&wanted)))
}

/// What a command takes that sets an attribute: the number of a word, where it is known.
fn number(device: &TracedDevice, attribute: &str, word: &ValueWord) -> Value {
    let known = word.number_for(attribute);
    let numbers = || {
        (0..NUMBERS).find(|number| {
            let labelled = device.labelled(attribute, *number);
            labelled
                .as_enum()
                .is_some_and(|member| member.label().is_some())
                && word.is(attribute, &labelled)
        })
    };
    match known.or_else(numbers) {
        Some(number) if !attribute.eq_ignore_ascii_case("State") => Value::from(number),
        _ => Value::from(word.label()),
    }
}

/// More than any enumeration of a device has members.
const NUMBERS: i64 = 64;

/// What is written to an attribute that holds `before` now.
fn writable(attribute: &str, word: &ValueWord, before: &Value) -> Value {
    let text = word.to_string();
    match before {
        Value::Enum(_) => Value::from(word.label()),
        Value::Int(_) | Value::UInt(_) => match word.number_for(attribute).or(text.parse().ok()) {
            Some(number) => Value::from(number),
            None => Value::from(text),
        },
        Value::Float(_) => text
            .parse::<f64>()
            .map_or_else(|_| Value::from(text), Value::from),
        Value::Bool(_) => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" => Value::from(true),
            "false" | "no" | "0" => Value::from(false),
            _ => Value::from(text),
        },
        _ => Value::from(text),
    }
}

/// A value can't be brought about.
#[derive(Debug, thiserror::Error)]
#[error(
    "{device} {attribute} is {now} and can't be set to {value}: the device has no command \
     SetDirect.. for it, or refuses; bring it there before the run, or use a simulated device"
)]
struct NotSettable {
    device: String,
    attribute: String,
    value: String,
    now: String,
    source: harness_core::DeviceError,
}
