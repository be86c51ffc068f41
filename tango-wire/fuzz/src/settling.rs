//! What was written is read back as it was.

use tango_wire::cdr::{ByteOrder, CdrError, Reader, Writer};

/// Reads a value from `octets`, writes it, and reads it again until nothing changes any more.
///
/// Octets from outside may say one thing in several ways, as UTF-8 or with dimensions that do not
/// fit, so the first writing may say it in another; each further one must come closer to itself.
///
/// # Panics
/// What was written cannot be read, or never settles.
pub fn settles<T>(
    octets: &[u8],
    order: ByteOrder,
    read: impl Fn(&mut Reader<'_>) -> Result<T, CdrError>,
    write: impl Fn(&mut Writer, &T),
) {
    let written = |value: &T| {
        let mut writer = Writer::new(order);
        write(&mut writer, value);
        // characters that came as UTF-8 can't always be sent in Latin-1
        writer.finish().ok()
    };
    let Ok(value) = read(&mut Reader::new(octets, order)) else {
        return;
    };
    let Some(mut last) = written(&value) else {
        return;
    };
    for _ in 0..16 {
        let mut reader = Reader::new(&last, order);
        let value = read(&mut reader);
        let value = value.unwrap_or_else(|error| panic!("what we wrote can't be read: {error}"));
        assert_eq!(reader.remaining(), 0, "we wrote more than we read");
        match written(&value) {
            Some(next) if next == last => return,
            Some(next) => last = next,
            None => return,
        }
    }
    panic!("it never settles");
}
