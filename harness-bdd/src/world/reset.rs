//! Undoing what steers the helper devices of telescope teams.

use std::time::Duration;

use harness_core::{TracedDevice, Value};
use harness_tango::control_model::HealthState;

/// How long a device may take to be reset.
const PATIENCE: Duration = Duration::from_secs(5);

/// What steers a helper device, and what undoes it.
const RESETS: &[(&[&str], &str, Argument)] = &[
    (&["SetDefective"], "SetDefective", Argument::NoDefect),
    (
        &["SetDelayInfo", "SetDelay"],
        "ResetDelayInfo",
        Argument::None,
    ),
    (&["AddTransition"], "ResetTransitions", Argument::None),
    (
        &["SetDirectHealthState"],
        "SetDirectHealthState",
        Argument::Well,
    ),
];

/// Forgets the calls that a device took note of; sent to devices that were steered otherwise, too.
const FORGET: &str = "ClearCommandCallInfo";

#[derive(Clone, Copy, Debug)]
enum Argument {
    None,
    NoDefect,
    Well,
}

impl Argument {
    fn value(self) -> Value {
        match self {
            Self::None => Value::Void,
            Self::NoDefect => Value::from(r#"{"enabled": false}"#),
            Self::Well => Value::Int(HealthState::Ok.number()),
        }
    }
}

/// A command that undoes what another one did to a device.
#[derive(Clone, Debug)]
pub(crate) struct Reset {
    device: TracedDevice,
    command: &'static str,
    argument: Argument,
}

impl Reset {
    /// What undoes this command, if it is one that steers a helper device.
    pub(super) fn of(device: &TracedDevice, command: &str) -> Option<Self> {
        let is = |name: &&'static str| name.eq_ignore_ascii_case(command);
        let (_, undo, argument) = RESETS
            .iter()
            .find(|(steering, ..)| steering.iter().any(is))?;
        Some(Self {
            device: device.clone(),
            command: undo,
            argument: *argument,
        })
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.command == other.command && self.device.name() == other.device.name()
    }

    /// What is done, for the account.
    pub(super) fn describe(&self) -> String {
        format!("{} on {}", self.command, self.device.name())
    }

    /// Resets the device; `false` if it has no such command.
    pub(super) async fn run(&self) -> Result<bool, String> {
        let done = tokio::time::timeout(PATIENCE, async {
            let has = self.device.device().commands().await;
            let has = has.map_err(|error| error.to_string())?;
            let can = |wanted: &str| {
                has.as_ref().is_none_or(|commands| {
                    commands
                        .iter()
                        .any(|command| command.eq_ignore_ascii_case(wanted))
                })
            };
            if !can(self.command) {
                return Ok(false);
            }
            let reset = self
                .device
                .command(self.command, self.argument.value())
                .await;
            reset.map_err(|error| error.to_string())?;
            // of no consequence for what follows, so it may fail
            if has.is_some() && can(FORGET) {
                let _ = self.device.command(FORGET, ()).await;
            }
            Ok(true)
        });
        done.await
            .unwrap_or_else(|_| Err(format!("no answer within {} s", PATIENCE.as_secs())))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use harness_core::{InMemoryDevice, Tracer};

    use super::*;

    #[tokio::test]
    async fn only_what_the_device_has_is_reset() {
        let device = InMemoryDevice::new("low-csp/subarray/01")
            .with_attribute("defect", "")
            .with_command("SetDefective", |device, argument| {
                device.set("defect", argument);
                Ok(Value::Void)
            });
        let traced = Tracer::default().device(Arc::new(device));
        let reset = Reset::of(&traced, "setdefective").unwrap();
        assert_eq!(reset.describe(), "SetDefective on low-csp/subarray/01");
        assert_eq!(reset.run().await, Ok(true));
        let left = traced.read("defect").await.unwrap().value;
        assert_eq!(left.as_str(), Some(r#"{"enabled": false}"#));
        let reset = Reset::of(&traced, "SetDelay").unwrap();
        assert_eq!(reset.run().await, Ok(false));
        assert!(Reset::of(&traced, "Configure").is_none());
    }
}
