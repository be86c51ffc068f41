use super::*;

const NOW: SystemTime = SystemTime::UNIX_EPOCH;

fn store() -> Store {
    let mut store = Store::default();
    store.define("low/sub/1", "Sub/test", "Subarray");
    store.define("low/sub/2", "Sub/test", "Subarray");
    store.define("low/node/1", "Node/test", "CentralNode");
    store
}

fn names(store: &Store) -> Vec<&str> {
    store.devices().map(|(name, _)| name).collect()
}

fn export() -> Export {
    Export {
        reference: "IOR:00".into(),
        ..Export::default()
    }
}

#[test]
fn a_device_is_exported_until_its_server_ends() {
    let mut store = store();
    assert!(store.export("LOW/sub/1", export(), NOW));
    assert!(!store.export("no/such/device", export(), NOW));
    store.unexport_server("sub/TEST", NOW);
    let (name, device) = store.device("low/SUB/1").expect("defined");
    assert_eq!(name, "low/sub/1");
    assert!(!device.exported);
    assert_eq!(device.export, Some(export()), "where it ran last is kept");
    assert_eq!((device.started, device.stopped), (Some(NOW), Some(NOW)));
}

#[test]
fn a_device_that_is_defined_again_runs_no_more_but_keeps_its_alias() {
    let mut store = store();
    assert!(store.device_aliases.put("low/sub/1", "one"));
    assert!(store.export("low/sub/1", export(), NOW));
    store.define("Low/Sub/1", "Other/test", "Other");
    let (name, device) = store.find("ONE").expect("by its alias");
    assert_eq!(name, "Low/Sub/1");
    assert_eq!(device, &Device::new("Other/test", "Other"));
}

#[test]
fn forgetting_a_device_takes_its_aliases_and_properties_along() {
    let mut store = store();
    let empty = Store::default();
    assert!(store.device_aliases.put("low/sub/1", "one"));
    assert!(store.attribute_aliases.put("low/sub/1/power", "power"));
    store
        .device_properties
        .put("low/sub/1", "a", vec!["1".into()]);
    assert_eq!(store.find("ONE").map(|(name, _)| name), Some("low/sub/1"));
    store.forget("low/sub/1");
    assert_eq!(store.find("one"), None);
    assert_eq!(store.attribute_aliases, empty.attribute_aliases);
    assert_eq!(store.device_properties, empty.device_properties);
    assert!(store.forget_server("sub/test"));
    assert!(!store.forget_server("sub/test"));
    assert_eq!(names(&store), ["dserver/Node/test", "low/node/1"]);
    assert!(store.forget_server("node/test"));
    assert_eq!(store.weight(), 0);
}

#[test]
fn a_server_is_renamed_with_its_admin_device() {
    let mut store = store();
    let admin = "dserver/sub/test";
    store
        .device_properties
        .put(admin, "polled", vec!["1".into()]);
    assert!(store.rename_server("SUB/test", "Array/9"));
    assert!(!store.rename_server("SUB/test", "Array/9"));
    let renamed = "dserver/Array/9";
    assert_eq!(
        names(&store),
        [
            renamed,
            "dserver/Node/test",
            "low/node/1",
            "low/sub/1",
            "low/sub/2"
        ]
    );
    assert!(store.device_properties.get(renamed, "polled").is_some());
    let (_, device) = store.device("low/sub/2").expect("there");
    assert_eq!(device.server, "Array/9");
}

#[test]
fn devices_are_listed_by_name_and_by_alias() {
    let mut store = store();
    assert!(store.device_aliases.put("low/sub/2", "low-two"));
    let listed = |pattern: &str| -> Vec<String> {
        let pattern = Pattern::new(pattern);
        let fitting = store.fitting(&pattern);
        fitting.map(|(name, _)| name.to_owned()).collect()
    };
    assert_eq!(listed("LOW*"), ["low/node/1", "low/sub/1", "low/sub/2"]);
    assert_eq!(listed("*two"), ["low/sub/2"]);
}
