use std::time::UNIX_EPOCH;

use super::attribute_data::AttributeData;
use super::attribute_value::dimension;
use super::{AttributeFormat, DevFailed, Quality, Value, time};
use crate::cdr::{CdrError, Reader, Writer};

/// A value to be written to an attribute.
#[derive(Debug, Clone, PartialEq)]
pub struct AttributeWrite {
    /// The attribute's name.
    pub name: String,
    /// The value. Read from a request it is always an array (or `State`, `Encoded`): the request
    /// does not tell a scalar from a spectrum of one. [`Value::into_scalar`] helps.
    pub value: Value,
    /// Columns and rows: (1, 0) for a scalar, (n, 0) for a spectrum.
    pub dimension: (u32, u32),
}

impl AttributeWrite {
    /// A scalar or a spectrum, by the value.
    #[must_use]
    pub fn new(name: impl Into<String>, value: Value) -> AttributeWrite {
        let columns = value.item_count().unwrap_or(1);
        let dimension = (u32::try_from(columns).unwrap_or(u32::MAX), 0);
        AttributeWrite {
            name: name.into(),
            value,
            dimension,
        }
    }

    /// An image: the value's items are rows of `columns` items, one after the other.
    #[must_use]
    pub fn with_columns(mut self, columns: u32) -> AttributeWrite {
        let items = self
            .value
            .item_count()
            .and_then(|count| u32::try_from(count).ok());
        let rows = items.unwrap_or(0).checked_div(columns).unwrap_or(0);
        self.dimension = (columns, rows);
        self
    }

    /// Reads one, as it stands in a `write_attributes_4` request.
    ///
    /// # Errors
    /// The octets are not that.
    pub fn read(reader: &mut Reader<'_>) -> Result<AttributeWrite, CdrError> {
        let data = AttributeData::read(reader)?;
        Quality::read(reader)?;
        AttributeFormat::read(reader)?;
        time::read(reader)?;
        let name = reader.string()?;
        let _read_dimension = dimension(reader)?;
        let dimension = dimension(reader)?;
        DevFailed::read(reader)?;
        let (value, _) = data.split(usize::MAX, false)?;
        Ok(AttributeWrite {
            name,
            value,
            dimension,
        })
    }

    /// Writes it, as it stands in a `write_attributes_4` request.
    pub fn write(&self, writer: &mut Writer) {
        match AttributeData::join(self.value.clone(), None) {
            Ok(data) => data.write(writer),
            Err(error) => writer.fail(error),
        }
        Quality::Valid.write(writer);
        AttributeFormat::Unknown.write(writer);
        time::write(UNIX_EPOCH, writer);
        writer.string(&self.name);
        writer.u32(0);
        writer.u32(0);
        writer.u32(self.dimension.0);
        writer.u32(self.dimension.1);
        DevFailed(Vec::new()).write(writer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cdr::ByteOrder;

    fn round_trip(write: &AttributeWrite) -> AttributeWrite {
        let mut writer = Writer::new(ByteOrder::Little);
        write.write(&mut writer);
        let octets = writer.finish().unwrap();
        AttributeWrite::read(&mut Reader::new(&octets, ByteOrder::Little)).unwrap()
    }

    #[test]
    fn a_scalar_arrives_as_an_array_of_one() {
        let read = round_trip(&AttributeWrite::new("power", Value::Double(2.5)));
        assert_eq!(
            read,
            AttributeWrite::new("power", Value::Doubles(vec![2.5]))
        );
    }

    #[test]
    fn an_image_keeps_its_columns_and_rows() {
        let image = AttributeWrite::new("map", Value::UShorts((0..6).collect())).with_columns(3);
        assert_eq!(image.dimension, (3, 2));
        assert_eq!(round_trip(&image), image);
    }

    #[test]
    fn a_pair_of_arrays_is_no_attribute_value() {
        let mut writer = Writer::new(ByteOrder::Little);
        AttributeWrite::new("x", Value::LongStrings(vec![], vec![])).write(&mut writer);
        assert!(matches!(writer.finish(), Err(CdrError::Unsupported { .. })));
    }
}
