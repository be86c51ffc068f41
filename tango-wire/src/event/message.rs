//! Event messages: topic, byte order, call information, data.

use crate::{
    cdr::{ByteOrder, CdrError, Reader},
    types::DevFailed,
    zmtp::Message,
};

use super::{content::EventContent, settling::Held};

/// What stands before the data; not aligned with it (`c0 de c0 de` in all servers seen).
const DATA_PREFIX: usize = 4;

/// The server's count in an event of which no more may be understood.
pub(super) fn counter(message: &Message) -> Option<u32> {
    let order = ByteOrder::from_flag(message.part(1)?.first().copied()?);
    let mut call = Reader::new(message.part(2)?, order);
    call.i32().ok()?;
    call.u32().ok()
}

/// Decodes an event.
pub(super) fn decode<T: EventContent>(message: &Message) -> Result<Held<T>, CdrError> {
    let part = |index| message.part(index).unwrap_or_default();
    let order = ByteOrder::from_flag(part(1).first().copied().unwrap_or(1));

    let mut call = Reader::new(part(2), order);
    let _version = call.i32()?;
    let counter = call.u32()?;
    let _method = call.string_octets()?;
    let _object = call.bytes()?;
    let is_error = call.bool()?;

    let data = part(3).get(DATA_PREFIX..).unwrap_or_default();
    let mut data = Reader::new(data, order);
    let content = if is_error {
        Err(DevFailed::read(&mut data)?)
    } else {
        T::decode(&mut data, message.topic())?
    };
    Ok(Held { counter, content })
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;
    use crate::cdr::Writer;
    use crate::types::{AttributeReading, AttributeVersion, DataType, Value};

    fn decoded(message: &Message) -> Result<Held<AttributeReading>, CdrError> {
        decode(message)
    }

    fn octets(hex: &str) -> Vec<u8> {
        let digits: Vec<u32> = hex.chars().filter_map(|digit| digit.to_digit(16)).collect();
        digits
            .chunks(2)
            .map(|pair| (pair[0] * 16 + pair[1]) as u8)
            .collect()
    }

    /// obsState = 1, pushed by PyTango 10.3.1; the padding holds garbage.
    const OBS_STATE: &str = "c0dec0de 01000000 01000000 0100 db17 00000000 00000000 1d000000 \
        8eac006b 0d420000 de020000 09000000 6f6273537461746500 060000 01000000 00000000 \
        00000000 00000000 00000000";
    const CALL: &str = "01000000 07000000 01000000 00 000000 00000000 00";

    fn message(call: &str, data: &str) -> Message {
        Message::new(vec![
            b"a/b/c/obsstate.idl5_change".to_vec(),
            vec![1],
            octets(call),
            octets(data),
        ])
    }

    #[test]
    fn a_captured_event_is_read() {
        let event = decoded(&message(CALL, OBS_STATE)).unwrap();
        let reading = event.content.unwrap();
        assert_eq!(event.counter, 7);
        assert_eq!(reading.name, "obsState");
        assert_eq!(reading.value, Value::Short(1));
        assert_eq!(reading.data_type, DataType::Enum);
    }

    #[test]
    fn an_event_of_idl_4_has_no_type_and_a_topic_that_says_so() {
        let mut data = Writer::new(ByteOrder::Little);
        let reading = AttributeReading::new("obsState", Value::Short(4), SystemTime::now());
        reading.write(&mut data, AttributeVersion::Four);
        let data = [&[0xc0, 0xde, 0xc0, 0xde], &data.finish().unwrap()[..]].concat();
        let decode = |topic: &[u8]| {
            let parts = vec![topic.to_vec(), vec![1], octets(CALL), data.clone()];
            decoded(&Message::new(parts))
        };
        let event = decode(b"tango://h:1/a/b/c/obsstate.change").unwrap();
        let read = event.content.unwrap();
        assert_eq!((read.name, read.value), (reading.name, reading.value));
        let misread = decode(b"tango://h:1/a/b/c/obsstate.idl5_change");
        assert!(misread.is_err() || misread.unwrap().content.unwrap().name != "obsState");
    }

    #[test]
    fn a_cut_event_is_an_error_and_nothing_worse() {
        let whole = octets(OBS_STATE);
        for length in 0..whole.len() - 4 {
            let parts = vec![
                b"t.idl5_change".to_vec(),
                vec![1],
                octets(CALL),
                whole[..length].to_vec(),
            ];
            assert!(decoded(&Message::new(parts)).is_err(), "{length} octets");
        }
        assert!(decoded(&Message::new(vec![])).is_err());
    }
}
