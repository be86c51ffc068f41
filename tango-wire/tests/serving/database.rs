//! The database, with servers that register in it.

use std::sync::Arc;

use tango_wire::{
    Client, DeviceProxy, Error,
    database::{Database, RunningDatabase},
    server::{DeviceServer, RunningServer, ServerError},
    types::{DevState, Value},
};

use crate::support::{DEVICE, Everything, SOON, reason};

async fn database() -> RunningDatabase {
    Database::new().start().await.expect("starts")
}

async fn serve_under(database: &RunningDatabase) -> RunningServer {
    DeviceServer::new("everything/test")
        .with_device(DEVICE, Arc::new(Everything::default()))
        .with_database(database.tango_host())
        .start()
        .await
        .expect("starts")
}

fn client(database: &RunningDatabase) -> Client {
    Client::new()
        .with_timeout(SOON)
        .with_tango_host(database.tango_host())
}

async fn database_device(database: &RunningDatabase) -> DeviceProxy {
    client(database)
        .device("sys/database/2")
        .await
        .expect("it knows itself")
}

async fn strings(device: &DeviceProxy, command: &str, argument: &str) -> Vec<String> {
    match device
        .command(command, Value::String(argument.into()))
        .await
    {
        Ok(Value::Strings(strings)) => strings,
        other => panic!("{command}: {other:?}"),
    }
}

#[tokio::test]
async fn plain_names_lead_to_devices_while_their_server_runs() {
    let database = database().await;
    let server = serve_under(&database).await;
    assert_eq!(
        server.device_url(DEVICE),
        Some(format!("tango://{}/{DEVICE}", database.tango_host()))
    );
    let device = client(&database)
        .device("TEST/everything/1")
        .await
        .expect("found");
    assert_eq!(device.state().await.expect("told"), DevState::Running);
    let (told, mut notices) = tokio::sync::mpsc::unbounded_channel();
    let handler = move |notice| {
        let _ = told.send(notice);
    };
    let subscription = device
        .subscribe("power", handler)
        .await
        .expect("subscribed");
    assert!(notices.recv().await.is_some());
    assert_eq!(server.events().subscribers(DEVICE, "power"), 1);
    drop(subscription);

    let admin = database_device(&database).await;
    assert_eq!(
        strings(&admin, "DbGetDeviceExportedList", "*").await,
        [
            "dserver/DataBaseds/2",
            "dserver/everything/test",
            "sys/database/2",
            "Test/Everything/1",
        ]
    );
    assert_eq!(
        strings(&admin, "DbGetServerList", "every*").await,
        ["everything/test"]
    );

    server.shutdown().await.expect("shut down");
    assert_eq!(
        strings(&admin, "DbGetDeviceExportedList", "*/everything/*").await,
        [] as [&str; 0]
    );
    let gone = client(&database).device(DEVICE).await;
    let gone = match gone {
        Ok(device) => device.ping().await.expect_err("not exported"),
        Err(error) => error,
    };
    assert!(matches!(gone, Error::NotDefined { .. }), "{gone:?}");
}

#[tokio::test]
async fn a_dropped_server_is_taken_out_in_the_background() {
    let database = database().await;
    let server = serve_under(&database).await;
    let admin = database_device(&database).await;
    drop(server);
    let gone = async {
        while !strings(&admin, "DbGetDeviceExportedList", "test/*")
            .await
            .is_empty()
        {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(SOON, gone).await.expect("taken out");
}

#[tokio::test]
async fn properties_are_kept_while_it_runs() {
    let database = database().await;
    let device = database_device(&database).await;
    let list = |items: &[&str]| Value::Strings(items.iter().map(|&item| item.into()).collect());
    let put = list(&["low/1/1", "1", "Address", "2", "a", "b"]);
    device
        .command("DbPutDeviceProperty", put)
        .await
        .expect("put");
    let got = device
        .command("DbGetDeviceProperty", list(&["low/1/1", "address"]))
        .await;
    assert_eq!(
        got.expect("got"),
        list(&["low/1/1", "1", "address", "2", "a", "b"])
    );
    assert_eq!(
        reason(
            device
                .command("DbGetDataForServerCache", list(&["a", "b"]))
                .await
        ),
        "API_CommandNotFound",
        "servers then ask one by one"
    );
}

#[tokio::test]
async fn a_server_without_its_database_does_not_start() {
    let database = database().await;
    let tango_host = database.tango_host();
    database.shutdown().await.expect("shut down");
    let server = DeviceServer::new("everything/test")
        .with_device(DEVICE, Arc::new(Everything::default()))
        .with_database(tango_host.clone());
    match server.start().await {
        Err(ServerError::Database {
            tango_host: named, ..
        }) => assert_eq!(named, tango_host),
        other => panic!("{other:?}"),
    }
}
