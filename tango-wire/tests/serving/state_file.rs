//! A database that keeps what it holds in a file.

use std::{error::Error, path::Path, sync::Arc};

use tango_wire::{
    Client, DeviceProxy,
    database::{Database, DatabaseError, RunningDatabase, StateError, StorageLimits},
    server::DeviceServer,
    types::Value,
};

use crate::support::{DEVICE, Everything, SOON, reason};

async fn device(database: &RunningDatabase) -> DeviceProxy {
    let client = Client::new()
        .with_timeout(SOON)
        .with_tango_host(database.tango_host());
    let device = client.device("sys/database/2").await;
    device.expect("it knows itself")
}

fn list(items: &[&str]) -> Value {
    Value::Strings(items.iter().map(|&item| item.into()).collect())
}

async fn put_property(database: &RunningDatabase) {
    let put = list(&["low/1/1", "1", "Address", "2", "a", "b"]);
    let device = device(database).await;
    let outcome = device.command("DbPutDeviceProperty", put).await;
    outcome.expect("put");
}

async fn kept_in(file: &Path) -> RunningDatabase {
    let database = Database::new().with_state_file(file).await;
    database.expect("loads").start().await.expect("starts")
}

#[tokio::test]
async fn what_is_put_in_is_there_in_the_next_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("state.json");
    let database = kept_in(&file).await;
    put_property(&database).await;
    let server = DeviceServer::new("everything/test")
        .with_device(DEVICE, Arc::new(Everything::default()))
        .with_database(database.tango_host())
        .start()
        .await
        .expect("starts");
    // what stops the database while a server runs
    let address = database.address().to_string();
    database.shutdown().await.expect("saves");

    let database = kept_in(&file).await;
    let got = device(&database)
        .await
        .command("DbGetDeviceProperty", list(&["low/1/1", "Address"]))
        .await;
    let values = list(&["low/1/1", "1", "Address", "2", "a", "b"]);
    assert_eq!(got.expect("got"), values);
    // who did not stop meanwhile is found, as with a real database
    let client = Client::new().with_tango_host(database.tango_host());
    let found = client.device(DEVICE).await.expect("found");
    found.ping().await.expect("runs");
    assert_ne!(database.address().to_string(), address, "it is another one");
    server.shutdown().await.expect_err("its database is gone");
    let files = std::fs::read_dir(folder.path()).expect("listed").count();
    assert_eq!(files, 1, "nothing is left beside the file");
    database.shutdown().await.expect("saves");
}

#[tokio::test]
async fn a_change_is_saved_while_it_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("state.json");
    let database = kept_in(&file).await;
    put_property(&database).await;
    let saved = async {
        while !Database::load(&file)
            .await
            .is_ok_and(|saved| saved.to_json().is_ok_and(|json| json.contains("Address")))
        {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(SOON, saved).await.expect("saved");
    assert_eq!(
        database.to_json().expect("written"),
        std::fs::read_to_string(&file).expect("read")
    );
}

#[tokio::test]
async fn a_copy_can_be_saved_and_loaded() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("copy.json");
    let database = Database::new()
        .with_device("Srv/1", "a/b/c", "Class")
        .with_alias("a/b/c", "short");
    let database = database.start().await.expect("starts");
    database.save(&file).await.expect("saved");
    let again = Database::load(&file).await.expect("loaded");
    assert_eq!(
        again.to_json().expect("written"),
        database.to_json().expect("written")
    );
}

#[tokio::test]
async fn a_file_that_cannot_be_used_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("state.json");
    let missing = Database::load(&file).await.expect_err("not there");
    assert!(matches!(missing, StateError::Read { .. }), "{missing:?}");
    std::fs::write(&file, "{\n  \"format\": 5\n}").expect("written");
    let wrong = Database::new().with_state_file(&file).await;
    let wrong = wrong.expect_err("no state");
    assert!(wrong.to_string().contains("state.json"), "{wrong}");
    let source = wrong.source().and_then(Error::source);
    let source = source.expect("where").to_string();
    assert!(source.contains("at line 2"), "{source}");
}

#[tokio::test]
async fn a_database_that_cannot_save_says_so_when_it_is_shut_down() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("gone").join("state.json");
    let database = kept_in(&file).await;
    put_property(&database).await;
    let failure = database.shutdown().await.expect_err("no such folder");
    let is_write = matches!(failure, DatabaseError::State(StateError::Write { .. }));
    assert!(is_write, "{failure:?}");
}

#[tokio::test]
async fn clients_cannot_store_more_than_the_limits() {
    let limits = StorageLimits::default().with_memory(20_000);
    let database = Database::new().with_limits(limits);
    let database = database.start().await.expect("starts");
    let device = device(&database).await;
    let value = "v".repeat(10_000);
    let put = list(&["object", "1", "name", "1", &value]);
    let full = reason(device.command("DbPutProperty", put).await);
    assert_eq!(full, "DB_DatabaseFull");
    let put = list(&["object", "1", "name", "1", "small"]);
    device.command("DbPutProperty", put).await.expect("fits");
}
