//! Tango's time: seconds, microseconds and nanoseconds since 1970, each a `long`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::cdr::{CdrError, Reader, Writer};

/// Reads a time. The time of a failed reading is garbage, so anything is accepted.
pub(super) fn read(reader: &mut Reader<'_>) -> Result<SystemTime, CdrError> {
    let (seconds, micros, nanos) = (reader.i32()?, reader.i32()?, reader.i32()?);
    let part = |number: i32| u64::try_from(number).unwrap_or(0);
    let fraction = Duration::from_micros(part(micros)) + Duration::from_nanos(part(nanos));
    let whole = Duration::from_secs(u64::from(seconds.unsigned_abs()));
    let whole = match seconds {
        0.. => UNIX_EPOCH.checked_add(whole),
        _ => UNIX_EPOCH.checked_sub(whole),
    };
    Ok(whole
        .and_then(|time| time.checked_add(fraction))
        .unwrap_or(UNIX_EPOCH))
}

/// Writes a time; what is before 1970 becomes 1970, what is after 2038 the last second of then.
pub(super) fn write(time: SystemTime, writer: &mut Writer) {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let micros = since.subsec_micros();
    writer.i32(i32::try_from(since.as_secs()).unwrap_or(i32::MAX));
    writer.i32(micros.cast_signed());
    writer.i32((since.subsec_nanos() - micros * 1000).cast_signed());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cdr::ByteOrder;
    use proptest::prelude::*;

    fn read_numbers(numbers: [i32; 3]) -> SystemTime {
        let mut writer = Writer::new(ByteOrder::Little);
        numbers.iter().for_each(|&number| writer.i32(number));
        read(&mut Reader::new(
            &writer.finish().unwrap(),
            ByteOrder::Little,
        ))
        .unwrap()
    }

    #[test]
    fn times_are_seconds_micros_and_nanos() {
        let expected = UNIX_EPOCH + Duration::new(1_795_206_286, 3_346_734);
        assert_eq!(read_numbers([1_795_206_286, 3_346, 734]), expected);
        let mut writer = Writer::new(ByteOrder::Little);
        write(expected, &mut writer);
        let octets = writer.finish().unwrap();
        assert_eq!(
            read(&mut Reader::new(&octets, ByteOrder::Little)),
            Ok(expected)
        );
    }

    proptest! {
        #[test]
        fn garbage_is_some_time(seconds: i32, micros: i32, nanos: i32) {
            read_numbers([seconds, micros, nanos]);
        }
    }
}
