//! Where the fuzz targets enter; compiled for them only.

use std::net::{Ipv4Addr, SocketAddr};

use super::{caller::Caller, locate, operation::Operation};
use crate::{
    cdr::{CdrError, Reader},
    giop::Message,
};

/// Takes a call apart as a server does; false if the interface has no such operation.
///
/// # Errors
/// The arguments are malformed.
pub fn read_operation(name: &str, body: &mut Reader<'_>) -> Result<bool, CdrError> {
    let mut caller = Caller::at(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
    Ok(Operation::read(name, body, &mut caller)?.is_some())
}

/// Answers a LocateRequest as a server does that has no objects.
///
/// # Errors
/// The request is malformed.
pub fn answer_locate_request(message: &Message) -> Result<Vec<u8>, CdrError> {
    locate::answer(message, |_| false)
}
