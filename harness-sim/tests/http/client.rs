//! A telescope with its server, and as much of an HTTP client as the tests need.

use std::net::SocketAddr;
use std::time::Duration;

use harness_sim::http::{HttpServer, RunningHttpServer};
use harness_sim::{RunningTelescope, SimulatedTelescope, TelescopeHandle};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// No answer takes longer.
const PATIENCE: Duration = Duration::from_secs(20);

/// A telescope with its server.
pub(crate) struct Served {
    pub(crate) telescope: RunningTelescope,
    pub(crate) http: RunningHttpServer,
}

impl Served {
    /// Two subarrays that are alone, with a clock that goes by itself.
    pub(crate) async fn subarrays() -> Served {
        Served::start(SimulatedTelescope::new().with_dwell(Duration::ZERO)).await
    }

    /// The same, with a clock that a tester turns.
    pub(crate) async fn with_manual_clock() -> Served {
        let telescope = SimulatedTelescope::new().with_dwell(Duration::ZERO);
        Served::start(telescope.with_manual_clock()).await
    }

    pub(crate) async fn start(telescope: SimulatedTelescope) -> Served {
        let telescope = telescope.start().await.unwrap();
        let http = HttpServer::new(telescope.handle()).start().await.unwrap();
        Served { telescope, http }
    }

    pub(crate) fn handle(&self) -> TelescopeHandle {
        self.telescope.handle()
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "").await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.ask("DELETE", path, "").await
    }

    pub(crate) async fn post(&self, path: &str, body: &str) -> Answer {
        self.ask("POST", path, body).await
    }

    pub(crate) async fn put(&self, path: &str, body: &str) -> Answer {
        self.ask("PUT", path, body).await
    }

    pub(crate) async fn ask(&self, method: &str, path: &str, body: &str) -> Answer {
        ask(self.http.address(), method, path, &[], body).await
    }
}

/// What a server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(key, _)| key == name)?;
        Some(&found.1)
    }

    /// The body, which must be JSON and say so.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        assert_eq!(
            self.header("content-type"),
            Some("application/json"),
            "{self:?}"
        );
        serde_json::from_str(&self.body).unwrap()
    }

    /// The JSON of an answer with this status.
    #[track_caller]
    pub(crate) fn ok(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self:?}");
        self.json()
    }

    /// The error of an answer with this status, which says what is wrong.
    #[track_caller]
    pub(crate) fn refused(self, status: u16) -> String {
        let error = self.ok(status)["error"].clone();
        let error = error.as_str().unwrap();
        assert!(!error.is_empty());
        error.to_owned()
    }

    /// The field that an answer with the status 400 blames.
    #[track_caller]
    pub(crate) fn blames(self) -> String {
        let answer = self.ok(400);
        assert!(answer["error"].is_string(), "{answer}");
        answer["field"].as_str().unwrap().to_owned()
    }

    #[track_caller]
    pub(crate) fn no_content(self) {
        assert_eq!((self.status, self.body.as_str()), (204, ""), "{self:?}");
    }
}

/// Asks once, over a connection of its own.
pub(crate) async fn ask(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    let mut request = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
    let has = |name: &str| {
        headers
            .iter()
            .any(|(key, _)| key.eq_ignore_ascii_case(name))
    };
    if !has("Host") {
        request += &format!("Host: {address}\r\n");
    }
    if !body.is_empty() {
        request += &format!("Content-Length: {}\r\n", body.len());
        if !has("Content-Type") {
            request += "Content-Type: application/json\r\n";
        }
    }
    for (name, value) in headers {
        request += &format!("{name}: {value}\r\n");
    }
    request += &format!("\r\n{body}");
    let answer = timeout(PATIENCE, exchange(address, request.as_bytes())).await;
    parse(&answer.unwrap())
}

async fn exchange(address: SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // a server that refuses a body need not read it all
    stream.write_all(request).await.ok();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok();
    String::from_utf8(answer).unwrap()
}

fn parse(answer: &str) -> Answer {
    let (head, body) = answer
        .split_once("\r\n\r\n")
        .unwrap_or_else(|| panic!("{answer:?}"));
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap();
    let headers = lines.map(|line| line.split_once(": ").unwrap());
    Answer {
        status: status.parse().unwrap(),
        headers: headers
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect(),
        body: body.to_owned(),
    }
}

/// Follows server-sent events.
pub(crate) struct Follower {
    stream: TcpStream,
    text: String,
}

impl Follower {
    pub(crate) async fn of(address: SocketAddr) -> Follower {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!("GET /events HTTP/1.1\r\nHost: {address}\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let text = String::new();
        Follower { stream, text }
    }

    /// Reads on until a line of data of an event of that name satisfies this; `None` at the end.
    pub(crate) async fn until(
        &mut self,
        name: &str,
        satisfied: impl Fn(&Value) -> bool,
    ) -> Option<Value> {
        let begin = format!("event: {name}\ndata: ");
        timeout(PATIENCE, async {
            loop {
                while let Some(start) = self.text.find(&begin) {
                    let data = &self.text[start + begin.len()..];
                    let Some((data, rest)) = data.split_once("\n\n") else {
                        break;
                    };
                    let data: Value = serde_json::from_str(data).unwrap();
                    self.text = rest.to_owned();
                    if satisfied(&data) {
                        return Some(data);
                    }
                }
                let mut buffer = vec![0; 256 * 1024];
                let length = self.stream.read(&mut buffer).await.unwrap();
                if length == 0 {
                    return None;
                }
                // each event is a chunk of its own
                self.text += std::str::from_utf8(&buffer[..length]).unwrap();
            }
        })
        .await
        .unwrap()
    }

    /// The status line, once something has come.
    pub(crate) async fn status(&mut self) -> String {
        let mut buffer = vec![0; 64 * 1024];
        let length = timeout(PATIENCE, self.stream.read(&mut buffer))
            .await
            .unwrap()
            .unwrap();
        self.text += std::str::from_utf8(&buffer[..length]).unwrap();
        self.text.lines().next().unwrap_or_default().to_owned()
    }
}
