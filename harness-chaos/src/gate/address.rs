//! The addresses of names.

use std::io;
use std::net::SocketAddr;

use tokio::net::lookup_host;

use super::GateError;

/// Where to connect to; at least one address.
pub(crate) async fn upstream(name: &str) -> Result<Vec<SocketAddr>, GateError> {
    resolve(name).await.map_err(|source| GateError::NoUpstream {
        address: name.to_owned(),
        source,
    })
}

/// Where to listen; at least one address.
pub(crate) async fn listening(name: &str) -> Result<Vec<SocketAddr>, GateError> {
    resolve(name).await.map_err(|source| GateError::NoAddress {
        address: name.to_owned(),
        source,
    })
}

/// The addresses of a name, at least one; or what the system says of it.
async fn resolve(name: &str) -> Result<Vec<SocketAddr>, Option<io::Error>> {
    let addresses: Vec<SocketAddr> = lookup_host(name).await.map_err(Some)?.collect();
    match addresses.is_empty() {
        true => Err(None),
        false => Ok(addresses),
    }
}
