//! What a server tells its database when it starts and ends: to a database by script, and to a
//! real one that hears it late.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tango_wire::any::{read_any, write_any};
use tango_wire::client::Client;
use tango_wire::database::{Database, RunningDatabase};
use tango_wire::server::{DeviceServer, RunningServer};
use tango_wire::{DatabaseProxy, Value};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::{JoinSet, yield_now};
use tokio::time::timeout;

use crate::lamp::{LAMP, Lamp, serve};
use crate::peer::{Peer, done};

const ADMIN: &str = "dserver/lamps/1";
const SOON: Duration = Duration::from_secs(20);

type Calls = Arc<Mutex<Vec<(String, Vec<String>)>>>;

/// A database that has the devices of these classes defined, and notes what it is asked.
async fn scripted(defined: &'static [(&'static str, &'static str)]) -> (Peer, Calls) {
    let calls = Calls::default();
    let noted = Arc::clone(&calls);
    let peer = Peer::start(6, move |request| {
        let mut body = request.body.clone();
        let command = body.string().unwrap();
        let argument = match read_any(&mut body).unwrap() {
            Value::Strings(argument) => argument,
            other => vec![format!("{other:?}")],
        };
        let reply = match command.as_str() {
            "DbGetDeviceList" => {
                let [server, class] = [&argument[0], &argument[1]];
                assert_eq!(server, "lamps/1");
                let fitting = defined.iter().filter(|(_, its)| its == class);
                Value::Strings(fitting.map(|(name, _)| (*name).to_owned()).collect())
            }
            _ => Value::Void,
        };
        noted.lock().unwrap().push((command, argument));
        Some(done(request, |body| write_any(body, &reply)))
    });
    (peer.await, calls)
}

/// The devices that a server of a lamp adds.
async fn added(defined: &'static [(&'static str, &'static str)]) -> Vec<String> {
    let (peer, calls) = scripted(defined).await;
    let _server = serve("127.0.0.1:0", Some(peer.address.to_string())).await;
    let calls = calls.lock().unwrap();
    let named = |wanted: &str, number: usize| -> Vec<String> {
        let calls = calls.iter().filter(|(command, _)| command == wanted);
        calls
            .map(|(_, argument)| argument[number].clone())
            .collect()
    };
    assert_eq!(named("DbExportDevice", 0), [LAMP, ADMIN]);
    named("DbAddDevice", 1)
}

#[tokio::test]
async fn only_what_the_database_lacks_is_added() {
    assert_eq!(added(&[]).await, [LAMP, ADMIN]);
    assert_eq!(added(&[(LAMP, "Lamp"), (ADMIN, "DServer")]).await, [""; 0]);
    // names have no case; a device of another class is defined anew
    assert_eq!(added(&[("House/LAMP/1", "Lamp")]).await, [ADMIN]);
    assert_eq!(added(&[(LAMP, "Bulb"), (ADMIN, "DServer")]).await, [LAMP]);
}

/// A way to a database on which one connection gets through at once, and the others when told.
struct SlowWay {
    address: SocketAddr,
    open: Arc<Semaphore>,
    /// Tells of each connection that ended.
    ended: mpsc::UnboundedReceiver<()>,
    _relaying: JoinSet<()>,
}

impl SlowWay {
    async fn to(database: &RunningDatabase) -> SlowWay {
        let place = database.tango_host();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let open = Arc::new(Semaphore::new(1));
        let (sender, ended) = mpsc::unbounded_channel();
        let mut relaying = JoinSet::new();
        let gate = Arc::clone(&open);
        relaying.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((mut near, _)) = listener.accept().await {
                let (gate, sender, place) = (Arc::clone(&gate), sender.clone(), place.clone());
                connections.spawn(async move {
                    gate.acquire().await.unwrap().forget();
                    let mut far = TcpStream::connect(place).await.unwrap();
                    let _ = copy_bidirectional(&mut near, &mut far).await;
                    let _ = sender.send(());
                });
            }
        });
        SlowWay {
            address,
            open,
            ended,
            _relaying: relaying,
        }
    }

    /// Waits until another connection has ended.
    async fn one_ended(&mut self) {
        timeout(SOON, self.ended.recv()).await.unwrap().unwrap();
    }
}

async fn assert_served(database: &DatabaseProxy, server: &RunningServer) {
    for device in [LAMP, ADMIN] {
        let known = database.import_device(device).await.unwrap();
        let own = server.object_reference(device).unwrap().to_ior().unwrap();
        assert!(known.exported, "{device}");
        assert_eq!(known.reference, own);
    }
}

fn direct(database: &RunningDatabase) -> DatabaseProxy {
    Client::new().database_at(database.tango_host().parse().unwrap())
}

/// A server that takes the place of another as soon as that is free.
async fn serve_at(address: SocketAddr, database: &RunningDatabase) -> RunningServer {
    let serving = async {
        loop {
            let server = DeviceServer::new("lamps/1")
                .with_device(LAMP, Arc::new(Lamp::default()))
                .bind(address.to_string())
                .with_database(database.tango_host());
            match server.start().await {
                Ok(server) => return server,
                Err(_) => yield_now().await,
            }
        }
    };
    timeout(SOON, serving).await.unwrap()
}

#[tokio::test]
async fn the_late_word_of_a_dropped_server_harms_no_successor() {
    for at_the_same_address in [false, true] {
        let database = Database::new().start().await.unwrap();
        let mut way = SlowWay::to(&database).await;
        let old = serve("127.0.0.1:0", Some(way.address.to_string())).await;
        way.one_ended().await;
        let address = old.address();
        drop(old);
        let new = if at_the_same_address {
            serve_at(address, &database).await
        } else {
            serve("127.0.0.1:0", Some(database.tango_host())).await
        };
        way.open.add_permits(1);
        way.one_ended().await;
        assert_served(&direct(&database), &new).await;
    }
}

#[tokio::test]
async fn the_late_word_of_a_dropped_server_is_heard_if_nobody_took_its_place() {
    let database = Database::new().start().await.unwrap();
    let mut way = SlowWay::to(&database).await;
    let server = serve("127.0.0.1:0", Some(way.address.to_string())).await;
    way.one_ended().await;
    assert_served(&direct(&database), &server).await;
    drop(server);
    way.open.add_permits(1);
    way.one_ended().await;
    for device in [LAMP, ADMIN] {
        let known = direct(&database).import_device(device).await.unwrap();
        assert!(!known.exported, "{device}");
    }
}

#[tokio::test]
async fn a_server_that_is_shut_down_late_leaves_its_successor_alone() {
    let database = Database::new().start().await.unwrap();
    let old = serve("127.0.0.1:0", Some(database.tango_host())).await;
    let new = serve("127.0.0.1:0", Some(database.tango_host())).await;
    old.shutdown().await.unwrap();
    assert_served(&direct(&database), &new).await;
    new.shutdown().await.unwrap();
    let known = direct(&database).import_device(LAMP).await.unwrap();
    assert!(!known.exported);
    // what the database no longer knows needs no taking out
    let server = serve("127.0.0.1:0", Some(database.tango_host())).await;
    direct(&database).delete_server("lamps/1").await.unwrap();
    server.shutdown().await.unwrap();
    // it has to be there to be told
    let server = serve("127.0.0.1:0", Some(database.tango_host())).await;
    database.shutdown().await.unwrap();
    server.shutdown().await.unwrap_err();
}
