//! Values at the edges of what each type holds; `everything_types.py` has the same.

use tango_wire::{DataType, DevState, Value};

/// The labels of the enumerated attributes.
pub(crate) const COLOURS: [&str; 3] = ["RED", "GREEN", "DEEP_BLUE"];

/// One type as an attribute's element: its name in attribute names, itself, its edge values.
#[derive(Debug)]
pub(crate) struct Element {
    pub(crate) name: &'static str,
    pub(crate) data_type: DataType,
    /// All edge values, as an array; of DevEncoded there is none.
    pub(crate) values: Value,
}

/// The octets of an encoded value.
pub(crate) fn encoded() -> Value {
    Value::Encoded {
        format: "raw".to_owned(),
        data: (0..=255).collect(),
    }
}

/// An encoded value of no octets and no format.
pub(crate) fn encoded_nothing() -> Value {
    Value::Encoded {
        format: String::new(),
        data: Vec::new(),
    }
}

/// All types that attributes have in all formats.
pub(crate) fn elements() -> Vec<Element> {
    use DataType::{
        Boolean, Double, Enum, Float, Long, Long64, Short, State, String, UChar, ULong, ULong64,
        UShort,
    };
    let element = |name, data_type, values| Element {
        name,
        data_type,
        values,
    };
    vec![
        element("boolean", Boolean, Value::Bools(vec![true, false])),
        element("short", Short, Value::Shorts(vec![i16::MIN, 0, i16::MAX])),
        element("long", Long, Value::Longs(vec![i32::MIN, 0, i32::MAX])),
        element(
            "long64",
            Long64,
            Value::Longs64(vec![i64::MIN, 0, i64::MAX]),
        ),
        element("float", Float, Value::Floats(floats())),
        element("double", Double, Value::Doubles(doubles())),
        element("uchar", UChar, Value::Chars(vec![0, 127, 255])),
        element("ushort", UShort, Value::UShorts(vec![0, u16::MAX])),
        element("ulong", ULong, Value::ULongs(vec![0, u32::MAX])),
        element("ulong64", ULong64, Value::ULongs64(vec![0, u64::MAX])),
        element("string", String, Value::Strings(strings())),
        element("state", State, Value::States(states())),
        element("enum", Enum, Value::Shorts(vec![0, 1, 2])),
    ]
}

/// The commands `Echo...` with arguments for them.
pub(crate) fn echoes() -> Vec<(DataType, Vec<Value>)> {
    let mut echoes: Vec<(DataType, Vec<Value>)> = elements()
        .into_iter()
        .filter(|element| element.data_type != DataType::Enum)
        .map(|element| (element.data_type, each(&element.values)))
        .collect();
    echoes.push((DataType::Encoded, vec![encoded_nothing(), encoded()]));
    let arrays = [
        (Value::Bools(vec![]), Value::Bools(vec![true, false, true])),
        (Value::Chars(vec![]), Value::Chars((0..=255).collect())),
        (
            Value::Shorts(vec![]),
            Value::Shorts(vec![i16::MIN, 0, i16::MAX]),
        ),
        (
            Value::Longs(vec![]),
            Value::Longs(vec![i32::MIN, 0, i32::MAX]),
        ),
        (
            Value::Longs64(vec![]),
            Value::Longs64(vec![i64::MIN, 0, i64::MAX]),
        ),
        (Value::Floats(vec![]), Value::Floats(floats())),
        (Value::Doubles(vec![]), Value::Doubles(doubles())),
        (Value::UShorts(vec![]), Value::UShorts(vec![0, u16::MAX])),
        (Value::ULongs(vec![]), Value::ULongs(vec![0, u32::MAX])),
        (Value::ULongs64(vec![]), Value::ULongs64(vec![0, u64::MAX])),
        (Value::Strings(vec![]), Value::Strings(strings())),
        (
            Value::LongStrings(vec![], vec![]),
            Value::LongStrings(
                vec![-1, i32::MAX],
                vec!["one".into(), String::new(), "nö".into()],
            ),
        ),
        (
            Value::DoubleStrings(vec![], vec![]),
            Value::DoubleStrings(vec![0.5, 5e-324], vec![String::new(), "nö".into()]),
        ),
    ];
    for (empty, full) in arrays {
        echoes.push((full.data_type(), vec![empty, full]));
    }
    echoes
}

/// The items of an array, each as a scalar.
pub(crate) fn each(array: &Value) -> Vec<Value> {
    macro_rules! each {
        ($($array:ident $scalar:ident)*) => {
            match array {
                $(Value::$array(items) => items.iter().cloned().map(Value::$scalar).collect(),)*
                other => vec![other.clone()],
            }
        };
    }
    each!(Bools Bool Shorts Short Longs Long Longs64 Long64 Floats Float Doubles Double
        Chars UChar UShorts UShort ULongs ULong ULongs64 ULong64 Strings String States State)
}

/// The array, then its items backwards: an image of two rows.
pub(crate) fn two_rows(array: &Value) -> Value {
    macro_rules! two_rows {
        ($($array:ident)*) => {
            match array {
                $(Value::$array(items) => {
                    Value::$array(items.iter().chain(items.iter().rev()).cloned().collect())
                })*
                other => other.clone(),
            }
        };
    }
    two_rows!(Bools Shorts Longs Longs64 Floats Doubles Chars UShorts ULongs ULongs64 Strings States)
}

/// The array backwards.
pub(crate) fn backwards(array: &Value) -> Value {
    macro_rules! backwards {
        ($($array:ident)*) => {
            match array {
                $(Value::$array(items) => Value::$array(items.iter().rev().cloned().collect()),)*
                other => other.clone(),
            }
        };
    }
    backwards!(Bools Shorts Longs Longs64 Floats Doubles Chars UShorts ULongs ULongs64 Strings States)
}

fn floats() -> Vec<f32> {
    vec![0.0, -1.5, f32::MAX]
}

fn doubles() -> Vec<f64> {
    vec![0.0, 5e-324, f64::MIN]
}

fn strings() -> Vec<String> {
    let long = "x".repeat(5000);
    ["", "plain", "nö ÿ", "two\nlines", long.as_str()]
        .map(str::to_owned)
        .to_vec()
}

fn states() -> Vec<DevState> {
    vec![DevState::On, DevState::Fault, DevState::Unknown]
}
