//! Why a log cannot be listened to.

use tango_wire::server::ServerError;
use thiserror::Error;

/// Why a log cannot be listened to.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LogError {
    /// Nobody can send logs here.
    #[error("logs of devices cannot be collected")]
    Collector(#[source] ServerError),
    /// The device, or the admin device of its server, is not there.
    #[error("the log of {device} cannot be asked for")]
    Unreachable {
        /// The device.
        device: String,
        /// Why.
        #[source]
        source: tango_wire::Error,
    },
    /// The admin device does not take the collector.
    #[error(
        "the log of {device} does not come: its server cannot send it to {collector}; if that is \
         no address that the server can reach, set HARNESS_LOG_HOST to a name of this machine that \
         it can"
    )]
    Refused {
        /// The device.
        device: String,
        /// Where its log was to go.
        collector: String,
        /// Why not.
        #[source]
        source: tango_wire::Error,
    },
}
