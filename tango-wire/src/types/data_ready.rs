use super::DataType;
use crate::cdr::{CdrError, Reader, Writer};

/// What a data ready event brings: that an attribute can be read, without its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataReady {
    /// The attribute, as the device spells it.
    pub name: String,
    /// The type of its elements.
    pub data_type: DataType,
    /// A number that the device gave along, often a count of its data.
    pub counter: i32,
}

impl DataReady {
    /// Reads one (`AttDataReady` of the interface definition).
    ///
    /// # Errors
    /// The octets are not that.
    pub fn read(reader: &mut Reader<'_>) -> Result<DataReady, CdrError> {
        Ok(DataReady {
            name: reader.string()?,
            data_type: DataType::read(reader)?,
            counter: reader.i32()?,
        })
    }

    /// Writes it.
    pub fn write(&self, writer: &mut Writer) {
        writer.string(&self.name);
        self.data_type.write(writer);
        writer.i32(self.counter);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cdr::ByteOrder;

    #[test]
    fn it_comes_back() {
        let ready = DataReady {
            name: "spectrum".to_owned(),
            data_type: DataType::Double,
            counter: -1,
        };
        let mut writer = Writer::new(ByteOrder::Big);
        ready.write(&mut writer);
        let octets = writer.finish().unwrap();
        let mut reader = Reader::new(&octets, ByteOrder::Big);
        assert_eq!(DataReady::read(&mut reader), Ok(ready));
        assert_eq!(reader.remaining(), 0);
    }
}
