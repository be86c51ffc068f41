//! Typed calls on a database.

use tango_wire::Error;
use tango_wire::client::{
    AttributeOwner, AttributeProperties, Client, DatabaseProxy, DeviceExport, Property,
    PropertyOwner, ServerPlacement,
};
use tango_wire::database::{Database, RunningDatabase};
use tango_wire::giop::ObjectReference;

use crate::lamp::{LAMP, serve};

async fn start() -> (RunningDatabase, DatabaseProxy) {
    let running = Database::new().start().await.unwrap();
    let client = Client::new().with_tango_host(running.tango_host());
    let database = client.database().unwrap();
    (running, database)
}

fn texts(items: &[&str]) -> Option<Vec<String>> {
    Some(items.iter().map(|&item| item.to_owned()).collect())
}

#[tokio::test]
async fn properties_of_all_owners_are_put_read_listed_and_deleted() {
    let (_running, database) = start().await;
    for owner in [
        PropertyOwner::Device("low/sub/1"),
        PropertyOwner::Class("Subarray"),
        PropertyOwner::Object("CtrlSystem"),
    ] {
        let none = database.properties(owner, &["a", "b"]).await.unwrap();
        assert_eq!(none, [None, None], "{owner:?}");
        assert_eq!(database.properties(owner, &[]).await.unwrap(), []);

        let properties = [
            Property::new("Address", ["192.0.2.1"]),
            Property::new("Receptors", ["C1", "", "C\u{e9}"]),
            Property::new("Blank", [" "]),
        ];
        database.put_properties(owner, &properties).await.unwrap();
        let asked = ["receptors", "missing", "Blank", "ADDRESS"];
        assert_eq!(
            database.properties(owner, &asked).await.unwrap(),
            [
                texts(&["C1", "", "C\u{e9}"]),
                None,
                texts(&[" "]),
                texts(&["192.0.2.1"]),
            ],
            "{owner:?}"
        );

        let mut names = database.property_names(owner, "*").await.unwrap();
        names.sort();
        assert_eq!(names, ["Address", "Blank", "Receptors"], "{owner:?}");
        let fitting = database.all_properties(owner, "addr*").await.unwrap();
        assert_eq!(fitting, properties[..1], "{owner:?}");
        assert_eq!(database.all_properties(owner, "x*").await.unwrap(), []);

        // one without values is deleted, and so is one that is named
        let empty = Property::new("Blank", [] as [&str; 0]);
        let again = Property::new("address", ["192.0.2.2"]);
        database
            .put_properties(owner, &[empty, again])
            .await
            .unwrap();
        let deleted = database.delete_properties(owner, &["Receptors", "missing"]);
        deleted.await.unwrap();
        assert_eq!(
            database.properties(owner, &asked).await.unwrap(),
            [None, None, None, texts(&["192.0.2.2"])],
            "{owner:?}"
        );
    }
    assert_eq!(database.objects("ctrl*").await.unwrap(), ["CtrlSystem"]);
}

#[tokio::test]
async fn properties_of_attributes_are_put_read_listed_and_deleted() {
    let (_running, database) = start().await;
    for owner in [
        AttributeOwner::Device("low/sub/1"),
        AttributeOwner::Class("Subarray"),
    ] {
        let attributes = [
            AttributeProperties::new(
                "power",
                [
                    Property::new("unit", ["W"]),
                    Property::new("labels", ["a", "b"]),
                ],
            ),
            AttributeProperties::new("obsState", [Property::new("label", ["State"])]),
        ];
        database
            .put_attribute_properties(owner, &attributes)
            .await
            .unwrap();
        let asked = ["Power", "missing", "obsstate"];
        let found = database.attribute_properties(owner, &asked).await.unwrap();
        assert_eq!(found[0].values("UNIT"), texts(&["W"]).as_deref());
        assert_eq!(found[0].values("labels"), texts(&["a", "b"]).as_deref());
        assert_eq!(found[1].properties, []);
        assert_eq!(found[2].values("label"), texts(&["State"]).as_deref());

        let listed = database.attributes_with_properties(owner, "p*");
        assert_eq!(listed.await.unwrap(), ["power"]);
        database
            .delete_attribute_properties(owner, "power", &["unit"])
            .await
            .unwrap();
        database.delete_attribute(owner, "obsState").await.unwrap();
        let found = database.attribute_properties(owner, &asked).await.unwrap();
        assert_eq!(found[0].values("unit"), None);
        assert!(found[0].values("labels").is_some());
        assert_eq!(found[2].properties, []);
    }
}

#[tokio::test]
async fn aliases_are_put_followed_listed_and_deleted() {
    let (_running, database) = start().await;
    let device = "low/sub/1";
    database.add_device("s/1", device, "C").await.unwrap();
    assert_eq!(database.device_alias(device).await.unwrap(), None);
    assert_eq!(database.device_of_alias("sub").await.unwrap(), None);
    database.put_device_alias(device, "sub").await.unwrap();
    let alias = database.device_alias(device).await.unwrap();
    assert_eq!(alias.as_deref(), Some("sub"));
    let found = database.device_of_alias("SUB").await.unwrap();
    assert_eq!(found.as_deref(), Some(device));
    assert_eq!(database.device_aliases("s*").await.unwrap(), ["sub"]);
    database.delete_device_alias("sub").await.unwrap();
    assert_eq!(database.device_alias(device).await.unwrap(), None);
    database.delete_device_alias("sub").await.unwrap();

    let attribute = "low/sub/1/power";
    assert_eq!(database.attribute_alias(attribute).await.unwrap(), None);
    database.put_attribute_alias(attribute, "pw").await.unwrap();
    let alias = database.attribute_alias(attribute).await.unwrap();
    assert_eq!(alias.as_deref(), Some("pw"));
    let found = database.attribute_of_alias("pw").await.unwrap();
    assert_eq!(found.as_deref(), Some(attribute));
    assert_eq!(database.attribute_aliases("*").await.unwrap(), ["pw"]);
    database.delete_attribute_alias("pw").await.unwrap();
    assert_eq!(database.attribute_of_alias("pw").await.unwrap(), None);
}

#[tokio::test]
async fn devices_are_defined_exported_listed_and_forgotten() {
    let (_running, database) = start().await;
    let device = "low/sub/1";
    let unknown = database.import_device(device).await;
    assert!(
        matches!(&unknown, Err(Error::NotDefined { device: named, .. }) if named == device),
        "{unknown:?}"
    );
    database
        .add_device("subarray/1", device, "Subarray")
        .await
        .unwrap();
    assert!(!database.import_device(device).await.unwrap().exported);

    let reference = ObjectReference::new("", "192.0.2.1", 4321, *b"key");
    let export = DeviceExport {
        device: device.to_owned(),
        reference: reference.to_ior().unwrap(),
        host: "here".to_owned(),
        process: 77,
        version: "6".to_owned(),
    };
    database.export_device(&export).await.unwrap();
    let found = database.import_device("LOW/sub/1").await.unwrap();
    assert!(found.exported);
    assert_eq!((found.process, found.name.as_str()), (77, device));
    assert_eq!(found.reference.parse(), Ok(reference));
    assert_eq!(
        [&found.version, &found.server, &found.host, &found.class],
        ["6", "subarray/1", "here", "Subarray"]
    );
    assert_eq!((&found.started, &found.stopped), (&None, &None));
    let info = database.device_info(device).await.unwrap();
    assert!(info.started.is_some() && info.stopped.is_some());
    assert_eq!(info.class, "Subarray");

    database
        .add_device("other/1", "mid/x/2", "X")
        .await
        .unwrap();
    assert_eq!(database.devices("low/*").await.unwrap(), [device]);
    assert_eq!(database.devices("*/x/*").await.unwrap(), ["mid/x/2"]);
    assert_eq!(
        database.exported_devices("*/sub/*").await.unwrap(),
        [device]
    );
    let of_class = database.exported_devices_of_class("Subarray").await;
    assert_eq!(of_class.unwrap(), [device]);
    let of_server = database.devices_of_server("sub*/1", "subarray").await;
    assert_eq!(of_server.unwrap(), [device]);
    assert_eq!(database.domains("l*").await.unwrap(), ["low"]);
    assert_eq!(database.families("low/*").await.unwrap(), ["sub"]);
    assert_eq!(database.members("low/sub/*").await.unwrap(), ["1"]);
    assert_eq!(database.class_of_device(device).await.unwrap(), "Subarray");

    database.unexport_device(device).await.unwrap();
    assert!(!database.import_device(device).await.unwrap().exported);
    database.delete_device(device).await.unwrap();
    let gone = database.import_device(device).await;
    assert!(matches!(gone, Err(Error::NotDefined { .. })), "{gone:?}");
    let classless = database.class_of_device(device).await.unwrap_err();
    let failure = classless.dev_failed().unwrap();
    assert_eq!(failure.reason(), "DB_IncorrectArguments");
}

#[tokio::test]
async fn servers_are_defined_listed_placed_and_forgotten() {
    let (_running, database) = start().await;
    let devices = [("low/sub/1", "Subarray"), ("low/sub/2", "Subarray")];
    database.add_server("subarray/1", &devices).await.unwrap();
    database
        .add_server("subarray/2", &[("low/x/1", "Other")])
        .await
        .unwrap();
    let found = database.servers("sub*").await.unwrap();
    assert_eq!(found, ["subarray/1", "subarray/2"]);
    assert_eq!(database.programs("sub*").await.unwrap(), ["subarray"]);
    assert_eq!(database.instances("subarray").await.unwrap(), ["1", "2"]);
    assert_eq!(database.classes("Sub*").await.unwrap(), ["Subarray"]);
    let classes = database.classes_of_server("subarray/2").await.unwrap();
    assert_eq!(classes, ["DServer", "Other"]);
    let pairs = database.devices_and_classes("subarray/1").await.unwrap();
    let expected = devices.map(|(device, class)| (device.to_owned(), class.to_owned()));
    assert!(
        expected.iter().all(|pair| pairs.contains(pair)),
        "{pairs:?}"
    );

    let export = DeviceExport {
        device: "low/sub/1".to_owned(),
        reference: "IOR:".to_owned(),
        host: "there".to_owned(),
        process: 1,
        version: "6".to_owned(),
    };
    database.export_device(&export).await.unwrap();
    let admin = DeviceExport {
        device: "dserver/subarray/1".to_owned(),
        ..export
    };
    database.export_device(&admin).await.unwrap();
    assert_eq!(database.hosts("there").await.unwrap(), ["there"]);
    let on_host = database.servers_on_host("there").await.unwrap();
    assert_eq!(on_host, ["subarray/1"]);
    database.unexport_server("subarray/1").await.unwrap();
    let left = database.exported_devices("low/*").await.unwrap();
    assert_eq!(left, [] as [&str; 0]);

    let nowhere = database.server_placement("subarray/1").await.unwrap();
    assert_eq!(nowhere, ServerPlacement::default());
    let placement = ServerPlacement {
        host: "there".to_owned(),
        controlled: true,
        level: 3,
    };
    database
        .put_server_placement("subarray/1", &placement)
        .await
        .unwrap();
    let found = database.server_placement("subarray/1").await.unwrap();
    assert_eq!(found, placement);
    database
        .delete_server_placement("subarray/1")
        .await
        .unwrap();
    let found = database.server_placement("subarray/1").await.unwrap();
    assert_eq!(found, nowhere);

    database.delete_server("subarray/2").await.unwrap();
    assert_eq!(database.servers("sub*").await.unwrap(), ["subarray/1"]);
    let words = database.info().await.unwrap();
    assert!(
        words.iter().any(|line| line.contains("Devices")),
        "{words:?}"
    );
}

#[tokio::test]
async fn a_device_knows_its_entry_in_the_database() {
    let (running, database) = start().await;
    let _server = serve("127.0.0.1:0", Some(running.tango_host())).await;
    database.put_device_alias(LAMP, "lamp").await.unwrap();
    let client = Client::new().with_tango_host(running.tango_host());
    let whole = format!("tango://{}/{LAMP}", running.tango_host());
    for (address, client) in [
        (LAMP, client.clone()),
        ("lamp", client.clone()),
        (&whole, Client::new()),
    ] {
        let device = client.device(address).await.unwrap();
        let properties = [Property::new("Watts", ["60"])];
        device.put_properties(&properties).await.unwrap();
        let found = device.properties(&["watts", "volts"]).await.unwrap();
        assert_eq!(found, [texts(&["60"]), None], "{address}");
        device.delete_properties(&["Watts"]).await.unwrap();
        assert_eq!(device.properties(&["Watts"]).await.unwrap(), [None]);
        assert_eq!(device.alias().await.unwrap().as_deref(), Some("lamp"));
    }
}

#[tokio::test]
async fn a_device_without_a_database_says_so() {
    let server = serve("127.0.0.1:0", None).await;
    let url = server.device_url(LAMP).unwrap();
    let device = Client::new().device(&url).await.unwrap();
    let error = device.properties(&["a"]).await.unwrap_err();
    assert!(matches!(error, Error::NoDatabase { .. }), "{error:?}");
    assert!(error.to_string().contains("dbase=no"), "{error}");
    for error in [
        device.put_properties(&[]).await.err(),
        device.delete_properties(&["a"]).await.err(),
        device.alias().await.err(),
    ] {
        assert!(matches!(error, Some(Error::NoDatabase { .. })), "{error:?}");
    }
    let nonsense = Client::new().with_tango_host("nonsense").database();
    assert!(matches!(nonsense, Err(Error::NoDatabase { .. })));
}
