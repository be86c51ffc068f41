//! Which protocols a device speaks.

use std::sync::Arc;

use futures_util::future::join_all;
use harness_core::TracedDevice;
use harness_core::failure::{Expected, Failure};
use harness_core::tracer::TracerError;
use thiserror::Error;

use super::protocol::LrcProtocol;

/// A device tells nothing of how its commands end.
#[derive(Clone, Debug, Error)]
#[error(
    "{device} pushes no events for {}: is it a device with long running commands?",
    .looked_for.join(" or ")
)]
#[non_exhaustive]
pub struct NoProtocol {
    /// The device.
    pub device: String,
    /// The attributes that were looked for.
    pub looked_for: Vec<String>,
    /// What the device said to each.
    pub refusals: Vec<TracerError>,
}

/// Why nothing can be heard of a device's commands.
#[derive(Clone, Debug, Error)]
pub(super) enum Unheard {
    /// The device speaks none of the protocols.
    #[error(transparent)]
    NoProtocol(#[from] NoProtocol),
    /// The device could not be asked.
    #[error(transparent)]
    Unasked(#[from] TracerError),
}

impl From<Unheard> for Failure {
    fn from(unheard: Unheard) -> Failure {
        let missing = |device: &str, attributes: &str| {
            Expected::missing(format!("{device} {attributes} can be watched"))
        };
        match unheard {
            Unheard::Unasked(error) => {
                let expected = missing(&error.device, &error.attribute);
                let failure = Failure::new(error.to_string())
                    .with_expected(expected.nearest(error.source.to_string()));
                match error.advice() {
                    Some(advice) => failure.with_advice(advice),
                    None => failure,
                }
            }
            Unheard::NoProtocol(error) => {
                let expected = missing(&error.device, &error.looked_for.join(" or "));
                let words = error.refusals.iter().map(|error| error.source.to_string());
                words.fold(
                    Failure::new(error.to_string())
                        .with_expected(expected.nearest("it pushes events for none of them"))
                        .with_advice(format!(
                            "is {} a device with long running commands? Commands of other devices \
                             are sent with CommandAction",
                            error.device
                        )),
                    Failure::with_note,
                )
            }
        }
    }
}

/// Watches all that the device has of the attributes of these protocols.
///
/// A device may have the attributes of several protocols and use only one, so none is chosen. What
/// it does not have is asked for once for each device and tracer.
pub(super) async fn watch(
    device: &TracedDevice,
    protocols: &[Arc<dyn LrcProtocol>],
) -> Result<(), Unheard> {
    let speaks = protocols.iter().map(|protocol| speaks(device, &**protocol));
    let mut is_told = false;
    for speaks in join_all(speaks).await {
        is_told |= speaks?;
    }
    if is_told {
        return Ok(());
    }
    // in its own words; and it may have been started anew since it was asked
    let mut refusals = Vec::new();
    for protocol in protocols {
        match device.watch(protocol.result_attribute()).await {
            Ok(()) => return Ok(()),
            Err(error) => refusals.push(error),
        }
    }
    let looked_for = protocols.iter().map(|it| it.result_attribute().to_owned());
    Err(Unheard::NoProtocol(NoProtocol {
        device: device.name().to_string(),
        looked_for: looked_for.collect(),
        refusals,
    }))
}

/// Watches the attributes of one protocol, if the device speaks it.
async fn speaks(device: &TracedDevice, protocol: &dyn LrcProtocol) -> Result<bool, TracerError> {
    if !device.watch_if_pushed(protocol.result_attribute()).await? {
        return Ok(false);
    }
    // without these, less can be told of a command that lasts; its end is told all the same
    let meanwhile = protocol.progress_attributes().iter();
    join_all(meanwhile.map(|attribute| device.watch_if_pushed(attribute))).await;
    Ok(true)
}
