//! A gate that is open.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use harness_core::Timeout;
use tokio::sync::mpsc::UnboundedSender;

use super::board::Board;
use super::effect::Effect;
use super::{Behind, GateBuilder, GateError, GateFault, address};
use crate::arrival::{Arrival, ArrivalOrder, ask};
use crate::condition::{Condition, Ending, Hold};
use crate::connection::{ConnectionIdentity, ConnectionSummary, Direction};
use crate::counters::FlowCounts;
use crate::seed::Seed;

/// A network between client and server that misbehaves on request.
///
/// Clients connect to the gate, and the gate to what is behind it. What comes it passes on as it came: at
/// once, unchanged, ends and resets too, and with no more haste than the reader takes. What goes wrong is
/// said by faults; each lasts as long as its guard.
///
/// All handles of a gate are equal; when the last is dropped, the gate is closed and so are its connections.
///
/// ```
/// use std::time::Duration;
///
/// use harness_chaos::{Delay, Gate};
/// use harness_core::Fault;
/// # use tokio::io::{AsyncReadExt, AsyncWriteExt};
/// # use tokio::net::{TcpListener, TcpStream};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// let server = TcpListener::bind("127.0.0.1:0").await?;
/// let gate = Gate::to(server.local_addr()?).with_seed(7).open().await?;
///
/// let mut client = TcpStream::connect(gate.address()).await?;
/// let (mut served, _) = server.accept().await?;
/// gate.wait_for_connections(1, Duration::from_secs(5)).await?;
///
/// let slow = gate.replies(Delay::of(Duration::from_millis(30))).start().await?;
/// assert_eq!(slow.description(), "replies are delayed by 30 ms");
/// served.write_all(b"late").await?;
/// let mut answer = [0; 4];
/// client.read_exact(&mut answer).await?;
/// slow.stop().await?;
///
/// assert_eq!(gate.counts(harness_chaos::Direction::Replies).sent, 4);
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Gate {
    inner: Arc<Inner>,
}

/// What is behind all handles of a gate, and not behind its connections.
#[derive(Debug)]
pub(super) struct Inner {
    pub(super) board: Arc<Board>,
    pub(super) arrivals: UnboundedSender<ArrivalOrder>,
    pub(super) name: Option<String>,
    address: SocketAddr,
    behind: Arc<Behind>,
}

impl Inner {
    pub(super) const fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.board.shut();
        self.board.close(Ending::Fin, |_| true);
    }
}

impl Gate {
    /// A gate to this address, which is to be opened: `HOST:PORT`.
    pub fn to(upstream: impl ToString) -> GateBuilder {
        GateBuilder::new(upstream.to_string())
    }

    pub(crate) fn new(
        board: Arc<Board>,
        arrivals: UnboundedSender<ArrivalOrder>,
        address: SocketAddr,
        behind: Arc<Behind>,
        name: Option<String>,
    ) -> Gate {
        let inner = Inner {
            board,
            arrivals,
            name,
            address,
            behind,
        };
        Gate {
            inner: Arc::new(inner),
        }
    }

    pub(super) fn board(&self) -> &Board {
        &self.inner.board
    }

    /// When the last fault ended; nothing, when one goes on or none was.
    pub(crate) fn calm_since(&self) -> Option<tokio::time::Instant> {
        self.board().calm_since()
    }

    /// Where clients connect to.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.inner.address
    }

    /// Where the gate connects to, as it was given.
    #[must_use]
    pub fn upstream(&self) -> String {
        self.inner.behind.name()
    }

    /// Connects to another address from now on; connections that are made already stay.
    ///
    /// # Errors
    ///
    /// When it cannot be understood. Then nothing has changed.
    pub async fn lead_to(&self, upstream: impl ToString) -> Result<(), GateError> {
        let name = upstream.to_string();
        let addresses = address::upstream(&name).await?;
        self.inner.behind.change(name, addresses);
        Ok(())
    }

    /// What repeats all that was left to chance.
    #[must_use]
    pub fn seed(&self) -> Seed {
        self.board().seed
    }

    /// Draws from now on what it would draw if it had just been opened, with the connections that are open:
    /// so that a test can be repeated without those before it. For conditions that begin from now on.
    pub fn draw_anew(&self) {
        self.board().draw_anew();
    }

    /// Something that goes wrong with what clients send.
    pub fn requests(&self, condition: impl Into<Condition>) -> GateFault {
        self.effect(Effect::Stream(condition.into()), &[Direction::Requests])
    }

    /// Something that goes wrong with what clients are sent.
    pub fn replies(&self, condition: impl Into<Condition>) -> GateFault {
        self.effect(Effect::Stream(condition.into()), &[Direction::Replies])
    }

    /// Something that goes wrong in both directions, and begins and ends in both at the same time.
    pub fn both(&self, condition: impl Into<Condition>) -> GateFault {
        self.effect(Effect::Stream(condition.into()), &Direction::BOTH)
    }

    pub(crate) fn effect(&self, effect: Effect, directions: &'static [Direction]) -> GateFault {
        GateFault::flow(&self.inner, effect, directions)
    }

    /// Something that happens to new connections; those that are open go on.
    pub fn new_connections(&self, arrival: Arrival) -> GateFault {
        GateFault::arrival(&self.inner, arrival)
    }

    /// The cable is out: nothing arrives in either direction, and new connections are not answered. What
    /// was sent meanwhile arrives afterwards.
    pub fn cut_off(&self) -> GateFault {
        self.both(Hold)
            .and(self.new_connections(Arrival::Unanswered))
            .in_words("the network is cut off")
    }

    /// The server is down: connections are reset, and new ones refused.
    pub fn down(&self) -> GateFault {
        self.both(crate::condition::Close::at_once().by_reset())
            .and(self.new_connections(Arrival::Refused))
            .in_words("the server is down")
    }

    /// Ends all faults, whatever their guards say: everything passes again as it comes. Connections stay
    /// open. Conditions that begin after this draw the same as those after the gate was opened.
    ///
    /// # Errors
    ///
    /// When the gate cannot listen again on its address, as somebody else does meanwhile.
    pub async fn reset(&self) -> std::io::Result<()> {
        self.board().end_all();
        let outcome = ask(&self.inner.arrivals, ArrivalOrder::Reset).await;
        self.board().calm_now();
        outcome
    }

    /// What goes wrong at this moment, each in one line.
    #[must_use]
    pub fn in_force(&self) -> Vec<String> {
        self.board().in_force()
    }

    /// How many connections there are, from a client and through to the upstream. One that has ended is
    /// not among them.
    #[must_use]
    pub fn connections_count(&self) -> usize {
        self.board().connections_count()
    }

    /// Whether there is a connection.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.connections_count() > 0
    }

    /// How many connections there have been, those that are open included.
    #[must_use]
    pub fn opened_count(&self) -> u64 {
        self.board().opened_count()
    }

    /// How many connections could not be made, as nobody was reached upstream.
    #[must_use]
    pub fn unreachable_count(&self) -> u64 {
        self.board().unreachable_count()
    }

    /// The connections that are open, the oldest first.
    #[must_use]
    pub fn connections(&self) -> Vec<ConnectionSummary> {
        self.board().connections()
    }

    /// The connections that have ended, in the order in which they did; the last thousand.
    #[must_use]
    pub fn ended_connections(&self) -> Vec<ConnectionSummary> {
        self.board().finished()
    }

    /// What has passed in this direction, on all connections since the gate was opened.
    #[must_use]
    pub fn counts(&self, direction: Direction) -> FlowCounts {
        self.board().counts(direction)
    }

    /// Closes all connections, waits until they are, and says how many they were. New ones may come.
    pub async fn close_all(&self, ending: Ending) -> usize {
        self.close_connections(ending, |_| true).await
    }

    /// Closes the connections that are chosen, waits until they are, and says how many they were.
    pub async fn close_connections(
        &self,
        ending: Ending,
        chosen: impl FnMut(&ConnectionIdentity) -> bool,
    ) -> usize {
        let mut changes = self.board().changes();
        let closing = self.board().close(ending, chosen);
        while self.board().is_any_open(&closing) {
            if changes.changed().await.is_err() {
                break;
            }
        }
        closing.len()
    }

    /// Takes no more connections, waits until those that are open have ended by themselves, but no longer
    /// than this; then closes the rest, and says how many those were. Other handles see a closed gate.
    pub async fn shut_down(self, within: impl Into<Timeout>) -> usize {
        self.board().end_all();
        self.board().shut();
        // a listener that is gone has stopped
        let _ = ask(&self.inner.arrivals, ArrivalOrder::Stop).await;
        let _ = self.wait_for_no_connections(within).await;
        self.close_all(Ending::Fin).await
    }
}

impl fmt::Display for Gate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (address, upstream, seed) = (self.address(), self.upstream(), self.seed());
        write!(formatter, "gate {address} to {upstream} ({seed})")
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Gate")
            .field("address", &self.inner.address)
            .field("upstream", &self.upstream())
            .field("seed", &self.seed())
            .field("connections", &self.connections_count())
            .field("in_force", &self.in_force())
            .finish()
    }
}
