//! Which of two values is simpler, and what a value can be simplified to.

use serde_json::{Map, Number, Value};

/// What a character more costs, beside what it is.
const A_CHARACTER: u128 = 1 << 40;
/// What an element more costs, beside what it is.
const AN_ELEMENT: u128 = 1 << 80;
/// Fractions come after all whole numbers.
const A_FRACTION: u128 = 1 << 66;

/// How far a value is from the simplest of its kind.
pub(crate) fn rank(value: &Value) -> u128 {
    match value {
        Value::Null => 0,
        Value::Bool(flag) => u128::from(*flag),
        Value::Number(number) => rank_of_number(number),
        Value::String(text) => text.chars().fold(0, |sum: u128, letter| {
            sum.saturating_add(A_CHARACTER + rank_of_letter(letter))
        }),
        Value::Array(list) => list.iter().fold(0, add_element),
        Value::Object(map) => map.values().fold(0, add_element),
    }
}

fn add_element(sum: u128, element: &Value) -> u128 {
    sum.saturating_add(AN_ELEMENT).saturating_add(rank(element))
}

fn rank_of_number(number: &Number) -> u128 {
    if let Some(whole) = number.as_i64() {
        return u128::from(whole.unsigned_abs()) * 2 + u128::from(whole < 0);
    }
    if let Some(large) = number.as_u64() {
        return u128::from(large) * 2;
    }
    let float = number.as_f64().unwrap_or(f64::MAX);
    let sign = u128::from(float < 0.0);
    if float.fract() == 0.0 && float.abs() < 1e15 {
        // as simple as the whole number that it is
        return (float.abs() as u128) * 2 + sign;
    }
    A_FRACTION + u128::from(float.abs().to_bits()) * 2 + sign
}

/// `0` is the simplest, then the other digits, then what is far from them.
fn rank_of_letter(letter: char) -> u128 {
    (i64::from(u32::from(letter)) - i64::from(u32::from('0')))
        .unsigned_abs()
        .into()
}

/// Values that are simpler than the given one, the boldest first.
pub(crate) fn simpler(value: &Value) -> Vec<Value> {
    let mut candidates = match value {
        Value::Null => Vec::new(),
        Value::Bool(flag) => flag.then_some(Value::Bool(false)).into_iter().collect(),
        Value::Number(number) => simpler_numbers(number),
        Value::String(text) => simpler_texts(text),
        Value::Array(list) => simpler_lists(list),
        Value::Object(map) => simpler_maps(map),
    };
    let own = rank(value);
    candidates.retain(|candidate| rank(candidate) < own);
    candidates.dedup();
    candidates
}

fn simpler_numbers(number: &Number) -> Vec<Value> {
    if let Some(whole) = number.as_i64() {
        let mut candidates = vec![Value::from(0)];
        if whole < 0 {
            candidates.extend(whole.checked_neg().map(Value::from));
        }
        // 0, the half, three quarters, and so on up to the neighbour
        let mut step = whole / 2;
        while step != 0 {
            candidates.push(Value::from(whole - step));
            step /= 2;
        }
        candidates.push(Value::from(whole - whole.signum()));
        return candidates;
    }
    if let Some(large) = number.as_u64() {
        return [0, large / 2, large - 1].map(Value::from).to_vec();
    }
    let float = number.as_f64().unwrap_or_default();
    [0.0, float.trunc(), -float, float / 2.0]
        .into_iter()
        .filter_map(Number::from_f64)
        .map(Value::Number)
        .collect()
}

fn simpler_texts(text: &str) -> Vec<Value> {
    let letters: Vec<char> = text.chars().collect();
    let mut candidates = vec![String::new()];
    if letters.len() > 1 {
        let half = letters.len() / 2;
        candidates.push(letters[..half].iter().collect());
        candidates.push(letters[half..].iter().collect());
    }
    for place in 0..letters.len() {
        let mut shorter = letters.clone();
        shorter.remove(place);
        candidates.push(shorter.into_iter().collect());
    }
    for place in 0..letters.len() {
        for plain in ['0', 'a'] {
            let mut other = letters.clone();
            other[place] = plain;
            candidates.push(other.into_iter().collect());
        }
    }
    candidates.into_iter().map(Value::String).collect()
}

fn simpler_lists(list: &[Value]) -> Vec<Value> {
    let mut candidates = vec![Vec::new()];
    if list.len() > 1 {
        let half = list.len() / 2;
        candidates.push(list[..half].to_vec());
        candidates.push(list[half..].to_vec());
    }
    for place in 0..list.len() {
        let mut shorter = list.to_vec();
        shorter.remove(place);
        candidates.push(shorter);
    }
    for (place, element) in list.iter().enumerate() {
        for plain in simpler(element) {
            let mut other = list.to_vec();
            other[place] = plain;
            candidates.push(other);
        }
    }
    candidates.into_iter().map(Value::Array).collect()
}

fn simpler_maps(map: &Map<String, Value>) -> Vec<Value> {
    let mut candidates = Vec::new();
    for key in map.keys() {
        let mut smaller = map.clone();
        smaller.remove(key);
        candidates.push(smaller);
    }
    for (key, element) in map {
        for plain in simpler(element) {
            let mut other = map.clone();
            other.insert(key.clone(), plain);
            candidates.push(other);
        }
    }
    candidates.into_iter().map(Value::Object).collect()
}

/// The numbers and texts within a value that may be linked with equal ones elsewhere.
pub(crate) fn leaves(value: &Value) -> Vec<Value> {
    match value {
        Value::Null | Value::Bool(_) => Vec::new(),
        Value::Number(_) | Value::String(_) => vec![value.clone()],
        Value::Array(list) => list.iter().flat_map(leaves).collect(),
        Value::Object(map) => map.values().flat_map(leaves).collect(),
    }
}

/// The value with every leaf that equals one replaced by another.
pub(crate) fn with_leaf(value: &Value, leaf: &Value, other: &Value) -> Value {
    match value {
        _ if value == leaf => other.clone(),
        Value::Array(list) => {
            let elements = list.iter().map(|element| with_leaf(element, leaf, other));
            Value::Array(elements.collect())
        }
        Value::Object(map) => {
            let elements = map
                .iter()
                .map(|(key, element)| (key.clone(), with_leaf(element, leaf, other)));
            Value::Object(elements.collect())
        }
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_simpler_ranks_lower_and_the_simplest_has_nothing_below() {
        for value in [
            json!(0),
            json!(-7),
            json!(i64::MIN),
            json!(u64::MAX),
            json!(2.5),
            json!(-1e300),
            json!("später"),
            json!([1, "b", [true]]),
            json!({"a": 3, "b": {"c": "x"}}),
        ] {
            for candidate in simpler(&value) {
                assert!(rank(&candidate) < rank(&value), "{candidate} below {value}");
            }
        }
        for value in [json!(null), json!(false), json!(0), json!(""), json!([])] {
            assert_eq!(simpler(&value), Vec::<Value>::new(), "below {value}");
        }
    }

    #[test]
    fn every_number_is_led_to_its_neighbour_and_to_nothing() {
        for number in [1, -1, 2, 1000, i64::MAX, i64::MIN] {
            let candidates = simpler(&json!(number));
            assert!(candidates.contains(&json!(0)), "{number}");
            let neighbour = json!(number - number.signum());
            assert!(candidates.contains(&neighbour), "{number}");
        }
    }

    #[test]
    fn equal_leaves_are_replaced_wherever_they_stand() {
        let value = json!({"id": 7, "others": [7, 8, "7"]});
        assert_eq!(
            leaves(&value),
            [json!(7), json!(7), json!(8), json!("7")],
            "in order"
        );
        assert_eq!(
            with_leaf(&value, &json!(7), &json!(0)),
            json!({"id": 0, "others": [0, 8, "7"]})
        );
    }
}
