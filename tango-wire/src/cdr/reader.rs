use super::{ByteOrder, CdrError, text};

/// Reads CDR in either byte order. Never panics, and takes memory for what came, not for what was
/// announced: at most six octets for each, of the shortest strings.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    octets: &'a [u8],
    position: usize,
    base: usize,
    order: ByteOrder,
}

macro_rules! number {
    ($($(#[$doc:meta])* $name:ident, $sequence:ident: $type:ty;)*) => { $(
        $(#[$doc])*
        ///
        /// # Errors
        /// The stream ends first.
        pub fn $name(&mut self) -> Result<$type, CdrError> {
            self.align(size_of::<$type>());
            let octets = self.array()?;
            Ok(match self.order {
                ByteOrder::Little => <$type>::from_le_bytes(octets),
                ByteOrder::Big => <$type>::from_be_bytes(octets),
            })
        }

        #[doc = concat!("Reads a sequence of `", stringify!($type), "`.")]
        ///
        /// # Errors
        /// The count is more than the stream can hold.
        pub fn $sequence(&mut self) -> Result<Vec<$type>, CdrError> {
            const SIZE: usize = size_of::<$type>();
            let count = self.count(SIZE)?;
            if count == 0 {
                return Ok(Vec::new());
            }
            self.align(SIZE);
            let (items, _) = self.take(count * SIZE)?.as_chunks::<SIZE>();
            Ok(match self.order {
                ByteOrder::Little => items.iter().map(|&item| <$type>::from_le_bytes(item)).collect(),
                ByteOrder::Big => items.iter().map(|&item| <$type>::from_be_bytes(item)).collect(),
            })
        }
    )* };
}

impl<'a> Reader<'a> {
    /// Reads `octets`, aligned from the first of them.
    #[must_use]
    pub fn new(octets: &'a [u8], order: ByteOrder) -> Reader<'a> {
        Reader {
            octets,
            position: 0,
            base: 0,
            order,
        }
    }

    /// Skips `octets` and takes what follows as the base of alignment.
    ///
    /// # Errors
    /// The stream ends first.
    pub fn rebase(&mut self, octets: usize) -> Result<(), CdrError> {
        self.take(octets)?;
        self.base = self.position;
        Ok(())
    }

    /// The byte order of the numbers.
    #[must_use]
    pub fn order(&self) -> ByteOrder {
        self.order
    }

    /// Octets read so far.
    #[must_use]
    pub fn position(&self) -> usize {
        self.position
    }

    /// Octets left.
    #[must_use]
    pub fn remaining(&self) -> usize {
        self.octets.len().saturating_sub(self.position)
    }

    /// Skips padding up to a multiple of `size` octets (a power of two) from the base.
    ///
    /// Padding is not looked at: omniORB leaves whatever was in memory there.
    pub fn align(&mut self, size: usize) {
        let offset = (self.position - self.base) % size;
        if offset != 0 {
            self.position += size - offset;
        }
    }

    /// Takes the next `count` octets as they are.
    ///
    /// # Errors
    /// The stream ends first.
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], CdrError> {
        let octets = self.position.checked_add(count).and_then(|end| {
            let octets = self.octets.get(self.position..end)?;
            self.position = end;
            Some(octets)
        });
        octets.ok_or(CdrError::UnexpectedEnd {
            needed: count,
            remaining: self.remaining(),
        })
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], CdrError> {
        let remaining = self.remaining();
        let octets = self.take(N)?.first_chunk::<N>().copied();
        octets.ok_or(CdrError::UnexpectedEnd {
            needed: N,
            remaining,
        })
    }

    number! {
        /// Reads an unsigned 16-bit number.
        u16, u16s: u16;
        /// Reads a signed 16-bit number.
        i16, i16s: i16;
        /// Reads an unsigned 32-bit number; also how an enumeration travels.
        u32, u32s: u32;
        /// Reads a signed 32-bit number.
        i32, i32s: i32;
        /// Reads an unsigned 64-bit number.
        u64, u64s: u64;
        /// Reads a signed 64-bit number.
        i64, i64s: i64;
        /// Reads a 32-bit floating point number.
        f32, f32s: f32;
        /// Reads a 64-bit floating point number.
        f64, f64s: f64;
    }

    /// Reads one octet.
    ///
    /// # Errors
    /// The stream ends first.
    pub fn u8(&mut self) -> Result<u8, CdrError> {
        Ok(self.array::<1>()?[0])
    }

    /// Reads a boolean; any octet but 0 is true.
    ///
    /// # Errors
    /// The stream ends first.
    pub fn bool(&mut self) -> Result<bool, CdrError> {
        Ok(self.u8()? != 0)
    }

    /// Reads the count that starts a sequence and checks that as many items of at least
    /// `item_size` octets can follow.
    ///
    /// # Errors
    /// They can't.
    pub fn count(&mut self, item_size: usize) -> Result<usize, CdrError> {
        let count = self.u32()? as usize;
        let remaining = self.remaining();
        match count.checked_mul(item_size) {
            Some(needed) if needed <= remaining => Ok(count),
            _ => Err(CdrError::SequenceTooLong { count, remaining }),
        }
    }

    /// Reads a sequence of octets without copying them.
    ///
    /// # Errors
    /// The count is more than the stream holds.
    pub fn bytes(&mut self) -> Result<&'a [u8], CdrError> {
        let count = self.count(1)?;
        self.take(count)
    }

    /// Reads a sequence of booleans.
    ///
    /// # Errors
    /// The count is more than the stream holds.
    pub fn bools(&mut self) -> Result<Vec<bool>, CdrError> {
        Ok(self.bytes()?.iter().map(|&octet| octet != 0).collect())
    }

    /// Reads the octets of a string, without its NUL and as they are.
    ///
    /// # Errors
    /// The length is more than the stream holds, or the last octet is not NUL.
    pub fn string_octets(&mut self) -> Result<&'a [u8], CdrError> {
        match self.bytes()? {
            [] => Ok(&[]), // not CORBA, but some writers send a length of 0 for ""
            [text @ .., 0] => Ok(text),
            _ => Err(CdrError::MissingTerminator),
        }
    }

    /// Reads a string: UTF-8 if it is that, else ISO-8859-1.
    ///
    /// # Errors
    /// The length is more than the stream holds, or the last octet is not NUL.
    pub fn string(&mut self) -> Result<String, CdrError> {
        Ok(text::decode(self.string_octets()?))
    }

    /// Reads a sequence of strings.
    ///
    /// # Errors
    /// As [`Reader::string`] and [`Reader::sequence`].
    pub fn strings(&mut self) -> Result<Vec<String>, CdrError> {
        self.sequence(4, Reader::string)
    }

    /// Reads a sequence whose items take at least `item_size` octets each, each with `item`.
    ///
    /// # Errors
    /// The count is more than the stream can hold, or an item is malformed.
    pub fn sequence<T>(
        &mut self,
        item_size: usize,
        mut item: impl FnMut(&mut Reader<'a>) -> Result<T, CdrError>,
    ) -> Result<Vec<T>, CdrError> {
        let count = self.count(item_size)?;
        // What is reserved ahead is no more than the octets that did arrive.
        let ahead = self.remaining() / size_of::<T>().max(1);
        let mut items = Vec::with_capacity(count.min(ahead));
        for read in 0..count {
            if read == items.capacity() {
                // By doubling, but not past the count: what is never filled would be kept, too.
                items.reserve_exact((count - read).min(read.max(4)));
            }
            items.push(item(self)?);
        }
        Ok(items)
    }

    /// Enters an encapsulation: a stream with a byte order and an alignment of its own.
    ///
    /// # Errors
    /// It is longer than the stream, or empty.
    pub fn encapsulation(&mut self) -> Result<Reader<'a>, CdrError> {
        let octets = self.bytes()?;
        let mut content = Reader::new(octets, self.order);
        content.order = ByteOrder::from_flag(content.u8()?);
        Ok(content)
    }
}

#[cfg(test)]
mod tests;
