//! Numbers of any of Tango's types, to be compared with limits.

use std::{cmp::Ordering, fmt};

use crate::types::{DataType, Value};

/// A number: exact, whatever type of integer it came from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    Integer(i128),
    Real(f64),
}

impl Number {
    /// Reads a number that an attribute of this type could have. A broken number loses its
    /// fraction where integers are wanted, as in cppTango.
    ///
    /// `None` if it is no number, is infinite, or is out of the type's range.
    pub(super) fn parse(text: &str, data_type: DataType) -> Option<Self> {
        let real = || text.parse::<f64>().ok().filter(|number| number.is_finite());
        let Some((least, greatest)) = range(data_type) else {
            return real().map(Self::Real);
        };
        let number = text.parse::<i128>().ok().or_else(|| {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "the fraction is to go, and what is too large saturates"
            )]
            let whole = real()? as i128;
            Some(whole)
        })?;
        (least..=greatest)
            .contains(&number)
            .then_some(Self::Integer(number))
    }

    pub(super) fn is_finite(self) -> bool {
        match self {
            Self::Integer(_) => true,
            Self::Real(number) => number.is_finite(),
        }
    }

    /// How it compares with another number of its kind; `None` for NaN.
    pub(super) fn compare(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Integer(one), Self::Integer(other)) => Some(one.cmp(&other)),
            (Self::Real(one), Self::Real(other)) => one.partial_cmp(&other),
            // an attribute's values and its limits are of one type
            (Self::Integer(_), Self::Real(_)) | (Self::Real(_), Self::Integer(_)) => None,
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(number) => number.fmt(formatter),
            Self::Real(number) => number.fmt(formatter),
        }
    }
}

/// True for the types that have limits.
pub(super) fn is_numeric(data_type: DataType) -> bool {
    matches!(data_type, DataType::Float | DataType::Double) || range(data_type).is_some()
}

/// The range of a type of integers.
fn range(data_type: DataType) -> Option<(i128, i128)> {
    Some(match data_type {
        DataType::Short => (i16::MIN.into(), i16::MAX.into()),
        DataType::Long => (i32::MIN.into(), i32::MAX.into()),
        DataType::Long64 => (i64::MIN.into(), i64::MAX.into()),
        DataType::UChar => (0, u8::MAX.into()),
        DataType::UShort => (0, u16::MAX.into()),
        DataType::ULong => (0, u32::MAX.into()),
        DataType::ULong64 => (0, u64::MAX.into()),
        _ => return None,
    })
}

/// The place of the first number in a value that is as asked for; 0 for a scalar.
pub(super) fn position(value: &Value, matches: impl Fn(Number) -> bool) -> Option<usize> {
    macro_rules! search {
        ($($scalar:ident $array:ident $kind:ident;)*) => {
            match value {
                $(
                    Value::$scalar(item) => matches(Number::$kind((*item).into())).then_some(0),
                    Value::$array(items) => items
                        .iter()
                        .position(|&item| matches(Number::$kind(item.into()))),
                )*
                _ => None,
            }
        };
    }
    search! {
        Short Shorts Integer;
        Long Longs Integer;
        Long64 Longs64 Integer;
        UChar Chars Integer;
        UShort UShorts Integer;
        ULong ULongs Integer;
        ULong64 ULongs64 Integer;
        Float Floats Real;
        Double Doubles Real;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_cpp_tango_reads_them() {
        let real = |text| Number::parse(text, DataType::Double);
        assert_eq!(real("1e3"), Some(Number::Real(1000.0)));
        assert_eq!(real("-0.5"), Some(Number::Real(-0.5)));
        for text in ["", "abc", "12abc", " 12 ", "0x10", "inf", "NaN", "1,2"] {
            assert_eq!(real(text), None, "{text}");
        }
        let byte = |text| Number::parse(text, DataType::UChar);
        assert_eq!(byte("255"), Some(Number::Integer(255)));
        assert_eq!(byte("1.5"), Some(Number::Integer(1)));
        for text in ["256", "-5", "1e9", "1e300"] {
            assert_eq!(byte(text), None, "{text}");
        }
        let largest = Number::parse("18446744073709551615", DataType::ULong64);
        assert_eq!(largest, Some(Number::Integer(u64::MAX.into())));
        assert_eq!(largest.expect("read").to_string(), "18446744073709551615");
    }

    #[test]
    fn the_first_number_in_question_is_found() {
        let above = |number: Number| number.compare(Number::Integer(2)) == Some(Ordering::Greater);
        assert_eq!(position(&Value::Longs(vec![1, 2, 3, 4]), above), Some(2));
        assert_eq!(position(&Value::Short(3), above), Some(0));
        assert_eq!(position(&Value::Strings(vec!["9".into()]), above), None);
        let value = Value::Floats(vec![1.0, f32::NAN]);
        assert_eq!(position(&value, |number| !number.is_finite()), Some(1));
    }
}
