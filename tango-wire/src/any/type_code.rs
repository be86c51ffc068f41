//! The description of a type that stands before an any's value.

use std::fmt;
use std::rc::Rc;

use crate::cdr::{CdrError, Reader};

/// Deeper than any Tango type: DevVarLongStringArray is a struct of aliases of sequences.
const NESTING_LIMIT: usize = 16;
/// TypeCodes in one TypeCode; those of Tango have up to seven.
const COUNT_LIMIT: usize = 256;

/// A type, as far as Tango's anys need it: names are not kept, as peers may leave them empty.
///
/// What is referred to several times is shared, so that a small TypeCode can't become a large one.
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
    Struct(Rc<[TypeCode]>),
    Sequence(Rc<TypeCode>),
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
    /// A reference to a TypeCode read before: omniORB sends none, JacORB does.
    pub(in crate::any) const INDIRECTION: u32 = 0xffff_ffff;
}

impl TypeCode {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<TypeCode, CdrError> {
        Types::default().read(reader, 0, 0)
    }
}

impl fmt::Display for TypeCode {
    /// Its shape in words, short whatever the type: it ends up in errors.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TypeCode::Struct(members) => write!(formatter, "struct of {} members", members.len()),
            TypeCode::Sequence(item) => match **item {
                TypeCode::Struct(_) => formatter.write_str("sequence of structs"),
                TypeCode::Sequence(_) => formatter.write_str("sequence of sequences"),
                ref basic => write!(formatter, "sequence of {basic:?}"),
            },
            basic => write!(formatter, "{basic:?}"),
        }
    }
}

/// The TypeCodes inside one that is being read.
#[derive(Debug, Default)]
struct Types {
    /// Those that are complete and can be referred to, each with the position of its kind.
    complete: Vec<(usize, TypeCode)>,
    count: usize,
}

impl Types {
    /// Reads the next one. `origin` is where the reader's octets begin, counted from where those of
    /// the outermost reader do: references reach across encapsulations.
    fn read(
        &mut self,
        reader: &mut Reader<'_>,
        origin: usize,
        depth: usize,
    ) -> Result<TypeCode, CdrError> {
        if depth > NESTING_LIMIT {
            return Err(CdrError::NestedTooDeep {
                limit: NESTING_LIMIT,
            });
        }
        self.count += 1;
        if self.count > COUNT_LIMIT {
            let what = format!("an any of more than {COUNT_LIMIT} TypeCodes");
            return Err(CdrError::Unsupported { what });
        }
        let kind = reader.u32()?;
        let place = origin + reader.position() - size_of::<u32>();
        let type_code = match kind {
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
                let (mut content, origin) = parameters(reader, origin)?;
                skip_names(&mut content)?;
                let members = content.sequence(8, |content| {
                    content.string_octets()?;
                    self.read(content, origin, depth + 1)
                })?;
                TypeCode::Struct(members.into())
            }
            kind::ENUM => {
                let (mut content, _) = parameters(reader, origin)?;
                skip_names(&mut content)?;
                content.sequence(4, |content| content.string_octets().map(drop))?;
                TypeCode::Enumeration
            }
            kind::SEQUENCE => {
                let (mut content, origin) = parameters(reader, origin)?;
                TypeCode::Sequence(self.read(&mut content, origin, depth + 1)?.into())
            }
            kind::ALIAS => {
                let (mut content, origin) = parameters(reader, origin)?;
                skip_names(&mut content)?;
                self.read(&mut content, origin, depth + 1)?
            }
            kind::INDIRECTION => return self.refer(reader, origin),
            other => {
                return Err(CdrError::Unsupported {
                    what: format!("an any of TypeCode {other}"),
                });
            }
        };
        self.complete.push((place, type_code.clone()));
        Ok(type_code)
    }

    /// Looks up what a reference refers to. It stands for the TypeCode that many octets from the
    /// distance itself (CORBA 3, "CDR Transfer Syntax", indirection of TypeCodes), inside the same
    /// outermost TypeCode. One that is not complete would contain itself: Tango has no such types.
    fn refer(&self, reader: &mut Reader<'_>, origin: usize) -> Result<TypeCode, CdrError> {
        let distance = reader.i32()?;
        let here = origin + reader.position() - size_of::<i32>();
        let place = usize::try_from(distance)
            .is_err()
            .then(|| here.checked_sub(usize::try_from(distance.unsigned_abs()).ok()?))
            .flatten();
        let found = self
            .complete
            .iter()
            .find(|(complete, _)| Some(*complete) == place);
        found
            .map(|(_, type_code)| type_code.clone())
            .ok_or_else(|| CdrError::Unsupported {
                what: format!("a TypeCode that refers to none complete, {distance} octets away"),
            })
    }
}

/// Enters the parameters of a TypeCode, and says where their octets begin.
fn parameters<'a>(reader: &mut Reader<'a>, origin: usize) -> Result<(Reader<'a>, usize), CdrError> {
    let content = reader.encapsulation()?;
    let length = content.position() + content.remaining();
    Ok((content, origin + reader.position() - length))
}

/// Skips the repository id and name of a type.
fn skip_names(content: &mut Reader<'_>) -> Result<(), CdrError> {
    content.string_octets()?;
    content.string_octets()?;
    Ok(())
}

#[cfg(test)]
mod tests;
