use super::{AttributeConfig, CommandInfo};
use crate::cdr::{CdrError, Reader, Writer};

/// What an interface change event brings: the commands and attributes that a device has now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InterfaceChange {
    /// True if the device has just started; it need not have changed then.
    pub device_started: bool,
    /// All its commands.
    pub commands: Vec<CommandInfo>,
    /// All its attributes.
    pub attributes: Vec<AttributeConfig>,
}

impl InterfaceChange {
    /// The least octets that a command's description takes.
    const COMMAND_SIZE: usize = 28;
    /// The least octets that an attribute's configuration takes.
    const ATTRIBUTE_SIZE: usize = 100;

    /// Reads one (`DevIntrChange` of the interface definition).
    ///
    /// # Errors
    /// The octets are not that.
    pub fn read(reader: &mut Reader<'_>) -> Result<InterfaceChange, CdrError> {
        Ok(InterfaceChange {
            device_started: reader.bool()?,
            commands: reader.sequence(Self::COMMAND_SIZE, CommandInfo::read)?,
            attributes: reader.sequence(Self::ATTRIBUTE_SIZE, AttributeConfig::read)?,
        })
    }

    /// Writes it.
    pub fn write(&self, writer: &mut Writer) {
        writer.bool(self.device_started);
        writer.sequence(&self.commands, |writer, command| command.write(writer));
        writer.sequence(&self.attributes, |writer, config| config.write(writer));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cdr::ByteOrder;
    use crate::types::DataType;

    #[test]
    fn it_comes_back() {
        let change = InterfaceChange {
            device_started: true,
            commands: vec![CommandInfo::new("On", DataType::Void, DataType::Void)],
            attributes: vec![AttributeConfig::new("power", DataType::Double)],
        };
        let mut writer = Writer::new(ByteOrder::Little);
        change.write(&mut writer);
        let octets = writer.finish().unwrap();
        let mut reader = Reader::new(&octets, ByteOrder::Little);
        assert_eq!(InterfaceChange::read(&mut reader), Ok(change));
        assert_eq!(reader.remaining(), 0);
    }
}
