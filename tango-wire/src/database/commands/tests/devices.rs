use super::*;

#[test]
fn an_exported_device_is_imported() {
    let mut asked = filled();
    let (numbers, strings) = asked.numbers_and_strings("DbImportDevice", "ZZdom/Fam/MEM1");
    assert_eq!(numbers, [1, 1234]);
    let place = [
        "zzdom/fam/mem1",
        "IOR:0102",
        "5",
        "DiffSrv/Inst1",
        "host1",
        "DiffClass",
    ];
    assert_eq!(strings, place);
    asked.tell("DbPutDeviceAlias", &["zzdom/fam/mem1", "Second"]);
    let (_, strings) = asked.numbers_and_strings("DbImportDevice", "SECOND");
    assert_eq!(strings[0], "second", "what was asked for, not its name");
    assert_eq!(strings[1..], place[1..]);
}

#[test]
fn a_device_that_never_ran_is_imported_from_nowhere() {
    let mut asked = filled();
    let (numbers, strings) = asked.numbers_and_strings("DbGetDeviceInfo", "zzdom/fam/mem2");
    assert_eq!(numbers, [0, 0]);
    assert_eq!(
        strings,
        [
            "zzdom/fam/mem2",
            "nada",
            "0",
            "DiffSrv/Inst1",
            "nada",
            "?",
            "?",
            "DiffClass"
        ]
    );
}

#[test]
fn starting_and_stopping_are_dated() {
    let mut asked = filled();
    let (_, strings) = asked.numbers_and_strings("DbGetDeviceInfo", "zzdom/fam/mem1");
    assert!(strings[5].contains(" at "), "{}", strings[5]);
    assert_eq!(strings[6], "?");
    asked.tell("DbUnExportDevice", &["zzdom/fam/mem1"]);
    let (numbers, strings) = asked.numbers_and_strings("DbGetDeviceInfo", "zzdom/fam/mem1");
    assert_eq!(numbers, [0, 1234], "the process is kept");
    assert_eq!(strings[1], "IOR:0102", "and the reference");
    assert!(strings[6].contains(" at "), "{}", strings[6]);
}

#[test]
fn what_is_not_defined_is_refused_as_by_the_real_database() {
    let mut asked = filled();
    let none = &["zzdom/fam/none"][..];
    for (command, arguments, reason) in [
        ("DbImportDevice", none, "DB_DeviceNotDefined"),
        ("DbGetDeviceInfo", none, "DB_DeviceNotDefined"),
        ("DbGetClassForDevice", none, "DB_IncorrectArguments"),
        (
            "DbGetClassInheritanceForDevice",
            none,
            "DB_IncorrectArguments",
        ),
        (
            "DbExportDevice",
            &["dserver/NewSrv/inst", "IOR:04", "host2", "12", "5"],
            "DB_DeviceNotDefined",
        ),
        ("DbDeleteDevice", &["zzlone/*"], "DB_IncorrectDeviceName"),
        (
            "DbAddDevice",
            &["Srv/1", "a/b", "k"],
            "DB_IncorrectDeviceName",
        ),
        (
            "DbAddServer",
            &["Srv/1", "a/b/c", "k", "notaname", "k"],
            "DB_IncorrectDeviceName",
        ),
    ] {
        assert_eq!(asked.reason(command, arguments), reason, "{command}");
    }
    assert_eq!(asked.strings("DbGetDeviceWideList", &["a/*"]), [""; 0]);
    asked.tell("DbUnExportDevice", none);
    asked.tell("DbDeleteDevice", none);
}

#[test]
fn a_device_that_is_added_again_moves_and_runs_no_more() {
    let mut asked = filled();
    asked.tell(
        "DbAddDevice",
        &["AServer/inst2", "tango://h:1/zzdom/fam/mem1", "NewClass"],
    );
    let (numbers, strings) = asked.numbers_and_strings("DbImportDevice", "zzdom/fam/mem1");
    assert_eq!(numbers, [0, 0]);
    assert_eq!(strings[1..3], ["nada", "0"]);
    assert_eq!(
        asked.strings("DbGetDeviceList", &["aserver/INST2", "*"]),
        ["dserver/AServer/inst2", "zzB/x/1", "zzdom/fam/mem1"]
    );
}

#[test]
fn the_class_comes_with_what_it_inherits_from() {
    let mut asked = filled();
    let put = ["Klass", "1", "InheritedFrom", "1", "TANGO_BASE_CLASS"];
    asked.tell("DbPutClassProperty", &put);
    assert_eq!(
        asked.strings("DbGetClassInheritanceForDevice", &["zzb/x/1"]),
        ["Klass", "TANGO_BASE_CLASS"]
    );
    assert_eq!(
        asked.strings("DbGetClassForDevice", &["zzb/x/1"]),
        ["Klass"]
    );
}

#[test]
fn devices_are_listed_by_pattern() {
    let mut asked = filled();
    asked.tell("DbAddDevice", &["Lone/a", "zz%lone/q_x/c/d", ""]);
    for (command, argument, listed) in [
        (
            "DbGetDeviceWideList",
            "ZZ*",
            &[
                "zz%lone/q_x/c/d",
                "zzB/x/1",
                "ZZdom/Fam/Mem1",
                "zzdom/fam/mem2",
                "zzdom/fam2/mem_10",
            ][..],
        ),
        ("DbGetDeviceWideList", "zz%", &[]),
        ("DbGetDeviceWideList", "zz_om*", &[]),
        ("DbGetDeviceExportedList", "zz*", &["ZZdom/Fam/Mem1"]),
        (
            "DbGetExportdDeviceListForClass",
            "*",
            &["dserver/DiffSrv/Inst1", "ZZdom/Fam/Mem1"],
        ),
        (
            "DbGetDeviceDomainList",
            "*",
            &["dserver", "zz%lone", "zzB", "ZZdom"],
        ),
        ("DbGetDeviceDomainList", "zzdom", &[]),
        ("DbGetDeviceFamilyList", "zzdom/*", &["Fam", "fam2"]),
        ("DbGetDeviceFamilyList", "ZZDOM/*/*", &["Fam", "fam2"]),
        ("DbGetDeviceFamilyList", "zzdom/fam", &[]),
        ("DbGetDeviceMemberList", "zzdom/fam/*", &["Mem1", "mem2"]),
        ("DbGetDeviceMemberList", "zz%*", &["c/d"]),
        (
            "DbGetClassList",
            "*",
            &["", "DiffClass", "DServer", "Klass", "OtherClass"],
        ),
        ("DbGetClassList", "diff*", &["DiffClass"]),
    ] {
        let found = asked.strings(command, &[argument]);
        assert_eq!(found, listed, "{command} {argument}");
    }
}

#[test]
fn event_channels_of_old_are_kept_while_it_runs() {
    let mut asked = filled();
    let channel = ["notifd/factory/x", "IOR:01", "host", "12", "1"];
    let unknown = asked.reason("DbImportEvent", &channel[..1]);
    assert_eq!(unknown, "DB_DeviceNotDefined");
    asked.tell("DbExportEvent", &channel);
    asked.tell("DbUnExportEvent", &channel[..1]);
    let (numbers, strings) = asked.numbers_and_strings("DbImportEvent", "NOTIFD/factory/x");
    assert_eq!(numbers, [0, 12]);
    assert_eq!(strings, ["notifd/factory/x", "IOR:01", "1", "host"]);
}
