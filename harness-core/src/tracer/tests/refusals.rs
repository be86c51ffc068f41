//! Which refusals are remembered.

use super::*;

/// A device that refuses subscriptions with errors of these kinds, one after the other.
#[derive(Debug)]
struct Starting {
    device: InMemoryDevice,
    refusals: Mutex<Vec<DeviceErrorKind>>,
    asked: AtomicUsize,
}

impl Device for Starting {
    fn name(&self) -> &str {
        self.device.name()
    }

    fn command<'a>(
        &'a self,
        command: &'a str,
        argument: Value,
    ) -> BoxFuture<'a, Result<Value, DeviceError>> {
        self.device.command(command, argument)
    }

    fn read<'a>(&'a self, attribute: &'a str) -> BoxFuture<'a, Result<Reading, DeviceError>> {
        self.device.read(attribute)
    }

    fn write<'a>(
        &'a self,
        attribute: &'a str,
        value: Value,
    ) -> BoxFuture<'a, Result<(), DeviceError>> {
        self.device.write(attribute, value)
    }

    fn subscribe<'a>(
        &'a self,
        attribute: &'a str,
        sink: Arc<dyn EventSink>,
    ) -> BoxFuture<'a, Result<Subscription, DeviceError>> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        match self.refusals.lock().unwrap().pop() {
            Some(kind) => {
                let error =
                    DeviceError::new(kind, self.name(), format!("subscribe to {attribute}"));
                Box::pin(std::future::ready(Err(error)))
            }
            None => self.device.subscribe(attribute, sink),
        }
    }
}

async fn watched_after(refusal: DeviceErrorKind) -> (bool, bool, usize) {
    let device = Arc::new(Starting {
        device: subarray().0,
        refusals: Mutex::new(vec![refusal]),
        asked: AtomicUsize::new(0),
    });
    let traced = Tracer::default().device(device.clone());
    let first = traced.watch_if_pushed("obsState").await.unwrap();
    let second = traced.watch_if_pushed("obsState").await.unwrap();
    (first, second, device.asked.load(Ordering::Relaxed))
}

#[tokio::test(start_paused = true)]
async fn a_refusal_in_passing_is_not_remembered() {
    let watched = watched_after(DeviceErrorKind::Refused).await;
    assert_eq!(watched, (false, true, 2));
    let watched = watched_after(DeviceErrorKind::NotPushed).await;
    assert_eq!(watched, (false, false, 1));
}
