//! What a browser of Tango databases (Jive, Astor) asks, in its order, and what it finds.

use tango_wire::{
    Client, DeviceProxy,
    database::{Database, RunningDatabase},
    types::Value,
};

use crate::support::SOON;

/// A site: two servers, with properties of all kinds.
async fn site() -> RunningDatabase {
    Database::new()
        .with_device("Subarray/1", "low/subarray/01", "Subarray")
        .with_device("Subarray/1", "low/subarray/02", "Subarray")
        .with_device("Node/1", "low/node/0", "CentralNode")
        .with_alias("low/subarray/01", "sub1")
        .with_property("low/subarray/01", "SkaLevel", ["2"])
        .with_property("low/subarray/01", "Address", ["a", "b"])
        .with_class_property("Subarray", "Description", ["A subarray"])
        .start()
        .await
        .expect("starts")
}

struct Browser(DeviceProxy);

impl Browser {
    async fn open(database: &RunningDatabase) -> Self {
        let client = Client::new()
            .with_timeout(SOON)
            .with_tango_host(database.tango_host());
        let device = client.device("sys/database/2").await;
        Self(device.expect("it knows itself"))
    }

    async fn ask(&self, command: &str, argument: Value) -> Vec<String> {
        match self.0.command(command, argument).await {
            Ok(Value::Strings(strings)) => strings,
            Ok(Value::String(string)) => vec![string],
            other => panic!("{command}: {other:?}"),
        }
    }

    /// A question about one name or pattern.
    async fn list(&self, command: &str, argument: &str) -> Vec<String> {
        self.ask(command, Value::String(argument.into())).await
    }

    /// A question about several things.
    async fn list_of(&self, command: &str, arguments: &[&str]) -> Vec<String> {
        let arguments = arguments.iter().map(|&text| text.to_owned()).collect();
        self.ask(command, Value::Strings(arguments)).await
    }
}

#[tokio::test]
async fn the_tree_of_devices_opens_level_by_level() {
    let database = site().await;
    let browser = Browser::open(&database).await;
    for (command, pattern, found) in [
        ("DbGetDeviceDomainList", "*", &["dserver", "low", "sys"][..]),
        ("DbGetDeviceFamilyList", "low/*", &["node", "subarray"]),
        ("DbGetDeviceMemberList", "low/subarray/*", &["01", "02"]),
        ("DbGetDeviceAlias", "low/subarray/01", &["sub1"]),
        ("DbGetClassForDevice", "low/subarray/01", &["Subarray"]),
    ] {
        assert_eq!(browser.list(command, pattern).await, found, "{command}");
    }
    let info = Value::String("low/subarray/01".into());
    let info = browser.0.command("DbGetDeviceInfo", info).await;
    match info.expect("it is defined") {
        Value::LongStrings(numbers, strings) => {
            assert_eq!(numbers, [0, 0], "it does not run");
            assert_eq!(strings[3], "Subarray/1");
            assert_eq!(strings[7], "Subarray");
        }
        other => panic!("{other:?}"),
    }
    let device = ["low/subarray/01", "*"];
    assert_eq!(
        browser.list_of("DbGetDevicePropertyList", &device).await,
        ["Address", "SkaLevel"]
    );
    let device = ["low/subarray/01", "Address", "SkaLevel"];
    assert_eq!(
        browser.list_of("DbGetDeviceProperty", &device).await,
        [
            "low/subarray/01",
            "2",
            "Address",
            "2",
            "a",
            "b",
            "SkaLevel",
            "1",
            "2"
        ]
    );
    let device = ["low/subarray/01", "*"];
    for command in ["DbGetDeviceAttributeList", "DbGetDevicePipeList"] {
        assert!(browser.list_of(command, &device).await.is_empty());
    }
    let history = ["low/subarray/01", "Address"];
    let history = browser.list_of("DbGetDevicePropertyHist", &history).await;
    assert!(history.is_empty());
}

#[tokio::test]
async fn the_tree_of_servers_opens_level_by_level() {
    let database = site().await;
    let browser = Browser::open(&database).await;
    for (command, pattern, found) in [
        (
            "DbGetServerNameList",
            "*",
            &["DataBaseds", "Node", "Subarray"][..],
        ),
        ("DbGetInstanceNameList", "Subarray", &["1"]),
        (
            "DbGetDeviceServerClassList",
            "Subarray/1",
            &["DServer", "Subarray"],
        ),
        (
            "DbGetDeviceClassList",
            "Node/1",
            &["dserver/Node/1", "DServer", "low/node/0", "CentralNode"],
        ),
        ("DbGetServerInfo", "Node/1", &["Node/1", " ", " ", " "]),
    ] {
        assert_eq!(browser.list(command, pattern).await, found, "{command}");
    }
    let devices = ["Subarray/1", "Subarray"];
    assert_eq!(
        browser.list_of("DbGetDeviceList", &devices).await,
        ["low/subarray/01", "low/subarray/02"]
    );
}

#[tokio::test]
async fn classes_aliases_and_objects_are_listed() {
    let database = site().await;
    let browser = Browser::open(&database).await;
    for (command, pattern, found) in [
        (
            "DbGetClassList",
            "*",
            &["CentralNode", "DataBase", "DServer", "Subarray"][..],
        ),
        ("DbGetClassPropertyList", "Subarray", &["Description"]),
        ("DbGetDeviceAliasList", "*", &["sub1"]),
        ("DbGetAliasDevice", "SUB1", &["low/subarray/01"]),
        ("DbGetAttributeAliasList", "*", &[]),
        ("DbGetObjectList", "*", &[]),
    ] {
        assert_eq!(browser.list(command, pattern).await, found, "{command}");
    }
    let everything = ["Subarray", "*"];
    for command in ["DbGetClassAttributeList", "DbGetClassPipeList"] {
        assert!(browser.list_of(command, &everything).await.is_empty());
    }
}
