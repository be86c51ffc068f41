//! What the commands reply, in the shapes of DataBaseds 9.3.4: the same calls were made there, on
//! MariaDB, and gave these replies.

mod aliases;
mod attribute_properties;
mod devices;
mod limits;
mod properties;
mod servers;

use std::collections::HashSet;

use super::*;
use crate::{
    database::{limits::StorageLimits, store::Store},
    types::{DataType, DevFailed, Value},
};

/// A store, asked as clients ask.
#[derive(Default)]
struct Asked {
    store: Store,
    limits: StorageLimits,
}

impl Asked {
    fn run(&mut self, name: &str, arguments: &[&str]) -> Result<Value, DevFailed> {
        let command = all().find(|command| command.name == name).expect("known");
        let arguments = arguments.iter().map(|&text| text.to_owned()).collect();
        command.answer(&mut self.store, Value::Strings(arguments), self.limits)
    }

    /// Runs a command that replies with nothing.
    fn tell(&mut self, name: &str, arguments: &[&str]) {
        let outcome = self.run(name, arguments);
        assert_eq!(outcome, Ok(Value::Void), "{name} {arguments:?}");
    }

    fn strings(&mut self, name: &str, arguments: &[&str]) -> Vec<String> {
        match self.run(name, arguments) {
            Ok(Value::Strings(strings)) => strings,
            Ok(Value::String(string)) => vec![string],
            other => panic!("{name} {arguments:?}: {other:?}"),
        }
    }

    fn numbers_and_strings(&mut self, name: &str, argument: &str) -> (Vec<i32>, Vec<String>) {
        match self.run(name, &[argument]) {
            Ok(Value::LongStrings(numbers, strings)) => (numbers, strings),
            other => panic!("{name} {argument}: {other:?}"),
        }
    }

    /// The reason why a command is refused.
    fn reason(&mut self, name: &str, arguments: &[&str]) -> String {
        match self.run(name, arguments) {
            Err(failure) => failure.reason().to_owned(),
            other => panic!("{name} {arguments:?}: {other:?}"),
        }
    }
}

/// Two servers, one of them running.
fn filled() -> Asked {
    let mut asked = Asked::default();
    asked.tell(
        "DbAddServer",
        &[
            "DiffSrv/Inst1",
            "ZZdom/Fam/Mem1",
            "DiffClass",
            "zzdom/fam/mem2",
            "DiffClass",
            "zzdom/fam2/mem_10",
            "OtherClass",
        ],
    );
    asked.tell("DbAddServer", &["AServer/inst2", "zzB/x/1", "Klass"]);
    for (device, host) in [
        ("zzdom/fam/mem1", "host1"),
        ("dserver/diffsrv/inst1", "Host1.domain"),
    ] {
        asked.tell("DbExportDevice", &[device, "IOR:0102", host, "1234", "5"]);
    }
    asked
}

#[test]
fn no_command_is_there_twice_and_the_cache_is_refused() {
    let mut names = HashSet::new();
    for command in all() {
        let name = command.name;
        assert!(names.insert(name), "{name} is there twice");
    }
    assert!(!names.contains("DbGetDataForServerCache"));
    assert!(!names.contains("DbMySqlSelect"));
    assert!(names.contains("DbDeleteDeviceProperty"), "or servers exit");
    // the 100 of DataBaseds 9.3.4 without these two, and without State, Status and Init
    assert_eq!(names.len(), 95);
}

#[test]
fn what_changes_replies_with_nothing_and_the_other_way_round() {
    for command in all() {
        let changes = ["Add", "Put", "Delete", "Rename", "Export", "UnExport"];
        let changes = changes
            .iter()
            .any(|word| command.name.starts_with(&format!("Db{word}")));
        assert_eq!(command.changes_state(), changes, "{}", command.name);
        if changes {
            assert_eq!(command.info().output, DataType::Void);
        }
    }
}

#[test]
fn histories_are_empty() {
    let mut asked = filled();
    for (kind, arguments) in [
        ("Property", &["object", "name"][..]),
        ("DeviceProperty", &["zzdom/fam/mem1", "name"]),
        ("ClassProperty", &["DiffClass", "name"]),
        ("DeviceAttributeProperty", &["zzdom/fam/mem1", "a", "name"]),
        ("ClassAttributeProperty", &["DiffClass", "a", "name"]),
        ("DevicePipeProperty", &["zzdom/fam/mem1", "p", "name"]),
        ("ClassPipeProperty", &["DiffClass", "p", "name"]),
    ] {
        let command = format!("DbGet{kind}Hist");
        assert!(asked.strings(&command, arguments).is_empty(), "{command}");
        let one = asked.reason(&command, &arguments[..1]);
        assert_eq!(one, "DB_IncorrectArguments", "{command}");
    }
}

#[test]
fn the_database_counts_what_it_holds() {
    let mut asked = filled();
    asked.tell("DbPutProperty", &["object", "1", "name", "2", "a", "b"]);
    let lines = asked.strings("DbInfo", &[]);
    assert_eq!(lines[0], "TANGO Database sys/database/2");
    assert_eq!(lines[2], "Running since 1970-01-01 00:00:00");
    assert_eq!(
        lines[4..],
        [
            "Devices defined  = 6",
            "Devices exported  = 2",
            "Device servers defined  = 2",
            "Device servers exported  = 1",
            " ",
            "Device properties defined  = 0 [History lgth = 0]",
            "Class properties defined  = 0 [History lgth = 0]",
            "Device attribute properties defined  = 0 [History lgth = 0]",
            "Class attribute properties defined  = 0 [History lgth = 0]",
            "Object properties defined  = 2 [History lgth = 0]",
        ]
    );
}
