//! What users that walk give the commands of each device.

use std::collections::HashMap;

use harness_core::Value;
use harness_explore::load::WalkInputs;
use harness_tango::inputs::Inputs;

use super::system::LoadedSystem;

/// The telescope's inputs, for the subarray that each device is, with new ids whenever they are sent.
pub(super) fn inputs(system: &LoadedSystem) -> impl WalkInputs + use<> {
    let whole = system.config.inputs();
    let each = system.names.iter().zip(&system.numbers);
    let inputs: HashMap<String, Inputs> = each
        .map(|(name, number)| {
            let inputs = share(whole, name);
            let inputs = number.map_or_else(|| inputs.clone(), |it| inputs.for_subarray(it));
            (name.clone(), inputs)
        })
        .collect();
    move |device: &str, command: &str| {
        let input = inputs.get(device).and_then(|it| it.of(command));
        Some(input.map_or(Value::Void, Value::from))
    }
}

/// The part of the subsystem whose subarray this is, by the domain of its name, as in `low-csp/subarray/01`;
/// all of it if that is none.
fn share(whole: &Inputs, name: &str) -> Inputs {
    let name = name.split('#').next().unwrap_or_default();
    let domain = name.rsplit('/').nth(2).unwrap_or_default();
    let shares = domain
        .split(['-', '_'])
        .find_map(|word| whole.section(word).ok());
    shares.unwrap_or_else(|| whole.clone())
}

/// The number of the subarray with this name: what it ends in, as in `low-csp/subarray/01`.
pub(super) fn number(name: &str) -> Option<u32> {
    let name = name.split('#').next().unwrap_or_default();
    let digits = name.len() - name.trim_end_matches(|it: char| it.is_ascii_digit()).len();
    name[name.len() - digits..].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subsystem_is_given_its_part_and_any_other_subarray_all_of_it() {
        let parts = |name: &str| {
            let input = share(&Inputs::mid(), name).assign_resources();
            let json: serde_json::Value = serde_json::from_str(&input).unwrap();
            let has = |key: &str| json.get(key).is_some();
            (has("sdp"), has("execution_block"))
        };
        assert_eq!(
            parts("tango://host:10000/mid-sdp/subarray/12#dbase=no"),
            (false, true)
        );
        assert_eq!(parts("mid-tmc/subarray/01"), (true, false));
        assert_eq!(parts("x"), (true, false));
    }

    #[test]
    fn a_name_ends_in_the_number_of_its_subarray() {
        assert_eq!(
            number("tango://host:10000/mid-sdp/subarray/12#dbase=no"),
            Some(12)
        );
        assert_eq!(number("ska_mid/tm_subarray_node/3"), Some(3));
        assert_eq!(number("a/b/c"), None);
    }
}
