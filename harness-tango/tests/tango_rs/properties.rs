//! Properties of a device in a database.

use harness_tango::device::TangoRsConnector;
use tango_wire::Client;
use tango_wire::client::Property;
use tango_wire::database::Database;

use crate::device_of_types::{NAME, device, server};

#[tokio::test]
async fn properties_are_set_read_and_deleted_as_the_wire_sees_them() {
    let database = Database::new().start().await.unwrap();
    let tango_host = database.tango_host();
    let _server = server()
        .with_database(tango_host.clone())
        .start()
        .await
        .unwrap();
    let client = Client::new().with_tango_host(tango_host);
    let device = TangoRsConnector::new(client).device(NAME).await.unwrap();
    let wire = device.wire().proxy();

    assert_eq!(device.property("Receptors").await.unwrap(), None);
    device.put_property("Receptors", "nö").await.unwrap();
    let values = wire.properties(&["Receptors"]).await.unwrap();
    assert_eq!(values, [Some(vec!["nö".to_owned()])]);

    let several = Property::new("Receptors", ["C1", "C2"]);
    wire.put_properties(&[several]).await.unwrap();
    let values = device.property("receptors").await.unwrap();
    assert_eq!(values, Some(vec!["C1".to_owned(), "C2".to_owned()]));

    device.delete_property("Receptors").await.unwrap();
    assert_eq!(device.property("Receptors").await.unwrap(), None);
    assert!(device.put_property("Receptors", "a\0b").await.is_err());
    assert!(device.put_property("Recep\0tors", "a").await.is_err());
}

#[tokio::test]
async fn a_device_without_a_database_has_no_properties() {
    let server = server().start().await.unwrap();
    let device = device(&server).await;
    let error = device.property("Receptors").await.unwrap_err();
    assert_eq!(error.operation, "read property Receptors");
}
