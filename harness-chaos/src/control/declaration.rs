//! How a proxy is declared.

use std::net::SocketAddr;
use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Map, Value};
use tokio::time::timeout;

use super::problem::{Problem, Result};
use super::request::{flag, text};
use super::toxic::Toxic;
use crate::gate::{GateError, listening, upstream};

/// Names of computers must be found within this time.
const PATIENCE: Duration = Duration::from_secs(10);

/// The longest name.
const LONGEST_NAME: usize = 255;

/// A proxy as it is declared, with the address that it is to listen on.
#[derive(Clone, Debug)]
pub(super) struct Declaration {
    pub(super) name: String,
    pub(super) listen: SocketAddr,
    pub(super) upstream: String,
    pub(super) enabled: bool,
    pub(super) toxics: Vec<Toxic>,
}

impl Declaration {
    /// Reads one, and looks up its addresses.
    pub(super) async fn read(body: &Map<String, Value>) -> Result<Declaration> {
        let declared = Declared::read(body, "")?;
        declared.resolved().await
    }

    /// Reads a list. Nothing is looked up before all of it has been read.
    pub(super) async fn read_all(body: &Value) -> Result<Vec<Declaration>> {
        let Value::Array(list) = body else {
            return Err(Problem::body("it must be a list of proxies"));
        };
        let mut all: Vec<Declared> = Vec::new();
        for (index, proxy) in list.iter().enumerate() {
            let place = format!(" at proxy {}", index + 1);
            let members = proxy.as_object();
            let members = members.ok_or_else(|| Problem::body(format!("no JSON object{place}")))?;
            let declared = Declared::read(members, &place)?;
            if all.iter().any(|other| other.name == declared.name) {
                return Err(Problem::bad(format!("the name is declared twice{place}")));
            }
            all.push(declared);
        }
        let mut resolved = Vec::new();
        for declared in all {
            resolved.push(declared.resolved().await?);
        }
        Ok(resolved)
    }
}

/// A proxy as it is declared, in words.
struct Declared {
    name: String,
    listen: String,
    upstream: String,
    enabled: bool,
    toxics: Vec<Toxic>,
}

impl Declared {
    fn read(body: &Map<String, Value>, place: &str) -> Result<Declared> {
        let needed = |key: &str| match text(body, key)? {
            None | Some("") => Err(Problem::bad(format!(
                "missing required field: {key}{place}"
            ))),
            Some(text) => Ok(text.to_owned()),
        };
        let name = needed("name")?;
        if name.len() > LONGEST_NAME {
            let problem = format!("name is too long{place}: give at most {LONGEST_NAME} bytes");
            return Err(Problem::bad(problem));
        }
        Ok(Declared {
            name,
            upstream: needed("upstream")?,
            listen: text(body, "listen")?.unwrap_or_default().to_owned(),
            enabled: flag(body, "enabled")?.unwrap_or(true),
            toxics: toxics(body)?,
        })
    }

    async fn resolved(self) -> Result<Declaration> {
        let listen = address_to_listen_on(&self.listen).await?;
        check_upstream(listen, &self.upstream).await?;
        Ok(Declaration {
            name: self.name,
            listen,
            upstream: self.upstream,
            enabled: self.enabled,
            toxics: self.toxics,
        })
    }
}

/// The toxics that a proxy begins with. Toxiproxy tells them with a proxy, and forgets them when that is
/// sent back.
fn toxics(body: &Map<String, Value>) -> Result<Vec<Toxic>> {
    let list = match body.get("toxics") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(list)) => list,
        Some(_) => return Err(Problem::body("toxics must be a list")),
    };
    let mut all: Vec<Toxic> = Vec::new();
    for toxic in list {
        let members = toxic.as_object();
        let toxic = Toxic::read(members.ok_or_else(|| Problem::body("a toxic is no object"))?)?;
        if all.iter().any(|other| other.name == toxic.name) {
            return Err(Problem::new(StatusCode::CONFLICT, "toxic already exists"));
        }
        all.push(toxic);
    }
    Ok(all)
}

/// Where to listen: nothing is any port of the loopback address, `:PORT` that port of all addresses. Of
/// a name that has several addresses, IPv4 goes before, as with Toxiproxy.
pub(super) async fn address_to_listen_on(listen: &str) -> Result<SocketAddr> {
    let name = match listen.strip_prefix(':') {
        Some(port) => format!("0.0.0.0:{port}"),
        None if listen.is_empty() => "127.0.0.1:0".to_owned(),
        None => listen.to_owned(),
    };
    let found = in_time(&name, listening(&name)).await?;
    let first = found.iter().find(|address| address.is_ipv4());
    first.or(found.first()).copied().ok_or_else(|| {
        GateError::NoAddress {
            address: name,
            source: None,
        }
        .into()
    })
}

/// Whether there is such an address, and it is another one than where is listened.
pub(super) async fn check_upstream(listen: SocketAddr, name: &str) -> Result<()> {
    let found = in_time(name, upstream(name)).await?;
    let is_itself = |to: &SocketAddr| {
        let same = to.ip() == listen.ip();
        let any =
            listen.ip().is_unspecified() && (to.ip().is_loopback() || to.ip().is_unspecified());
        to.port() == listen.port() && (same || any)
    };
    match found.iter().any(is_itself) {
        true => Err(Problem::bad(format!(
            "upstream {name} is where the proxy itself listens: give another address"
        ))),
        false => Ok(()),
    }
}

async fn in_time(
    name: &str,
    look_up: impl Future<Output = std::result::Result<Vec<SocketAddr>, GateError>>,
) -> Result<Vec<SocketAddr>> {
    match timeout(PATIENCE, look_up).await {
        Ok(found) => Ok(found?),
        Err(_) => Err(Problem::bad(format!(
            "the address of {name} was not found within {} s",
            PATIENCE.as_secs()
        ))),
    }
}
