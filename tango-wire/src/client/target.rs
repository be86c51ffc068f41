//! An object that can be called, and the calling of it.

use std::sync::Arc;

use super::call::{Call, CallFailure};
use super::client::Client;
use super::pool::{CallLimits, Pool};
use crate::cdr::{CdrError, Reader, Writer};
use crate::giop::{Reply, ReplyBody};
use crate::types::{DevFailed, MultiDevFailed};

/// How often one call may be sent on to another server.
const FORWARDS: usize = 4;

/// An object of a server.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) pool: Arc<Pool>,
    pub(super) object_key: Arc<[u8]>,
}

impl Target {
    /// Calls the object; `read` reads the result.
    pub(super) async fn call<T>(
        &self,
        client: &Client,
        limits: CallLimits,
        call: &Call<'_>,
        arguments: impl Fn(&mut Writer),
        read: impl FnOnce(&mut Reader<'_>) -> Result<T, CdrError>,
    ) -> Result<T, CallFailure> {
        let operation = call.operation;
        let mut forwarded: Option<Target> = None;
        for _ in 0..=FORWARDS {
            let target = forwarded.as_ref().unwrap_or(self);
            let message = target
                .pool
                .call(limits, &target.object_key, operation, &arguments)
                .await?;
            match Reply::read(&message)?.body {
                ReplyBody::Result(mut result) => return Ok(read(&mut result)?),
                ReplyBody::UserException { id, mut content } => {
                    return Err(match id.as_str() {
                        DevFailed::ID => CallFailure::Refused(DevFailed::read(&mut content)?),
                        MultiDevFailed::ID => {
                            CallFailure::PartlyRefused(MultiDevFailed::read(&mut content)?)
                        }
                        _ => CallFailure::UnknownException(id),
                    });
                }
                ReplyBody::SystemException(exception) => {
                    return Err(CallFailure::System(exception));
                }
                ReplyBody::LocationForward(reference) => {
                    forwarded = client.target(&reference);
                    if forwarded.is_none() {
                        return Err(CallFailure::Forwarded);
                    }
                }
            }
        }
        Err(CallFailure::Forwarded)
    }
}
