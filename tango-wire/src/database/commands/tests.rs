use std::collections::HashSet;

use super::*;
use crate::{
    database::store::Store,
    types::{DevFailed, Value},
};

fn run(store: &mut Store, name: &str, arguments: &[&str]) -> Result<Value, DevFailed> {
    let command = all().find(|command| command.name == name).expect("known");
    let arguments = arguments.iter().map(|&text| text.to_owned()).collect();
    (command.run)(
        store,
        &mut Arguments::new(command.name, Value::Strings(arguments)),
    )
}

fn strings(store: &mut Store, name: &str, arguments: &[&str]) -> Vec<String> {
    match run(store, name, arguments) {
        Ok(Value::Strings(strings)) => strings,
        other => panic!("{name}: {other:?}"),
    }
}

fn filled() -> Store {
    let mut store = Store::default();
    for arguments in [
        &[
            "Sub/test",
            "low-tmc/subarray/01",
            "Subarray",
            "low-tmc/subarray/02",
            "Subarray",
        ][..],
        &["Node/test", "low-tmc/central-node/0", "CentralNode"],
    ] {
        assert_eq!(run(&mut store, "DbAddServer", arguments), Ok(Value::Void));
    }
    let export = ["low-tmc/subarray/01", "IOR:00", "here", "77", "6"];
    assert_eq!(run(&mut store, "DbExportDevice", &export), Ok(Value::Void));
    store
}

#[test]
fn no_command_is_there_twice_and_the_cache_is_refused() {
    let mut names = HashSet::new();
    for command in all() {
        assert!(
            names.insert(command.name),
            "{} is there twice",
            command.name
        );
    }
    assert!(!names.contains("DbGetDataForServerCache"));
    assert!(names.contains("DbDeleteDeviceProperty"), "or servers exit");
}

#[test]
fn an_exported_device_is_imported() {
    let mut store = filled();
    let strings = |strings: [&str; 6]| strings.map(str::to_owned).to_vec();
    assert_eq!(
        run(&mut store, "DbImportDevice", &["LOW-tmc/subarray/01"]),
        Ok(Value::LongStrings(
            vec![1, 77],
            strings([
                "low-tmc/subarray/01",
                "IOR:00",
                "6",
                "Sub/test",
                "here",
                "Subarray"
            ]),
        ))
    );
    assert_eq!(
        run(&mut store, "DbImportDevice", &["low-tmc/subarray/02"]),
        Ok(Value::LongStrings(
            vec![0, 0],
            strings(["low-tmc/subarray/02", "", "", "Sub/test", "", "Subarray"]),
        ))
    );
    let failed = run(&mut store, "DbImportDevice", &["a/b/c"]).expect_err("not defined");
    assert_eq!(failed.reason(), "DB_DeviceNotDefined");
    let failed = run(
        &mut store,
        "DbExportDevice",
        &["a/b/c", "IOR:", "h", "1", "6"],
    );
    assert_eq!(
        failed.expect_err("not defined").reason(),
        "DB_DeviceNotDefined"
    );
}

#[test]
fn devices_are_listed_by_server_pattern_and_field() {
    let mut store = filled();
    let both = ["low-tmc/subarray/01", "low-tmc/subarray/02"];
    assert_eq!(
        strings(&mut store, "DbGetDeviceList", &["sub/TEST", "subarray"]),
        both
    );
    assert_eq!(
        strings(&mut store, "DbGetDeviceWideList", &["low*sub*"]),
        both
    );
    assert_eq!(
        strings(&mut store, "DbGetDeviceExportedList", &["*"]),
        ["low-tmc/subarray/01"]
    );
    assert_eq!(
        strings(&mut store, "DbGetDeviceDomainList", &["*"]),
        ["dserver", "low-tmc"]
    );
    for pattern in ["low-tmc/*", "low-tmc/*/*"] {
        assert_eq!(
            strings(&mut store, "DbGetDeviceFamilyList", &[pattern]),
            ["central-node", "subarray"]
        );
    }
    assert_eq!(
        strings(&mut store, "DbGetDeviceMemberList", &["low-tmc/subarray/*"]),
        ["01", "02"]
    );
    assert_eq!(
        strings(&mut store, "DbGetServerList", &["*"]),
        ["Node/test", "Sub/test"]
    );
    assert_eq!(
        strings(&mut store, "DbGetInstanceNameList", &["sub"]),
        ["test"]
    );
    assert_eq!(strings(&mut store, "DbGetHostList", &["*"]), ["here"]);
    assert_eq!(
        strings(&mut store, "DbGetDeviceServerClassList", &["Sub/test"]),
        ["Subarray"]
    );
}

#[test]
fn property_replies_have_the_shape_clients_expect() {
    let mut store = filled();
    let put = ["low/1", "2", "Address", "2", "a", "b", "Empty", "0"];
    assert_eq!(
        run(&mut store, "DbPutDeviceProperty", &put),
        Ok(Value::Void)
    );
    assert_eq!(
        strings(
            &mut store,
            "DbGetDeviceProperty",
            &["low/1", "ADDRESS", "none"]
        ),
        ["low/1", "2", "ADDRESS", "2", "a", "b", "none", "0", " "]
    );
    assert_eq!(
        strings(&mut store, "DbGetClassProperty", &["Subarray", "none"]),
        ["Subarray", "1", "none", "0"]
    );
    assert_eq!(
        strings(&mut store, "DbGetProperty", &["CtrlSystem", "Services"]),
        ["CtrlSystem", "1", "Services", "0", " "]
    );
    let short = run(
        &mut store,
        "DbPutDeviceProperty",
        &["low/1", "2", "Address", "1", "c"],
    );
    assert_eq!(short.expect_err("short").reason(), "DB_IncorrectArguments");
    assert_eq!(
        strings(&mut store, "DbGetDeviceProperty", &["low/1", "address"])[3],
        "2",
        "a malformed list changes nothing"
    );
}

#[test]
fn attribute_properties_travel_in_both_forms() {
    let mut store = filled();
    let put = [
        "low/1", "1", "obsState", "2", "label", "1", "state", "enum", "2", "a", "b",
    ];
    assert_eq!(
        run(&mut store, "DbPutDeviceAttributeProperty2", &put),
        Ok(Value::Void)
    );
    assert_eq!(
        strings(
            &mut store,
            "DbGetDeviceAttributeProperty2",
            &["low/1", "obsstate", "x"]
        ),
        [
            "low/1", "2", "obsstate", "2", "enum", "2", "a", "b", "label", "1", "state", "x", "0"
        ]
    );
    let put = ["low/1", "1", "obsState", "1", "unit", "m"];
    assert_eq!(
        run(&mut store, "DbPutDeviceAttributeProperty", &put),
        Ok(Value::Void)
    );
    assert_eq!(
        strings(
            &mut store,
            "DbGetDeviceAttributeProperty",
            &["low/1", "obsState"]
        ),
        [
            "low/1", "1", "obsState", "3", "enum", "a\nb", "label", "state", "unit", "m"
        ]
    );
    let all = ["low/1", "obsState"];
    assert_eq!(
        run(&mut store, "DbDeleteAllDeviceAttributeProperty", &all),
        Ok(Value::Void)
    );
    assert_eq!(
        strings(&mut store, "DbGetDeviceAttributeProperty2", &all),
        ["low/1", "1", "obsState", "0"]
    );
}

#[test]
fn aliases_stand_for_one_device_and_are_found_both_ways() {
    let mut store = filled();
    let device = "low-tmc/subarray/01";
    assert_eq!(
        run(&mut store, "DbPutDeviceAlias", &[device, "one"]),
        Ok(Value::Void)
    );
    assert_eq!(
        run(&mut store, "DbGetAliasDevice", &["ONE"]),
        Ok(Value::String(device.into()))
    );
    assert_eq!(
        run(&mut store, "DbGetDeviceAlias", &[device]),
        Ok(Value::String("one".into()))
    );
    let taken = run(
        &mut store,
        "DbPutDeviceAlias",
        &["low-tmc/subarray/02", "one"],
    );
    assert_eq!(taken.expect_err("taken").reason(), "DB_AliasAlreadyDefined");
    assert_eq!(
        run(&mut store, "DbDeleteDeviceAlias", &["one"]),
        Ok(Value::Void)
    );
    let gone = run(&mut store, "DbGetAliasDevice", &["one"]);
    assert_eq!(gone.expect_err("gone").reason(), "DB_AliasNotDefined");
}

#[test]
fn a_large_property_is_not_copied_as_often_as_a_small_request_says() {
    let mut store = filled();
    let large = "x".repeat(1 << 20);
    let put = ["object", "1", "large", "1", large.as_str()];
    assert_eq!(run(&mut store, "DbPutProperty", &put), Ok(Value::Void));
    let put = ["a/b/c", "1", "power", "1", "large", "1", large.as_str()];
    let outcome = run(&mut store, "DbPutDeviceAttributeProperty2", &put);
    assert_eq!(outcome, Ok(Value::Void));
    for (command, owner, name) in [
        ("DbGetProperty", "object", "large"),
        ("DbGetDeviceAttributeProperty", "a/b/c", "power"),
        ("DbGetDeviceAttributeProperty2", "a/b/c", "power"),
    ] {
        let mut arguments = vec![owner];
        arguments.resize(1 + 20, name);
        assert!(run(&mut store, command, &arguments).is_ok(), "{command}");
        arguments.resize(1 + 100_000, name);
        let failure = run(&mut store, command, &arguments).expect_err("too long");
        assert_eq!(failure.reason(), "DB_ReplyTooLong", "{command}");
    }
}
