use super::{CdrError, text};

/// The order of the octets of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ByteOrder {
    /// Most significant octet first.
    Big,
    /// Least significant octet first: what x86 and ARM peers send.
    Little,
}

impl ByteOrder {
    /// The order that the low bit of a GIOP flag or an encapsulation's first octet announces.
    #[must_use]
    pub fn from_flag(flag: u8) -> ByteOrder {
        if flag & 1 == 1 {
            ByteOrder::Little
        } else {
            ByteOrder::Big
        }
    }

    /// The octet that announces this order.
    #[must_use]
    pub fn flag(self) -> u8 {
        match self {
            ByteOrder::Big => 0,
            ByteOrder::Little => 1,
        }
    }
}

/// Writes CDR.
///
/// Writing never fails at once: the first value that can't be sent (a character outside
/// ISO-8859-1, say) is remembered, and [`Writer::finish`], the only way to the octets, returns it.
/// So nothing malformed can leave, and callers need not check every field.
#[derive(Debug, Clone)]
pub struct Writer {
    octets: Vec<u8>,
    base: usize,
    order: ByteOrder,
    error: Option<CdrError>,
}

macro_rules! number {
    ($($(#[$doc:meta])* $name:ident, $sequence:ident: $type:ty;)*) => { $(
        $(#[$doc])*
        pub fn $name(&mut self, value: $type) {
            self.align(size_of::<$type>());
            match self.order {
                ByteOrder::Little => self.octets.extend_from_slice(&value.to_le_bytes()),
                ByteOrder::Big => self.octets.extend_from_slice(&value.to_be_bytes()),
            }
        }

        #[doc = concat!("Writes a sequence of `", stringify!($type), "`: the count, then the items.")]
        pub fn $sequence(&mut self, values: &[$type]) {
            self.count(values.len());
            if values.is_empty() {
                return;
            }
            self.align(size_of::<$type>());
            self.octets.reserve(size_of_val(values));
            match self.order {
                ByteOrder::Little => {
                    self.octets.extend(values.iter().flat_map(|value| value.to_le_bytes()));
                }
                ByteOrder::Big => {
                    self.octets.extend(values.iter().flat_map(|value| value.to_be_bytes()));
                }
            }
        }
    )* };
}

impl Writer {
    /// An empty stream, aligned from its first octet.
    #[must_use]
    pub fn new(order: ByteOrder) -> Writer {
        Writer {
            octets: Vec::with_capacity(256),
            base: 0,
            order,
            error: None,
        }
    }

    /// A stream behind octets that are not part of it: alignment counts from after the prefix.
    #[must_use]
    pub fn with_prefix(order: ByteOrder, prefix: &[u8]) -> Writer {
        let mut writer = Writer::new(order);
        writer.octets.extend_from_slice(prefix);
        writer.base = prefix.len();
        writer
    }

    /// The byte order of the numbers.
    #[must_use]
    pub fn order(&self) -> ByteOrder {
        self.order
    }

    /// Octets written so far, the prefix included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.octets.len()
    }

    /// True if nothing was written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.octets.is_empty()
    }

    /// The octets.
    ///
    /// # Errors
    /// The first value that could not be written.
    pub fn finish(self) -> Result<Vec<u8>, CdrError> {
        match self.error {
            Some(error) => Err(error),
            None => Ok(self.octets),
        }
    }

    /// Notes that a value can't be sent; the first such note wins and comes out of `finish`.
    pub fn fail(&mut self, error: CdrError) {
        self.error.get_or_insert(error);
    }

    /// Pads with zeros to a multiple of `size` octets (a power of two) from the base.
    pub fn align(&mut self, size: usize) {
        let offset = (self.octets.len() - self.base) % size;
        if offset != 0 {
            self.octets.resize(self.octets.len() + size - offset, 0);
        }
    }

    number! {
        /// Writes an unsigned 16-bit number.
        u16, u16s: u16;
        /// Writes a signed 16-bit number.
        i16, i16s: i16;
        /// Writes an unsigned 32-bit number; also how an enumeration travels.
        u32, u32s: u32;
        /// Writes a signed 32-bit number.
        i32, i32s: i32;
        /// Writes an unsigned 64-bit number.
        u64, u64s: u64;
        /// Writes a signed 64-bit number.
        i64, i64s: i64;
        /// Writes a 32-bit floating point number.
        f32, f32s: f32;
        /// Writes a 64-bit floating point number.
        f64, f64s: f64;
    }

    /// Writes one octet.
    pub fn u8(&mut self, value: u8) {
        self.octets.push(value);
    }

    /// Writes a boolean: one octet, 0 or 1.
    pub fn bool(&mut self, value: bool) {
        self.octets.push(u8::from(value));
    }

    /// Appends octets as they are: no count, no alignment.
    pub fn raw(&mut self, octets: &[u8]) {
        self.octets.extend_from_slice(octets);
    }

    /// Writes the count that starts a sequence.
    pub fn count(&mut self, count: usize) {
        match u32::try_from(count) {
            Ok(count) => self.u32(count),
            Err(_) => self.fail(CdrError::TooLongToSend { length: count }),
        }
    }

    /// Writes a sequence of octets.
    pub fn bytes(&mut self, octets: &[u8]) {
        self.count(octets.len());
        self.raw(octets);
    }

    /// Writes a sequence of booleans.
    pub fn bools(&mut self, values: &[bool]) {
        self.count(values.len());
        self.octets
            .extend(values.iter().map(|&value| u8::from(value)));
    }

    /// Writes a string in ISO-8859-1: the length with the NUL, the octets, the NUL.
    pub fn string(&mut self, value: &str) {
        self.u32(0);
        let start = self.octets.len();
        if let Err(error) = text::encode(value, &mut self.octets) {
            self.fail(error);
        }
        self.octets.push(0);
        self.patch_length(start);
    }

    /// Writes a string in UTF-8, which is what PyTango reads and writes where a text is no value
    /// of a command or attribute: a status, a label, a description (9.5.1 and 10.3.1). There any
    /// character can be sent but NUL.
    pub fn utf8_string(&mut self, value: &str) {
        if value.as_bytes().contains(&0) {
            self.fail(CdrError::NulInString);
        }
        self.count(value.len().saturating_add(1));
        self.octets.extend_from_slice(value.as_bytes());
        self.octets.push(0);
    }

    /// Writes a sequence of strings in UTF-8: see [`Writer::utf8_string`].
    pub fn utf8_strings<S: AsRef<str>>(&mut self, values: &[S]) {
        self.sequence(values, |writer, value| writer.utf8_string(value.as_ref()));
    }

    /// Writes a sequence of strings.
    pub fn strings<S: AsRef<str>>(&mut self, values: &[S]) {
        self.sequence(values, |writer, value| writer.string(value.as_ref()));
    }

    /// Writes a sequence: the count, then each item with `item`.
    pub fn sequence<T>(&mut self, values: &[T], mut item: impl FnMut(&mut Writer, &T)) {
        self.count(values.len());
        for value in values {
            item(self, value);
        }
    }

    /// Writes an encapsulation: its length, its byte order, and a stream aligned from there.
    pub fn encapsulation(&mut self, content: impl FnOnce(&mut Writer)) {
        self.u32(0);
        let start = self.octets.len();
        let outer = std::mem::replace(&mut self.base, start);
        self.octets.push(self.order.flag());
        content(self);
        self.base = outer;
        self.patch_length(start);
    }

    /// Overwrites a 32-bit number at `position`, counted from the first octet of all.
    pub(crate) fn patch_u32(&mut self, position: usize, value: u32) {
        let octets = match self.order {
            ByteOrder::Little => value.to_le_bytes(),
            ByteOrder::Big => value.to_be_bytes(),
        };
        if let Some(place) = self.octets.get_mut(position..position + 4) {
            place.copy_from_slice(&octets);
        }
    }

    /// Drops everything after the first `length` octets.
    pub(crate) fn truncate(&mut self, length: usize) {
        self.octets.truncate(length);
    }

    /// Fills in the length that stands just before `start`.
    fn patch_length(&mut self, start: usize) {
        let length = self.octets.len() - start;
        match u32::try_from(length) {
            Ok(length) => self.patch_u32(start - 4, length),
            Err(_) => self.fail(CdrError::TooLongToSend { length }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cdr::Reader;

    #[test]
    fn texts_in_utf_8_have_any_character_but_nul() {
        let mut writer = Writer::new(ByteOrder::Little);
        writer.utf8_strings(&["5 \u{20ac}", ""]);
        let octets = writer.finish().unwrap();
        assert_eq!(octets[4..14], *b"\x06\0\0\x005 \xe2\x82\xac\0");
        let read = Reader::new(&octets, ByteOrder::Little).strings();
        assert_eq!(read.unwrap(), ["5 \u{20ac}", ""]);
        let mut writer = Writer::new(ByteOrder::Little);
        writer.utf8_string("a\0b");
        assert_eq!(writer.finish(), Err(CdrError::NulInString));
    }
}
