//! Subscriptions to events: who may have which, and where they are to be found.

use super::{AdminDevice, failure};
use crate::{
    server::device::Device,
    types::{DevFailed, EventKind, Value},
};

/// The release of Tango whose replies these are: 10.3.3.
const TANGO_RELEASE: i32 = 1033;
/// The version of the device interface.
const IDL_VERSION: i32 = 6;
/// The high-water mark clients should set.
const SUBSCRIBER_HIGH_WATER_MARK: i32 = 1000;
/// The release of ZeroMQ that a real server would run: 4.3.5.
const ZMQ_RELEASE: i32 = 435;

/// Clients below this version do not know alarm events.
const ALARM_IDL: i32 = 6;
/// Clients below this version, of Tango 8, want topics and layouts that are not sent here.
const OLDEST_IDL: i32 = 5;

impl AdminDevice {
    /// Arguments: device, attribute, what to do ("subscribe"), kind of event, IDL of the client.
    pub(super) fn subscription_change(&self, arguments: &[String]) -> Result<Value, DevFailed> {
        let [device, attribute, _, kind, client @ ..] = arguments else {
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
        let (layout, kind) = event_kind(kind, attribute)?;
        if kind != EventKind::InterfaceChange {
            check_sent(device, attribute, kind)?;
        }
        let oldest = if kind == EventKind::Alarm {
            ALARM_IDL
        } else {
            OLDEST_IDL
        };
        check_version(client, layout, kind, oldest)?;
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
            self.topics.event(device.name(), attribute, kind),
            self.topics.heartbeat_prefix(),
        ];
        Ok(Value::LongStrings(numbers, strings))
    }

    fn subscription_information(&self) -> Value {
        Value::LongStrings(
            vec![TANGO_RELEASE],
            vec![
                format!("Heartbeat: tcp://{}", self.heartbeats),
                format!("Event: tcp://{}", self.events),
            ],
        )
    }

    /// Arguments: device, attribute and kind of event, again and again. Subscriptions never lapse
    /// here: there is nothing to confirm but that the devices are here.
    pub(super) fn confirm_subscriptions(&self, arguments: &[String]) -> Result<Value, DevFailed> {
        let wrong_number = || {
            failure(
                "API_WrongNumberOfArgs",
                "device, attribute and kind of event expected for each subscription".into(),
            )
        };
        if arguments.is_empty() {
            return Err(wrong_number());
        }
        for subscription in arguments.chunks(3) {
            let [device, _, _] = subscription else {
                return Err(wrong_number());
            };
            self.device(device)?;
        }
        Ok(Value::Void)
    }
}

/// The kind of event, and the version of the layout that the word for it names, or 0.
///
/// A client that subscribes again, to a server that was started again, says the kind as in a topic,
/// `idl5_change` (cppTango 9.4 to 10.3), and before Tango 10 its own version as 0.
fn event_kind(word: &str, attribute: &str) -> Result<(i32, EventKind), DevFailed> {
    if word.eq_ignore_ascii_case("pipe") {
        let words = format!("{attribute} pipe not found");
        return Err(failure("API_PipeNotFound", words));
    }
    let in_topic = word.split_once('_').and_then(|(version, name)| {
        let version = version.strip_prefix("idl")?.parse().ok()?;
        Some((version, name))
    });
    let (layout, name) = in_topic.unwrap_or((0, word));
    match name.parse() {
        Ok(kind) => Ok((layout, kind)),
        Err(_) => {
            let words = format!("The event type you sent ({word}) is not a valid event type");
            Err(failure("API_WrongNumberOfArgs", words))
        }
    }
}

fn check_sent(device: &Device, attribute: &str, kind: EventKind) -> Result<(), DevFailed> {
    let attribute = device.find_attribute(attribute)?;
    if device.sends(attribute.config(), kind) {
        return Ok(());
    }
    let name = &attribute.config().name;
    Err(match kind {
        EventKind::DataReady => failure(
            "API_AttributeNotDataReadyEnabled",
            format!("The attribute {name} is not data ready event enabled"),
        ),
        kind => failure(
            "API_AttributePollingNotStarted",
            format!(
                "The polling (necessary to send events) for the attribute {name} is not started, \
                 and the device does not push {kind} events of it"
            ),
        ),
    })
}

/// The client's version is the fifth argument; clients of Tango 8 send none.
fn check_version(
    client: &[String],
    layout: i32,
    kind: EventKind,
    oldest: i32,
) -> Result<(), DevFailed> {
    let version = client.first().and_then(|version| version.parse().ok());
    let version = layout.max(version.unwrap_or(0));
    if version >= oldest {
        return Ok(());
    }
    Err(failure(
        "API_ClientTooOld",
        format!(
            "Client library version {version} is too old to subscribe to {kind}. A client library \
             version of at least {oldest} is required"
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a client gets that says `word` and its version.
    fn asked(word: &str, version: &[&str]) -> Result<EventKind, DevFailed> {
        let client: Vec<String> = version.iter().map(|&version| version.to_owned()).collect();
        let (layout, kind) = event_kind(word, "power")?;
        check_version(&client, layout, kind, OLDEST_IDL)?;
        Ok(kind)
    }

    #[test]
    fn a_client_that_comes_back_says_the_kind_as_in_a_topic_and_may_have_no_version() {
        assert_eq!(asked("change", &["6"]), Ok(EventKind::Change));
        assert_eq!(asked("idl5_change", &["0"]), Ok(EventKind::Change));
        assert_eq!(asked("idl5_user_event", &["5"]), Ok(EventKind::User));
        assert_eq!(asked("user_event", &["5"]), Ok(EventKind::User));
        for (word, version) in [
            ("change", &["4"][..]),
            ("change", &[]),
            ("idl4_change", &["0"]),
        ] {
            let refused = asked(word, version).map_err(|failure| failure.reason().to_owned());
            assert_eq!(refused, Err("API_ClientTooOld".to_owned()), "{word}");
        }
        let unknown = asked("idl5_", &["6"]).map_err(|failure| failure.reason().to_owned());
        assert_eq!(unknown, Err("API_WrongNumberOfArgs".to_owned()));
    }
}
