use std::collections::HashMap;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::address::{DeviceAddress, HostPort};
use super::address_book::{AddressBook, Directions, Service};
use super::connection::WayIn;
use super::database::DatabaseProxy;
use super::dialing::Dialer;
use super::pool::{CallLimits, Pool};
use super::proxy::DeviceProxy;
use crate::error::Error;
use crate::event::{EventChannels, EventOptions};

/// Finds devices and keeps what their proxies share: connections for calls and for events.
///
/// Cheap to clone; clones share. Use it inside a tokio runtime.
///
/// ```
/// # use std::{future::ready, sync::Arc};
/// # use tango_wire::server::{BoxFuture, DeviceServer, ReadingToServe, Servant};
/// # use tango_wire::types::{AttributeConfig, CommandInfo, DataType, DevFailed, DevState};
/// # struct Subarray;
/// # impl Servant for Subarray {
/// #     fn class(&self) -> String { "Subarray".into() }
/// #     fn commands(&self) -> Vec<CommandInfo> {
/// #         vec![CommandInfo::new("Scan", DataType::String, DataType::String)]
/// #     }
/// #     fn attributes(&self) -> Vec<AttributeConfig> {
/// #         vec![AttributeConfig::new("obsState", DataType::Enum).with_enum_labels(["EMPTY", "IDLE"])]
/// #     }
/// #     fn state(&self) -> DevState { DevState::On }
/// #     fn command<'a>(&'a self, _: &'a str, v: Value) -> BoxFuture<'a, Result<Value, DevFailed>> {
/// #         Box::pin(ready(Ok(v)))
/// #     }
/// #     fn read<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<ReadingToServe, DevFailed>> {
/// #         Box::pin(ready(Ok(Value::Short(1).into())))
/// #     }
/// # }
/// use tango_wire::client::Client;
/// use tango_wire::types::Value;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let database = tango_wire::database::Database::new().start().await?;
/// # let tango_host = database.tango_host();
/// # let server = DeviceServer::new("subarray/1").with_device("low/sub/1", Arc::new(Subarray));
/// # let server = server.with_database(Some(tango_host.clone())).start().await?;
/// let client = Client::new().with_tango_host(tango_host); // host:port
/// let subarray = client.device("low/sub/1").await?;
/// assert_eq!(subarray.state().await?, DevState::On);
/// assert_eq!(subarray.read("obsState").await?.value, Value::Short(1));
/// # server.shutdown().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Client {
    limits: CallLimits,
    tango_host: Option<String>,
    /// Which of its databases answered last.
    last_database: Arc<AtomicUsize>,
    pools: Arc<Mutex<Pools>>,
    events: EventChannels,
    directions: Directions,
}

/// Two references with the same addresses lead to the same server.
type Pools = HashMap<(Vec<WayIn>, Service), Arc<Pool>>;

/// Tango's own default.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(3);

impl Default for Client {
    fn default() -> Client {
        let limits = CallLimits {
            connect: DEFAULT_TIMEOUT,
            answer: DEFAULT_TIMEOUT,
        };
        Client {
            limits,
            tango_host: None,
            last_database: Arc::default(),
            pools: Arc::default(),
            events: EventChannels::default(),
            directions: Directions::default(),
        }
    }
}

impl Client {
    /// A client with Tango's default timeout of 3 s, and the database of `TANGO_HOST`.
    #[must_use]
    pub fn new() -> Client {
        Client::default()
    }

    /// How long each call may take to be answered. 3 s unless changed.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Client {
        self.limits.answer = timeout;
        self
    }

    /// How long it may take to open a connection, which is not part of the call's timeout. 3 s
    /// unless changed.
    #[must_use]
    pub fn with_connect_timeout(mut self, timeout: Duration) -> Client {
        self.limits.connect = timeout;
        self
    }

    /// The database for names without one, as host:port; several, with commas between, stand in
    /// for one another. Without it the environment variable `TANGO_HOST` counts.
    #[must_use]
    pub fn with_tango_host(mut self, tango_host: impl Into<String>) -> Client {
        self.tango_host = Some(tango_host.into());
        self.last_database = Arc::default();
        self
    }

    /// How long each call may take to be answered.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        self.limits.answer
    }

    /// How long it may take to open a connection.
    #[must_use]
    pub fn connect_timeout(&self) -> Duration {
        self.limits.connect
    }

    /// The database for names without one, if it was given one: see [`Client::with_tango_host`].
    #[must_use]
    pub fn tango_host(&self) -> Option<&str> {
        self.tango_host.as_deref()
    }

    /// How patient it is with the events of a server. Subscriptions made before do not change, and
    /// later ones share no connection with them.
    #[must_use]
    pub fn with_event_options(mut self, options: EventOptions) -> Client {
        self.events = EventChannels::new(options, self.directions.clone());
        self
    }

    /// Connects where the book says, instead of where servers are; see [`AddressBook`]. The client
    /// shares no connection with those that it was cloned from.
    #[must_use]
    pub fn with_address_book(mut self, book: impl AddressBook) -> Client {
        self.directions = Directions::of(book);
        self.pools = Arc::default();
        self.events = EventChannels::new(*self.events.options(), self.directions.clone());
        self
    }

    /// Finds a device and makes sure that it answers. [`DeviceAddress`] lists the forms of names.
    ///
    /// A proxy outlives its device's server: when that was started again, at another port even,
    /// the next call finds it.
    ///
    /// # Errors
    /// The name is none, the database does not know the device, or the device does not answer.
    pub async fn device(&self, address: &str) -> Result<DeviceProxy, Error> {
        self.device_at(address.parse()?).await
    }

    /// As [`Client::device`], of an address that was read before.
    ///
    /// # Errors
    /// As [`Client::device`].
    pub async fn device_at(&self, address: DeviceAddress) -> Result<DeviceProxy, Error> {
        let proxy = DeviceProxy::new(self.clone(), address);
        proxy.resolve().await?;
        Ok(proxy)
    }

    /// The database for names without one: see [`Client::with_tango_host`]. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Error::NoDatabase`] if none is given, or not as host:port.
    pub fn database(&self) -> Result<DatabaseProxy, Error> {
        let tango_host = match &self.tango_host {
            Some(tango_host) => Some(tango_host.clone()),
            None => std::env::var("TANGO_HOST").ok(),
        };
        let tango_host = tango_host.filter(|tango_host| !tango_host.trim().is_empty());
        let Some(tango_host) = tango_host else {
            let reason = "TANGO_HOST is not set: set it to host:port, or write \
                          tango://host:port/ before the device's name";
            return Err(Error::NoDatabase {
                reason: reason.to_owned(),
            });
        };
        let places = tango_host.split(',').map(str::parse);
        match places.collect::<Result<Vec<HostPort>, _>>() {
            Ok(places) => Ok(DatabaseProxy::new(self, places, &self.last_database)),
            Err(error) => Err(Error::NoDatabase {
                reason: format!(
                    "{error} (TANGO_HOST is {tango_host}); give one, or several with commas between"
                ),
            }),
        }
    }

    /// The database at that place. Nothing is sent yet.
    #[must_use]
    pub fn database_at(&self, place: HostPort) -> DatabaseProxy {
        DatabaseProxy::new(self, vec![place], &Arc::default())
    }

    pub(super) fn limits(&self) -> CallLimits {
        self.limits
    }

    pub(super) fn events(&self) -> &EventChannels {
        &self.events
    }

    /// The connections to a server, for that service.
    pub(super) fn pool(&self, ways: Vec<WayIn>, service: Service) -> Arc<Pool> {
        let mut pools = self.pools.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (ways, service);
        if let Some(pool) = pools.get(&key) {
            return Arc::clone(pool);
        }
        // servers that went away are forgotten when new ones come
        pools.retain(|_, pool| Arc::strong_count(pool) > 1 || pool.has_idle());
        let dialer = Dialer {
            directions: self.directions.clone(),
            service,
        };
        let pool = Arc::new(Pool::new(key.0.clone(), dialer));
        pools.insert(key, Arc::clone(&pool));
        pool
    }
}
