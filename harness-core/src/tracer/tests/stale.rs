//! Devices that go on delivering to those who have left.

use super::*;
use crate::assertion::{Assertion, Watch, changes_to};
use crate::{Journal, Timeout};

/// A device that keeps the sinks of all who ever subscribed.
#[derive(Debug, Default)]
struct Clinging {
    sinks: Mutex<Vec<Leaked>>,
}

impl Device for Clinging {
    fn name(&self) -> &str {
        "low-tmc/subarray/01"
    }

    fn command<'a>(
        &'a self,
        command: &'a str,
        _argument: Value,
    ) -> BoxFuture<'a, Result<Value, DeviceError>> {
        Box::pin(async move { Err(DeviceError::refused(self.name(), command)) })
    }

    fn read<'a>(&'a self, attribute: &'a str) -> BoxFuture<'a, Result<Reading, DeviceError>> {
        Box::pin(async move { Err(DeviceError::refused(self.name(), attribute)) })
    }

    fn write<'a>(
        &'a self,
        attribute: &'a str,
        _value: Value,
    ) -> BoxFuture<'a, Result<(), DeviceError>> {
        Box::pin(async move { Err(DeviceError::refused(self.name(), attribute)) })
    }

    fn subscribe<'a>(
        &'a self,
        _attribute: &'a str,
        sink: Arc<dyn EventSink>,
    ) -> BoxFuture<'a, Result<Subscription, DeviceError>> {
        Box::pin(async move {
            sink.deliver(Signal::Initial(Reading::new("EMPTY")));
            self.sinks.lock().unwrap().push(Leaked(sink));
            Ok(Subscription::new(()))
        })
    }
}

#[tokio::test(start_paused = true)]
async fn what_an_ended_subscription_still_delivers_is_no_event() {
    let device = Arc::new(Clinging::default());
    let journal = Journal::new();
    let first = Tracer::new(journal.clone());
    first
        .device(device.clone())
        .watch("obsState")
        .await
        .unwrap();
    let second = Tracer::new(journal);
    let idle = changes_to(&second.device(device.clone()), "obsState", "IDLE");
    idle.setup().await.unwrap();
    drop(first);

    let mark = second.mark();
    let deliver = |to: usize, value: &str| {
        let sinks = device.sinks.lock().unwrap();
        sinks[to].0.deliver(Signal::Change(Reading::new(value)));
    };
    deliver(0, "IDLE");
    let watch = Watch::new(&second, &mark, &Timeout::zero());
    idle.verify(&watch).await.unwrap_err();
    assert_eq!(second.journal().since(&mark).len(), 0);

    deliver(1, "IDLE");
    idle.verify(&watch).await.unwrap();
}
