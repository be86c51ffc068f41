use std::error::Error as _;

use super::Preset;
use crate::preset::DeviceRole;

#[test]
fn the_presets_of_this_crate_are_correct() {
    Preset::subarrays_only();
    drop(Preset::sdp());
    for preset in [Preset::low(), Preset::mid()] {
        let mut devices = 0;
        for role in DeviceRole::ALL {
            devices += preset.names(*role).len();
        }
        assert!(devices > 20, "{}: {devices}", preset.name);
    }
}

#[test]
fn both_generations_of_names_are_known() {
    let names = |preset: Preset, role| preset.names(role);
    assert_eq!(
        names(Preset::low(), DeviceRole::Subarray),
        ["low-tmc/subarray/01", "low-tmc/subarray/02"]
    );
    let old = Preset::mid().with_old_names();
    assert_eq!(
        names(old.clone(), DeviceRole::CspSubarrayLeaf)[0],
        "ska_mid/tm_leaf_node/csp_subarray01"
    );
    assert_eq!(names(old.clone(), DeviceRole::Dish)[1], "SKA036/elt/master");
    assert_eq!(
        names(old, DeviceRole::DishLeaf)[1],
        "ska_mid/tm_leaf_node/d0036"
    );
}

#[test]
fn every_wrong_value_is_named_with_its_place() {
    let with = |line: &str, roles: &str| {
        let text = format!("name = 'x'\ntelescope = 'low'\n{line}\n[roles]\n{roles}");
        let error = Preset::from_toml(&text).expect_err(&text);
        let source = error.source().map(ToString::to_string).unwrap_or_default();
        format!("{error}: {source}")
    };
    let subarray = "subarray = 'a/b/{subarray}'";
    for (line, roles, words) in [
        ("subarrays = -1", subarray, "line 3"),
        ("subarays = 1", subarray, "subarays"),
        (
            "subarrays = 4000000000",
            subarray,
            "subarrays is 4000000000; at most 10000",
        ),
        ("state = 'ONN'", subarray, "line 3"),
        (
            "state = 'MOVING'",
            subarray,
            "a telescope cannot begin in MOVING",
        ),
        ("admin_mode = 'x'", subarray, "known: ONLINE"),
        ("dwell = -1.0", subarray, "dwell is -1"),
        (
            "commands.dish = 'sdp'",
            subarray,
            "commands.dish cannot be chosen",
        ),
        (
            "commands.csp_subarray = 'x'",
            subarray,
            "known: ska-tango-base, sdp, sdp-lmc, cbf, tmc",
        ),
        (
            "timeouts.subarray = -2.0",
            subarray,
            "timeouts.subarray is -2",
        ),
        ("", "central_node = 'a/b/c'", "roles.subarray is missing"),
        ("", "subarray = 'a/b/c'", "give it a {subarray}"),
        ("", "subarray = 'b/{subarray}'", "no device name"),
        (
            "",
            "subarray = 'a/b/{station}'",
            "unknown placeholder {station}",
        ),
        (
            "",
            "subarray = 'a/b/{subarray}'\ncsp_subarray = 'A/b/{subarray}'",
            "roles.csp_subarray and roles.subarray are both A/b/1",
        ),
        (
            "",
            "subarray = 'a/b/{subarray}'\ncsp_master_leaf = 'a/c/1'",
            "roles.csp_master_leaf needs roles.csp_controller",
        ),
    ] {
        let error = with(line, roles);
        assert!(error.contains(words), "{line} {roles}: {error}");
    }
}
