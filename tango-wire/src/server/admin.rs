//! The admin device, `dserver/program/instance`: where clients subscribe to events, and ask for
//! restarts.

mod control;
mod logging;
mod queries;
mod subscription;

use std::{fmt, net::SocketAddr, sync::Arc};

use tokio::sync::Notify;

use super::{
    BoxFuture, DeviceLogs, ReadingToServe, Servant, device::Device, device_table::DeviceTable,
    locking, topics::Topics,
};
use crate::types::{AttributeConfig, CommandInfo, DataType, DevFailed, DevState, Value};

/// The class of every server's admin device.
const CLASS: &str = "DServer";

/// The admin device of one server.
pub(super) struct AdminDevice {
    pub(super) devices: Arc<DeviceTable>,
    pub(super) topics: Topics,
    /// Where clients find the publishers of heartbeats and events.
    pub(super) heartbeats: Endpoint,
    pub(super) events: Endpoint,
    pub(super) logs: DeviceLogs,
    /// Where the server is registered, if it is.
    pub(super) database: Option<String>,
    /// Told when a client stops the server; `None` if clients may not.
    pub(super) kill: Option<Arc<Notify>>,
}

/// A port and the host under which clients reach it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Endpoint {
    pub(super) host: String,
    pub(super) port: u16,
}

impl Endpoint {
    /// What clients connect to: the address that was bound, or the host if that was any address.
    pub(super) fn new(bound: SocketAddr, host: &str) -> Self {
        let host = if bound.ip().is_unspecified() {
            host.to_owned()
        } else {
            bound.ip().to_string()
        };
        Self {
            host,
            port: bound.port(),
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port } = self;
        if host.contains(':') {
            write!(formatter, "[{host}]:{port}")
        } else {
            write!(formatter, "{host}:{port}")
        }
    }
}

impl fmt::Debug for AdminDevice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("AdminDevice")
            .finish_non_exhaustive()
    }
}

impl Servant for AdminDevice {
    fn class(&self) -> String {
        CLASS.to_owned()
    }

    fn commands(&self) -> Vec<CommandInfo> {
        use DataType::{String, VarLongStringArray, VarStringArray, Void};
        let mut commands = vec![
            CommandInfo::new(
                "ZmqEventSubscriptionChange",
                VarStringArray,
                VarLongStringArray,
            ),
            CommandInfo::new("EventConfirmSubscription", VarStringArray, Void),
            CommandInfo::new("QueryClass", Void, VarStringArray),
            CommandInfo::new("QueryDevice", Void, VarStringArray),
            CommandInfo::new("QuerySubDevice", Void, VarStringArray),
            CommandInfo::new("PolledDevice", Void, VarStringArray),
            CommandInfo::new("DevPollStatus", String, VarStringArray),
            CommandInfo::new("QueryWizardClassProperty", String, VarStringArray),
            CommandInfo::new("QueryWizardDevProperty", String, VarStringArray),
            CommandInfo::new("DevRestart", String, Void),
            CommandInfo::new("RestartServer", Void, Void),
            CommandInfo::new("Kill", Void, Void),
        ];
        commands.extend(logging::commands());
        // the server runs these itself: they depend on who calls
        commands.extend(locking::commands());
        commands
    }

    fn attributes(&self) -> Vec<AttributeConfig> {
        Vec::new()
    }

    fn state(&self) -> DevState {
        DevState::On
    }

    fn status(&self) -> String {
        "The device is ON".to_owned()
    }

    fn command<'a>(
        &'a self,
        name: &'a str,
        argument: Value,
    ) -> BoxFuture<'a, Result<Value, DevFailed>> {
        Box::pin(async move {
            if let Some(answer) = self.logging(name, &argument).await {
                return answer;
            }
            match (name, argument) {
                ("ZmqEventSubscriptionChange", Value::Strings(arguments)) => {
                    self.subscription_change(&arguments)
                }
                ("EventConfirmSubscription", Value::Strings(arguments)) => {
                    self.confirm_subscriptions(&arguments)
                }
                ("QueryClass", _) => Ok(Value::Strings(self.classes())),
                ("QueryDevice", _) => Ok(Value::Strings(self.devices())),
                // nothing is polled, and who calls whom is not recorded
                ("QuerySubDevice" | "PolledDevice", _) => Ok(Value::Strings(Vec::new())),
                ("DevPollStatus", Value::String(device)) => {
                    self.device(&device).map(|_| Value::Strings(Vec::new()))
                }
                ("QueryWizardClassProperty" | "QueryWizardDevProperty", Value::String(class)) => {
                    self.properties_of(&class)
                }
                ("DevRestart", Value::String(device)) => self.restart(&device).await,
                ("RestartServer", _) => self.restart_all().await,
                ("Kill", _) => self.kill(),
                _ => Err(failure(
                    "API_CommandNotFound",
                    format!("Command {name} not found"),
                )),
            }
        })
    }

    fn read<'a>(&'a self, attribute: &'a str) -> BoxFuture<'a, Result<ReadingToServe, DevFailed>> {
        let refusal = failure(
            "API_AttrNotFound",
            format!("{attribute} attribute not found"),
        );
        Box::pin(std::future::ready(Err(refusal)))
    }
}

impl AdminDevice {
    fn device(&self, name: &str) -> Result<&Arc<Device>, DevFailed> {
        self.devices.find(name).ok_or_else(|| {
            failure(
                "API_DeviceNotFound",
                format!("Device {name} not found in this server"),
            )
        })
    }
}

fn failure(reason: &str, description: String) -> DevFailed {
    DevFailed::new(reason, description, "DServer")
}
