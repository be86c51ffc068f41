//! All proxies, by name.

use std::collections::BTreeMap;

use axum::http::StatusCode;

use super::declaration::Declaration;
use super::problem::{Problem, Result};
use super::proxy::{Proxy, is_there};
use crate::seed::Seed;

/// All proxies, by name.
#[derive(Debug)]
pub(super) struct Registry {
    pub(super) seed: Seed,
    pub(super) proxies: BTreeMap<String, Proxy>,
}

impl Registry {
    pub(super) const fn new(seed: Seed) -> Registry {
        Registry {
            seed,
            proxies: BTreeMap::new(),
        }
    }

    pub(super) fn proxy(&self, name: &str) -> Result<&Proxy> {
        self.proxies.get(name).ok_or_else(no_proxy)
    }

    pub(super) fn proxy_mut(&mut self, name: &str) -> Result<&mut Proxy> {
        self.proxies.get_mut(name).ok_or_else(no_proxy)
    }

    /// Opens a proxy under a name that none has.
    pub(super) async fn create(&mut self, declaration: Declaration) -> Result<&Proxy> {
        if self.proxies.contains_key(&declaration.name) {
            return Err(Problem::new(StatusCode::CONFLICT, "proxy already exists"));
        }
        self.put(declaration).await
    }

    /// Opens a proxy, or leaves the one that is as declared already; another one of that name is
    /// replaced.
    pub(super) async fn populate(&mut self, declaration: Declaration) -> Result<&Proxy> {
        let name = declaration.name.clone();
        if let Some(there) = self.proxies.get(&name) {
            let (here, to) = (there.gate.address(), declaration.listen);
            if is_there(here, to) && there.gate.upstream() == declaration.upstream {
                return self.proxy(&name);
            }
            // its port must be free for the one that takes its place
            if (is_there(here, to) || here.port() == to.port())
                && let Some(other) = self.proxies.remove(&name)
            {
                other.close().await;
            }
        }
        self.put(declaration).await
    }

    /// Opens a proxy, and then closes the one that it takes the place of.
    async fn put(&mut self, declaration: Declaration) -> Result<&Proxy> {
        let name = declaration.name.clone();
        let proxy = Proxy::open(declaration, self.seed).await?;
        if let Some(other) = self.proxies.insert(name.clone(), proxy) {
            other.close().await;
        }
        self.proxy(&name)
    }

    pub(super) async fn delete(&mut self, name: &str) -> Result<()> {
        let proxy = self.proxies.remove(name).ok_or_else(no_proxy)?;
        proxy.close().await;
        Ok(())
    }

    /// Removes all toxics and enables all proxies; all that can be.
    pub(super) async fn reset(&mut self) -> Result<()> {
        let mut outcome = Ok(());
        for proxy in self.proxies.values_mut() {
            outcome = outcome.and(proxy.reset().await);
        }
        outcome
    }

    pub(super) async fn close(&mut self) {
        while let Some((_, proxy)) = self.proxies.pop_first() {
            proxy.close().await;
        }
    }
}

fn no_proxy() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "proxy not found")
}
