//! A control with its server, an echo behind its gates, and as much of an HTTP client as is needed.

use std::net::SocketAddr;
use std::time::Duration;

use harness_chaos::Seed;
use harness_chaos::control::{Control, ControlServer, RunningControlServer};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

/// Longer than anything here takes.
pub(crate) const LONG: Duration = Duration::from_secs(10);

/// Long enough for what is to come at once.
pub(crate) const MOMENT: Duration = Duration::from_millis(100);

/// A control with its server, and an echo.
pub(crate) struct Served {
    pub(crate) control: Control,
    pub(crate) server: RunningControlServer,
    pub(crate) echo: SocketAddr,
}

/// What a server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Served {
    pub(crate) async fn start() -> Served {
        let control = Control::new(Seed::new(7));
        let server = ControlServer::new(control.clone()).start().await.unwrap();
        Served {
            control,
            server,
            echo: echo().await,
        }
    }

    /// The same with a proxy `p` to the echo; and where it listens.
    pub(crate) async fn with_proxy() -> (Served, SocketAddr) {
        let served = Served::start().await;
        let echo = served.echo.to_string();
        let opened = served.control.open("p", "127.0.0.1:0", &echo).await;
        (served, opened.unwrap().address)
    }

    /// Asks, over a connection of its own.
    pub(crate) async fn ask(&self, method: &str, path: &str, body: &Value) -> Answer {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        self.ask_with(method, path, "", &body).await
    }

    /// The same with lines of headers, and a body of any kind.
    pub(crate) async fn ask_with(
        &self,
        method: &str,
        path: &str,
        headers: &str,
        body: &str,
    ) -> Answer {
        let host = self.server.address();
        let length = body.len();
        let own = match headers.contains("Host: ") {
            true => String::new(),
            false => format!("Host: {host}\r\n"),
        };
        let request = format!(
            "{method} {path} HTTP/1.1\r\n{own}{headers}Connection: close\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        );
        exchange(host, request.as_bytes()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &Value::Null).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask("POST", path, &body).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.ask("PATCH", path, &body).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.ask("DELETE", path, &Value::Null).await
    }

    /// Adds a toxic to the proxy `p`.
    #[track_caller]
    pub(crate) fn toxic(
        &self,
        kind: &str,
        stream: &str,
        attributes: Value,
    ) -> impl Future<Output = Value> {
        let toxic = json!({"type": kind, "stream": stream, "attributes": attributes});
        async move { self.post("/proxies/p/toxics", toxic).await.ok(200) }
    }

    /// All that there is, as it is told.
    pub(crate) async fn proxies(&self) -> Value {
        self.get("/proxies").await.ok(200)
    }
}

/// Sends octets, and reads what is answered until the end.
pub(crate) async fn exchange(address: SocketAddr, request: &[u8]) -> Answer {
    let answer = timeout(LONG, async {
        let mut stream = TcpStream::connect(address).await.unwrap();
        // a server that refuses a body need not read it all
        stream.write_all(request).await.ok();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.ok();
        String::from_utf8(answer).unwrap()
    });
    let answer = answer.await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    Answer {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        head: head.to_owned(),
        body: body.to_owned(),
    }
}

impl Answer {
    /// The JSON of an answer with this status.
    #[track_caller]
    pub(crate) fn ok(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self:?}");
        let says_so = self.head.contains("content-type: application/json");
        assert!(says_so, "{self:?}");
        serde_json::from_str(&self.body).unwrap()
    }

    /// The error of an answer with this status.
    #[track_caller]
    pub(crate) fn refused(self, status: u16) -> String {
        let body = self.ok(status);
        assert_eq!(body["status"], status, "{body}");
        body["error"].as_str().unwrap().to_owned()
    }

    #[track_caller]
    pub(crate) fn no_content(self) {
        assert_eq!((self.status, self.body.as_str()), (204, ""), "{self:?}");
    }
}

/// A server that sends back what comes, and ends when its client does.
pub(crate) async fn echo() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (mut reads, mut writes) = stream.split();
                tokio::io::copy(&mut reads, &mut writes).await.ok();
            });
        }
    });
    address
}

/// A client of a proxy.
pub(crate) struct Client(pub(crate) TcpStream);

impl Client {
    pub(crate) async fn of(address: SocketAddr) -> Client {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Client(stream)
    }

    pub(crate) async fn send(&mut self, octets: &[u8]) {
        timeout(LONG, self.0.write_all(octets)).await.unwrap().ok();
    }

    pub(crate) async fn receive(&mut self, count: usize) -> Vec<u8> {
        let mut octets = vec![0; count];
        let read = timeout(LONG, self.0.read_exact(&mut octets)).await;
        read.unwrap().unwrap();
        octets
    }

    /// Sends and has it back.
    pub(crate) async fn echoes(&mut self) {
        self.send(b"echo").await;
        assert_eq!(self.receive(4).await, b"echo");
    }

    /// Whether nothing comes for a moment.
    pub(crate) async fn is_silent(&mut self) -> bool {
        timeout(MOMENT, self.0.peek(&mut [0])).await.is_err()
    }

    /// What comes until the connection ends, and whether it ends in good order.
    pub(crate) async fn rest(&mut self) -> (Vec<u8>, bool) {
        let mut octets = Vec::new();
        let read = timeout(LONG, self.0.read_to_end(&mut octets))
            .await
            .unwrap();
        (octets, read.is_ok())
    }
}

/// Whether nobody listens there.
pub(crate) async fn is_refused(address: SocketAddr) -> bool {
    let connected = TcpStream::connect(address).await;
    connected.is_err_and(|error| error.kind() == std::io::ErrorKind::ConnectionRefused)
}
