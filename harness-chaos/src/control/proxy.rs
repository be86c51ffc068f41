//! A gate with a name, and with toxics.

use std::net::SocketAddr;
use std::time::Duration;

use axum::http::StatusCode;
use harness_core::Fault;
use harness_core::fault::FaultGuard;
use serde_json::{Map, Value, json};

use super::declaration::Declaration;
use super::problem::{Problem, Result, with_causes};
use super::toxic::Toxic;
use crate::arrival::Arrival;
use crate::condition::{Close, Ending};
use crate::connection::Direction;
use crate::gate::{AdjustableFault, Gate, GateFault};
use crate::seed::Seed;

/// A gate with a name, and with toxics.
#[derive(Debug)]
pub(super) struct Proxy {
    pub(super) name: String,
    pub(super) gate: Gate,
    enabled: bool,
    /// In force while the proxy is disabled, unless another program has taken its port.
    refusal: Option<FaultGuard>,
    toxics: Vec<Active>,
}

/// A toxic, and the fault that does what it says, if it does anything.
#[derive(Debug)]
struct Active {
    toxic: Toxic,
    fault: Option<AdjustableFault>,
}

impl Proxy {
    pub(super) async fn open(declaration: Declaration, seed: Seed) -> Result<Proxy> {
        let Declaration {
            name,
            listen,
            upstream,
            enabled,
            toxics,
        } = declaration;
        let gate = Gate::to(upstream).listen_on(listen).named(&name);
        let mut proxy = Proxy {
            gate: gate.with_seed(seed.of_part(&name)).open().await?,
            name,
            enabled: true,
            refusal: None,
            toxics: Vec::new(),
        };
        for toxic in toxics {
            proxy.add(toxic)?;
        }
        if !enabled {
            proxy.disable().await?;
        }
        Ok(proxy)
    }

    /// Closes its connections, and frees its address.
    pub(super) async fn close(mut self) {
        self.toxics.clear();
        self.gate.shut_down(Duration::ZERO).await;
    }

    pub(super) const fn is_enabled(&self) -> bool {
        self.enabled
    }

    /// Takes new connections again.
    async fn enable(&mut self) -> Result<()> {
        if self.enabled {
            return Ok(());
        }
        let refusal = match self.refusal.take() {
            Some(refusal) => refusal,
            // its port was taken, and may be free again
            None => refuse(&self.gate).await?,
        };
        if let Err(error) = refusal.stop().await {
            self.refusal = refuse(&self.gate).await.ok();
            return Err(cannot_listen(&error));
        }
        self.enabled = true;
        Ok(())
    }

    /// Refuses new connections, and closes those that are open.
    async fn disable(&mut self) -> Result<()> {
        if self.enabled {
            self.refusal = Some(refuse(&self.gate).await?);
            self.enabled = false;
            self.gate.close_all(Ending::Fin).await;
        }
        Ok(())
    }

    /// Leads elsewhere, listens elsewhere, is enabled or disabled: all of it, or nothing.
    pub(super) async fn change(&mut self, change: Change, seed: Seed) -> Result<()> {
        let enabled = change.enabled.unwrap_or(self.is_enabled());
        let upstream = change.upstream.filter(|to| *to != self.gate.upstream());
        let listen = change
            .listen
            .filter(|to| !is_there(self.gate.address(), *to));
        if let Some(listen) = listen {
            let moved = Proxy::open(
                Declaration {
                    name: self.name.clone(),
                    listen,
                    upstream: upstream.unwrap_or_else(|| self.gate.upstream()),
                    enabled,
                    toxics: self.toxics().cloned().collect(),
                },
                seed,
            )
            .await?;
            std::mem::replace(self, moved).close().await;
            return Ok(());
        }
        let before = self.gate.upstream();
        let leads_elsewhere = upstream.is_some();
        if let Some(upstream) = upstream {
            self.gate.lead_to(upstream).await?;
        }
        let done = match enabled {
            true => self.enable().await,
            false => self.disable().await,
        };
        if let Err(problem) = done {
            self.gate.lead_to(before).await?;
            return Err(problem);
        }
        if leads_elsewhere {
            self.gate.close_all(Ending::Fin).await;
        }
        Ok(())
    }

    /// Removes all toxics, and takes new connections.
    pub(super) async fn reset(&mut self) -> Result<()> {
        self.toxics.clear();
        match self.is_enabled() {
            // what conditions draw begins anew
            true => {
                let reset = self.gate.reset().await;
                reset.map_err(|error| cannot_listen(&error))
            }
            false => self.enable().await,
        }
    }

    pub(super) fn toxics(&self) -> impl Iterator<Item = &Toxic> {
        self.toxics.iter().map(|active| &active.toxic)
    }

    pub(super) fn toxic(&self, name: &str) -> Result<&Toxic> {
        let toxic = self.toxics().find(|toxic| toxic.name == name);
        toxic.ok_or_else(no_toxic)
    }

    /// Adds a toxic behind those that are there.
    pub(super) fn add(&mut self, toxic: Toxic) -> Result<&Toxic> {
        if self.toxic(&toxic.name).is_ok() {
            return Err(Problem::new(StatusCode::CONFLICT, "toxic already exists"));
        }
        let fault = self.fault(&toxic);
        let fault = fault.map(|fault| fault.start_adjustable()).transpose()?;
        self.toxics.push(Active { toxic, fault });
        self.toxics().last().ok_or_else(no_toxic)
    }

    /// Changes a toxic where it stands; what it has held back goes on at once.
    pub(super) fn change_toxic(&mut self, name: &str, body: &Map<String, Value>) -> Result<&Toxic> {
        let changed = self.toxic(name)?.changed(body)?;
        let fault = self.fault(&changed);
        let place = self.toxics.iter_mut();
        let mut place = place.filter(|active| active.toxic.name == name);
        let active = place.next().ok_or_else(no_toxic)?;
        if let (Some(before), Some(fault)) = (&active.fault, &fault) {
            before.become_another(fault)?;
        }
        active.toxic = changed;
        Ok(&active.toxic)
    }

    pub(super) fn remove(&mut self, name: &str) -> Result<()> {
        self.toxic(name)?;
        self.toxics.retain(|active| active.toxic.name != name);
        Ok(())
    }

    fn fault(&self, toxic: &Toxic) -> Option<GateFault> {
        let condition = toxic.condition()?;
        let fault = match toxic.direction {
            Direction::Requests => self.gate.requests(condition),
            Direction::Replies => self.gate.replies(condition),
        };
        Some(fault.with_probability(toxic.toxicity))
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "name": self.name,
            "listen": self.gate.address().to_string(),
            "upstream": self.gate.upstream(),
            "enabled": self.is_enabled(),
            "toxics": self.toxics().map(Toxic::json).collect::<Vec<_>>(),
        })
    }
}

async fn refuse(gate: &Gate) -> Result<FaultGuard> {
    // a connection that is just being made is closed as soon as it is
    let refusal = gate.new_connections(Arrival::Refused);
    let refusal = refusal.and(gate.both(Close::at_once())).start().await;
    refusal.map_err(|error| cannot_listen(&error))
}

/// What is to change about a proxy.
#[derive(Clone, Debug, Default)]
pub(super) struct Change {
    pub(super) listen: Option<SocketAddr>,
    pub(super) upstream: Option<String>,
    pub(super) enabled: Option<bool>,
}

/// Whether one who listens here does as one is asked who is to listen there: any port may be this one.
pub(super) fn is_there(here: SocketAddr, there: SocketAddr) -> bool {
    here.ip() == there.ip() && (there.port() == 0 || here.port() == there.port())
}

fn no_toxic() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "toxic not found")
}

fn cannot_listen(error: &dyn std::error::Error) -> Problem {
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, with_causes(error))
}
