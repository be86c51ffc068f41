//! The small enumerations of Tango, each a `u32` on the wire.

use crate::cdr::{CdrError, Reader, Writer};

macro_rules! enumeration {
    ($(#[$doc:meta])* $name:ident, $what:literal { $($(#[$item_doc:meta])* $item:ident = $number:literal, $text:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$item_doc])* $item = $number,)*
        }

        impl $name {
            /// The number on the wire.
            #[must_use]
            pub fn number(self) -> u32 {
                self as u32
            }

            /// Reads one.
            ///
            /// # Errors
            /// The stream ends, or the number has no meaning.
            pub fn read(reader: &mut Reader<'_>) -> Result<$name, CdrError> {
                match reader.u32()? {
                    $($number => Ok($name::$item),)*
                    value => Err(CdrError::Unknown { what: $what, value }),
                }
            }

            /// Writes it.
            pub fn write(self, writer: &mut Writer) {
                writer.u32(self.number());
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.pad(match self {
                    $($name::$item => $text,)*
                })
            }
        }
    };
}

enumeration! {
    /// How far an attribute's value can be trusted.
    Quality, "attribute quality" {
        /// The value is good.
        Valid = 0, "VALID";
        /// There is no usable value.
        Invalid = 1, "INVALID";
        /// The value is good and outside its alarm limits.
        Alarm = 2, "ALARM";
        /// The value is good and on its way to the set point.
        Changing = 3, "CHANGING";
        /// The value is good and outside its warning limits.
        Warning = 4, "WARNING";
    }
}

enumeration! {
    /// How bad an error is.
    Severity, "error severity" {
        /// Something to know.
        Warning = 0, "WARN";
        /// The call failed.
        Error = 1, "ERR";
        /// The device is in trouble.
        Panic = 2, "PANIC";
    }
}

enumeration! {
    /// The shape of an attribute.
    AttributeFormat, "attribute format" {
        /// One value.
        Scalar = 0, "SCALAR";
        /// A row of values.
        Spectrum = 1, "SPECTRUM";
        /// Rows of values; `dimension` is (columns, rows).
        Image = 2, "IMAGE";
        /// Not said.
        Unknown = 3, "UNKNOWN";
    }
}

enumeration! {
    /// Whether an attribute can be written.
    WriteMode, "attribute write type" {
        /// Read only.
        Read = 0, "READ";
        /// Read, with another attribute as its set point.
        ReadWithWrite = 1, "READ_WITH_WRITE";
        /// Write only.
        Write = 2, "WRITE";
        /// Read and written.
        ReadWrite = 3, "READ_WRITE";
        /// Not said.
        Unknown = 4, "UNKNOWN";
    }
}

enumeration! {
    /// Who a command or attribute is shown to.
    DisplayLevel, "display level" {
        /// Everybody.
        Operator = 0, "OPERATOR";
        /// Experts.
        Expert = 1, "EXPERT";
        /// Not said.
        Unknown = 2, "DL_UNKNOWN";
    }
}

enumeration! {
    /// Where a server takes an attribute's value from.
    Source, "data source" {
        /// The device itself: what is, now.
        Device = 0, "DEV";
        /// The polling cache only: an error if the attribute is not polled.
        Cache = 1, "CACHE";
        /// The polling cache if the attribute is polled, else the device. Tango's own default.
        CacheOrDevice = 2, "CACHE_DEV";
    }
}
