//! Asking devices whether they have what users do with them.

use std::sync::Arc;

use futures_util::stream::{self, StreamExt as _};
use harness_core::device::Device;

use crate::load::Offer;

/// How many devices are asked at once.
const AT_ONCE: usize = 32;

/// What Tango calls an attribute that is not there.
const NO_SUCH_ATTRIBUTE: &str = "API_AttrNotFound";

/// Asks devices for their commands, and for each of these attributes once. A device that does not answer
/// is taken to have everything: that it does not answer shows soon enough, and is another matter.
pub async fn offers(devices: &[Arc<dyn Device>], attributes: &[&str]) -> Vec<Offer> {
    let asked = devices.iter().map(|device| offer(&**device, attributes));
    stream::iter(asked).buffered(AT_ONCE).collect().await
}

async fn offer(device: &dyn Device, attributes: &[&str]) -> Offer {
    let mut without = Vec::new();
    for attribute in attributes {
        if let Err(error) = device.read(attribute).await
            && error.stack.iter().any(|it| it.reason == NO_SUCH_ATTRIBUTE)
        {
            without.push((*attribute).to_owned());
        }
    }
    Offer {
        device: device.name().to_owned(),
        commands: device.commands().await.unwrap_or_default(),
        without,
    }
}
