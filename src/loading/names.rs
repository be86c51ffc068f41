//! What a load's file may name: faults, bugs, presets, rules and states.

use harness_chaos::Profile;
use harness_explore::{
    load::{FaultName, KnownNames},
    tango::{SubarrayRules, subarray_lifecycle},
};
use harness_sim::zoo::PlantedBug;
use harness_tango::control_model::ObsState;

use super::faults;

/// The simulated telescopes there are.
const PRESETS: [&str; 3] = ["low", "mid", "sdp"];

/// All names.
pub(super) fn known_names() -> KnownNames {
    let fault = |(name, simulated_only): (&str, bool)| FaultName {
        name: name.to_owned(),
        simulated_only,
    };
    let profiles = Profile::ALL.iter().map(|it| (it.name(), false));
    let rules = SubarrayRules::ALL.iter().map(|rules| {
        let lifecycle = subarray_lifecycle(*rules, |_| true);
        let commands = lifecycle.commands().into_iter().map(str::to_owned);
        (rules.name().to_owned(), commands.collect())
    });
    KnownNames {
        faults: faults::NAMES
            .into_iter()
            .chain(profiles)
            .map(fault)
            .collect(),
        bugs: PlantedBug::ALL.iter().map(ToString::to_string).collect(),
        presets: PRESETS.map(str::to_owned).to_vec(),
        rules: rules.collect(),
        states: ObsState::ALL.iter().map(ToString::to_string).collect(),
    }
}

/// The rules of this name.
pub(super) fn rules_named(name: &str) -> Option<SubarrayRules> {
    let mut all = SubarrayRules::ALL.iter();
    all.find(|it| it.name() == name).copied()
}
