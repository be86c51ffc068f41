//! A network of gates.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use thiserror::Error;
use tokio::net::TcpStream;

use super::fault::Lasting;
use super::{Link, Part};
use crate::gate::{Gate, GateError};
use crate::seed::{Draws, Seed};

/// Many gates, one for each link, and faults of any part of them.
///
/// Somebody who is about to connect asks for the [way](Network::way); the gate is opened then, and is
/// there from then on. All handles of a network are equal; its gates close when the last is dropped.
///
/// ```
/// use harness_chaos::{Link, Network};
/// use harness_core::Fault;
/// # use tokio::net::{TcpListener, TcpStream};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// # let server = TcpListener::bind("127.0.0.1:0").await?;
/// # let server = server.local_addr()?.to_string();
/// let network = Network::new().with_seed(7);
/// let link = Link::new("low-csp/subarray/01", "calls");
/// let way = network.way(&link, &server).await?;
/// let _client = TcpStream::connect(way).await?;
///
/// let csp = network.to(["low-csp/subarray/01"]).named("the network to the CSP");
/// let down = csp.cut_off().start().await?;
/// assert_eq!(down.description(), "the network to the CSP is cut off");
/// down.stop().await?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Network {
    pub(super) inner: Arc<Inner>,
}

/// What is behind all handles of a network.
pub(super) struct Inner {
    seed: Seed,
    /// Held while a gate is opened or a fault begins or ends: so no gate escapes a fault.
    pub(super) changing: tokio::sync::Mutex<Lasting>,
    gates: Mutex<BTreeMap<(Link, String), Gate>>,
}

/// Why there is no way.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum NetworkError {
    /// The gate cannot be opened.
    #[error("no gate can be opened before {link}")]
    Gate {
        /// What it was to stand before.
        link: Link,
        /// Why not.
        source: GateError,
    },
    /// A fault that lasts cannot be applied to a new gate.
    #[error("what goes wrong in the network cannot begin at {link}")]
    Fault {
        /// The new gate.
        link: Link,
        /// Why not.
        source: harness_core::fault::FaultError,
    },
    /// Nobody listens behind the gate: who connects is to be told so.
    #[error("{link} does not accept connections at {upstream}")]
    Refused {
        /// What leads there.
        link: Link,
        /// Where it was tried.
        upstream: String,
        /// What the system says.
        source: io::Error,
    },
}

impl From<NetworkError> for io::Error {
    fn from(error: NetworkError) -> io::Error {
        let kind = match &error {
            NetworkError::Refused { source, .. } => source.kind(),
            _ => io::ErrorKind::Other,
        };
        io::Error::new(kind, error)
    }
}

impl Default for Network {
    fn default() -> Network {
        Network::new()
    }
}

impl Network {
    /// A network in which nothing goes wrong yet, with another seed each time.
    #[must_use]
    pub fn new() -> Network {
        Network::seeded(Seed::random())
    }

    /// A network in which nothing goes wrong yet, with this seed: where all chance comes from.
    #[must_use]
    pub fn with_seed(self, seed: impl Into<Seed>) -> Network {
        Network::seeded(seed.into())
    }

    fn seeded(seed: Seed) -> Network {
        let inner = Inner {
            seed,
            changing: tokio::sync::Mutex::default(),
            gates: Mutex::default(),
        };
        Network {
            inner: Arc::new(inner),
        }
    }

    /// What repeats all that was left to chance.
    #[must_use]
    pub fn seed(&self) -> Seed {
        self.inner.seed
    }

    /// All gates draw from now on what they would draw if they had just been opened: see
    /// [`Gate::draw_anew`].
    pub fn draw_anew(&self) {
        for (_, gate) in self.gates() {
            gate.draw_anew();
        }
    }

    /// Where to connect to, to come to `upstream` (`HOST:PORT`) through the gate of that link.
    ///
    /// When nobody is connected through the gate, it is tried whether somebody listens there at all: a
    /// gate accepts connections before it knows, and whoever connects would take a refusal for a
    /// connection that broke.
    ///
    /// # Errors
    ///
    /// When the gate cannot be opened, or nobody listens upstream.
    pub async fn way(&self, link: &Link, upstream: &str) -> Result<SocketAddr, NetworkError> {
        let gate = self.gate(link, upstream).await?;
        if !gate.is_alive() {
            let knock = TcpStream::connect(upstream).await;
            knock.map_err(|source| NetworkError::Refused {
                link: link.clone(),
                upstream: upstream.to_owned(),
                source,
            })?;
        }
        Ok(gate.address())
    }

    /// The gate of that link before `upstream`, which is opened if there is none.
    async fn gate(&self, link: &Link, upstream: &str) -> Result<Gate, NetworkError> {
        let mut changing = self.inner.changing.lock().await;
        let key = (link.clone(), upstream.to_owned());
        if let Some(gate) = self.inner.gates().get(&key) {
            return Ok(gate.clone());
        }
        let gate = Gate::to(upstream)
            .named(link.to_string())
            .with_seed(self.seed_of(link))
            .open()
            .await
            .map_err(|source| NetworkError::Gate {
                link: link.clone(),
                source,
            })?;
        let joined = changing.join(link, &gate).await;
        joined.map_err(|source| NetworkError::Fault {
            link: link.clone(),
            source,
        })?;
        self.inner.gates().insert(key, gate.clone());
        Ok(gate)
    }

    /// Depends on the link, and on how many gates it has had: ports are others in each run.
    fn seed_of(&self, link: &Link) -> Seed {
        let gates = self.inner.gates();
        let before = gates.keys().filter(|(other, _)| other == link).count();
        let words = [link.node(), link.service()];
        Seed::new(Draws::of(self.seed(), &words, &[before as u64]).up_to(u64::MAX))
    }

    /// All of it.
    pub fn all(&self) -> Part {
        Part::of(self, None)
    }

    /// The links to these nodes; the case of letters does not count.
    pub fn to<N: AsRef<str>>(&self, nodes: impl IntoIterator<Item = N>) -> Part {
        Part::of(
            self,
            Some(
                nodes
                    .into_iter()
                    .map(|node| super::link::folded(node.as_ref()))
                    .collect(),
            ),
        )
    }

    /// The gates, by what they stand before.
    #[must_use]
    pub fn gates(&self) -> Vec<(Link, Gate)> {
        let gates = self.inner.gates();
        let gates = gates.iter();
        gates
            .map(|((link, _), gate)| (link.clone(), gate.clone()))
            .collect()
    }

    /// What goes wrong at this moment, each in one line, in the order in which it began.
    pub async fn in_force(&self) -> Vec<String> {
        self.inner.changing.lock().await.descriptions()
    }
}

impl Inner {
    pub(super) fn gates(&self) -> std::sync::MutexGuard<'_, BTreeMap<(Link, String), Gate>> {
        self.gates.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Network")
            .field("seed", &self.seed())
            .field("gates", &self.gates())
            .finish_non_exhaustive()
    }
}
