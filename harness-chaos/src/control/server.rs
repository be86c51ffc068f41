//! The server, started and stopped.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use harness_core::admission::Token;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::problem::Result;
use super::proxy::Proxy;
use super::routes::routes;
use super::{Control, ControlError};

/// How long requests under way may take when the server stops.
const PATIENCE: Duration = Duration::from_secs(2);

/// Where requests come in: what all of them have in common.
#[derive(Clone)]
pub(super) struct Desk {
    pub(super) control: Control,
    pub(super) token: Option<Token>,
    requests: Arc<AtomicU64>,
}

impl Desk {
    /// The number of a request.
    pub(super) fn next_request(&self) -> u64 {
        self.requests.fetch_add(1, Relaxed) + 1
    }

    /// Does something with a proxy.
    pub(super) async fn with_proxy<T: Send + 'static>(
        &self,
        name: String,
        act: impl FnOnce(&mut Proxy) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let done = self.control.ask(move |registry| {
            let done = registry.proxy_mut(&name).and_then(act);
            Box::pin(async { done })
        });
        done.await
    }
}

/// Serves a [`Control`] over HTTP, as Toxiproxy is controlled. See the example there.
///
/// On an address that only this machine can reach no token is needed, unless one is given. On another
/// one is: if none is given, one is made, which [`RunningControlServer::token`] tells. It travels as it
/// is: there is no TLS here.
#[derive(Debug)]
#[must_use = "a server does nothing before it is started"]
pub struct ControlServer {
    control: Control,
    bind: (String, u16),
    token: Option<String>,
}

impl ControlServer {
    /// For these gates, on a free port of the loopback address.
    pub fn new(control: Control) -> ControlServer {
        ControlServer {
            control,
            bind: ("127.0.0.1".to_owned(), 0),
            token: None,
        }
    }

    /// Listens on this host name or address, and on this port; 0 takes a free one.
    pub fn with_bind(mut self, host: impl Into<String>, port: u16) -> ControlServer {
        self.bind = (host.into(), port);
        self
    }

    /// Answers only those who send this token, on the loopback address, too.
    pub fn with_token(mut self, token: impl Into<String>) -> ControlServer {
        self.token = Some(token.into());
        self
    }

    /// Starts serving, in the present tokio runtime.
    ///
    /// # Errors
    ///
    /// When the address cannot be bound, for example because the port is taken, or the token is none.
    pub async fn start(self) -> std::result::Result<RunningControlServer, ControlError> {
        let given = self.token.as_deref().map(Token::given).transpose()?;
        let (host, port) = &self.bind;
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let bound = async {
            let listener = TcpListener::bind((bare, *port)).await?;
            Ok((listener.local_addr()?, listener))
        };
        let (address, listener) = bound.await.map_err(|source| ControlError::Bind {
            address: format!("{host} port {port}"),
            source,
        })?;
        let made = || (!address.ip().is_loopback()).then(Token::made);
        let token = given.or_else(made);
        let desk = Desk {
            control: self.control,
            token: token.clone(),
            requests: Arc::default(),
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = axum::serve(listener, routes(desk)).with_graceful_shutdown(async {
            // an error says that the other side is gone, which means the same
            let _ = stopped.await;
        });
        let task = tokio::spawn(async move {
            if let Err(error) = serving.await {
                tracing::warn!(%error, "the control has ended");
            }
        });
        Ok(RunningControlServer {
            address,
            token,
            _stop: stop,
            task,
        })
    }
}

/// A server that serves until it is shut down or dropped. The gates stay.
#[must_use = "the server stops when this is dropped"]
pub struct RunningControlServer {
    address: SocketAddr,
    token: Option<Token>,
    _stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl RunningControlServer {
    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// What clients of Toxiproxy are given. All paths begin here.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The token that clients must send, if they must: `Authorization: Bearer TOKEN`.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_ref().map(Token::text)
    }

    /// Stops serving: the port is free when this returns, requests under way are answered or given up.
    pub async fn shutdown(self) {
        let RunningControlServer {
            _stop, mut task, ..
        } = self;
        drop(_stop);
        if timeout(PATIENCE, &mut task).await.is_err() {
            task.abort();
        }
    }
}

impl fmt::Debug for RunningControlServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RunningControlServer")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}
