//! Waiting for connections and for octets.

use harness_core::Timeout;
use tokio::time::timeout_at;

use super::{Gate, WaitError};
use crate::connection::Direction;
use crate::counters::FlowCounts;
use crate::wording::counted;

impl Gate {
    /// Waits until there are at least so many connections.
    ///
    /// # Errors
    ///
    /// When there are fewer all the time.
    pub async fn wait_for_connections(
        &self,
        at_least: usize,
        within: impl Into<Timeout>,
    ) -> Result<(), WaitError> {
        let awaited = || counted(at_least as u64, "connection");
        self.wait_until(within.into(), awaited, |count| count >= at_least)
            .await
    }

    /// Waits until there is no connection.
    ///
    /// # Errors
    ///
    /// When there are some all the time.
    pub async fn wait_for_no_connections(
        &self,
        within: impl Into<Timeout>,
    ) -> Result<(), WaitError> {
        let awaited = || "the end of all connections".to_owned();
        self.wait_until(within.into(), awaited, |count| count == 0)
            .await
    }

    async fn wait_until(
        &self,
        within: Timeout,
        awaited: impl Fn() -> String,
        enough: impl Fn(usize) -> bool,
    ) -> Result<(), WaitError> {
        let mut changes = self.board().changes();
        let wait = async {
            // the sender lives as long as the gate
            while !enough(self.connections_count()) && changes.changed().await.is_ok() {}
        };
        let waited = timeout_at(within.start(), wait).await;
        match waited.is_ok() || enough(self.connections_count()) {
            true => Ok(()),
            false => {
                let count = self.connections_count() as u64;
                let verb = if count == 1 { "is" } else { "are" };
                Err(WaitError {
                    awaited: awaited(),
                    found: format!("there {verb} {}", counted(count, "connection")),
                    time: within.initial(),
                })
            }
        }
    }

    /// Waits until at least so many octets have been passed on in this direction, on all connections since
    /// the gate was opened.
    ///
    /// # Errors
    ///
    /// When it were fewer.
    pub async fn wait_for_octets(
        &self,
        direction: Direction,
        at_least: u64,
        within: impl Into<Timeout>,
    ) -> Result<(), WaitError> {
        let awaited = format!("{} of {direction}", counted(at_least, "octet"));
        self.wait_for_count(direction, at_least, within.into(), awaited, |it| it.sent)
            .await
    }

    /// Waits until at least so many octets have been taken out by conditions in this direction.
    ///
    /// # Errors
    ///
    /// When it were fewer.
    pub async fn wait_for_swallowed(
        &self,
        direction: Direction,
        at_least: u64,
        within: impl Into<Timeout>,
    ) -> Result<(), WaitError> {
        let octets = counted(at_least, "octet");
        let awaited = format!("the loss of {octets} of {direction}");
        let within = within.into();
        self.wait_for_count(direction, at_least, within, awaited, |it| it.swallowed)
            .await
    }

    async fn wait_for_count(
        &self,
        direction: Direction,
        at_least: u64,
        within: Timeout,
        awaited: String,
        count: impl Fn(FlowCounts) -> u64,
    ) -> Result<(), WaitError> {
        let enough = |counts: FlowCounts| count(counts) >= at_least;
        let gauge = self.board().gauge(direction);
        let waited = timeout_at(within.start(), gauge.until(enough)).await;
        match waited.is_ok() || enough(gauge.counts()) {
            true => Ok(()),
            false => Err(WaitError {
                awaited,
                found: format!("there were {}", count(gauge.counts())),
                time: within.initial(),
            }),
        }
    }
}
