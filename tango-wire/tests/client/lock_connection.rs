//! Locks that are tied to one connection, as those of cppTango and of our own server are, and a
//! client that has many.

use std::future::{pending, ready};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tango_wire::client::{Client, DeviceLock};
use tango_wire::giop::ObjectReference;
use tango_wire::server::{BoxFuture, DeviceServer, ReadingToServe, RunningServer, Servant};
use tango_wire::types::{AttributeConfig, CommandInfo, DataType, DevFailed, DevState};
use tango_wire::{DeviceProxy, Error, Value};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinSet, yield_now};
use tokio::time::timeout;

use crate::peer::{Peer, forward};

const DEVICES: [&str; 2] = ["house/door/1", "house/door/2"];
const VALIDITY: Duration = Duration::from_secs(600);
const SOON: Duration = Duration::from_secs(20);

/// It opens at once, and never closes.
struct Door;

impl Servant for Door {
    fn class(&self) -> String {
        "Door".to_owned()
    }

    fn commands(&self) -> Vec<CommandInfo> {
        let command = |name| CommandInfo::new(name, DataType::Void, DataType::Void);
        vec![command("Open"), command("Close")]
    }

    fn attributes(&self) -> Vec<AttributeConfig> {
        Vec::new()
    }

    fn state(&self) -> DevState {
        DevState::Open
    }

    fn command<'a>(&'a self, name: &'a str, _: Value) -> BoxFuture<'a, Result<Value, DevFailed>> {
        if name == "Close" {
            return Box::pin(pending());
        }
        Box::pin(ready(Ok(Value::Void)))
    }

    fn read<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<ReadingToServe, DevFailed>> {
        Box::pin(ready(Ok(ReadingToServe::invalid())))
    }
}

async fn serve() -> RunningServer {
    let [first, second] = DEVICES;
    DeviceServer::new("doors/1")
        .with_device(first, Arc::new(Door))
        .with_device(second, Arc::new(Door))
        .start()
        .await
        .unwrap()
}

async fn doors(server: &RunningServer, client: &Client) -> [DeviceProxy; 2] {
    let [first, second] = DEVICES.map(|name| server.device_url(name).unwrap());
    [
        client.device(&first).await.unwrap(),
        client.device(&second).await.unwrap(),
    ]
}

/// Opens a door many times at once.
async fn open_often(door: &DeviceProxy) -> Result<(), Error> {
    let mut calls = JoinSet::new();
    for _ in 0..16 {
        let door = door.clone();
        calls.spawn(async move { door.command("Open", Value::Void).await });
    }
    let outcomes = calls.join_all().await;
    outcomes
        .into_iter()
        .try_for_each(|outcome| outcome.map(|_| ()))
}

fn reason(error: &Error) -> &str {
    error.dev_failed().unwrap().reason()
}

async fn lost(lock: &DeviceLock) {
    let lost = async {
        while lock.is_held() {
            yield_now().await;
        }
    };
    timeout(SOON, lost).await.unwrap();
}

#[tokio::test]
async fn all_calls_of_a_locked_device_get_through() {
    let server = serve().await;
    let client = Client::new();
    let [door, other] = doors(&server, &client).await;
    open_often(&door).await.unwrap(); // now there are many connections
    let lock = door.lock(VALIDITY).await.unwrap();
    open_often(&door).await.unwrap();
    open_often(&other).await.unwrap();
    // so does another proxy of it, and who is somebody else does not
    let [again, _] = doors(&server, &client).await;
    open_often(&again).await.unwrap();
    let [others, _] = doors(&server, &Client::new()).await;
    let error = open_often(&others).await.unwrap_err();
    assert_eq!(reason(&error), "API_DeviceLocked");
    lock.unlock().await.unwrap();
    open_often(&others).await.unwrap();
}

#[tokio::test]
async fn locks_of_one_client_nest() {
    let server = serve().await;
    let [door, second] = doors(&server, &Client::new()).await;
    let outer = door.lock(VALIDITY).await.unwrap();
    open_often(&door).await.unwrap();
    let inner = door.lock(VALIDITY).await.unwrap();
    let beside = second.lock(VALIDITY).await.unwrap();
    open_often(&second).await.unwrap();
    outer.unlock().await.unwrap();
    open_often(&door).await.unwrap();
    assert!(door.locking_status().await.unwrap().is_some());
    inner.unlock().await.unwrap();
    assert_eq!(door.locking_status().await.unwrap(), None);
    open_often(&second).await.unwrap();
    beside.unlock().await.unwrap();
    assert_eq!(second.locking_status().await.unwrap(), None);
}

#[tokio::test]
async fn a_lock_is_lost_with_the_connection_of_a_call_that_was_given_up() {
    let server = serve().await;
    let [door, _] = doors(&server, &Client::new()).await;
    for gives_up_by_itself in [true, false] {
        let lock = door.lock(VALIDITY).await.unwrap();
        let limit = Duration::from_millis(100);
        let closing = if gives_up_by_itself {
            door.clone().with_timeout(limit)
        } else {
            door.clone()
        };
        let closed = timeout(SOON, async {
            let closing = closing.command("Close", Value::Void);
            if gives_up_by_itself {
                return closing.await;
            }
            let closing = timeout(limit, closing).await;
            closing.unwrap_or(Ok(Value::Void))
        });
        assert_eq!(closed.await.unwrap().is_err(), gives_up_by_itself);
        // long before the next renewal is due
        lost(&lock).await;
        let error = lock.unlock().await.unwrap_err();
        assert_eq!(reason(&error), "API_DeviceLocked");
        // nobody else took it: we have still got it, on a connection that is gone
        door.unlock_by_force().await.unwrap();
    }
}

/// Connects whoever comes with a server, until dropped.
fn relay(listener: TcpListener, server: SocketAddr) -> JoinSet<()> {
    let mut relaying = JoinSet::new();
    relaying.spawn(async move {
        let mut connections = JoinSet::new();
        while let Ok((mut near, _)) = listener.accept().await {
            connections.spawn(async move {
                let mut far = TcpStream::connect(server).await.unwrap();
                let _ = copy_bidirectional(&mut near, &mut far).await;
            });
        }
    });
    relaying
}

#[tokio::test]
async fn a_lock_is_lost_with_a_connection_that_broke() {
    let server = serve().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let relaying = relay(listener, server.address());
    let url = format!("tango://{address}/{}#dbase=no", DEVICES[0]);
    let door = Client::new().device(&url).await.unwrap();
    let lock = door.lock(VALIDITY).await.unwrap();
    open_often(&door).await.unwrap();
    drop(relaying);
    let again = async {
        loop {
            if let Ok(listener) = TcpListener::bind(address).await {
                return relay(listener, server.address());
            }
            yield_now().await;
        }
    };
    let _relaying = timeout(SOON, again).await.unwrap();
    assert!(lock.is_held(), "nobody has noticed");
    assert_eq!(
        reason(&open_often(&door).await.unwrap_err()),
        "API_DeviceLocked"
    );
    lost(&lock).await;
    let error = lock.unlock().await.unwrap_err();
    assert_eq!(reason(&error), "API_DeviceLocked");
}

#[tokio::test]
async fn calls_of_a_locked_device_wait_for_one_another_no_longer_than_they_may() {
    let server = serve().await;
    let [door, other] = doors(&server, &Client::new()).await;
    let lock = door.lock(VALIDITY).await.unwrap();
    let closing = door.clone();
    let closing = tokio::spawn(async move { closing.command("Close", Value::Void).await });
    while !is_closing(&server).await {
        yield_now().await;
    }
    let ping = door.clone().with_timeout(Duration::from_millis(50));
    let error = ping.ping().await.unwrap_err();
    assert!(matches!(error, Error::TimedOut { .. }), "{error:?}");
    assert!(lock.is_held(), "it was not sent, so nothing was lost");
    // another device goes its own way
    other.ping().await.unwrap();
    closing.abort();
    let _ = closing.await;
    lost(&lock).await;
    drop(lock);

    // without a lock nobody waits
    let closing = door.clone();
    let closing = tokio::spawn(async move { closing.command("Close", Value::Void).await });
    let free = async {
        while ping.ping().await.is_err() {
            yield_now().await;
        }
    };
    timeout(SOON, free).await.unwrap();
    closing.abort();
}

/// True once the server has heard of the command.
async fn is_closing(server: &RunningServer) -> bool {
    let url = server.device_url(DEVICES[0]).unwrap();
    let door = Client::new().device(&url).await.unwrap();
    let calls = door.black_box(3).await.unwrap();
    calls.iter().any(|call| call.contains("Close"))
}

#[tokio::test]
async fn a_device_that_moved_is_locked_where_it_is() {
    let server = serve().await;
    let port = server.address().port();
    let origin = Peer::start(6, move |request| {
        let moved = ObjectReference::new("", "127.0.0.1", port, request.object_key.to_vec());
        Some(forward(request, 3, &moved))
    });
    let origin = origin.await;
    let url = format!("tango://{}/{}#dbase=no", origin.address, DEVICES[0]);
    let door = Client::new().device(&url).await.unwrap();
    open_often(&door).await.unwrap();
    let lock = door.lock(VALIDITY).await.unwrap();
    open_often(&door).await.unwrap();
    lock.unlock().await.unwrap();
    assert_eq!(door.locking_status().await.unwrap(), None);
}
