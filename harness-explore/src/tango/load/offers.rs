//! Asking devices whether they have what users do with them.

use std::sync::Arc;

use futures_util::stream::{self, StreamExt as _};
use harness_core::device::{Device, DeviceError, DeviceErrorKind};

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
    let mut offer = Offer {
        device: device.name().to_owned(),
        ..Offer::default()
    };
    for attribute in attributes {
        match device.read(attribute).await {
            Err(error) if is_not_there(&error, attribute) => {
                offer.without.push((*attribute).to_owned());
            }
            // it would take as long for each of the others
            Err(error) if error.kind != DeviceErrorKind::Refused => return offer,
            _ => {}
        }
    }
    offer.commands = device.commands().await.unwrap_or_default();
    offer
}

/// Whether the device itself has no such attribute, and not another one that it asks for what it tells.
fn is_not_there(error: &DeviceError, attribute: &str) -> bool {
    let [frame] = error.stack.as_slice() else {
        return false;
    };
    let words = frame.description.to_ascii_lowercase();
    frame.reason == NO_SUCH_ATTRIBUTE && words.contains(&attribute.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use futures_util::future::BoxFuture;
    use harness_core::Value;
    use harness_core::device::{EventSink, Reading, StackFrame, Subscription};

    use super::*;

    #[tokio::test]
    async fn an_attribute_is_missing_if_the_device_itself_says_so() {
        let frame = |reason: &str, words: &str| StackFrame::new(reason, words);
        let refused =
            |frames: Vec<StackFrame>| DeviceError::refused("a/b/c", "read x").with_stack(frames);
        let missing = frame(NO_SUCH_ATTRIBUTE, "Attribute ScanId not found");
        assert!(is_not_there(&refused(vec![missing.clone()]), "scanId"));
        assert!(!is_not_there(&refused(vec![missing.clone()]), "obsState"));
        let other = frame("API_AttributeFailed", "Failed to read it on device a/b/c");
        assert!(!is_not_there(&refused(vec![missing, other]), "scanId"));
        assert!(!is_not_there(&refused(Vec::new()), "scanId"));
    }

    /// A device that never answers, and counts how often it is asked.
    #[derive(Debug, Default)]
    struct Silent(AtomicU32);

    impl Silent {
        fn asked<T: Send + 'static>(&self) -> BoxFuture<'_, Result<T, DeviceError>> {
            self.0.fetch_add(1, Ordering::Relaxed);
            let error = DeviceError::new(DeviceErrorKind::TimedOut, "a/b/c", "ask");
            Box::pin(std::future::ready(Err(error)))
        }
    }

    impl Device for Silent {
        fn name(&self) -> &str {
            "a/b/c"
        }

        fn command<'a>(
            &'a self,
            _: &'a str,
            _: Value,
        ) -> BoxFuture<'a, Result<Value, DeviceError>> {
            self.asked()
        }

        fn read<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Reading, DeviceError>> {
            self.asked()
        }

        fn write<'a>(&'a self, _: &'a str, _: Value) -> BoxFuture<'a, Result<(), DeviceError>> {
            self.asked()
        }

        fn subscribe<'a>(
            &'a self,
            _: &'a str,
            _: Arc<dyn EventSink>,
        ) -> BoxFuture<'a, Result<Subscription, DeviceError>> {
            self.asked()
        }

        fn commands(&self) -> BoxFuture<'_, Result<Option<Vec<String>>, DeviceError>> {
            self.asked()
        }
    }

    #[tokio::test]
    async fn a_device_that_does_not_answer_is_asked_once_and_has_everything() {
        let silent = Arc::new(Silent::default());
        let devices: [Arc<dyn Device>; 1] = [Arc::clone(&silent) as _];
        let offers = offers(&devices, &["x", "y"]).await;
        let nothing_known = Offer {
            device: "a/b/c".to_owned(),
            ..Offer::default()
        };
        assert_eq!(offers, [nothing_known]);
        assert_eq!(silent.0.load(Ordering::Relaxed), 1);
    }
}
