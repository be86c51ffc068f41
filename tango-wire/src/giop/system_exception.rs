use std::error::Error;
use std::fmt;

use crate::cdr::{CdrError, Reader, Writer};

/// Whether a call that ended in a system exception was executed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Completion {
    /// It was.
    Yes,
    /// It was not: the call may be repeated.
    No,
    /// Nobody knows.
    Maybe,
}

/// An exception of CORBA itself: the call did not reach the device, or the server broke down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemException {
    /// The repository id, as "IDL:omg.org/CORBA/OBJECT_NOT_EXIST:1.0".
    pub id: String,
    /// More detail, of the ORB's own making.
    pub minor: u32,
    /// Whether the call was executed.
    pub completed: Completion,
}

impl SystemException {
    /// An exception of that name ("BAD_OPERATION").
    #[must_use]
    pub fn new(name: &str, minor: u32, completed: Completion) -> SystemException {
        SystemException {
            id: format!("IDL:omg.org/CORBA/{name}:1.0"),
            minor,
            completed,
        }
    }

    /// The exception's name, as "OBJECT_NOT_EXIST".
    #[must_use]
    pub fn name(&self) -> &str {
        let last = self.id.rsplit('/').next().unwrap_or(&self.id);
        last.split(':').next().unwrap_or(last)
    }

    /// True if the server has no such object: the reference to it is out of date.
    #[must_use]
    pub fn is_object_gone(&self) -> bool {
        self.name() == "OBJECT_NOT_EXIST"
    }

    /// Reads one.
    ///
    /// # Errors
    /// The octets are not that.
    pub fn read(reader: &mut Reader<'_>) -> Result<SystemException, CdrError> {
        Ok(SystemException {
            id: reader.string()?,
            minor: reader.u32()?,
            completed: match reader.u32()? {
                0 => Completion::Yes,
                1 => Completion::No,
                2 => Completion::Maybe,
                value => {
                    return Err(CdrError::Unknown {
                        what: "completion status",
                        value,
                    });
                }
            },
        })
    }

    /// Writes it.
    pub fn write(&self, writer: &mut Writer) {
        writer.string(&self.id);
        writer.u32(self.minor);
        writer.u32(self.completed as u32);
    }
}

impl fmt::Display for SystemException {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let completed = match self.completed {
            Completion::Yes => "the call was executed",
            Completion::No => "the call was not executed",
            Completion::Maybe => "the call may have been executed",
        };
        write!(
            formatter,
            "CORBA {} ({:#x}): {completed}",
            self.name(),
            self.minor
        )
    }
}

impl Error for SystemException {}
