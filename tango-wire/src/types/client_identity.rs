use crate::cdr::{CdrError, Reader, Writer};

/// Who is calling: what a client says of itself in every command, read and write.
///
/// Devices of IDL 6 want a trace context behind it, so its layout depends on the device's version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientIdentity {
    /// A C++ (or Python, or this) client.
    Cpp {
        /// Its process.
        process: u32,
    },
    /// A Java client.
    Java {
        /// Its main class.
        class: String,
        /// Its identity.
        id: [u64; 2],
    },
    /// A C++ client of IDL 6.
    Cpp6 {
        /// Its process.
        process: u32,
        /// The trace it is part of.
        trace: [String; 2],
    },
    /// A Java client of IDL 6.
    Java6 {
        /// Its main class.
        class: String,
        /// Its identity.
        id: [u64; 2],
        /// The trace it is part of: W3C `traceparent` and `tracestate`.
        trace: [String; 2],
    },
}

/// The only trace format: W3C trace context, version 0.
const W3C_TRACE_CONTEXT: u32 = 0;

impl ClientIdentity {
    /// This process, as a device of IDL `version` (from its `info`) wants to be told.
    #[must_use]
    pub fn own(version: i32) -> ClientIdentity {
        let process = std::process::id();
        if version >= 6 {
            ClientIdentity::Cpp6 {
                process,
                trace: [String::new(), String::new()],
            }
        } else {
            ClientIdentity::Cpp { process }
        }
    }

    /// Reads one.
    ///
    /// # Errors
    /// The octets are not that.
    pub fn read(reader: &mut Reader<'_>) -> Result<ClientIdentity, CdrError> {
        Ok(match reader.u32()? {
            0 => ClientIdentity::Cpp {
                process: reader.u32()?,
            },
            1 => ClientIdentity::Java {
                class: reader.string()?,
                id: [reader.u64()?, reader.u64()?],
            },
            2 => ClientIdentity::Cpp6 {
                process: reader.u32()?,
                trace: read_trace(reader)?,
            },
            3 => ClientIdentity::Java6 {
                class: reader.string()?,
                id: [reader.u64()?, reader.u64()?],
                trace: read_trace(reader)?,
            },
            value => {
                return Err(CdrError::Unknown {
                    what: "client language",
                    value,
                });
            }
        })
    }

    /// Writes it.
    pub fn write(&self, writer: &mut Writer) {
        match self {
            ClientIdentity::Cpp { process } => {
                writer.u32(0);
                writer.u32(*process);
            }
            ClientIdentity::Java { class, id } => {
                writer.u32(1);
                writer.string(class);
                id.iter().for_each(|&half| writer.u64(half));
            }
            ClientIdentity::Cpp6 { process, trace } => {
                writer.u32(2);
                writer.u32(*process);
                write_trace(writer, trace);
            }
            ClientIdentity::Java6 { class, id, trace } => {
                writer.u32(3);
                writer.string(class);
                id.iter().for_each(|&half| writer.u64(half));
                write_trace(writer, trace);
            }
        }
    }
}

fn read_trace(reader: &mut Reader<'_>) -> Result<[String; 2], CdrError> {
    match reader.u32()? {
        W3C_TRACE_CONTEXT => Ok([reader.string()?, reader.string()?]),
        value => Err(CdrError::Unknown {
            what: "trace context format",
            value,
        }),
    }
}

fn write_trace(writer: &mut Writer, trace: &[String; 2]) {
    writer.u32(W3C_TRACE_CONTEXT);
    trace.iter().for_each(|part| writer.string(part));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cdr::ByteOrder;

    #[test]
    fn all_four_kinds_come_back() {
        let trace = ["00-abc-01".to_owned(), String::new()];
        let class = "fr.esrf.Main".to_owned();
        for identity in [
            ClientIdentity::Cpp { process: 7 },
            ClientIdentity::Java {
                class: class.clone(),
                id: [1, u64::MAX],
            },
            ClientIdentity::Cpp6 {
                process: 7,
                trace: trace.clone(),
            },
            ClientIdentity::Java6 {
                class,
                id: [1, 2],
                trace,
            },
        ] {
            let mut writer = Writer::new(ByteOrder::Big);
            identity.write(&mut writer);
            let octets = writer.finish().unwrap();
            let mut reader = Reader::new(&octets, ByteOrder::Big);
            assert_eq!(ClientIdentity::read(&mut reader), Ok(identity));
        }
    }

    #[test]
    fn version_6_gets_a_trace_context_and_older_ones_do_not() {
        assert!(matches!(ClientIdentity::own(5), ClientIdentity::Cpp { .. }));
        assert!(matches!(
            ClientIdentity::own(6),
            ClientIdentity::Cpp6 { .. }
        ));
    }
}
