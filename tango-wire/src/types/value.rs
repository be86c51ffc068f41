use super::{DataType, DevState};

/// A value as Tango knows it: what commands take and give, what attributes hold.
///
/// The variant is the type: Tango servers refuse a `Long` where they want a `Double`. Ask the
/// command's or attribute's configuration for its [`DataType`].
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "each variant is the Tango type of its name")]
pub enum Value {
    /// Nothing: no argument, no reply, or an attribute without a value.
    Void,
    Bool(bool),
    /// Also a DevEnum: the number of its label.
    Short(i16),
    Long(i32),
    Long64(i64),
    Float(f32),
    Double(f64),
    UChar(u8),
    UShort(u16),
    ULong(u32),
    ULong64(u64),
    String(String),
    State(DevState),
    /// Octets and the name of the format they are in.
    Encoded {
        format: String,
        data: Vec<u8>,
    },
    Bools(Vec<bool>),
    Shorts(Vec<i16>),
    Longs(Vec<i32>),
    Longs64(Vec<i64>),
    Floats(Vec<f32>),
    Doubles(Vec<f64>),
    Chars(Vec<u8>),
    UShorts(Vec<u16>),
    ULongs(Vec<u32>),
    ULongs64(Vec<u64>),
    Strings(Vec<String>),
    States(Vec<DevState>),
    LongStrings(Vec<i32>, Vec<String>),
    DoubleStrings(Vec<f64>, Vec<String>),
}

impl Value {
    /// The type of the command or attribute that holds this value (a DevEnum shows as `Short`).
    #[must_use]
    pub fn data_type(&self) -> DataType {
        match self {
            Value::Void => DataType::Void,
            Value::Bool(_) => DataType::Boolean,
            Value::Short(_) => DataType::Short,
            Value::Long(_) => DataType::Long,
            Value::Long64(_) => DataType::Long64,
            Value::Float(_) => DataType::Float,
            Value::Double(_) => DataType::Double,
            Value::UChar(_) => DataType::UChar,
            Value::UShort(_) => DataType::UShort,
            Value::ULong(_) => DataType::ULong,
            Value::ULong64(_) => DataType::ULong64,
            Value::String(_) => DataType::String,
            Value::State(_) => DataType::State,
            Value::Encoded { .. } => DataType::Encoded,
            Value::Bools(_) => DataType::VarBooleanArray,
            Value::Shorts(_) => DataType::VarShortArray,
            Value::Longs(_) => DataType::VarLongArray,
            Value::Longs64(_) => DataType::VarLong64Array,
            Value::Floats(_) => DataType::VarFloatArray,
            Value::Doubles(_) => DataType::VarDoubleArray,
            Value::Chars(_) => DataType::VarCharArray,
            Value::UShorts(_) => DataType::VarUShortArray,
            Value::ULongs(_) => DataType::VarULongArray,
            Value::ULongs64(_) => DataType::VarULong64Array,
            Value::Strings(_) => DataType::VarStringArray,
            Value::States(_) => DataType::VarStateArray,
            Value::LongStrings(..) => DataType::VarLongStringArray,
            Value::DoubleStrings(..) => DataType::VarDoubleStringArray,
        }
    }

    /// The type as an attribute's configuration gives it: an array of doubles is of `Double`.
    #[must_use]
    pub fn element_type(&self) -> DataType {
        match self {
            Value::Bools(_) => DataType::Boolean,
            Value::Shorts(_) => DataType::Short,
            Value::Longs(_) => DataType::Long,
            Value::Longs64(_) => DataType::Long64,
            Value::Floats(_) => DataType::Float,
            Value::Doubles(_) => DataType::Double,
            Value::Chars(_) => DataType::UChar,
            Value::UShorts(_) => DataType::UShort,
            Value::ULongs(_) => DataType::ULong,
            Value::ULongs64(_) => DataType::ULong64,
            Value::Strings(_) => DataType::String,
            Value::States(_) => DataType::State,
            other => other.data_type(),
        }
    }

    /// The number of items of an array; `None` for a scalar, void or a pair of arrays.
    #[must_use]
    pub fn item_count(&self) -> Option<usize> {
        macro_rules! count {
            ($($array:ident)*) => {
                match self {
                    $(Value::$array(items) => Some(items.len()),)*
                    _ => None,
                }
            };
        }
        count!(Bools Shorts Longs Longs64 Floats Doubles Chars UShorts ULongs ULongs64 Strings States)
    }

    /// About how many octets it takes, in memory as on its way.
    pub(crate) fn octets(&self) -> usize {
        fn texts(texts: &[String]) -> usize {
            texts
                .iter()
                .map(|text| size_of::<String>() + text.len())
                .sum()
        }
        match self {
            Value::Bools(items) => items.len(),
            Value::Shorts(items) => size_of_val(items.as_slice()),
            Value::Longs(items) => size_of_val(items.as_slice()),
            Value::Longs64(items) => size_of_val(items.as_slice()),
            Value::Floats(items) => size_of_val(items.as_slice()),
            Value::Doubles(items) => size_of_val(items.as_slice()),
            Value::Chars(items) => items.len(),
            Value::UShorts(items) => size_of_val(items.as_slice()),
            Value::ULongs(items) => size_of_val(items.as_slice()),
            Value::ULongs64(items) => size_of_val(items.as_slice()),
            Value::States(items) => 4 * items.len(),
            Value::Strings(items) => texts(items),
            Value::LongStrings(numbers, items) => size_of_val(numbers.as_slice()) + texts(items),
            Value::DoubleStrings(numbers, items) => size_of_val(numbers.as_slice()) + texts(items),
            Value::String(text) => size_of::<String>() + text.len(),
            Value::Encoded { format, data } => 2 * size_of::<String>() + format.len() + data.len(),
            _ => 8,
        }
    }

    /// A scalar as an array of one; anything else as it is.
    #[must_use]
    pub fn into_array(self) -> Value {
        match self {
            Value::Bool(item) => Value::Bools(vec![item]),
            Value::Short(item) => Value::Shorts(vec![item]),
            Value::Long(item) => Value::Longs(vec![item]),
            Value::Long64(item) => Value::Longs64(vec![item]),
            Value::Float(item) => Value::Floats(vec![item]),
            Value::Double(item) => Value::Doubles(vec![item]),
            Value::UChar(item) => Value::Chars(vec![item]),
            Value::UShort(item) => Value::UShorts(vec![item]),
            Value::ULong(item) => Value::ULongs(vec![item]),
            Value::ULong64(item) => Value::ULongs64(vec![item]),
            Value::String(item) => Value::Strings(vec![item]),
            Value::State(item) => Value::States(vec![item]),
            other => other,
        }
    }

    /// An array's first item (void if it has none); anything else as it is.
    #[must_use]
    pub fn into_scalar(self) -> Value {
        fn first<T>(items: Vec<T>, scalar: fn(T) -> Value) -> Value {
            items.into_iter().next().map_or(Value::Void, scalar)
        }
        match self {
            Value::Bools(items) => first(items, Value::Bool),
            Value::Shorts(items) => first(items, Value::Short),
            Value::Longs(items) => first(items, Value::Long),
            Value::Longs64(items) => first(items, Value::Long64),
            Value::Floats(items) => first(items, Value::Float),
            Value::Doubles(items) => first(items, Value::Double),
            Value::Chars(items) => first(items, Value::UChar),
            Value::UShorts(items) => first(items, Value::UShort),
            Value::ULongs(items) => first(items, Value::ULong),
            Value::ULongs64(items) => first(items, Value::ULong64),
            Value::Strings(items) => first(items, Value::String),
            Value::States(items) => first(items, Value::State),
            other => other,
        }
    }

    /// Keeps the first `count` items of an array and returns the others; a value that is not an
    /// array, or has no more, stays whole.
    pub(super) fn split_off(&mut self, count: usize) -> Option<Value> {
        macro_rules! split {
            ($($array:ident)*) => {
                match self {
                    $(Value::$array(items) if items.len() > count => {
                        Some(Value::$array(items.split_off(count)))
                    })*
                    _ => None,
                }
            };
        }
        split!(Bools Shorts Longs Longs64 Floats Doubles Chars UShorts ULongs ULongs64 Strings States)
    }

    /// Appends an array of the same type; false if it is of another.
    pub(super) fn append(&mut self, tail: Value) -> bool {
        macro_rules! append {
            ($($array:ident)*) => {
                match (self, tail) {
                    $((Value::$array(items), Value::$array(mut tail)) => {
                        items.append(&mut tail);
                        true
                    })*
                    _ => false,
                }
            };
        }
        append!(Bools Shorts Longs Longs64 Floats Doubles Chars UShorts ULongs ULongs64 Strings States)
    }
}
