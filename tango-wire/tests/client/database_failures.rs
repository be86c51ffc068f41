//! Databases that are down, hang, refuse, or are none: each here is a script, and the server that
//! wants to register with it.

use std::sync::Arc;
use std::time::Duration;

use tango_wire::any::{read_any, write_any};
use tango_wire::client::{Client, Property, PropertyOwner};
use tango_wire::database::Database;
use tango_wire::giop::write_user_exception;
use tango_wire::server::{DeviceServer, ServerError};
use tango_wire::types::DevFailed;
use tango_wire::{Error, Value};
use tokio::net::TcpListener;

use crate::lamp::{Lamp, serve};
use crate::peer::{Peer, done};

/// A database that answers strings with what its script makes of the command.
async fn scripted(answer: impl Fn(&str) -> Option<Value> + Send + Sync + 'static) -> Peer {
    Peer::start(6, move |request| {
        assert_eq!(request.object_key, b"database");
        let mut body = request.body.clone();
        let command = body.string().unwrap();
        read_any(&mut body).unwrap();
        let reply = answer(&command)?;
        Some(done(request, |body| write_any(body, &reply)))
    })
    .await
}

#[tokio::test]
async fn hosts_stand_in_for_one_another_but_no_change_is_made_twice() {
    let hanging = scripted(|_| None).await;
    let running = Database::new().start().await.unwrap();
    let direct = Client::new().database_at(running.tango_host().parse().unwrap());
    let both = format!("{},{}", hanging.address, running.tango_host());
    let client = || {
        Client::new()
            .with_tango_host(both.as_str())
            .with_timeout(Duration::from_millis(300))
    };
    let owner = PropertyOwner::Object("x");
    let property = [Property::new("a", ["1"])];
    // it may be at it, so nobody else is told
    let database = client().database().unwrap();
    let error = database.put_properties(owner, &property).await.unwrap_err();
    assert!(matches!(error, Error::TimedOut { .. }), "{error:?}");
    assert_eq!(direct.properties(owner, &["a"]).await.unwrap(), [None]);
    // a question may be asked twice, and who answered is asked first from then on
    let client = client();
    let database = client.database().unwrap();
    assert_eq!(database.properties(owner, &["a"]).await.unwrap(), [None]);
    let before = hanging.requests().len();
    let database = client.database().unwrap();
    database.put_properties(owner, &property).await.unwrap();
    let found = direct.properties(owner, &["a"]).await.unwrap();
    assert_eq!(found, [Some(vec!["1".to_owned()])]);
    assert_eq!(hanging.requests().len(), before);
    // nobody was told if nobody was there
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let both = format!("{address},{}", running.tango_host());
    let database = Client::new().with_tango_host(both).database().unwrap();
    let property = [Property::new("b", ["2"])];
    database.put_properties(owner, &property).await.unwrap();
    assert!(direct.properties(owner, &["b"]).await.unwrap()[0].is_some());
}

#[tokio::test]
async fn a_property_without_values_is_deleted_not_put() {
    let (sender, mut commands) = tokio::sync::mpsc::unbounded_channel();
    let peer = scripted(move |command| {
        sender.send(command.to_owned()).unwrap();
        Some(Value::Void)
    });
    let peer = peer.await;
    let database = Client::new().database_at(peer.address.to_string().parse().unwrap());
    let empty = Property::new("a", [] as [&str; 0]);
    let owner = PropertyOwner::Device("low/sub/1");
    database.put_properties(owner, &[empty]).await.unwrap();
    assert_eq!(commands.recv().await.unwrap(), "DbDeleteDeviceProperty");
    assert!(commands.try_recv().is_err());
}

#[tokio::test]
async fn replies_that_make_no_sense_are_errors_that_name_the_database() {
    let database = scripted(|command| {
        Some(match command {
            "DbGetDeviceProperty" => Value::Strings(vec!["low/sub/1".to_owned(), "7".to_owned()]),
            "DbImportDevice" => Value::LongStrings(vec![1], vec![]),
            "DbGetDeviceClassList" => Value::Strings(vec!["alone".to_owned()]),
            _ => Value::Long(1),
        })
    });
    let peer = database.await;
    let client = Client::new();
    let database = client.database_at(peer.address.to_string().parse().unwrap());
    let owner = PropertyOwner::Device("low/sub/1");
    for error in [
        database.properties(owner, &["a"]).await.err(),
        database.import_device("low/sub/1").await.err(),
        database.devices_and_classes("x/1").await.err(),
        database.devices("*").await.err(),
        database.class_of_device("low/sub/1").await.err(),
    ] {
        let error = error.unwrap();
        assert!(matches!(error, Error::Protocol { .. }), "{error:?}");
        assert!(error.to_string().contains(&peer.address.to_string()));
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_whose_database_hangs_or_is_none_does_not_start() {
    let hanging = scripted(|_| None).await;
    let no_database = serve("127.0.0.1:0", None).await;
    for place in [hanging.address, no_database.address()] {
        let server = DeviceServer::new("lamps/2")
            .with_device("house/lamp/2", Arc::new(Lamp::default()))
            .with_database(place.to_string());
        match server.start().await {
            Err(ServerError::Database { tango_host, .. }) => {
                assert_eq!(tango_host, place.to_string());
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_server_whose_devices_a_database_refuses_does_not_start() {
    for refused in ["DbGetDeviceList", "DbAddDevice", "DbExportDevice"] {
        let peer = Peer::start(6, move |request| {
            let mut body = request.body.clone();
            let command = body.string().unwrap();
            if command != refused {
                let reply = match command.as_str() {
                    "DbGetDeviceList" => Value::Strings(Vec::new()),
                    _ => Value::Void,
                };
                return Some(done(request, |body| write_any(body, &reply)));
            }
            let failure = DevFailed::new("DB_Test", "no", "here");
            let (version, id) = (request.version, request.id);
            let answer = write_user_exception(version, id, DevFailed::ID, |body| {
                failure.write(body);
            });
            Some(answer.unwrap())
        });
        let peer = peer.await;
        let server = DeviceServer::new("lamps/2")
            .with_device("house/lamp/2", Arc::new(Lamp::default()))
            .with_database(peer.address.to_string());
        match server.start().await {
            Err(ServerError::Database { source, .. }) => {
                assert_eq!(source.dev_failed().unwrap().reason(), "DB_Test");
                assert!(source.to_string().contains(refused), "{source}");
            }
            other => panic!("{other:?}"),
        }
    }
}
