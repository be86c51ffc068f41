//! The description of a type that stands before an any's value.

use crate::cdr::{CdrError, Reader};

/// Deeper than any Tango type: DevVarLongStringArray is a struct of aliases of sequences.
const NESTING_LIMIT: usize = 16;

/// A type, as far as Tango's anys need it: names are not kept, as peers may leave them empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TypeCode {
    Void,
    Short,
    Long,
    UShort,
    ULong,
    Float,
    Double,
    Boolean,
    Octet,
    Long64,
    ULong64,
    String,
    /// Of all enumerations only DevState is found in anys.
    Enumeration,
    Struct(Vec<TypeCode>),
    Sequence(Box<TypeCode>),
}

/// The numbers of the kinds.
pub(super) mod kind {
    pub(in crate::any) const NULL: u32 = 0;
    pub(in crate::any) const VOID: u32 = 1;
    pub(in crate::any) const SHORT: u32 = 2;
    pub(in crate::any) const LONG: u32 = 3;
    pub(in crate::any) const USHORT: u32 = 4;
    pub(in crate::any) const ULONG: u32 = 5;
    pub(in crate::any) const FLOAT: u32 = 6;
    pub(in crate::any) const DOUBLE: u32 = 7;
    pub(in crate::any) const BOOLEAN: u32 = 8;
    pub(in crate::any) const OCTET: u32 = 10;
    pub(in crate::any) const STRUCT: u32 = 15;
    pub(in crate::any) const ENUM: u32 = 17;
    pub(in crate::any) const STRING: u32 = 18;
    pub(in crate::any) const SEQUENCE: u32 = 19;
    pub(in crate::any) const ALIAS: u32 = 21;
    pub(in crate::any) const LONG64: u32 = 23;
    pub(in crate::any) const ULONG64: u32 = 24;
    /// A reference to a TypeCode read before. No Tango peer has ever sent one.
    pub(in crate::any) const INDIRECTION: u32 = 0xffff_ffff;
}

impl TypeCode {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<TypeCode, CdrError> {
        TypeCode::read_nested(reader, 0)
    }

    fn read_nested(reader: &mut Reader<'_>, depth: usize) -> Result<TypeCode, CdrError> {
        if depth > NESTING_LIMIT {
            return Err(CdrError::NestedTooDeep {
                limit: NESTING_LIMIT,
            });
        }
        Ok(match reader.u32()? {
            kind::NULL | kind::VOID => TypeCode::Void,
            kind::SHORT => TypeCode::Short,
            kind::LONG => TypeCode::Long,
            kind::USHORT => TypeCode::UShort,
            kind::ULONG => TypeCode::ULong,
            kind::FLOAT => TypeCode::Float,
            kind::DOUBLE => TypeCode::Double,
            kind::BOOLEAN => TypeCode::Boolean,
            kind::OCTET => TypeCode::Octet,
            kind::LONG64 => TypeCode::Long64,
            kind::ULONG64 => TypeCode::ULong64,
            kind::STRING => {
                let _bound = reader.u32()?;
                TypeCode::String
            }
            kind::STRUCT => {
                let mut content = named(reader)?;
                let members = content.sequence(8, |content| {
                    content.string_octets()?;
                    TypeCode::read_nested(content, depth + 1)
                })?;
                TypeCode::Struct(members)
            }
            kind::ENUM => {
                let mut content = named(reader)?;
                content.sequence(4, |content| content.string_octets().map(drop))?;
                TypeCode::Enumeration
            }
            kind::SEQUENCE => {
                let mut content = reader.encapsulation()?;
                TypeCode::Sequence(Box::new(TypeCode::read_nested(&mut content, depth + 1)?))
            }
            kind::ALIAS => TypeCode::read_nested(&mut named(reader)?, depth + 1)?,
            kind::INDIRECTION => {
                let what = "a TypeCode that refers to an earlier one".to_owned();
                return Err(CdrError::Unsupported { what });
            }
            other => {
                return Err(CdrError::Unsupported {
                    what: format!("an any of TypeCode {other}"),
                });
            }
        })
    }
}

/// Enters the parameters of a named type and skips its repository id and name.
fn named<'a>(reader: &mut Reader<'a>) -> Result<Reader<'a>, CdrError> {
    let mut content = reader.encapsulation()?;
    content.string_octets()?;
    content.string_octets()?;
    Ok(content)
}
