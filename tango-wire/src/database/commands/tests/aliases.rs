use super::*;

#[test]
fn a_device_alias_is_found_both_ways() {
    let mut asked = filled();
    asked.tell("DbPutDeviceAlias", &["zzdom/fam/mem1", "MyAlias"]);
    asked.tell("DbPutDeviceAlias", &["zzdom/fam/mem1", "Second"]);
    asked.tell("DbPutDeviceAlias", &["zzdom/fam/mem2", "ant"]);
    let name = asked.strings("DbGetAliasDevice", &["SECOND"]);
    assert_eq!(name, ["ZZdom/Fam/Mem1"]);
    let alias = asked.strings("DbGetDeviceAlias", &["ZZDOM/fam/mem1"]);
    assert_eq!(alias, ["Second"]);
    let aliases = asked.strings("DbGetDeviceAliasList", &["*"]);
    assert_eq!(aliases, ["ant", "Second"]);
    let listed = asked.strings("DbGetDeviceWideList", &["sec*"]);
    assert_eq!(listed, ["ZZdom/Fam/Mem1"], "names or aliases");

    for (command, arguments, reason) in [
        (
            "DbPutDeviceAlias",
            &["zzdom/fam/mem2", "second"][..],
            "DB_SQLError",
        ),
        (
            "DbPutDeviceAlias",
            &["zzdom/fam/mem2", "with/slash"],
            "DB_IncorrectArguments",
        ),
        ("DbGetAliasDevice", &["myalias"], "DB_DeviceNotDefined"),
        ("DbGetDeviceAlias", &["zzb/x/1"], "DB_AliasNotDefined"),
        ("DbGetDeviceAlias", &["Second"], "DB_IncorrectDeviceName"),
    ] {
        let refused = asked.reason(command, arguments);
        assert_eq!(refused, reason, "{command} {arguments:?}");
    }
    asked.tell("DbDeleteDeviceAlias", &["second"]);
    asked.tell("DbDeleteDeviceAlias", &["second"]);
    assert_eq!(asked.strings("DbGetDeviceAliasList", &["*"]), ["ant"]);
}

#[test]
fn a_device_that_is_not_defined_gets_no_alias_and_nobody_complains() {
    let mut asked = filled();
    asked.tell("DbPutDeviceAlias", &["zzdom/fam/none", "third"]);
    assert_eq!(asked.strings("DbGetDeviceAliasList", &["*"]), [""; 0]);
}

#[test]
fn an_attribute_alias_is_found_both_ways() {
    let mut asked = filled();
    for (attribute, alias) in [
        ("zzdom/fam/mem1/Power", "PwAlias"),
        ("zzdom/fam/mem1/power", "Pw2"),
        ("zzdom/fam/none/current", "Zw3"),
    ] {
        asked.tell("DbPutAttributeAlias", &[attribute, alias]);
    }
    for command in ["DbGetAttributeAlias", "DbGetAliasAttribute"] {
        let attribute = asked.strings(command, &["pw2"]);
        assert_eq!(attribute, ["zzdom/fam/mem1/power"]);
        assert_eq!(asked.reason(command, &["PwAlias"]), "DB_SQLError");
    }
    let alias = asked.strings("DbGetAttributeAlias2", &["ZZDOM/fam/mem1/Power"]);
    assert_eq!(alias, ["Pw2"]);
    let aliases = asked.strings("DbGetAttributeAliasList", &["*"]);
    assert_eq!(aliases, ["Zw3", "Pw2"], "by attribute");
    for arguments in [["a/b/c/power", "PW2"], ["a/b/c", "new"]] {
        let refused = asked.reason("DbPutAttributeAlias", &arguments);
        assert_eq!(refused, "DB_SQLError");
    }
    asked.tell("DbDeleteAttributeAlias", &["pw2"]);
    asked.tell("DbDeleteAttributeAlias", &["nosuch"]);
    asked.tell("DbDeleteDevice", &["zzdom/fam/none"]);
    assert_eq!(asked.strings("DbGetAttributeAliasList", &["*"]), [""; 0]);
}
