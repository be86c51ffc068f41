use std::error::Error;
use std::fmt;

use super::Severity;
use crate::cdr::{CdrError, Reader, Writer};

/// One level of a Tango error stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DevError {
    /// A short code to program against, as "API_AttrNotFound".
    pub reason: String,
    /// The words for a human.
    pub description: String,
    /// Where in the server it was raised.
    pub origin: String,
    /// How bad it is.
    pub severity: Severity,
}

impl DevError {
    /// An error of severity [`Severity::Error`].
    #[must_use]
    pub fn new(
        reason: impl Into<String>,
        description: impl Into<String>,
        origin: impl Into<String>,
    ) -> DevError {
        DevError {
            reason: reason.into(),
            description: description.into(),
            origin: origin.into(),
            severity: Severity::Error,
        }
    }

    fn read(reader: &mut Reader<'_>) -> Result<DevError, CdrError> {
        let reason = reader.string()?;
        let severity = Severity::read(reader)?;
        let description = reader.string()?;
        Ok(DevError {
            reason,
            description,
            origin: reader.string()?,
            severity,
        })
    }

    fn write(&self, writer: &mut Writer) {
        writer.string(&self.reason);
        self.severity.write(writer);
        writer.string(&self.description);
        writer.string(&self.origin);
    }
}

impl fmt::Display for DevError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}: {}",
            self.reason,
            self.description.trim_end()
        )
    }
}

/// What a device answers when it refuses or fails: the whole error stack, most specific first.
///
/// `Display` shows the first level that has words; the others are in the field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DevFailed(pub Vec<DevError>);

impl DevFailed {
    /// The repository id of the exception.
    pub const ID: &'static str = "IDL:Tango/DevFailed:1.0";

    /// A stack of one error.
    #[must_use]
    pub fn new(
        reason: impl Into<String>,
        description: impl Into<String>,
        origin: impl Into<String>,
    ) -> DevFailed {
        DevFailed(vec![DevError::new(reason, description, origin)])
    }

    /// Adds a level on top: what a caller further out has to say.
    #[must_use]
    pub fn with(mut self, error: DevError) -> DevFailed {
        self.0.push(error);
        self
    }

    /// The most specific error, unless the stack is empty.
    #[must_use]
    pub fn first(&self) -> Option<&DevError> {
        self.0.first()
    }

    /// The reason of the most specific error, or "".
    #[must_use]
    pub fn reason(&self) -> &str {
        self.0.first().map_or("", |error| &error.reason)
    }

    /// Reads the stack (without the exception's repository id).
    ///
    /// # Errors
    /// The octets are not an error stack.
    pub fn read(reader: &mut Reader<'_>) -> Result<DevFailed, CdrError> {
        Ok(DevFailed(reader.sequence(16, DevError::read)?))
    }

    /// Writes the stack (without the exception's repository id).
    pub fn write(&self, writer: &mut Writer) {
        writer.sequence(&self.0, |writer, error| error.write(writer));
    }
}

impl fmt::Display for DevFailed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let worded = self
            .0
            .iter()
            .find(|error| !error.description.trim().is_empty());
        match worded.or(self.0.first()) {
            Some(error) => error.fmt(formatter),
            None => formatter.write_str("the device gave no reason"),
        }
    }
}

impl Error for DevFailed {}

/// Why one of several attributes could not be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedFailure {
    /// The attribute.
    pub name: String,
    /// Its place in the request, from 0.
    pub index: i32,
    /// The error stack.
    pub failure: DevFailed,
}

/// What a device answers when some of several writes failed: those, and only those.
///
/// The others were accepted, which does not say that their write methods ran: PyTango 10.3 has been
/// seen to change a good attribute's set point without calling its method. Read the value to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MultiDevFailed(pub Vec<NamedFailure>);

impl MultiDevFailed {
    /// The repository id of the exception.
    pub const ID: &'static str = "IDL:Tango/MultiDevFailed:1.0";

    /// Reads the failures (without the exception's repository id).
    ///
    /// # Errors
    /// The octets are not that.
    pub fn read(reader: &mut Reader<'_>) -> Result<MultiDevFailed, CdrError> {
        let failures = reader.sequence(12, |reader| {
            Ok(NamedFailure {
                name: reader.string()?,
                index: reader.i32()?,
                failure: DevFailed::read(reader)?,
            })
        })?;
        Ok(MultiDevFailed(failures))
    }

    /// Writes the failures (without the exception's repository id).
    pub fn write(&self, writer: &mut Writer) {
        writer.sequence(&self.0, |writer, failed| {
            writer.string(&failed.name);
            writer.i32(failed.index);
            failed.failure.write(writer);
        });
    }
}

impl fmt::Display for MultiDevFailed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, failed) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(formatter, "{separator}{}: {}", failed.name, failed.failure)?;
        }
        Ok(())
    }
}

impl Error for MultiDevFailed {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cdr::ByteOrder;

    fn stack() -> DevFailed {
        DevFailed::new("API_CommandFailed", "  ", "server.cpp:12").with(DevError::new(
            "PyDs_PythonError",
            "ValueError: nö",
            "device.py:7",
        ))
    }

    #[test]
    fn the_whole_stack_comes_back_in_both_orders() {
        for order in [ByteOrder::Little, ByteOrder::Big] {
            let mut writer = Writer::new(order);
            stack().write(&mut writer);
            let octets = writer.finish().unwrap();
            assert_eq!(
                DevFailed::read(&mut Reader::new(&octets, order)),
                Ok(stack())
            );
        }
    }

    #[test]
    fn several_failed_writes_come_back_with_their_places() {
        let failed = MultiDevFailed(vec![NamedFailure {
            name: "power".to_owned(),
            index: 1,
            failure: stack(),
        }]);
        let mut writer = Writer::new(ByteOrder::Little);
        failed.write(&mut writer);
        let octets = writer.finish().unwrap();
        let mut reader = Reader::new(&octets, ByteOrder::Little);
        assert_eq!(MultiDevFailed::read(&mut reader), Ok(failed.clone()));
        assert_eq!(
            failed.to_string(),
            "power: PyDs_PythonError: ValueError: nö"
        );
    }

    #[test]
    fn the_message_is_the_first_that_has_words() {
        assert_eq!(stack().to_string(), "PyDs_PythonError: ValueError: nö");
        assert_eq!(stack().reason(), "API_CommandFailed");
        assert_eq!(DevFailed(vec![]).to_string(), "the device gave no reason");
    }
}
