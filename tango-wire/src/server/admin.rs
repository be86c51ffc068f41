//! The admin device, `dserver/program/instance`: where clients subscribe to events.

use std::{fmt, net::SocketAddr, sync::Arc};

use super::{
    BoxFuture, ReadingToServe, Servant, device::Device, device_table::DeviceTable, locking,
    topics::Topics,
};
use crate::types::{AttributeConfig, CommandInfo, DataType, DevFailed, DevState, Value};

/// The class of every server's admin device.
const CLASS: &str = "DServer";

/// The release of Tango whose replies these are: 10.3.3.
const TANGO_RELEASE: i32 = 1033;
/// The version of the device interface.
const IDL_VERSION: i32 = 6;
/// The high-water mark clients should set.
const SUBSCRIBER_HIGH_WATER_MARK: i32 = 1000;
/// The release of ZeroMQ that a real server would run: 4.3.5.
const ZMQ_RELEASE: i32 = 435;

/// The admin device of one server.
pub(super) struct AdminDevice {
    pub(super) devices: Arc<DeviceTable>,
    pub(super) topics: Topics,
    /// Where clients find the publishers of heartbeats and events.
    pub(super) heartbeats: Endpoint,
    pub(super) events: Endpoint,
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
            CommandInfo::new("DevRestart", String, Void),
        ];
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
            match (name, argument) {
                ("ZmqEventSubscriptionChange", Value::Strings(arguments)) => {
                    self.subscription_change(&arguments)
                }
                // subscriptions never lapse here: nothing to confirm
                ("EventConfirmSubscription", _) => Ok(Value::Void),
                ("QueryClass", _) => Ok(Value::Strings(self.classes())),
                ("QueryDevice", _) => Ok(Value::Strings(self.devices())),
                // nothing is polled, and who calls whom is not recorded
                ("QuerySubDevice" | "PolledDevice", _) => Ok(Value::Strings(Vec::new())),
                ("DevPollStatus", Value::String(device)) => {
                    self.device(&device).map(|_| Value::Strings(Vec::new()))
                }
                ("DevRestart", Value::String(device)) => {
                    let device = self.device(&device)?;
                    let _turn = device.turn().await;
                    device.servant.init().await?;
                    Ok(Value::Void)
                }
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

    fn classes(&self) -> Vec<String> {
        let mut classes: Vec<String> = Vec::new();
        for device in self.devices.devices() {
            if !classes.iter().any(|class| class == device.class()) {
                classes.push(device.class().to_owned());
            }
        }
        classes
    }

    fn devices(&self) -> Vec<String> {
        let devices = self.devices.devices().iter();
        devices
            .map(|device| format!("{}::{}", device.class(), device.name()))
            .collect()
    }

    /// Arguments: device, attribute, what to do ("subscribe"), kind of event, IDL of the client.
    fn subscription_change(&self, arguments: &[String]) -> Result<Value, DevFailed> {
        let [device, attribute, _, event, ..] = arguments else {
            if let [word] = arguments
                && word.eq_ignore_ascii_case("info")
            {
                return Ok(self.subscription_information());
            }
            return Err(failure(
                "API_WrongNumberOfArgs",
                "device, attribute, \"subscribe\", kind of event and IDL version expected".into(),
            ));
        };
        let device = self.device(device)?;
        let event = event.to_lowercase();
        match event.as_str() {
            "intr_change" => {}
            "change" | "user_event" | "attr_conf" => {
                device.find_attribute(attribute)?;
            }
            "periodic" | "archive" | "alarm" => {
                device.find_attribute(attribute)?;
                return Err(failure(
                    "API_AttributePollingNotStarted",
                    format!("attribute {attribute} is not polled: it has no {event} events"),
                ));
            }
            "data_ready" => {
                device.find_attribute(attribute)?;
                return Err(failure(
                    "API_AttributeNotDataReadyEnabled",
                    format!("attribute {attribute} has no data ready events"),
                ));
            }
            event => {
                let words = format!("there are no events of the kind {event}");
                return Err(failure("API_WrongNumberOfArgs", words));
            }
        }
        let numbers = vec![
            TANGO_RELEASE,
            IDL_VERSION,
            SUBSCRIBER_HIGH_WATER_MARK,
            0, // rate and
            0, // interval of a multicast that is not used
            ZMQ_RELEASE,
        ];
        let strings = vec![
            format!("tcp://{}", self.heartbeats),
            format!("tcp://{}", self.events),
            self.topics.event(device.name(), attribute, &event),
            self.topics.heartbeat_prefix(),
        ];
        Ok(Value::LongStrings(numbers, strings))
    }

    fn subscription_information(&self) -> Value {
        Value::LongStrings(
            vec![TANGO_RELEASE, 0],
            vec![
                format!("Heartbeat: tcp://{}", self.heartbeats),
                format!("Event: tcp://{}", self.events),
            ],
        )
    }
}

fn failure(reason: &str, description: String) -> DevFailed {
    DevFailed::new(reason, description, "DServer")
}
