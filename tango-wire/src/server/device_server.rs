//! Puts a server together and starts it.

use std::{fmt, sync::Arc, time::Duration};

use tokio::{
    net::TcpListener,
    sync::{Notify, Semaphore, watch},
};

use super::{
    DeviceLogs, EventPublisher, RunningServer, Serialization, Servant, ServerError,
    acceptor::accept,
    admin::{AdminDevice, Endpoint},
    connection::{CALLS_WAITING, Shared},
    device::Device,
    device_table::DeviceTable,
    events::RunningEvents,
    guests::{CONNECTIONS, Guests},
    halt::{Halt, Tasks},
    heartbeat::send_heartbeats,
    identity::{Identity, check_device_name, host_name},
    locking::Locking,
    quota::{MEMORY, Quota},
    registration::Registration,
    running_server::Parts,
    serialization::{MONITOR_TIMEOUT, Monitors},
    topics::Topics,
};
use crate::{giop::Limits, zmtp::Publisher};

/// A server of Tango devices that is not started yet.
///
/// # Limits
/// What one client does stops no other, as far as a server can see to that:
///
/// | what | limit | beyond it |
/// |---|---|---|
/// | clients connected | 4096 ([`with_connection_limit`](Self::with_connection_limit)) | one without a call is asked to connect anew: of the host with most connections, the most silent; if all are busy the newcomer is turned away |
/// | silence | 3 minutes without a whole message or a call | the connection is closed, in order |
/// | one request | 64 MiB ([`with_limits`](Self::with_limits)) | the connection is closed |
/// | calls of one connection at a time | 64 | it is read no further until one has ended |
/// | calls that wait, of all clients | 16384, also of clients that are gone | `NO_RESOURCES` |
/// | taking one reply | 60 seconds | the connection is closed |
/// | octets of requests, of readings and of unsent replies of all clients, as they travel | 512 MiB ([`with_memory_limit`](Self::with_memory_limit)), but 64 KiB for every connection in any case | a request ends its connection, a reply becomes `NO_RESOURCES` |
/// | attributes in one call | 4096 | `SERVANT_TooManyAttributes` |
/// | texts of one attribute's configuration | 64 KiB | `API_AttrOptProp` |
/// | one answer | 64 MiB, what clients take | `SERVANT_AnswerTooLarge` |
/// | restarts that wait for one device | 16 | `API_CommandNotAllowed` |
/// | waiting for a device | 3.2 seconds ([`with_monitor_timeout`](Self::with_monitor_timeout)) | `API_CommandTimedOut` |
///
/// A servant that never ends a call keeps its own device busy, and no other; one that blocks the
/// thread it is called on blocks whatever shares that thread.
pub struct DeviceServer {
    name: String,
    devices: Vec<(String, Arc<dyn Servant>)>,
    keys: Vec<(String, String)>,
    database: Option<String>,
    address: String,
    host: Option<String>,
    events: EventPublisher,
    logs: DeviceLogs,
    limits: Limits,
    remote_kill: bool,
    serialization: Serialization,
    monitor_timeout: Duration,
    connections: usize,
    memory: usize,
}

impl DeviceServer {
    /// A server with this name, `program/instance`, without devices or database, on a free port of
    /// the loopback address.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            devices: Vec::new(),
            keys: Vec::new(),
            database: None,
            address: "127.0.0.1:0".to_owned(),
            host: None,
            events: EventPublisher::new(),
            logs: DeviceLogs::new(),
            limits: Limits::default(),
            remote_kill: false,
            serialization: Serialization::default(),
            monitor_timeout: MONITOR_TIMEOUT,
            connections: CONNECTIONS,
            memory: MEMORY,
        }
    }

    /// Serves a device under this name, `domain/family/member`.
    #[must_use]
    pub fn with_device(mut self, name: impl Into<String>, servant: Arc<dyn Servant>) -> Self {
        self.devices.push((name.into(), servant));
        self
    }

    /// Registers with the Tango database at `host:port`; a server that is not told of one serves
    /// clients that know its address.
    #[must_use]
    pub fn with_database(mut self, tango_host: impl Into<Option<String>>) -> Self {
        self.database = tango_host.into();
        self
    }

    /// Listens on this address and port; port 0 takes a free one.
    ///
    /// The ports for events are always free ones of the same address. An address that others can
    /// reach opens the devices to everybody there: Tango knows no passwords.
    #[must_use]
    pub fn bind(mut self, address: impl Into<String>) -> Self {
        self.address = address.into();
        self
    }

    /// Tells clients this host name or address instead of the one that is bound, for instance
    /// that of a gateway.
    #[must_use]
    pub fn advertise(mut self, host: impl Into<String>) -> Self {
        self.host = Some(host.into());
        self
    }

    /// Sends events through a publisher that was made before, and that devices may hold already.
    #[must_use]
    pub fn with_events(mut self, events: EventPublisher) -> Self {
        self.events = events;
        self
    }

    /// The publisher of this server's events, usable before it starts.
    #[must_use]
    pub fn events(&self) -> EventPublisher {
        self.events.clone()
    }

    /// Sends the logs of its devices through what was made before, and that devices may hold
    /// already. The targets that clients add are kept as long as that lives.
    #[must_use]
    pub fn with_logs(mut self, logs: DeviceLogs) -> Self {
        self.logs = logs;
        self
    }

    /// Where its devices say what goes into their logs, usable before it starts.
    #[must_use]
    pub fn logs(&self) -> DeviceLogs {
        self.logs.clone()
    }

    /// How much one client may send; 64 MiB a call unless told otherwise.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Lets clients stop the server by the command `Kill` of its admin device. Without this they
    /// are refused. Whoever runs the server learns of it by [`RunningServer::killed`].
    #[must_use]
    pub fn with_remote_kill(mut self) -> Self {
        self.remote_kill = true;
        self
    }

    /// Which calls wait for each other; those of one device unless told otherwise.
    #[must_use]
    pub fn with_serialization(mut self, serialization: Serialization) -> Self {
        self.serialization = serialization;
        self
    }

    /// How long a call may wait for others before it is refused with `API_CommandTimedOut`;
    /// 3.2 seconds unless told otherwise.
    #[must_use]
    pub fn with_monitor_timeout(mut self, timeout: Duration) -> Self {
        self.monitor_timeout = timeout;
        self
    }

    /// How many clients may be connected at the same time; 4096 unless told otherwise.
    #[must_use]
    pub fn with_connection_limit(mut self, connections: usize) -> Self {
        self.connections = connections;
        self
    }

    /// How many octets of requests and unsent replies there may be of all clients together; 512
    /// MiB unless told otherwise.
    #[must_use]
    pub fn with_memory_limit(mut self, octets: usize) -> Self {
        self.memory = octets;
        self
    }

    /// Answers under another object key as well.
    pub(crate) fn with_object_key(mut self, key: &str, device: &str) -> Self {
        self.keys.push((key.to_owned(), device.to_owned()));
        self
    }

    /// Starts serving. If this fails, or is cancelled, nothing keeps running.
    ///
    /// # Errors
    /// A name is malformed or used twice, an address cannot be bound, or the database does not
    /// answer.
    pub async fn start(self) -> Result<RunningServer, ServerError> {
        let host_name = host_name().await;
        let identity = Arc::new(Identity::new(&self.name, host_name.clone())?);
        let admin_name = identity.admin_name();
        let mut devices = DeviceTable::default();
        let mut monitors = Monitors::new(self.serialization, self.monitor_timeout);
        for (name, servant) in self.devices {
            check_device_name(&name)?;
            let device = Device::new(&name, servant, self.events.clone());
            let monitor = monitors.of_device(&name, device.class());
            devices.add(Arc::new(device.with_monitor(monitor)))?;
        }
        for (key, device) in &self.keys {
            devices.add_key(key, device);
        }

        let listener = TcpListener::bind(&self.address);
        let listener = listener.await.map_err(|source| ServerError::Bind {
            address: self.address.clone(),
            source,
        })?;
        let bound = listener.local_addr().map_err(|source| ServerError::Bind {
            address: self.address,
            source,
        })?;
        let heartbeats = Arc::new(Publisher::bind((bound.ip(), 0)).await?);
        let publisher = Publisher::bind((bound.ip(), 0)).await?;
        let advertised = |bound| {
            let mut endpoint = Endpoint::new(bound, &host_name);
            if let Some(host) = &self.host {
                endpoint.host.clone_from(host);
            }
            endpoint
        };
        let endpoint = advertised(bound);
        let host = self.host.as_deref().unwrap_or(&host_name);
        let topics = Topics::new(
            self.database.as_deref(),
            &format!("{host}:{}", bound.port()),
            &admin_name,
        );

        let own = Arc::new(devices);
        let kill = self.remote_kill.then(|| Arc::new(Notify::new()));
        let (heartbeat_address, event_address) = (heartbeats.address(), publisher.address());
        let admin = AdminDevice {
            devices: Arc::clone(&own),
            topics: topics.clone(),
            heartbeats: advertised(heartbeat_address),
            events: advertised(event_address),
            logs: self.logs,
            database: self.database.clone(),
            kill: kill.clone(),
        };
        let admin = Device::new(&admin_name, Arc::new(admin), self.events.clone())
            .without_turns()
            .with_locking(Locking::new(Arc::clone(&own)));
        let devices = Arc::new(own.with(admin)?);
        let events = RunningEvents::new(publisher, topics.clone(), Arc::clone(&devices));

        // from here on everything is owned by what is returned, or dropped with it
        let (stop, running) = watch::channel(());
        let shared = Shared {
            devices: Arc::clone(&devices),
            identity: Arc::clone(&identity),
            limits: self.limits,
            guests: Guests::new(self.connections),
            quota: Quota::new(self.memory),
            waiting: Arc::new(Semaphore::new(CALLS_WAITING)),
            running,
        };
        let publishing = self.events.attach(events);
        let tasks = Tasks {
            accepting: tokio::spawn(accept(listener, Arc::new(shared))),
            beating: tokio::spawn(send_heartbeats(
                Arc::clone(&heartbeats),
                topics.heartbeats(),
            )),
            heartbeats,
            stop,
        };
        let halt = Arc::new(Halt::new(self.events.clone(), publishing, tasks));
        let killer = kill.map(|kill| tokio::spawn(Arc::clone(&halt).stop_on(kill)));
        let server = RunningServer::new(Parts {
            name: self.name,
            address: bound,
            heartbeat_address,
            event_address,
            endpoint: endpoint.clone(),
            host: host_name.clone(),
            topics: topics.clone(),
            devices: Arc::clone(&devices),
            events: self.events,
            without_database: self.database.is_none(),
            halt,
            killer,
        });
        if let Some(tango_host) = self.database {
            let registration =
                Registration::new(tango_host, identity, devices.devices(), &endpoint)?;
            // noted first: what a failing or cancelled export has done already is taken back
            server.register(registration.clone());
            registration.export().await?;
        }
        tracing::info!("{server}");
        Ok(server)
    }
}

impl fmt::Debug for DeviceServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let devices: Vec<&str> = self.devices.iter().map(|(name, _)| name.as_str()).collect();
        formatter
            .debug_struct("DeviceServer")
            .field("name", &self.name)
            .field("devices", &devices)
            .field("database", &self.database)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}
