//! The devices of a telescope behind a device server, which can go down and come back.

use std::net::SocketAddr;
use std::sync::Arc;

use tango_wire::Client;
use tango_wire::client::{DatabaseDevice, DatabaseProxy, DeviceExport};
use tango_wire::server::{DeviceLogs, DeviceServer, EventPublisher, RunningServer, ServerError};
use tokio::sync::Mutex;

use super::{DeviceServant, Line};
use crate::live::DeviceHandle;

/// The name of the server in the database.
const NAME: &str = "harness-sim/1";

/// The devices of a telescope behind a device server, which can go down and come back.
///
/// All devices of a telescope are in one server, as most are in reality: none goes down alone.
#[derive(Debug)]
pub(crate) struct Serving {
    devices: Vec<(DeviceHandle, Arc<Line>)>,
    events: EventPublisher,
    logs: DeviceLogs,
    tango_host: String,
    address: String,
    server: Mutex<State>,
}

#[derive(Debug)]
enum State {
    Up(Box<RunningServer>),
    Down {
        /// Where it was, if it was anywhere.
        before: Option<SocketAddr>,
        /// How many testers want it to be down; it comes back with the last of them.
        testers: u32,
    },
    /// It does not come back.
    Ended,
}

impl Serving {
    /// Starts to serve the devices at a free port of the address `host:0`.
    pub(crate) async fn start(
        devices: Vec<(DeviceHandle, Arc<Line>)>,
        (events, logs): (EventPublisher, DeviceLogs),
        tango_host: String,
        address: String,
    ) -> Result<Arc<Serving>, ServerError> {
        let serving = Arc::new(Serving {
            devices,
            events,
            logs,
            tango_host,
            address,
            server: Mutex::new(State::Down {
                before: None,
                testers: 0,
            }),
        });
        for (_, line) in &serving.devices {
            line.serve(Arc::downgrade(&serving));
        }
        serving.bring_up(&mut *serving.server.lock().await).await?;
        Ok(serving)
    }

    fn new_server(&self) -> DeviceServer {
        let server = DeviceServer::new(NAME)
            .with_events(self.events.clone())
            .with_logs(self.logs.clone())
            .with_database(self.tango_host.clone())
            .bind(self.address.clone());
        self.devices.iter().fold(server, |server, (device, line)| {
            let servant = DeviceServant::new(device.clone(), Arc::clone(line));
            server.with_device(device.name(), Arc::new(servant))
        })
    }

    /// Takes the server down, in order, until [`let_up`](Serving::let_up). If this is cancelled it
    /// goes down nevertheless, and comes back with whoever brings it back next.
    pub(crate) async fn take_down(&self) -> Result<(), ServerError> {
        let mut state = self.server.lock().await;
        shut_down(&mut state).await?;
        if let State::Down { testers, .. } = &mut *state {
            *testers = testers.saturating_add(1);
        }
        Ok(())
    }

    /// One of those who have taken the server down wants it back: the last one brings it up. If
    /// this is cancelled it stays down.
    pub(crate) async fn let_up(&self) -> Result<(), ServerError> {
        let mut state = self.server.lock().await;
        if let State::Down { testers, .. } = &mut *state {
            *testers = testers.saturating_sub(1);
        }
        self.bring_up(&mut state).await
    }

    /// Moves the server to another port: the devices are gone for a moment, and come back. One that
    /// testers keep down stays down until they let it up. If this is cancelled, the server may be
    /// down.
    pub(crate) async fn restart(&self) -> Result<(), ServerError> {
        let mut state = self.server.lock().await;
        shut_down(&mut state).await?;
        self.bring_up(&mut state).await
    }

    /// Brings the server up on a free port that it did not have before, unless it is up, has ended
    /// or is kept down.
    async fn bring_up(&self, state: &mut State) -> Result<(), ServerError> {
        let State::Down { before, testers: 0 } = *state else {
            return Ok(());
        };
        let server = self.new_server().start().await?;
        if Some(server.address()) != before {
            *state = State::Up(Box::new(server));
            return Ok(());
        }
        // while this one has the old port, the next one gets another
        let next = self.new_server().start().await;
        server.shutdown().await?;
        *state = State::Up(Box::new(next?));
        Ok(())
    }

    /// Ends it for good; all ports are free when this returns.
    pub(crate) async fn end(&self) -> Result<(), ServerError> {
        let mut state = self.server.lock().await;
        match std::mem::replace(&mut *state, State::Ended) {
            State::Up(server) => (*server).shutdown().await,
            State::Down { .. } | State::Ended => Ok(()),
        }
    }

    /// Tells the database that a device is not there; what the database knew of it.
    pub(crate) async fn unexport(&self, device: &str) -> Result<DatabaseDevice, tango_wire::Error> {
        let database = self.database()?;
        let known = database.import_device(device).await?;
        database.unexport_device(device).await?;
        Ok(known)
    }

    /// Tells the database that a device is there again, where it was. A server that has come back
    /// meanwhile has told it already, and better; one that is down will.
    pub(crate) async fn export_again(
        &self,
        known: DatabaseDevice,
    ) -> Result<(), tango_wire::Error> {
        let state = self.server.lock().await;
        if !matches!(*state, State::Up(_)) {
            return Ok(());
        }
        let database = self.database()?;
        if !known.exported || database.import_device(&known.name).await?.exported {
            return Ok(());
        }
        database
            .export_device(&DeviceExport {
                device: known.name,
                reference: known.reference,
                host: known.host,
                process: known.process.cast_unsigned(),
                version: known.version,
            })
            .await
    }

    fn database(&self) -> Result<DatabaseProxy, tango_wire::Error> {
        let client = Client::new().with_tango_host(self.tango_host.as_str());
        client.database()
    }
}

/// Takes the server down, if it is up. If this is cancelled it goes down nevertheless.
async fn shut_down(state: &mut State) -> Result<(), ServerError> {
    let State::Up(server) = &*state else {
        return Ok(());
    };
    let down = State::Down {
        before: Some(server.address()),
        testers: 0,
    };
    match std::mem::replace(state, down) {
        State::Up(server) => server.shutdown().await,
        State::Down { .. } | State::Ended => Ok(()),
    }
}
