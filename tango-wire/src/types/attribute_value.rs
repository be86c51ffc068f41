use std::time::{SystemTime, UNIX_EPOCH};

use super::attribute_data::AttributeData;
use super::{AttributeFormat, DataType, DevFailed, Quality, Value, time};
use crate::cdr::{CdrError, Reader, Writer};

/// Which of the layouts an attribute value travels in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AttributeVersion {
    /// `AttributeValue_4`: of devices of IDL 4, and of write requests. It does not tell the type.
    Four,
    /// `AttributeValue_5`: of devices of IDL 5 and 6, and of their events.
    Five,
}

/// An attribute's value, as read or as a change event brought it.
#[derive(Debug, Clone, PartialEq)]
pub struct AttributeReading {
    /// The attribute's name, as the device spells it.
    pub name: String,
    /// The value that was read; an image's rows stand one after the other. Void if the quality
    /// is invalid.
    pub value: Value,
    /// The value that was last written, of writable attributes. It is not sent without a value.
    pub set_point: Option<Value>,
    /// How far the value can be trusted.
    pub quality: Quality,
    /// When the server says the value was so.
    pub time: SystemTime,
    /// The shape of the attribute.
    pub format: AttributeFormat,
    /// The type of its elements.
    pub data_type: DataType,
    /// Columns and rows: (1, 0) for a scalar, (n, 0) for a spectrum.
    pub dimension: (u32, u32),
    /// Columns and rows of the set point, which may have another shape than the value; (0, 0)
    /// without one.
    pub set_point_dimension: (u32, u32),
}

impl AttributeReading {
    /// A valid reading of a scalar or spectrum, its shape taken from the value.
    #[must_use]
    pub fn new(name: impl Into<String>, value: Value, time: SystemTime) -> AttributeReading {
        let (format, columns) = match value.item_count() {
            Some(count) => (
                AttributeFormat::Spectrum,
                u32::try_from(count).unwrap_or(u32::MAX),
            ),
            None => (AttributeFormat::Scalar, u32::from(value != Value::Void)),
        };
        AttributeReading {
            name: name.into(),
            data_type: value.element_type(),
            value,
            set_point: None,
            quality: Quality::Valid,
            time,
            format,
            dimension: (columns, 0),
            set_point_dimension: (0, 0),
        }
    }

    /// With the value that was last written; an image's has rows of `columns` items.
    #[must_use]
    pub fn with_set_point(mut self, set_point: Value, columns: Option<u32>) -> AttributeReading {
        self.set_point_dimension = match (set_point.item_count(), &set_point) {
            (None, Value::Void) => (0, 0),
            (count, _) => {
                let count = u32::try_from(count.unwrap_or(1)).unwrap_or(u32::MAX);
                match (self.format, columns) {
                    (AttributeFormat::Image, Some(columns)) if columns > 0 => {
                        (columns, count.div_ceil(columns))
                    }
                    (AttributeFormat::Image, _) => (count, u32::from(count > 0)),
                    _ => (count, 0),
                }
            }
        };
        self.set_point = Some(set_point);
        self
    }
}

/// What a device answers for one attribute: its name and a reading, or why there is none.
#[derive(Debug, Clone, PartialEq)]
pub struct AttributeValue {
    /// The attribute's name.
    pub name: String,
    /// The reading, or the device's error stack.
    pub outcome: Result<AttributeReading, DevFailed>,
}

impl AttributeValue {
    /// Reads one.
    ///
    /// # Errors
    /// The octets are not an attribute value.
    pub fn read(
        reader: &mut Reader<'_>,
        version: AttributeVersion,
    ) -> Result<AttributeValue, CdrError> {
        let data = AttributeData::read(reader)?;
        let quality = Quality::read(reader)?;
        let format = AttributeFormat::read(reader)?;
        let told_type = match version {
            AttributeVersion::Four => None,
            AttributeVersion::Five => Some(DataType::read(reader)?),
        };
        let time = time::read(reader)?;
        let name = reader.string()?;
        let dimension = dimension(reader)?;
        let set_point_dimension = self::dimension(reader)?;
        let failure = DevFailed::read(reader)?;
        if !failure.0.is_empty() {
            return Ok(AttributeValue {
                name,
                outcome: Err(failure),
            });
        }
        let (columns, rows) = dimension;
        let count = u64::from(columns) * u64::from(rows.max(1));
        let scalar = format == AttributeFormat::Scalar;
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let (value, set_point) = data.split(count, scalar)?;
        let set_point_dimension = set_point.as_ref().map_or((0, 0), |_| set_point_dimension);
        let reading = AttributeReading {
            data_type: told_type.unwrap_or_else(|| value.element_type()),
            name: name.clone(),
            value,
            set_point,
            quality,
            time,
            format,
            dimension,
            set_point_dimension,
        };
        Ok(AttributeValue {
            name,
            outcome: Ok(reading),
        })
    }

    /// Writes it.
    pub fn write(&self, writer: &mut Writer, version: AttributeVersion) {
        match &self.outcome {
            Ok(reading) => reading.write(writer, version),
            Err(failure) => {
                AttributeData::Nothing.write(writer);
                Quality::Invalid.write(writer);
                AttributeFormat::Unknown.write(writer);
                if version == AttributeVersion::Five {
                    DataType::Void.write(writer);
                }
                time::write(UNIX_EPOCH, writer);
                writer.string(&self.name);
                [0; 4].iter().for_each(|&zero| writer.i32(zero));
                failure.write(writer);
            }
        }
    }
}

impl AttributeReading {
    /// Writes the reading. One without a value is sent without a set point, too, as it could not be
    /// told from one: cppTango's clients take the first item of a scalar for its value, whatever
    /// the dimensions say. (An empty spectrum has a value, and keeps its set point.)
    pub fn write(&self, writer: &mut Writer, version: AttributeVersion) {
        match AttributeData::join(self.value.clone(), self.set_point.clone()) {
            Ok(data) => data.write(writer),
            Err(error) => writer.fail(error),
        }
        self.quality.write(writer);
        self.format.write(writer);
        if version == AttributeVersion::Five {
            self.data_type.write(writer);
        }
        time::write(self.time, writer);
        writer.string(&self.name);
        let dimensions = match self.value {
            Value::Void => [(0, 0); 2],
            _ => [self.dimension, self.set_point_dimension],
        };
        for (columns, rows) in dimensions {
            writer.u32(columns);
            writer.u32(rows);
        }
        DevFailed(Vec::new()).write(writer);
    }
}

/// Reads a pair of dimensions; negative ones (seen in failed readings) count as none.
pub(super) fn dimension(reader: &mut Reader<'_>) -> Result<(u32, u32), CdrError> {
    let (columns, rows) = (reader.i32()?, reader.i32()?);
    Ok((
        u32::try_from(columns).unwrap_or(0),
        u32::try_from(rows).unwrap_or(0),
    ))
}

#[cfg(test)]
mod tests;
