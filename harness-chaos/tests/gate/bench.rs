//! A gate with a server behind it, and pairs of sockets through it.

use std::future::Future;
use std::time::Duration;

use harness_chaos::{Condition, Direction, Gate, GateBuilder, GateFault};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

/// Longer than anything here takes.
pub(crate) const LONG: Duration = Duration::from_secs(10);

pub(crate) const MS: Duration = Duration::from_millis(1);

/// A gate, and the server behind it.
pub(crate) struct Bench {
    pub(crate) gate: Gate,
    server: TcpListener,
}

/// The two ends of a connection through a gate.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(crate) client: TcpStream,
    pub(crate) server: TcpStream,
}

impl Bench {
    pub(crate) async fn open() -> Bench {
        Bench::open_with(|builder| builder).await
    }

    pub(crate) async fn open_with(change: impl FnOnce(GateBuilder) -> GateBuilder) -> Bench {
        let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let builder = Gate::to(server.local_addr().unwrap());
        let gate = change(builder).open().await.unwrap();
        Bench { gate, server }
    }

    /// Another connection.
    pub(crate) async fn pair(&self) -> Pair {
        let before = self.gate.opened_count();
        let client = TcpStream::connect(self.gate.address()).await.unwrap();
        let server = self.accept().await;
        while self.gate.opened_count() == before {
            tokio::task::yield_now().await;
        }
        client.set_nodelay(true).unwrap();
        server.set_nodelay(true).unwrap();
        Pair { client, server }
    }

    pub(crate) async fn accept(&self) -> TcpStream {
        soon(self.server.accept()).await.unwrap().0
    }

    /// Whether a connection reaches the server within a moment.
    pub(crate) async fn is_reached(&self) -> bool {
        timeout(50 * MS, self.server.accept()).await.is_ok()
    }

    pub(crate) fn fault(&self, direction: Direction, condition: impl Into<Condition>) -> GateFault {
        match direction {
            Direction::Requests => self.gate.requests(condition),
            Direction::Replies => self.gate.replies(condition),
        }
    }
}

impl Pair {
    /// The end that sends in this direction, and the one that receives.
    pub(crate) fn ends(&mut self, direction: Direction) -> (&mut TcpStream, &mut TcpStream) {
        match direction {
            Direction::Requests => (&mut self.client, &mut self.server),
            Direction::Replies => (&mut self.server, &mut self.client),
        }
    }

    pub(crate) async fn send(&mut self, direction: Direction, octets: &[u8]) {
        soon(self.ends(direction).0.write_all(octets))
            .await
            .unwrap();
    }

    /// What comes, at once.
    pub(crate) async fn receive(&mut self, direction: Direction) -> Vec<u8> {
        let mut buffer = vec![0; 64 * 1024];
        let count = soon(self.ends(direction).1.read(&mut buffer))
            .await
            .unwrap();
        buffer.truncate(count);
        buffer
    }

    /// So many octets.
    pub(crate) async fn receive_all(&mut self, direction: Direction, count: usize) -> Vec<u8> {
        let mut buffer = vec![0; count];
        soon(self.ends(direction).1.read_exact(&mut buffer))
            .await
            .unwrap();
        buffer
    }

    /// Whether nothing comes for a moment.
    pub(crate) async fn is_silent(&mut self, direction: Direction) -> bool {
        let mut octet = [0];
        let read = self.ends(direction).1.peek(&mut octet);
        timeout(50 * MS, read).await.is_err()
    }

    /// Sends and sees it arrive unchanged.
    pub(crate) async fn flows(&mut self, direction: Direction) {
        self.send(direction, b"flows").await;
        assert_eq!(self.receive_all(direction, 5).await, b"flows");
    }

    /// Both ends see the end of the stream, and no reset.
    pub(crate) async fn is_closed(&mut self) {
        for direction in Direction::BOTH {
            assert_eq!(self.receive(direction).await, b"", "{direction}");
        }
    }
}

/// What comes of it, which must not take long.
pub(crate) async fn soon<T>(future: impl Future<Output = T>) -> T {
    timeout(LONG, future).await.expect("it takes too long")
}

/// Whether the stream is found to be reset.
pub(crate) async fn is_reset(stream: &mut TcpStream) -> bool {
    let mut buffer = [0; 1024];
    loop {
        match soon(stream.read(&mut buffer)).await {
            Ok(0) => return false,
            Ok(_) => {}
            Err(error) => return error.kind() == std::io::ErrorKind::ConnectionReset,
        }
    }
}
