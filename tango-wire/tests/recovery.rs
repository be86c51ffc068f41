//! Subscriptions that outlive what they depend on: servers that move, die between two events, and
//! databases that are started again.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::future::ready;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tango_wire::database::{Database, RunningDatabase};
use tango_wire::event::EventOptions;
use tango_wire::server::{BoxFuture, DeviceServer, ReadingToServe, RunningServer, Servant};
use tango_wire::{
    AttributeConfig, Client, CommandInfo, DataType, DevFailed, DevState, DeviceProxy, Error,
    EventNotice, EventSubscription, Quality, Value,
};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

const DEVICE: &str = "low-tmc/subarray/01";

/// A device whose obsState never changes but by the events that a test pushes.
struct Subarray {
    obs_state: i16,
}

impl Servant for Subarray {
    fn class(&self) -> String {
        "Subarray".to_owned()
    }

    fn commands(&self) -> Vec<CommandInfo> {
        Vec::new()
    }

    fn attributes(&self) -> Vec<AttributeConfig> {
        vec![AttributeConfig::new("obsState", DataType::Short)]
    }

    fn state(&self) -> DevState {
        DevState::On
    }

    fn command<'a>(&'a self, _: &'a str, _: Value) -> BoxFuture<'a, Result<Value, DevFailed>> {
        Box::pin(ready(Ok(Value::Void)))
    }

    fn read<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<ReadingToServe, DevFailed>> {
        Box::pin(ready(Ok(Value::Short(self.obs_state).into())))
    }
}

/// Serves the subarray at `address` until it is killed.
async fn serve(database: &RunningDatabase, address: &str, obs_state: i16) -> RunningServer {
    DeviceServer::new("subarray/01")
        .with_device(DEVICE, Arc::new(Subarray { obs_state }))
        .with_database(database.tango_host())
        .bind(address)
        .start()
        .await
        .unwrap()
}

/// Ends a server as suddenly as a crash would, but for the database: that is told, if it is there, and
/// must have understood before the next server of the same name tells it otherwise.
async fn kill(server: RunningServer, database: Option<&RunningDatabase>) {
    drop(server);
    let Some(database) = database else {
        return;
    };
    let client = Client::new().with_tango_host(database.tango_host());
    while !matches!(client.device(DEVICE).await, Err(Error::NotDefined { .. })) {
        tokio::task::yield_now().await;
    }
}

fn push(server: &RunningServer, obs_state: i16) {
    let value = Value::Short(obs_state);
    server
        .events()
        .push_change(DEVICE, "obsState", value, Quality::Valid, SystemTime::now())
        .unwrap();
}

/// A living subscription and what it says, in short.
struct Followed {
    device: DeviceProxy,
    notices: UnboundedReceiver<String>,
    _subscription: EventSubscription,
}

impl Followed {
    async fn start(database: &RunningDatabase) -> Followed {
        let pause = Duration::from_millis(5);
        let client = Client::new()
            .with_tango_host(database.tango_host())
            .with_event_options(EventOptions::default().with_retry_pauses(pause, 4 * pause));
        let device = client.device(DEVICE).await.unwrap();
        let (said, notices) = unbounded_channel();
        let note = move |notice: EventNotice| {
            let short = match notice {
                EventNotice::Initial(reading) => format!("initial {:?}", reading.value),
                EventNotice::Event(reading) => format!("event {:?}", reading.value),
                EventNotice::Back(reading) => format!("back {:?}", reading.value),
                EventNotice::Gap { missed, .. } => format!("gap {missed:?}"),
                EventNotice::Lost { .. } => "lost".to_owned(),
                other => format!("{other:?}"),
            };
            let _ = said.send(short);
        };
        Followed {
            _subscription: device.subscribe("obsState", note).await.unwrap(),
            device,
            notices,
        }
    }

    /// Waits for these notices and no others; a test that hangs tells nothing.
    async fn expect(&mut self, expected: &[&str]) {
        for &expected in expected {
            let next = tokio::time::timeout(Duration::from_secs(20), self.notices.recv());
            let next = next.await.expect("a notice in time").expect("a handler");
            assert_eq!(next, expected);
        }
    }
}

#[tokio::test]
async fn a_server_that_dies_between_two_pushes_and_comes_back_elsewhere() {
    let database = Database::new().start().await.unwrap();
    let server = serve(&database, "127.0.0.1:0", 0).await;
    let mut followed = Followed::start(&database).await;
    push(&server, 1);
    followed
        .expect(&["initial Short(0)", "event Short(1)"])
        .await;

    // nobody hears of the state it was about to push
    kill(server, Some(&database)).await;
    followed.expect(&["lost"]).await;
    // at another port of another address: the database tells where
    let server = serve(&database, "127.0.0.2:0", 2).await;
    followed.expect(&["gap None", "back Short(2)"]).await;
    push(&server, 3);
    followed.expect(&["event Short(3)"]).await;
}

#[tokio::test]
async fn a_server_that_dies_again_and_again_is_followed_every_time() {
    let database = Database::new().start().await.unwrap();
    let mut server = serve(&database, "127.0.0.1:0", 0).await;
    let mut followed = Followed::start(&database).await;
    followed.expect(&["initial Short(0)"]).await;
    for round in 1..=10 {
        push(&server, round);
        followed.expect(&[&format!("event Short({round})")]).await;
        kill(server, Some(&database)).await;
        followed.expect(&["lost"]).await;
        server = serve(&database, "127.0.0.1:0", -round).await;
        followed
            .expect(&["gap None", &format!("back Short({})", -round)])
            .await;
    }
}

#[tokio::test]
async fn a_database_that_is_started_again_interrupts_no_events() {
    let database = Database::new().start().await.unwrap();
    let address = database.address().to_string();
    let server = serve(&database, "127.0.0.1:0", 0).await;
    let mut followed = Followed::start(&database).await;
    push(&server, 1);
    database.shutdown().await.unwrap();
    // nor do further subscriptions need it
    let quiet = |_: EventNotice| ();
    let _another = followed.device.subscribe("State", quiet).await.unwrap();
    push(&server, 2);
    let database = Database::new().bind(address).start().await.unwrap();
    push(&server, 3);
    followed
        .expect(&[
            "initial Short(0)",
            "event Short(1)",
            "event Short(2)",
            "event Short(3)",
        ])
        .await;

    // the new database knows nothing until the server registers anew
    kill(server, Some(&database)).await;
    followed.expect(&["lost"]).await;
    let server = serve(&database, "127.0.0.1:0", 4).await;
    followed.expect(&["gap None", "back Short(4)"]).await;
    push(&server, 5);
    followed.expect(&["event Short(5)"]).await;
}

#[tokio::test]
async fn a_server_and_a_database_that_both_went_away_are_found_once_both_are_there() {
    let database = Database::new().start().await.unwrap();
    let address = database.address().to_string();
    let server = serve(&database, "127.0.0.1:0", 0).await;
    let mut followed = Followed::start(&database).await;
    followed.expect(&["initial Short(0)"]).await;
    database.shutdown().await.unwrap();
    kill(server, None).await;
    followed.expect(&["lost"]).await;

    let database = Database::new().bind(address).start().await.unwrap();
    let server = serve(&database, "127.0.0.2:0", 7).await;
    followed.expect(&["gap None", "back Short(7)"]).await;
    push(&server, 8);
    followed.expect(&["event Short(8)"]).await;
}
