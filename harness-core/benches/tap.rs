//! A device that hands its sinks over to the benchmark, so that events are delivered as a real
//! subscription delivers them and nothing else is measured.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::FutureExt;
use harness_core::device::{DeviceErrorKind, EventSink, Subscription};
use harness_core::{BoxFuture, Device, DeviceError, Reading, Signal, TracedDevice, Tracer, Value};

/// Delivers what the benchmark gives it; answers nothing.
#[derive(Clone)]
pub(crate) struct Tap {
    name: Arc<str>,
    sink: Arc<Mutex<Option<Arc<dyn EventSink>>>>,
}

/// A tap, traced, whose attribute `count` is watched.
pub(crate) struct Tapped {
    pub(crate) device: TracedDevice,
    pub(crate) sink: Arc<dyn EventSink>,
}

impl Tapped {
    /// Watches `count` of a new device of that name with that tracer.
    pub(crate) fn new(name: &str, tracer: &Tracer) -> Self {
        let tap = Tap {
            name: name.into(),
            sink: Arc::default(),
        };
        let device = tracer.device(Arc::new(tap.clone()));
        // a tap answers at once, so that no runtime is needed
        let watched = device.watch("count").now_or_never();
        assert!(matches!(watched, Some(Ok(()))), "a tap can be watched");
        let sink = tap.sink().clone().expect("it is subscribed to");
        sink.deliver(Signal::Initial(Reading::new(0)));
        Self { device, sink }
    }

    /// Pushes one value, as a real event is.
    pub(crate) fn push(&self, number: i64) {
        self.sink.deliver(Signal::Change(Reading::new(number)));
    }
}

impl Tap {
    fn sink(&self) -> std::sync::MutexGuard<'_, Option<Arc<dyn EventSink>>> {
        self.sink.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn nothing<T: Send + 'static>(&self, what: &str) -> BoxFuture<'_, Result<T, DeviceError>> {
        let error = DeviceError::new(DeviceErrorKind::Refused, &*self.name, what);
        Box::pin(std::future::ready(Err(error)))
    }
}

impl std::fmt::Debug for Tap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tap")
    }
}

impl Device for Tap {
    fn name(&self) -> &str {
        &self.name
    }

    fn command<'a>(
        &'a self,
        command: &'a str,
        _argument: Value,
    ) -> BoxFuture<'a, Result<Value, DeviceError>> {
        self.nothing(command)
    }

    fn read<'a>(&'a self, attribute: &'a str) -> BoxFuture<'a, Result<Reading, DeviceError>> {
        self.nothing(attribute)
    }

    fn write<'a>(
        &'a self,
        attribute: &'a str,
        _value: Value,
    ) -> BoxFuture<'a, Result<(), DeviceError>> {
        self.nothing(attribute)
    }

    fn subscribe<'a>(
        &'a self,
        _attribute: &'a str,
        sink: Arc<dyn EventSink>,
    ) -> BoxFuture<'a, Result<Subscription, DeviceError>> {
        *self.sink() = Some(sink);
        Box::pin(std::future::ready(Ok(Subscription::new(()))))
    }
}
