use super::{DataType, DisplayLevel};
use crate::cdr::{CdrError, Reader, Writer};

/// What a device says about one of its commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandInfo {
    /// The name.
    pub name: String,
    /// The type of the argument.
    pub input: DataType,
    /// The type of the reply.
    pub output: DataType,
    /// The argument in words.
    pub input_description: String,
    /// The reply in words.
    pub output_description: String,
    /// Who it is shown to.
    pub level: DisplayLevel,
}

impl CommandInfo {
    /// A command for operators, without descriptions.
    #[must_use]
    pub fn new(name: impl Into<String>, input: DataType, output: DataType) -> CommandInfo {
        CommandInfo {
            name: name.into(),
            input,
            output,
            input_description: "Uninitialised".to_owned(),
            output_description: "Uninitialised".to_owned(),
            level: DisplayLevel::Operator,
        }
    }

    /// Reads one, as `command_query_2` and `command_list_query_2` answer.
    ///
    /// # Errors
    /// The octets are not that.
    pub fn read(reader: &mut Reader<'_>) -> Result<CommandInfo, CdrError> {
        let name = reader.string()?;
        let level = DisplayLevel::read(reader)?;
        let _tag = reader.i32()?;
        Ok(CommandInfo {
            name,
            level,
            input: DataType::read(reader)?,
            output: DataType::read(reader)?,
            input_description: reader.string()?,
            output_description: reader.string()?,
        })
    }

    /// Writes it, as `command_query_2` and `command_list_query_2` answer.
    pub fn write(&self, writer: &mut Writer) {
        writer.utf8_string(&self.name);
        self.level.write(writer);
        self.write_rest(writer);
    }

    /// Writes it without the level, as the older `command_query` answers.
    pub fn write_old(&self, writer: &mut Writer) {
        writer.utf8_string(&self.name);
        self.write_rest(writer);
    }

    fn write_rest(&self, writer: &mut Writer) {
        writer.i32(0);
        self.input.write(writer);
        self.output.write(writer);
        writer.utf8_string(&self.input_description);
        writer.utf8_string(&self.output_description);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cdr::ByteOrder;

    #[test]
    fn a_command_comes_back() {
        let mut command = CommandInfo::new(
            "AssignResources",
            DataType::String,
            DataType::VarLongStringArray,
        );
        command.level = DisplayLevel::Expert;
        let mut writer = Writer::new(ByteOrder::Little);
        command.write(&mut writer);
        let octets = writer.finish().unwrap();
        let read = CommandInfo::read(&mut Reader::new(&octets, ByteOrder::Little));
        assert_eq!(read, Ok(command));
    }
}
