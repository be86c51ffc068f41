//! A gate for datagrams that is open.

use std::error::Error;
use std::fmt;
use std::net::SocketAddr;

use harness_core::Timeout;

use super::{DatagramCondition, UdpGateBuilder};
use crate::condition::{Ending, Hold};
use crate::connection::{ConnectionSummary, Direction};
use crate::counters::FlowCounts;
use crate::gate::{Effect, Gate, GateFault, WaitError};
use crate::recovery::{NotRecovered, Recovery};
use crate::seed::Seed;

/// A network for datagrams that misbehaves on request.
///
/// Each address that a client sends from has a session, with a socket of its own towards the upstream; so
/// answers find their way back. Datagrams of up to 65,535 octets pass, and stay whole.
///
/// All handles of a gate are equal; when the last is dropped, the gate is closed and so are its sessions.
///
/// ```
/// use std::time::Duration;
///
/// use harness_chaos::{Direction, Loss, UdpGate};
/// use harness_core::Fault;
/// # use tokio::net::UdpSocket;
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// let server = UdpSocket::bind("127.0.0.1:0").await?;
/// let gate = UdpGate::to(server.local_addr()?).with_seed(7).open().await?;
/// let client = UdpSocket::bind("127.0.0.1:0").await?;
///
/// let loss = gate.requests(Loss::all()).start().await?;
/// client.send_to(b"lost", gate.address()).await?;
/// gate.wait_for_swallowed(Direction::Requests, 4, Duration::from_secs(5)).await?;
/// loss.stop().await?;
///
/// client.send_to(b"here", gate.address()).await?;
/// let mut datagram = [0; 16];
/// assert_eq!(server.recv(&mut datagram).await?, 4);
/// assert_eq!(&datagram[..4], b"here");
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct UdpGate {
    gate: Gate,
}

impl UdpGate {
    /// A gate to this address, which is to be opened: `HOST:PORT`.
    pub fn to(upstream: impl ToString) -> UdpGateBuilder {
        UdpGateBuilder::new(upstream.to_string())
    }

    pub(super) const fn new(gate: Gate) -> UdpGate {
        UdpGate { gate }
    }

    /// Where clients send to.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.gate.address()
    }

    /// What repeats all that was left to chance.
    #[must_use]
    pub fn seed(&self) -> Seed {
        self.gate.seed()
    }

    /// Something that goes wrong with what clients send.
    pub fn requests(&self, condition: impl Into<DatagramCondition>) -> GateFault {
        self.fault(condition, &[Direction::Requests])
    }

    /// Something that goes wrong with what clients are sent.
    pub fn replies(&self, condition: impl Into<DatagramCondition>) -> GateFault {
        self.fault(condition, &[Direction::Replies])
    }

    /// Something that goes wrong in both directions, and begins and ends in both at the same time.
    pub fn both(&self, condition: impl Into<DatagramCondition>) -> GateFault {
        self.fault(condition, &Direction::BOTH)
    }

    fn fault(
        &self,
        condition: impl Into<DatagramCondition>,
        directions: &'static [Direction],
    ) -> GateFault {
        let effect = Effect::Datagrams(condition.into());
        self.gate.effect(effect, directions)
    }

    /// The cable is out, and what is sent meanwhile waits as far as the buffers reach.
    pub fn cut_off(&self) -> GateFault {
        self.both(Hold)
    }

    /// Ends all faults, whatever their guards say. Conditions that begin after this draw the same as those
    /// after the gate was opened.
    pub async fn reset(&self) {
        // nothing is bound anew, so nothing can fail
        let _ = self.gate.reset().await;
    }

    /// What goes wrong at this moment with datagrams on their way.
    #[must_use]
    pub fn in_force(&self) -> Vec<String> {
        self.gate.in_force()
    }

    /// How many sessions there are.
    #[must_use]
    pub fn sessions_count(&self) -> usize {
        self.gate.connections_count()
    }

    /// Whether there is a session.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.gate.is_alive()
    }

    /// The sessions there are, the oldest first. A chunk of theirs is a datagram.
    #[must_use]
    pub fn sessions(&self) -> Vec<ConnectionSummary> {
        self.gate.connections()
    }

    /// The sessions that have ended, in the order in which they did; the last thousand.
    #[must_use]
    pub fn ended_sessions(&self) -> Vec<ConnectionSummary> {
        self.gate.ended_connections()
    }

    /// What has passed in this direction, in all sessions since the gate was opened.
    #[must_use]
    pub fn counts(&self, direction: Direction) -> FlowCounts {
        self.gate.counts(direction)
    }

    /// Ends all sessions, waits until they are, and says how many they were. The next datagram of a client
    /// opens another, with another socket towards the upstream.
    pub async fn close_all(&self) -> usize {
        self.gate.close_all(Ending::Fin).await
    }

    /// Waits until there are at least so many sessions.
    ///
    /// # Errors
    ///
    /// When there are fewer all the time.
    pub async fn wait_for_sessions(
        &self,
        at_least: usize,
        within: impl Into<Timeout>,
    ) -> Result<(), WaitError> {
        self.gate.wait_for_connections(at_least, within).await
    }

    /// Waits until there is no session.
    ///
    /// # Errors
    ///
    /// When there are some all the time.
    pub async fn wait_for_no_sessions(&self, within: impl Into<Timeout>) -> Result<(), WaitError> {
        self.gate.wait_for_no_connections(within).await
    }

    /// Waits until at least so many octets have been passed on in this direction.
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
        self.gate.wait_for_octets(direction, at_least, within).await
    }

    /// Waits until at least so many octets have been lost by conditions in this direction.
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
        self.gate
            .wait_for_swallowed(direction, at_least, within)
            .await
    }

    /// Tries something until it succeeds, and says how long it took since the last fault of this gate ended;
    /// see [`Gate::recovers_within`].
    ///
    /// # Errors
    ///
    /// When no attempt succeeded within this time from now; with the last failure.
    pub async fn recovers_within<F, T, E>(
        &self,
        within: impl Into<Timeout>,
        probe: impl FnMut() -> F,
    ) -> Result<Recovery, NotRecovered>
    where
        F: Future<Output = Result<T, E>>,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        self.gate.recovers_within(within, probe).await
    }

    /// Takes no more datagrams, and ends all sessions. Other handles see a closed gate.
    pub async fn shut_down(self) {
        self.gate.shut_down(Timeout::zero()).await;
    }
}

impl fmt::Display for UdpGate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "UDP {}", self.gate)
    }
}

impl fmt::Debug for UdpGate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("UdpGate")
            .field("gate", &self.gate)
            .finish()
    }
}
