//! Objects with several addresses, some of them dead.

use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use tango_wire::client::DeviceExport;
use tango_wire::database::{Database, RunningDatabase};
use tango_wire::giop::{ObjectReference, Profile, Version};
use tango_wire::server::RunningServer;
use tango_wire::{Client, DevState, DeviceProxy, Error, EventNotice, Quality, Value};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::{Instant, timeout};

use crate::lamp::{LAMP, serve};
use crate::peer::{Peer, done};

/// A server at `address` whose device the database knows under another reference.
struct House {
    database: RunningDatabase,
    server: RunningServer,
}

impl House {
    async fn new(address: &str) -> House {
        let database = Database::new().start().await.unwrap();
        let tango_host = Some(database.tango_host());
        House {
            server: serve(address, tango_host).await,
            database,
        }
    }

    fn client(&self) -> Client {
        Client::new().with_tango_host(self.database.tango_host())
    }

    /// Finds the device by a reference with these profiles.
    async fn find(&self, client: Client, profiles: Vec<Profile>) -> Result<DeviceProxy, Error> {
        let reference = ObjectReference {
            type_id: String::new(),
            profiles,
        };
        let export = DeviceExport {
            device: LAMP.to_owned(),
            reference: reference.to_ior().unwrap(),
            host: "here".to_owned(),
            process: 1,
            version: "6".to_owned(),
        };
        client.database()?.export_device(&export).await?;
        client.device(LAMP).await
    }
}

fn profile(address: SocketAddr, object_key: &str) -> Profile {
    Profile {
        version: Version::V1_2,
        host: address.ip().to_string(),
        port: address.port(),
        object_key: object_key.into(),
        alternates: Vec::new(),
    }
}

/// A port at which nobody listens.
async fn refusing() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap()
}

/// A port that answers no attempt to connect, as if it were behind a firewall: its queue is full.
struct Silent {
    address: SocketAddr,
    _listener: TcpListener,
    _queue: Vec<TcpStream>,
}

impl Silent {
    async fn new() -> Silent {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = socket.listen(1).unwrap();
        let address = listener.local_addr().unwrap();
        let mut queue = Vec::new();
        while let Ok(stream) =
            timeout(Duration::from_millis(200), TcpStream::connect(address)).await
        {
            queue.push(stream.unwrap());
            assert!(queue.len() < 100, "the queue never fills up");
        }
        Silent {
            address,
            _listener: listener,
            _queue: queue,
        }
    }
}

#[tokio::test]
async fn every_profile_is_tried_with_its_own_object_key_and_version() {
    let house = House::new("127.0.0.2:0").await;
    let there = house.server.address();
    assert_eq!(there.ip().to_string(), "127.0.0.2");
    for version in [Version::V1_0, Version::V1_2] {
        let right = Profile {
            version,
            ..profile(there, LAMP)
        };
        let profiles = vec![
            profile(refusing().await, "wrong/1"),
            profile(refusing().await, "wrong/2"),
            right,
        ];
        let device = house.find(house.client(), profiles).await.unwrap();
        assert_eq!(device.state().await.unwrap(), DevState::On);
    }
}

#[tokio::test]
async fn a_profile_is_called_in_its_own_version() {
    let house = House::new("127.0.0.1:0").await;
    let peer = Peer::start(6, |request| {
        assert_eq!(request.version, Version::V1_0);
        Some(done(request, |_| ()))
    });
    let peer = peer.await;
    let old = Profile {
        version: Version::V1_0,
        ..profile(peer.address, LAMP)
    };
    let profiles = vec![profile(refusing().await, LAMP), old];
    let device = house.find(house.client(), profiles).await.unwrap();
    device.ping().await.unwrap();
    assert_eq!(peer.requests(), ["ping"]);
}

#[tokio::test]
async fn the_first_profile_that_accepts_is_preferred() {
    let house = House::new("127.0.0.1:0").await;
    let other = serve("127.0.0.2:0", None).await;
    let profiles = vec![
        profile(house.server.address(), LAMP),
        profile(other.address(), LAMP),
    ];
    let device = house.find(house.client(), profiles).await.unwrap();
    let written = device.write("brightness", Value::Double(8.0)).await;
    written.unwrap();
    let url = other.device_url(LAMP).unwrap();
    let other = Client::new().device(&url).await.unwrap();
    let reading = other.read("brightness").await.unwrap();
    assert_eq!(reading.value, Value::Double(0.0));
}

#[tokio::test]
async fn alternate_addresses_and_names_are_tried() {
    let house = House::new("127.0.0.1:0").await;
    let there = house.server.address();
    let with_alternate = Profile {
        alternates: vec![
            ("no-such-host.invalid".to_owned(), there.port()),
            ("127.0.0.1".to_owned(), there.port()),
        ],
        ..profile(refusing().await, LAMP)
    };
    let named = Profile {
        host: "localhost".to_owned(),
        ..profile(there, LAMP)
    };
    for profile in [with_alternate, named] {
        let device = house.find(house.client(), vec![profile]).await.unwrap();
        device.ping().await.unwrap();
    }
}

#[tokio::test]
async fn an_address_that_never_answers_costs_little() {
    let house = House::new("127.0.0.2:0").await;
    let silent = Silent::new().await;
    let start = Instant::now();
    let client = house.client().with_connect_timeout(Duration::from_secs(60));
    let profiles = vec![
        profile(silent.address, LAMP),
        profile(house.server.address(), LAMP),
    ];
    let device = house.find(client, profiles).await.unwrap();
    device.ping().await.unwrap();
    assert!(
        start.elapsed() < Duration::from_secs(20),
        "it was waited for"
    );

    let client = house
        .client()
        .with_connect_timeout(Duration::from_millis(300));
    let only = vec![profile(silent.address, LAMP)];
    let error = house.find(client, only).await.unwrap_err();
    let Error::Unreachable { source, .. } = &error else {
        panic!("{error:?}");
    };
    assert_eq!(source.kind(), std::io::ErrorKind::TimedOut);
}

#[tokio::test]
async fn an_object_that_is_nowhere_is_missed_at_all_its_addresses() {
    let house = House::new("127.0.0.1:0").await;
    let (one, two) = (refusing().await, refusing().await);
    let profiles = vec![profile(one, LAMP), profile(two, LAMP)];
    let error = house.find(house.client(), profiles).await.unwrap_err();
    let words = error.to_string();
    assert!(words.contains(&format!("{one} or {two}")), "{words}");
    let error = house.find(house.client(), Vec::new()).await.unwrap_err();
    assert!(matches!(error, Error::Protocol { .. }), "{error:?}");
}

#[tokio::test]
async fn a_server_on_ipv6_is_called_and_sends_events() {
    if let Err(error) = TcpListener::bind("[::1]:0").await {
        eprintln!("SKIPPED: this machine has no IPv6 loopback address ({error})");
        return;
    }
    let server = serve("[::1]:0", None).await;
    let url = server.device_url(LAMP).unwrap();
    assert!(url.starts_with("tango://[::1]:"), "{url}");
    assert!(url.ends_with(&format!("/{LAMP}#dbase=no")), "{url}");
    let device = Client::new().device(&url).await.unwrap();
    let reply = device.command("Greet", Value::String("six".to_owned()));
    assert_eq!(reply.await.unwrap(), Value::String("six".to_owned()));

    let (sender, mut notices) = tokio::sync::mpsc::unbounded_channel();
    let handler = move |notice| sender.send(notice).unwrap();
    let _subscription = device.subscribe("brightness", handler).await.unwrap();
    assert!(matches!(
        notices.recv().await,
        Some(EventNotice::Initial(_))
    ));
    let (value, time) = (Value::Double(4.5), SystemTime::now());
    server
        .events()
        .push_change(LAMP, "brightness", value.clone(), Quality::Valid, time)
        .unwrap();
    let notice = timeout(Duration::from_secs(20), notices.recv()).await;
    assert!(matches!(notice.unwrap(), Some(EventNotice::Event(reading)) if reading.value == value));
}

#[tokio::test]
async fn a_server_on_ipv6_is_found_through_the_database() {
    if let Err(error) = TcpListener::bind("[::1]:0").await {
        eprintln!("SKIPPED: this machine has no IPv6 loopback address ({error})");
        return;
    }
    let house = House::new("[::1]:0").await;
    let device = house.client().device(LAMP).await.unwrap();
    assert_eq!(device.state().await.unwrap(), DevState::On);
    let profiles = vec![
        profile(refusing().await, LAMP),
        profile(house.server.address(), LAMP),
    ];
    let device = house.find(house.client(), profiles).await.unwrap();
    device.ping().await.unwrap();
}
