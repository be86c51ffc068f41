//! Clients that connect elsewhere than where servers say they are.

use std::io;
use std::sync::{Arc, Mutex};

use tango_wire::Error;
use tango_wire::client::{Client, Destination, HostPort, Service};
use tango_wire::database::Database;
use tango_wire::server::DeviceServer;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};

use crate::lamp::Lamp;

/// Passes one way on, through another port.
async fn relay(to: HostPort) -> HostPort {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut server = TcpStream::connect(to.to_string()).await.unwrap();
            tokio::spawn(async move { copy_bidirectional(&mut client, &mut server).await });
        }
    });
    HostPort {
        host: "127.0.0.1".to_owned(),
        port,
    }
}

/// Relays everything, and remembers what was asked for.
#[derive(Clone, Default)]
struct Relays(Arc<Mutex<Vec<Destination>>>);

impl tango_wire::client::AddressBook for Relays {
    fn look_up<'a>(&'a self, destination: &'a Destination) -> tango_wire::client::Address<'a> {
        self.0.lock().unwrap().push(destination.clone());
        Box::pin(async { Ok(relay(destination.place.clone()).await) })
    }
}

#[tokio::test]
async fn all_connections_go_where_the_book_says() {
    let database = Database::new().start().await.unwrap();
    let server = DeviceServer::new("lamp/1")
        .with_device("test/lamp/1", Arc::new(Lamp::default()))
        .with_database(database.tango_host())
        .start()
        .await
        .unwrap();
    let relays = Relays::default();
    let client = Client::new()
        .with_tango_host(database.tango_host())
        .with_address_book(relays.clone());
    let lamp = client.device("test/lamp/1").await.unwrap();
    let (notices, mut noticed) = tokio::sync::mpsc::unbounded_channel();
    let following = lamp.subscribe("brightness", move |notice| {
        notices.send(notice).unwrap();
    });
    let _following = following.await.unwrap();
    assert!(noticed.recv().await.is_some());

    let asked = relays.0.lock().unwrap().clone();
    let places = |service: Service| -> Vec<String> {
        let of = asked.iter().filter(|asked| asked.service == service);
        of.map(|asked| asked.place.to_string()).collect()
    };
    assert_eq!(places(Service::Database)[0], database.tango_host());
    assert_eq!(places(Service::Calls)[0], server.address().to_string());
    assert_eq!(
        places(Service::Events),
        [server.event_address().to_string()]
    );
    assert_eq!(
        places(Service::Heartbeats),
        [server.heartbeat_address().to_string()]
    );
}

#[tokio::test]
async fn a_place_that_the_book_refuses_can_not_be_reached() {
    let server = DeviceServer::new("lamp/1")
        .with_device("test/lamp/1", Arc::new(Lamp::default()))
        .start()
        .await
        .unwrap();
    let url = server.device_url("test/lamp/1").unwrap();
    let straight = Client::new();
    let lamp = straight.device(&url).await.unwrap();
    let nowhere = straight.clone().with_address_book(|_: &Destination| {
        Err(io::Error::new(io::ErrorKind::NotFound, "not in the book"))
    });
    let error = nowhere.device(&url).await.unwrap_err();
    assert!(matches!(error, Error::Unreachable { .. }), "{error}");
    let why = std::error::Error::source(&error).unwrap().to_string();
    assert!(why.contains("not in the book"), "{why}");
    // the client that it was made from knows no book
    let again = straight.device(&url).await.unwrap();
    assert_eq!(again.state().await.unwrap(), lamp.state().await.unwrap());
}
