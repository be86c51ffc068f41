//! What users that walk give the commands of each device.

use std::collections::HashMap;

use harness_core::Value;
use harness_explore::load::WalkInputs;
use harness_tango::inputs::Inputs;

use super::system::LoadedSystem;

/// The telescope's inputs, for the subarray that each device is, with new ids whenever they are sent.
pub(super) fn inputs(system: &LoadedSystem) -> impl WalkInputs + use<> {
    of_devices(system.config.inputs(), &system.names, &system.numbers)
}

fn of_devices(
    whole: &Inputs,
    names: &[String],
    numbers: &[Option<u32>],
) -> impl WalkInputs + use<> {
    let inputs: HashMap<String, Inputs> = (names.iter().zip(numbers))
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
    fn each_subarray_is_given_its_number_and_ids_of_its_own_each_time() {
        let names = [
            "low-tmc/subarray/01",
            "low-tmc/subarray/02",
            "low-sdp/subarray/03",
        ];
        let names = names.map(str::to_owned);
        let inputs = of_devices(&Inputs::low(), &names, &[Some(1), Some(2), Some(3)]);
        let sent = |device: &str| {
            let input = inputs.input(device, "AssignResources").unwrap();
            let json: serde_json::Value = serde_json::from_str(input.as_str().unwrap()).unwrap();
            let id = &json["sdp"]["execution_block"]["eb_id"];
            (json["subarray_id"].clone(), id.as_str().unwrap().to_owned())
        };
        let (first, second, again) = (sent(&names[0]), sent(&names[1]), sent(&names[0]));
        assert_eq!((first.0, second.0, again.0), (1.into(), 2.into(), 1.into()));
        assert!(first.1 != second.1 && second.1 != again.1 && first.1 != again.1);
        assert_eq!(inputs.input(&names[0], "End"), Some(Value::Void));
        let part = inputs.input(&names[2], "AssignResources").unwrap();
        let part: serde_json::Value = serde_json::from_str(part.as_str().unwrap()).unwrap();
        assert!(part.get("sdp").is_none() && part.get("execution_block").is_some());
    }

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
