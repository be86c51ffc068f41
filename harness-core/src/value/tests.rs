use proptest::prelude::*;

use super::{EnumValue, Value};

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Void),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        Just(Value::Float(f64::NAN)),
        ".{0,8}".prop_map(Value::from),
        (0i64..12, proptest::option::of("[A-Z]{1,6}")).prop_map(|(number, label)| {
            Value::Enum(EnumValue {
                number,
                label: label.map(Into::into),
            })
        }),
        proptest::collection::vec(any::<u8>(), 0..6).prop_map(Value::Bytes),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        proptest::collection::vec(inner, 0..4).prop_map(Value::List)
    })
}

proptest! {
    #[test]
    fn a_value_equals_itself(value in any_value()) {
        prop_assert_eq!(&value, &value.clone());
    }

    #[test]
    fn equality_is_symmetric(a in any_value(), b in any_value()) {
        prop_assert_eq!(a == b, b == a);
    }

    #[test]
    fn integers_and_floats_are_equal_only_when_exactly_so(number in any::<i64>()) {
        let float = number as f64;
        prop_assert_eq!(
            Value::Int(number) == Value::Float(float),
            i128::from(number) == float as i128
        );
    }

    #[test]
    fn an_enumeration_is_its_number_and_its_label(number in any::<i64>(), label in "[A-Z_]{1,12}") {
        let member = Value::Enum(EnumValue::labelled(number, label.as_str()));
        prop_assert_eq!(&member, &Value::Int(number));
        prop_assert_eq!(&member, &Value::from(label.to_lowercase()));
        prop_assert_ne!(&member, &Value::from(format!("{label}X")));
        prop_assert_eq!(member.to_string(), label);
    }

    #[test]
    fn json_gives_back_an_equal_value(value in any_value()) {
        fn finite(value: &Value) -> bool {
            match value {
                Value::Float(number) => number.is_finite(),
                Value::List(elements) => elements.iter().all(finite),
                _ => true,
            }
        }
        prop_assume!(finite(&value));
        let text = serde_json::to_string(&value).unwrap();
        let back: Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(back, value, "{}", text);
    }
}

#[test]
fn a_truth_value_is_no_number() {
    assert_ne!(Value::from(true), Value::from(1));
}

#[test]
fn a_string_of_digits_is_no_number() {
    assert_ne!(Value::from("4"), Value::from(4));
    assert_ne!(Value::Enum(EnumValue::new(4)), Value::from("4"));
}

#[test]
fn large_unsigned_numbers_keep_their_value() {
    assert!(matches!(Value::from(u64::MAX), Value::UInt(u64::MAX)));
    assert!(matches!(Value::from(7u64), Value::Int(7)));
    assert_eq!(Value::UInt(7), Value::Int(7));
    assert_ne!(
        Value::from(u64::MAX),
        Value::Float(18_446_744_073_709_551_616.0)
    );
    assert_eq!(
        Value::from(1u64 << 63),
        Value::Float(9_223_372_036_854_775_808.0)
    );
}

#[test]
fn bytes_equal_a_list_of_the_same_numbers() {
    assert_eq!(Value::Bytes(vec![1, 255]), Value::from([1, 255]));
    assert_ne!(Value::Bytes(vec![1]), Value::from([1, 2]));
}

#[test]
fn text_is_bare_alone_and_quoted_where_it_could_be_misread() {
    assert_eq!(Value::from("READY").to_string(), "READY");
    assert_eq!(Value::from("").to_string(), "\"\"");
    assert_eq!(Value::from("two\nlines").to_string(), "\"two\\nlines\"");
    assert_eq!(Value::from(["a", "b"]).to_string(), "[\"a\", \"b\"]");
    assert_eq!(Value::Void.to_string(), "nothing");
    assert_eq!(Value::from(2.0).to_string(), "2.0");
}

#[test]
fn floats_that_json_lacks_become_words() {
    assert_eq!(
        serde_json::to_string(&Value::Float(f64::NAN)).unwrap(),
        "\"NaN\""
    );
    assert_eq!(
        serde_json::to_string(&Value::Float(f64::NEG_INFINITY)).unwrap(),
        "\"-inf\""
    );
}
