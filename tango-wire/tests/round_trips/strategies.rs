//! Generated values, with the extremes among them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use proptest::{collection::vec, prelude::*, sample::select};
use tango_wire::types::*;

/// Text that means the same in Latin-1 as it does when read.
///
/// Octets that happen to be UTF-8 are read as that, so "Ã¶" cannot be told from "ö".
pub(crate) fn text() -> impl Strategy<Value = String> {
    let latin = vec(1u8..=255, 0..12);
    let latin = latin.prop_filter_map("it would be read as UTF-8", |octets| {
        let text: String = octets.iter().map(|&octet| char::from(octet)).collect();
        (text.is_ascii() || std::str::from_utf8(&octets).is_err()).then_some(text)
    });
    prop_oneof![Just(String::new()), "[ -~]{0,20}", latin]
}

pub(crate) fn texts() -> impl Strategy<Value = Vec<String>> {
    vec(text(), 0..5)
}

/// Any bits, so also NaN of all kinds, infinities and numbers next to zero.
fn float() -> impl Strategy<Value = f32> {
    any::<u32>().prop_map(f32::from_bits)
}

fn double() -> impl Strategy<Value = f64> {
    any::<u64>().prop_map(f64::from_bits)
}

pub(crate) fn state() -> impl Strategy<Value = DevState> {
    select(&DevState::ALL[..])
}

pub(crate) fn data_type() -> impl Strategy<Value = DataType> {
    prop_oneof![-1..40, any::<i32>()].prop_map(DataType::from)
}

pub(crate) fn level() -> impl Strategy<Value = DisplayLevel> {
    use DisplayLevel::{Expert, Operator, Unknown};
    select(&[Operator, Expert, Unknown][..])
}

pub(crate) fn quality() -> impl Strategy<Value = Quality> {
    use Quality::{Alarm, Changing, Invalid, Valid, Warning};
    select(&[Valid, Invalid, Alarm, Changing, Warning][..])
}

pub(crate) fn severity() -> impl Strategy<Value = Severity> {
    select(&[Severity::Warning, Severity::Error, Severity::Panic][..])
}

pub(crate) fn format() -> impl Strategy<Value = AttributeFormat> {
    use AttributeFormat::{Image, Scalar, Spectrum, Unknown};
    select(&[Scalar, Spectrum, Image, Unknown][..])
}

pub(crate) fn write_mode() -> impl Strategy<Value = WriteMode> {
    use WriteMode::{Read, ReadWithWrite, ReadWrite, Unknown, Write};
    select(&[Read, ReadWithWrite, Write, ReadWrite, Unknown][..])
}

pub(crate) fn source() -> impl Strategy<Value = Source> {
    select(&[Source::Device, Source::Cache, Source::CacheOrDevice][..])
}

/// A time that Tango can tell: from 1970 to 2038, to the nanosecond.
pub(crate) fn time() -> impl Strategy<Value = SystemTime> {
    (0..=i32::MAX as u64, 0..1_000_000_000u32)
        .prop_map(|(seconds, nanos)| UNIX_EPOCH + Duration::new(seconds, nanos))
}

/// An array of each type with that many items.
pub(crate) fn array(items: std::ops::RangeInclusive<usize>) -> BoxedStrategy<Value> {
    macro_rules! arrays {
        ($($array:ident: $item:expr;)*) => {
            prop_oneof![$(vec($item, items.clone()).prop_map(Value::$array),)*]
        };
    }
    arrays! {
        Bools: any::<bool>();
        Shorts: any::<i16>();
        Longs: any::<i32>();
        Longs64: any::<i64>();
        Floats: float();
        Doubles: double();
        Chars: any::<u8>();
        UShorts: any::<u16>();
        ULongs: any::<u32>();
        ULongs64: any::<u64>();
        Strings: text();
        States: state();
    }
    .boxed()
}

pub(crate) fn encoded() -> impl Strategy<Value = Value> {
    (text(), any::<Vec<u8>>()).prop_map(|(format, data)| Value::Encoded { format, data })
}

/// A scalar of each type.
pub(crate) fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![12 => array(1..=1).prop_map(Value::into_scalar), 1 => encoded()]
}

/// A value of each type that there is.
pub(crate) fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        1 => Just(Value::Void),
        13 => scalar(),
        12 => array(0..=6),
        1 => (vec(any::<i32>(), 0..5), texts())
            .prop_map(|(longs, texts)| Value::LongStrings(longs, texts)),
        1 => (vec(double(), 0..5), texts())
            .prop_map(|(doubles, texts)| Value::DoubleStrings(doubles, texts)),
    ]
}

/// Something with its shape: its value, its set point, its format, its columns and rows.
type Shaped = (Value, Option<Value>, AttributeFormat, (u32, u32));

/// Scalars, spectra and images, with and without a set point of the same type.
fn shaped() -> impl Strategy<Value = Shaped> {
    // one array gives both parts, so that they have the same type
    let cut = |columns: u32, rows: u32, format| {
        let count = (columns * rows.max(1)) as usize;
        array(count..=count + 4).prop_map(move |whole| {
            let (value, set_point) = halves(whole, count);
            (value, set_point, format, (columns, rows))
        })
    };
    let scalar_format = AttributeFormat::Scalar;
    let scalar = array(1..=2).prop_map(move |whole| {
        let (value, set_point) = halves(whole, 1);
        let set_point = set_point.map(Value::into_scalar);
        (value.into_scalar(), set_point, scalar_format, (1, 0))
    });
    let encoded = (encoded(), proptest::option::of(encoded()))
        .prop_map(move |(value, set_point)| (value, set_point, scalar_format, (1, 0)));
    prop_oneof![
        scalar,
        encoded,
        Just((Value::Void, None, scalar_format, (0, 0))),
        (0..5u32).prop_flat_map(move |columns| cut(columns, 0, AttributeFormat::Spectrum)),
        (0..4u32, 1..4u32).prop_flat_map(move |(columns, rows)| cut(
            columns,
            rows,
            AttributeFormat::Image
        )),
    ]
}

/// The first items of an array, and the others if there are any.
fn halves(whole: Value, count: usize) -> (Value, Option<Value>) {
    macro_rules! halves {
        ($($array:ident)*) => {
            match whole {
                $(Value::$array(mut items) => {
                    let others = items.split_off(count);
                    let set_point = (!others.is_empty()).then_some(Value::$array(others));
                    (Value::$array(items), set_point)
                })*
                other => (other, None),
            }
        };
    }
    halves!(Bools Shorts Longs Longs64 Floats Doubles Chars UShorts ULongs ULongs64 Strings States)
}

pub(crate) fn reading() -> impl Strategy<Value = AttributeReading> {
    let set_to = (0..=i32::MAX as u32, 0..=i32::MAX as u32);
    (text(), shaped(), set_to, quality(), time(), data_type()).prop_map(
        |(name, (value, set_point, format, dimension), set_to, quality, time, data_type)| {
            AttributeReading {
                name,
                value,
                set_point_dimension: set_point.as_ref().map_or((0, 0), |_| set_to),
                set_point,
                quality,
                time,
                format,
                data_type,
                dimension,
            }
        },
    )
}

pub(crate) fn write() -> impl Strategy<Value = AttributeWrite> {
    let value = prop_oneof![12 => array(0..=6), 1 => encoded(), 1 => Just(Value::Void)];
    let dimension = (0..=i32::MAX as u32, 0..=i32::MAX as u32);
    (text(), value, dimension).prop_map(|(name, value, dimension)| AttributeWrite {
        name,
        value,
        dimension,
    })
}

pub(crate) fn failure() -> impl Strategy<Value = DevFailed> {
    let error = (text(), text(), text(), severity());
    let error = error.prop_map(|(reason, description, origin, severity)| DevError {
        reason,
        description,
        origin,
        severity,
    });
    vec(error, 0..4).prop_map(DevFailed)
}

pub(crate) fn failures() -> impl Strategy<Value = MultiDevFailed> {
    let named = (text(), any::<i32>(), failure());
    let named = named.prop_map(|(name, index, failure)| NamedFailure {
        name,
        index,
        failure,
    });
    vec(named, 0..4).prop_map(MultiDevFailed)
}

pub(crate) fn command() -> impl Strategy<Value = CommandInfo> {
    (text(), data_type(), data_type(), text(), text(), level()).prop_map(
        |(name, input, output, input_description, output_description, level)| CommandInfo {
            name,
            input,
            output,
            input_description,
            output_description,
            level,
        },
    )
}

pub(crate) fn client() -> impl Strategy<Value = ClientIdentity> {
    let (process, id) = (any::<u32>(), any::<[u64; 2]>());
    let trace = || [text(), text()];
    prop_oneof![
        process.prop_map(|process| ClientIdentity::Cpp { process }),
        (text(), id).prop_map(|(class, id)| ClientIdentity::Java { class, id }),
        (process, trace()).prop_map(|(process, trace)| ClientIdentity::Cpp6 { process, trace }),
        (text(), id, trace()).prop_map(|(class, id, trace)| ClientIdentity::Java6 {
            class,
            id,
            trace
        }),
    ]
}

pub(crate) fn info() -> impl Strategy<Value = DeviceInfo> {
    let texts = [text(), text(), text(), text(), text()];
    (texts, any::<i32>(), vec((text(), text()), 0..4)).prop_map(|(texts, version, versions)| {
        let [class, server, host, documentation, device_type] = texts;
        DeviceInfo {
            class,
            server,
            host,
            version,
            documentation,
            device_type,
            versions,
        }
    })
}

pub(crate) fn config() -> impl Strategy<Value = AttributeConfig> {
    let kind = (text(), data_type(), format(), write_mode(), level());
    let words = vec(text(), 23..=23);
    let lists = vec(texts(), 7..=7);
    let rest = (any::<[bool; 2]>(), any::<[i32; 2]>());
    (kind, words, lists, rest).prop_map(|(kind, words, lists, rest)| {
        let (name, data_type, format, writable, level) = kind;
        let ([memorized, memorized_init], [max_columns, max_rows]) = rest;
        let (mut words, mut lists) = (words.into_iter(), lists.into_iter());
        let mut word = || words.next().expect("enough of them");
        let mut list = || lists.next().expect("enough of them");
        AttributeConfig {
            name,
            data_type,
            format,
            writable,
            memorized,
            memorized_init,
            max_columns,
            max_rows,
            description: word(),
            label: word(),
            unit: word(),
            standard_unit: word(),
            display_unit: word(),
            display_format: word(),
            minimum: word(),
            maximum: word(),
            writable_attribute: word(),
            level,
            root_attribute: word(),
            enum_labels: list(),
            alarm: AttributeAlarm {
                minimum_alarm: word(),
                maximum_alarm: word(),
                minimum_warning: word(),
                maximum_warning: word(),
                delta_time: word(),
                delta_value: word(),
                extensions: list(),
            },
            events: EventProperties {
                relative_change: word(),
                absolute_change: word(),
                change_extensions: list(),
                period: word(),
                period_extensions: list(),
                archive_relative_change: word(),
                archive_absolute_change: word(),
                archive_period: word(),
                archive_extensions: list(),
            },
            extensions: list(),
            system_extensions: list(),
        }
    })
}
