//! The server, started and stopped.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use harness_core::admission::Token;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::HttpError;
use super::control::Control;
use super::routes::routes;
use crate::world::TelescopeHandle;

/// How long requests under way may take when the server stops.
const PATIENCE: Duration = Duration::from_secs(2);

/// Serves the control of a telescope over HTTP: what testers in the same process do by a
/// [`TelescopeHandle`], and a status page.
///
/// On an address that only this machine can reach no token is needed, unless one is given. On
/// another one is: if none is given, one is made, which
/// [`RunningHttpServer::token`] tells. It travels as it is: there is no TLS here.
///
/// ```
/// use harness_sim::SimulatedTelescope;
/// use harness_sim::http::HttpServer;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let telescope = SimulatedTelescope::low().start().await?;
/// let http = HttpServer::new(telescope.handle()).start().await?;
/// println!("see {}", http.url());
/// http.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a server does nothing before it is started"]
pub struct HttpServer {
    telescope: TelescopeHandle,
    host: String,
    port: u16,
    token: Option<String>,
}

impl HttpServer {
    /// For this telescope, on a free port of the loopback address.
    pub fn new(telescope: TelescopeHandle) -> HttpServer {
        HttpServer {
            telescope,
            host: "127.0.0.1".to_owned(),
            port: 0,
            token: None,
        }
    }

    /// Listens on this host name or address.
    pub fn with_bind(mut self, host: impl Into<String>) -> HttpServer {
        self.host = host.into();
        self
    }

    /// Listens on this port; 0, the default, takes a free one.
    pub fn with_port(mut self, port: u16) -> HttpServer {
        self.port = port;
        self
    }

    /// Answers only those who send this token, on the loopback address, too.
    pub fn with_token(mut self, token: impl Into<String>) -> HttpServer {
        self.token = Some(token.into());
        self
    }

    /// Starts serving, in the present tokio runtime.
    ///
    /// # Errors
    ///
    /// [`HttpError`] if the address cannot be bound, for example because the port is taken, or the
    /// token is none.
    pub async fn start(self) -> Result<RunningHttpServer, HttpError> {
        let given = self.token.as_deref().map(Token::given).transpose()?;
        let host = self.host.trim_start_matches('[').trim_end_matches(']');
        let failed = |source| HttpError::Bind {
            address: format!("{} port {}", self.host, self.port),
            source,
        };
        let listener = TcpListener::bind((host, self.port)).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let token = match given {
            None if !address.ip().is_loopback() => Some(Token::made()),
            given => given,
        };
        let text = token.as_ref().map(|token| token.text().to_owned());
        let (stop, stopped) = watch::channel(());
        let control = Arc::new(Control::new(self.telescope, token, stopped.clone()));
        let serving = axum::serve(listener, routes(control));
        let task = tokio::spawn(async move {
            let served = serving.with_graceful_shutdown(gone(stopped)).await;
            if let Err(error) = served {
                tracing::warn!(%error, "the control over HTTP has ended");
            }
        });
        Ok(RunningHttpServer {
            address,
            token: text,
            stop,
            task,
        })
    }
}

/// Waits until the server is to stop.
pub(super) async fn gone(mut stop: watch::Receiver<()>) {
    // nothing is ever sent: an error says that the other side is gone
    while stop.changed().await.is_ok() {}
}

/// A server that serves until it is shut down or dropped.
#[must_use = "the server stops when this is dropped"]
pub struct RunningHttpServer {
    address: SocketAddr,
    token: Option<String>,
    stop: watch::Sender<()>,
    task: JoinHandle<()>,
}

impl RunningHttpServer {
    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address of the status page. All paths begin here.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// The token that clients must send, if they must: `Authorization: Bearer TOKEN`.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Stops serving: the port is free when this returns, requests under way are answered or given
    /// up.
    pub async fn shutdown(self) {
        let RunningHttpServer { stop, mut task, .. } = self;
        drop(stop);
        if tokio::time::timeout(PATIENCE, &mut task).await.is_err() {
            tracing::debug!("requests under way were given up");
            task.abort();
        }
    }
}

impl std::fmt::Debug for RunningHttpServer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("RunningHttpServer")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}
