//! How events travel: topic, byte order, call information and content, each a ZeroMQ frame.

use thiserror::Error;

use crate::cdr::{ByteOrder, CdrError, Reader, Writer};
use crate::types::{AttributeReading, AttributeValue, AttributeVersion, DevFailed};
use crate::zmtp::Message;

/// An event of an attribute.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangeEvent {
    /// Counts the events of the topic, if the server cares to.
    pub counter: u32,
    /// The new value, or the error that stands for it.
    pub outcome: Result<AttributeReading, DevFailed>,
}

/// A message that is no event of an attribute.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EventError {
    /// Not topic, byte order, call information and content.
    #[error("an event has four parts, not {0}")]
    Parts(usize),
    /// The content does not start as Tango's do.
    #[error("the event's content does not start with c0 de c0 de")]
    Prefix,
    /// A part is malformed.
    #[error("a malformed event")]
    Cdr(#[from] CdrError),
}

const PREFIX: [u8; 4] = [0xc0, 0xde, 0xc0, 0xde];
/// Names the events of devices of IDL 5 and 6 in a topic. Without it the layout is that of IDL 4,
/// but alarm events, which only Tango 10 sends, go without.
const NEW_LAYOUT: &[u8] = b".idl5_";
const ALARM: &[u8] = b".alarm";
const CALL_VERSION: i32 = 1;

/// Reads an event of an attribute: change, periodic, archive, user and alarm events.
///
/// # Errors
/// The message is none.
pub fn read_event(message: &Message) -> Result<ChangeEvent, EventError> {
    let [topic, order, call, content] = message.parts() else {
        return Err(EventError::Parts(message.parts().len()));
    };
    // 9.3 and 10.3 send 1 for little-endian; nobody sends nothing
    let order = ByteOrder::from_flag(order.first().copied().unwrap_or(1));
    let mut call = Reader::new(call, order);
    let _version = call.i32()?;
    let counter = call.u32()?;
    let _method = call.string_octets()?;
    let _object = call.bytes()?;
    let is_exception = call.bool()?;
    if !content.starts_with(&PREFIX) {
        return Err(EventError::Prefix);
    }
    let mut content = Reader::new(content, order);
    content.rebase(PREFIX.len())?;
    let outcome = if is_exception {
        Err(DevFailed::read(&mut content)?)
    } else {
        let is_new = topic
            .windows(NEW_LAYOUT.len())
            .any(|part| part == NEW_LAYOUT)
            || topic.ends_with(ALARM);
        let layout = if is_new {
            AttributeVersion::Five
        } else {
            AttributeVersion::Four
        };
        AttributeValue::read(&mut content, layout)?.outcome
    };
    Ok(ChangeEvent { counter, outcome })
}

/// Writes an event in the layout of IDL 5 and 6.
///
/// # Errors
/// The value can't be sent.
pub fn write_event(topic: &str, event: &ChangeEvent) -> Result<Message, CdrError> {
    let mut content = Writer::with_prefix(ByteOrder::Little, &PREFIX);
    match &event.outcome {
        Ok(reading) => reading.write(&mut content, AttributeVersion::Five),
        Err(failure) => failure.write(&mut content),
    }
    let call = call_information(event.counter, event.outcome.is_err())?;
    let order = vec![ByteOrder::Little.flag()];
    Ok(Message::new(vec![
        topic.as_bytes().to_vec(),
        order,
        call,
        content.finish()?,
    ]))
}

/// Writes a heartbeat: an event without content.
///
/// # Errors
/// None in practice.
pub fn write_heartbeat(topic: &str, counter: u32) -> Result<Message, CdrError> {
    let call = call_information(counter, false)?;
    let order = vec![ByteOrder::Little.flag()];
    Ok(Message::new(vec![topic.as_bytes().to_vec(), order, call]))
}

fn call_information(counter: u32, is_exception: bool) -> Result<Vec<u8>, CdrError> {
    let mut call = Writer::new(ByteOrder::Little);
    call.i32(CALL_VERSION);
    call.u32(counter);
    call.string("");
    call.bytes(&[]);
    call.bool(is_exception);
    call.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{DataType, Value};
    use proptest::prelude::*;
    use std::time::{Duration, UNIX_EPOCH};

    const TOPIC: &str = "tango://h:11000/low/sub/1/obsstate#dbase=no.idl5_change";

    fn event(value: Value) -> ChangeEvent {
        let time = UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        ChangeEvent {
            counter: 7,
            outcome: Ok(AttributeReading::new("obsState", value, time)),
        }
    }

    #[test]
    fn events_and_errors_come_back() {
        let failure = DevFailed::new("API_X", "no value", "here");
        for event in [
            event(Value::Short(3)),
            event(Value::Doubles(vec![1.5, 2.5])),
            event(Value::Strings(vec!["a".to_owned()])),
            ChangeEvent {
                counter: 8,
                outcome: Err(failure),
            },
        ] {
            let message = write_event(TOPIC, &event).unwrap();
            assert_eq!(message.part(2).unwrap().len(), 21);
            assert_eq!(read_event(&message), Ok(event));
        }
    }

    #[test]
    fn a_captured_event_is_read() {
        let call = b"\x01\0\0\0\x02\0\0\0\x01\0\0\0\x00\0\0\0\0\0\0\0\0".to_vec();
        let content = b"\xc0\xde\xc0\xde\x01\0\0\0\x01\0\0\0\x01\0\xdb\x17\0\0\0\0\0\0\0\0\
            \x1d\0\0\0\x8e\xac\0\x6b\x0d\x42\0\0\xde\x02\0\0\x09\0\0\0obsState\0\x06\0\0\
            \x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
        let parts = vec![TOPIC.as_bytes().to_vec(), vec![1], call, content.to_vec()];
        let event = read_event(&Message::new(parts)).unwrap();
        assert_eq!(event.counter, 2);
        let reading = event.outcome.unwrap();
        assert_eq!(
            (reading.value, reading.data_type),
            (Value::Short(1), DataType::Enum)
        );
    }

    #[test]
    fn a_heartbeat_is_no_event() {
        let heartbeat = write_heartbeat("tango://h/dserver/a/b.heartbeat", 0).unwrap();
        assert_eq!(read_event(&heartbeat), Err(EventError::Parts(3)));
    }

    proptest! {
        #[test]
        fn any_parts_are_read_without_panic(parts: Vec<Vec<u8>>, content: Vec<u8>) {
            let _ = read_event(&Message::new(parts));
            let mut parts = write_event(TOPIC, &event(Value::Short(3))).unwrap().into_parts();
            parts[3] = [&PREFIX[..], &content].concat();
            let _ = read_event(&Message::new(parts));
        }
    }
}
