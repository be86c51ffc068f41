//! What the events of each kind bring, and how that begins when a subscription does.

use super::settling::{Held, Settled};
use crate::{
    cdr::{CdrError, Reader},
    types::{
        AttributeConfig, AttributeReading, AttributeValue, AttributeVersion, DataReady, DevFailed,
        EventKind, InterfaceChange,
    },
};

/// What the events of one or several kinds bring.
pub(crate) trait EventContent: Sized + Clone + Send + Sync + 'static {
    /// What can be read without waiting for an event.
    type Current: Clone + Send + Sync + 'static;

    /// Reads what stands in an event; the inner result is the device's own error.
    fn decode(data: &mut Reader<'_>, topic: &[u8]) -> Result<Result<Self, DevFailed>, CdrError>;

    /// Puts the events that came while a subscription was being made, and what was read at its
    /// end, in the order in which they are to be told.
    fn settle(kind: EventKind, held: Vec<Held<Self>>, current: Self::Current) -> Settled<Self>;
}

/// True if the topic is that of an event in the layouts of IDL 5: servers of IDL 5 and 6 write
/// `idl5_` into it.
fn is_idl_5(topic: &[u8]) -> bool {
    // the kind stands behind the last point
    let kind = topic.rsplit(|&octet| octet == b'.').next();
    kind.is_some_and(|kind| kind.starts_with(b"idl5_"))
}

impl EventContent for AttributeReading {
    type Current = Self;

    fn decode(data: &mut Reader<'_>, topic: &[u8]) -> Result<Result<Self, DevFailed>, CdrError> {
        // alarm events came with IDL 6, and their topic tells no version
        let version = if is_idl_5(topic) || topic.ends_with(b".alarm") {
            AttributeVersion::Five
        } else {
            AttributeVersion::Four
        };
        Ok(AttributeValue::read(data, version)?.outcome)
    }

    /// A change event not later than the value that was read, by the server's clock, which stamped
    /// both, led to it. What else a device pushes need have nothing to do with what is read.
    fn settle(kind: EventKind, held: Vec<Held<Self>>, current: Self) -> Settled<Self> {
        if kind != EventKind::Change {
            return Settled::before_all(held, current);
        }
        let led_to_it = |event: &Self| event.time <= current.time;
        let count = Held::last_for_which(&held, led_to_it);
        Settled::among(held, count, current, |event, current| {
            event.value == current.value
        })
    }
}

impl EventContent for AttributeConfig {
    type Current = Self;

    fn decode(data: &mut Reader<'_>, topic: &[u8]) -> Result<Result<Self, DevFailed>, CdrError> {
        let config = if is_idl_5(topic) {
            Self::read(data)?
        } else {
            Self::read_3(data)?
        };
        Ok(Ok(config))
    }

    /// Configurations have no time, but what was read is the one that the last event before it
    /// brought.
    fn settle(_: EventKind, held: Vec<Held<Self>>, current: Self) -> Settled<Self> {
        let count = Held::last_for_which(&held, |event| *event == current);
        Settled::among(held, count, current, PartialEq::eq)
    }
}

impl EventContent for InterfaceChange {
    type Current = Self;

    fn decode(data: &mut Reader<'_>, _: &[u8]) -> Result<Result<Self, DevFailed>, CdrError> {
        Ok(Ok(Self::read(data)?))
    }

    fn settle(_: EventKind, held: Vec<Held<Self>>, current: Self) -> Settled<Self> {
        let same = |event: &Self, current: &Self| {
            event.commands == current.commands && event.attributes == current.attributes
        };
        let count = Held::last_for_which(&held, |event| same(event, &current));
        Settled::among(held, count, current, same)
    }
}

impl EventContent for DataReady {
    /// That there are data can't be read.
    type Current = ();

    fn decode(data: &mut Reader<'_>, _: &[u8]) -> Result<Result<Self, DevFailed>, CdrError> {
        Ok(Ok(Self::read(data)?))
    }

    fn settle(_: EventKind, held: Vec<Held<Self>>, (): ()) -> Settled<Self> {
        Settled::before_all(held, ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cdr::{ByteOrder, Writer};
    use crate::types::DataType;

    fn config() -> AttributeConfig {
        let mut config = AttributeConfig::new("power", DataType::Double);
        config.unit = "W".to_owned();
        config
    }

    #[test]
    fn a_configuration_of_idl_4_is_told_by_its_topic() {
        let mut writer = Writer::new(ByteOrder::Little);
        config().write_3(&mut writer);
        let octets = writer.finish().unwrap();
        let decode = |topic: &[u8]| {
            AttributeConfig::decode(&mut Reader::new(&octets, ByteOrder::Little), topic)
        };
        let read = decode(b"tango://idl5_host:1/a/b/c/power.attr_conf");
        assert_eq!(read.unwrap().unwrap().unit, "W");
        let misread = decode(b"tango://h:1/a/b/c/power#dbase=no.idl5_attr_conf");
        assert!(misread.is_err(), "{misread:?}");
    }

    #[test]
    fn an_interface_is_the_same_whether_the_device_has_started_or_not() {
        let interface = |device_started, attributes| InterfaceChange {
            device_started,
            commands: Vec::new(),
            attributes,
        };
        let held = vec![Held {
            counter: 1,
            content: Ok(interface(true, vec![config()])),
        }];
        let current = interface(false, vec![config()]);
        let settled = InterfaceChange::settle(EventKind::InterfaceChange, held, current);
        assert!(settled.first.device_started);
        assert!(settled.then.is_empty());
    }
}
