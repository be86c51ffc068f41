//! The gates, for whoever asks.

use std::net::SocketAddr;

use axum::http::StatusCode;
use harness_core::BoxFuture;
use serde_json::json;
use tokio::sync::{mpsc, oneshot};

use super::ControlError;
use super::declaration::Declaration;
use super::problem::{Problem, Result};
use super::proxy::Proxy;
use super::registry::Registry;
use crate::seed::Seed;

/// So many requests can wait for their turn.
const WAITING: usize = 64;

type Job = Box<dyn for<'a> FnOnce(&'a mut Registry) -> BoxFuture<'a, ()> + Send>;

/// Gates by name, with what goes wrong in them. One thing is done after the other, and each is done to
/// its end, also when nobody waits for it any more.
///
/// All handles are equal; when the last is gone, so are the gates.
///
/// ```
/// use harness_chaos::Seed;
/// use harness_chaos::control::{Control, ControlServer};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// let control = Control::new(Seed::new(7));
/// let gate = control.open("database", "127.0.0.1:0", "127.0.0.1:10000").await?;
/// let server = ControlServer::new(control.clone()).start().await?;
/// println!("clients connect to {}, toxics are added at {}", gate.address, server.url());
/// server.shutdown().await;
/// control.close().await;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Control {
    seed: Seed,
    jobs: mpsc::Sender<Job>,
}

/// A gate of a [`Control`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProxySummary {
    /// Its name.
    pub name: String,
    /// Where clients connect to.
    pub address: SocketAddr,
    /// Where it connects to, as it was given.
    pub upstream: String,
}

impl ProxySummary {
    fn of(proxy: &Proxy) -> ProxySummary {
        ProxySummary {
            name: proxy.name.clone(),
            address: proxy.gate.address(),
            upstream: proxy.gate.upstream(),
        }
    }
}

impl Control {
    /// Without any gate yet, in the present tokio runtime. Each gate draws from this seed and from its
    /// name.
    #[must_use]
    pub fn new(seed: Seed) -> Control {
        let (jobs, mut waiting) = mpsc::channel::<Job>(WAITING);
        let mut registry = Registry::new(seed);
        tokio::spawn(async move {
            while let Some(job) = waiting.recv().await {
                job(&mut registry).await;
            }
        });
        Control { seed, jobs }
    }

    /// Where all chance comes from.
    #[must_use]
    pub const fn seed(&self) -> Seed {
        self.seed
    }

    /// Opens a gate under a name that none has: it listens on one address, `HOST:PORT`, and leads to
    /// another.
    ///
    /// # Errors
    ///
    /// When the name is taken or empty, an address cannot be understood, or nobody can listen there.
    pub async fn open(
        &self,
        name: &str,
        listen: &str,
        upstream: &str,
    ) -> std::result::Result<ProxySummary, ControlError> {
        let declared = json!({"name": name, "listen": listen, "upstream": upstream});
        let declared = declared.as_object().cloned().unwrap_or_default();
        let declaration = Declaration::read(&declared).await?;
        let opened = self.ask(move |registry| {
            Box::pin(async move { registry.create(declaration).await.map(ProxySummary::of) })
        });
        Ok(opened.await?)
    }

    /// Opens the gates of a list in JSON, as Toxiproxy's configuration file has it: objects with `name`,
    /// `listen`, `upstream`, and, if wanted, `enabled` and `toxics`. One that is there already as
    /// declared stays, with its toxics; another one of that name is replaced.
    ///
    /// # Errors
    ///
    /// When the list cannot be read, or an address not found: then nothing is opened. When nobody can
    /// listen on an address: then the gates before that one stay.
    pub async fn populate(
        &self,
        list: &str,
    ) -> std::result::Result<Vec<ProxySummary>, ControlError> {
        let list = serde_json::from_str(list).map_err(Problem::body)?;
        let declarations = Declaration::read_all(&list).await?;
        let populated = self.ask(move |registry| {
            Box::pin(async move {
                let mut summaries = Vec::new();
                for declaration in declarations {
                    summaries.push(ProxySummary::of(registry.populate(declaration).await?));
                }
                Ok(summaries)
            })
        });
        Ok(populated.await?)
    }

    /// Closes all gates and their connections; their addresses are free when this returns.
    pub async fn close(&self) {
        let closed = self.ask(|registry| {
            Box::pin(async move {
                registry.close().await;
                Ok(())
            })
        });
        // a task that is gone has no gates
        let _ = closed.await;
    }

    /// Has the task do something, and waits until it is done.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        act: impl for<'a> FnOnce(&'a mut Registry) -> BoxFuture<'a, Result<T>> + Send + 'static,
    ) -> Result<T> {
        let (done, answer) = oneshot::channel();
        let job: Job = Box::new(move |registry| {
            Box::pin(async move {
                // whoever asked may be gone
                let _ = done.send(act(registry).await);
            })
        });
        let ended = || Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the control has ended");
        self.jobs.send(job).await.map_err(|_| ended())?;
        answer.await.map_err(|_| ended())?
    }
}
