use std::fmt;

use crate::cdr::{CdrError, Reader, Writer};

macro_rules! data_types {
    ($($name:ident = $number:literal, $text:literal;)*) => {
        /// The types a command takes and gives and an attribute holds.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "Tango's own type names, without their prefix Dev")]
        #[non_exhaustive]
        pub enum DataType {
            $($name,)*
            /// A number that Tango gave a meaning after this was written.
            Other(i32),
        }

        impl DataType {
            /// The number on the wire.
            #[must_use]
            pub fn number(self) -> i32 {
                match self {
                    $(DataType::$name => $number,)*
                    DataType::Other(number) => number,
                }
            }
        }

        impl From<i32> for DataType {
            fn from(number: i32) -> DataType {
                match number {
                    $($number => DataType::$name,)*
                    other => DataType::Other(other),
                }
            }
        }

        impl fmt::Display for DataType {
            /// The name as Tango writes it: "DevVarStringArray".
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(DataType::$name => formatter.pad($text),)*
                    DataType::Other(number) => write!(formatter, "type {number}"),
                }
            }
        }
    };
}

data_types! {
    Void = 0, "DevVoid";
    Boolean = 1, "DevBoolean";
    Short = 2, "DevShort";
    Long = 3, "DevLong";
    Float = 4, "DevFloat";
    Double = 5, "DevDouble";
    UShort = 6, "DevUShort";
    ULong = 7, "DevULong";
    String = 8, "DevString";
    VarCharArray = 9, "DevVarCharArray";
    VarShortArray = 10, "DevVarShortArray";
    VarLongArray = 11, "DevVarLongArray";
    VarFloatArray = 12, "DevVarFloatArray";
    VarDoubleArray = 13, "DevVarDoubleArray";
    VarUShortArray = 14, "DevVarUShortArray";
    VarULongArray = 15, "DevVarULongArray";
    VarStringArray = 16, "DevVarStringArray";
    VarLongStringArray = 17, "DevVarLongStringArray";
    VarDoubleStringArray = 18, "DevVarDoubleStringArray";
    State = 19, "DevState";
    ConstString = 20, "ConstDevString";
    VarBooleanArray = 21, "DevVarBooleanArray";
    UChar = 22, "DevUChar";
    Long64 = 23, "DevLong64";
    ULong64 = 24, "DevULong64";
    VarLong64Array = 25, "DevVarLong64Array";
    VarULong64Array = 26, "DevVarULong64Array";
    Int = 27, "DevInt";
    Encoded = 28, "DevEncoded";
    Enum = 29, "DevEnum";
    PipeBlob = 30, "DevPipeBlob";
    VarStateArray = 31, "DevVarStateArray";
    VarEncodedArray = 32, "DevVarEncodedArray";
}

impl DataType {
    /// Reads a type's number; any number has a [`DataType`].
    ///
    /// # Errors
    /// The stream ends first.
    pub fn read(reader: &mut Reader<'_>) -> Result<DataType, CdrError> {
        Ok(DataType::from(reader.i32()?))
    }

    /// Writes the number.
    pub fn write(self, writer: &mut Writer) {
        writer.i32(self.number());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_comes_back() {
        for number in -1..40 {
            assert_eq!(DataType::from(number).number(), number);
        }
        assert_eq!(DataType::from(29), DataType::Enum);
        assert_eq!(DataType::from(99).to_string(), "type 99");
    }
}
