use super::*;

#[test]
fn a_large_property_is_not_copied_as_often_as_a_small_request_says() {
    let mut asked = filled();
    let large = "x".repeat(StorageLimits::default().value);
    let value = large.as_str();
    let values: Vec<&str> = [value; 16].to_vec();
    let put = [&["object", "1", "large", "16"], &values[..]].concat();
    asked.tell("DbPutProperty", &put);
    let put = [&["a/b/c", "1", "power", "1", "large", "16"], &values[..]].concat();
    asked.tell("DbPutDeviceAttributeProperty2", &put);
    for (command, owner, name) in [
        ("DbGetProperty", "object", "large"),
        ("DbGetDeviceAttributeProperty", "a/b/c", "power"),
        ("DbGetDeviceAttributeProperty2", "a/b/c", "power"),
    ] {
        let mut arguments = vec![owner];
        arguments.resize(1 + 20, name);
        assert!(asked.run(command, &arguments).is_ok(), "{command}");
        arguments.resize(1 + 100_000, name);
        assert_eq!(
            asked.reason(command, &arguments),
            "DB_ReplyTooLong",
            "{command}"
        );
    }
}

#[test]
fn what_is_too_long_to_keep_is_refused() {
    let mut asked = filled();
    let name = "n".repeat(256);
    let device = format!("a/b/{name}");
    for (command, arguments) in [
        ("DbAddDevice", &["Srv/1", &device, "Class"][..]),
        ("DbAddDevice", &[&name, "a/b/c", "Class"]),
        ("DbAddServer", &["Srv/1", "a/b/c", &name]),
        ("DbPutProperty", &[&name, "1", "a", "1", "b"]),
        ("DbPutClassProperty", &["Class", "1", &name, "1", "b"]),
        ("DbPutDeviceAlias", &["zzB/x/1", &name]),
        ("DbPutServerInfo", &["Srv/1", &name, "1", "1"]),
        ("DbRenameServer", &["DiffSrv/Inst1", &name]),
        (
            "DbPutDevicePipeProperty",
            &["a/b/c", "1", &name, "1", "a", "1", "b"],
        ),
    ] {
        assert_eq!(
            asked.reason(command, arguments),
            "DB_NameTooLong",
            "{command}"
        );
    }
    let value = "v".repeat(65_536);
    for (command, arguments) in [
        ("DbPutProperty", &["object", "1", "a", "1", &value][..]),
        (
            "DbPutDeviceAttributeProperty",
            &["a/b/c", "1", "a", "1", "b", &value],
        ),
        ("DbExportDevice", &["zzB/x/1", &value, "host", "1", "6"]),
    ] {
        assert_eq!(
            asked.reason(command, arguments),
            "DB_ValueTooLong",
            "{command}"
        );
    }
    let mut many = vec!["object", "1", "a", "65537"];
    many.resize(4 + 65_537, "");
    assert_eq!(asked.reason("DbPutProperty", &many), "DB_TooManyValues");
}

#[test]
fn a_full_database_takes_no_more_until_something_is_deleted() {
    let mut asked = filled();
    asked.limits = StorageLimits::default().with_memory(100_000);
    let value = "v".repeat(1000);
    let mut number = 0;
    let refused = loop {
        let name = format!("name{number}");
        match asked.run("DbPutProperty", &["object", "1", &name, "1", &value]) {
            Ok(_) => number += 1,
            Err(failure) => break failure,
        }
    };
    assert_eq!(refused.reason(), "DB_DatabaseFull");
    assert!((50..100).contains(&number), "{number}");
    assert!(asked.store.weight() <= 100_000);
    let export = ["zzB/x/1", &value, "host", "1", "6"];
    let device = ["Srv/1", "a/b/c", "Class"];
    assert_eq!(asked.reason("DbExportDevice", &export), "DB_DatabaseFull");
    asked.tell("DbDeleteProperty", &["object", "*"]);
    asked.tell("DbAddDevice", &device);
    asked.tell("DbExportDevice", &export);
}

#[test]
fn nothing_costs_more_than_was_reckoned_with() {
    let long = "l".repeat(255);
    let server = format!("{}/1", "s".repeat(253));
    let mut devices = vec![server.clone()];
    for number in 0..50 {
        devices.extend([format!("a/b/{number}"), String::new()]);
    }
    let devices: Vec<&str> = devices.iter().map(String::as_str).collect();
    for (command, arguments) in [
        ("DbAddServer", &devices[..]),
        ("DbAddDevice", &[server.as_str(), "a/b/c", ""]),
        ("DbPutAttributeAlias", &["a/b/c/d", &long]),
        ("DbPutServerInfo", &[server.as_str(), &long, "1", "2"]),
        (
            "DbPutDevicePipeProperty",
            &[&long, "1", &long, "1", &long, "1", &long],
        ),
        ("DbExportEvent", &["a", "", "", "1", ""]),
    ] {
        let mut asked = Asked::default();
        let texts = arguments.iter().map(|&text| text.to_owned()).collect();
        let texts = Value::Strings(texts);
        let cost = Arguments::new("", texts, asked.limits).cost();
        asked.tell(command, arguments);
        let weight = asked.store.weight();
        assert!(weight <= cost, "{command}: {weight} > {cost}");
    }
}

#[test]
fn patterns_may_be_as_long_as_a_request() {
    let mut asked = Asked::default();
    for number in 0..1000 {
        let device = format!("a/b/{number}");
        asked.tell("DbAddDevice", &["Srv/1", &device, "Class"]);
    }
    for (pattern, count) in [("*".repeat(4 << 20), 1001), ("*a".repeat(2 << 20), 0)] {
        let devices = asked.strings("DbGetDeviceWideList", &[&pattern]);
        assert_eq!(devices.len(), count);
    }
}

#[test]
fn very_many_patterns_are_not_held_against_very_many_names() {
    let mut asked = filled();
    let names: Vec<String> = (0..20_000).map(|number| format!("p{number}")).collect();
    let mut put = vec!["a/b/c", "20000"];
    for name in &names {
        put.extend([name.as_str(), "1", "v"]);
    }
    asked.tell("DbPutDeviceProperty", &put);
    asked.tell("DbPutProperty", &put);
    let mut few = vec!["a/b/c"];
    few.resize(1 + 100, "*x*");
    let mut many = vec!["a/b/c"];
    many.resize(1 + 20_000, "*x*");
    for command in [
        "DbGetDeviceProperty",
        "DbDeleteDeviceProperty",
        "DbGetProperty",
        "DbDeleteProperty",
    ] {
        asked.run(command, &few).expect("answered");
        assert_eq!(asked.reason(command, &many), "DB_TooManyPatterns");
    }
}
