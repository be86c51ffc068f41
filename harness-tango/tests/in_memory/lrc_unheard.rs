//! Devices that do not tell by events, for a while or ever, what they know.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use harness_core::action::Action;
use harness_core::device::{EventSink, Subscription};
use harness_core::{
    BoxFuture, Device, DeviceError, InMemoryDevice, Reading, Signal, Timeout, TracedDevice, Tracer,
    Value,
};
use harness_tango::control_model::{ObsState, ResultCode};
use harness_tango::lrc::{self, LrcAction};

use crate::scripted::{FINISHED, RESULT, Scripted, Speaks};

/// A device with a fault in its events.
#[derive(Debug)]
struct Faulty {
    device: InMemoryDevice,
    attribute: &'static str,
    /// How often it still refuses to push the attribute, since it is still starting.
    refusals: AtomicUsize,
    /// Whether it pushes no change of the attribute.
    is_mute: bool,
}

impl Faulty {
    fn traced(scripted: &Scripted, attribute: &'static str, refusals: usize) -> TracedDevice {
        Tracer::default().device(Arc::new(Faulty {
            device: scripted.device.clone(),
            attribute,
            refusals: refusals.into(),
            is_mute: refusals == 0,
        }))
    }
}

impl Device for Faulty {
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
        if attribute != self.attribute {
            return self.device.subscribe(attribute, sink);
        }
        let left = self.refusals.load(Ordering::Relaxed);
        if left > 0 {
            self.refusals.store(left - 1, Ordering::Relaxed);
            let error = DeviceError::refused(self.name(), format!("subscribe to {attribute}"));
            return Box::pin(std::future::ready(Err(error)));
        }
        let is_mute = self.is_mute;
        let quiet = move |signal: Signal| {
            if !is_mute || matches!(signal, Signal::Initial(_)) {
                sink.deliver(signal);
            }
        };
        self.device.subscribe(attribute, Arc::new(quiet))
    }
}

#[tokio::test(start_paused = true)]
async fn an_attribute_refused_in_passing_is_heard_of_later() {
    let scripted = Scripted::speaking(Speaks::BothButListsOnly, ObsState::Idle);
    let traced = Faulty::traced(&scripted, FINISHED, 1);
    let configure = || LrcAction::new(&traced, "Configure", "{}").completes_with(ResultCode::Ok);
    configure().execute(Timeout::seconds(10)).await.unwrap_err();
    scripted.device.set("obsState", ObsState::Idle);
    configure().execute(Timeout::seconds(10)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_end_that_no_event_told_is_read_when_the_wait_is_over() {
    for (speaks, attribute) in [(Speaks::Classic, RESULT), (Speaks::Lists, FINISHED)] {
        let scripted = Scripted::speaking(speaks, ObsState::Idle);
        let traced = Faulty::traced(&scripted, attribute, 0);
        let sent = lrc::send(&traced, "Configure", "{}").await.unwrap();
        let text = sent
            .completion(&Timeout::seconds(5))
            .await
            .unwrap_err()
            .to_string();
        let told = format!("{attribute}, read again, tells that Configure ended with OK");
        assert!(text.contains(&told), "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_device_that_does_not_answer_any_more_is_told_when_the_wait_is_over() {
    let scripted = Scripted::new(ObsState::Idle);
    let sent = scripted.subarray().send("Configure", None).await.unwrap();
    scripted.device.set_unreachable(true);
    let text = sent
        .completion(&Timeout::seconds(1))
        .await
        .unwrap_err()
        .to_string();
    assert!(
        text.contains(&format!("{RESULT} can not be read")),
        "{text}"
    );
    assert!(text.contains("still running?"), "{text}");
    tokio::time::sleep(Duration::from_secs(5)).await;
    sent.completion(&Timeout::zero()).await.unwrap();
}
