//! The harness does not hear what the telescope does.

use std::sync::Arc;
use std::time::Duration;

use harness_core::assertion::stops_on_loss;
use harness_core::device::{Device, EventSink, Subscription};
use harness_core::{
    BoxFuture, CommandAction, DeviceError, InMemoryDevice, Reading, Signal, TracedDevice, Tracer,
    Value, changes_to, is_in_state,
};
use insta::assert_snapshot;

use super::bench::{SUBARRAY, configure, failure, state, subarray, traced};

fn lost(subarray: &InMemoryDevice) {
    let reason = "the server closed the connection".to_owned();
    subarray.push("obsState", Signal::Lost { reason });
}

#[tokio::test(start_paused = true)]
async fn a_subscription_that_is_lost() {
    let device = subarray(SUBARRAY, &[]).with_command("Wait", |device, _| {
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(2)).await;
            lost(&device);
        });
        Ok(().into())
    });
    let subarray = traced(&device);
    let action = CommandAction::new(&subarray, "Wait", ())
        .postcondition(changes_to([&subarray], "obsState", "READY"))
        .early_stop(stops_on_loss([&subarray], "obsState"));
    assert_snapshot!(failure(action).await);
}

#[tokio::test(start_paused = true)]
async fn events_that_were_missed() {
    let device = subarray(SUBARRAY, &[]).with_command("Wait", |device, _| {
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(2)).await;
            let (missed, reason) = (Some(3), "the counter jumped from 7 to 11".to_owned());
            device.push("obsState", Signal::Gap { missed, reason });
            device.push("obsState", Signal::Back(Reading::new(state("IDLE"))));
        });
        Ok(().into())
    });
    let subarray = traced(&device);
    let action = CommandAction::new(&subarray, "Wait", ()).postcondition(changes_to(
        [&subarray],
        "obsState",
        "CONFIGURING",
    ));
    assert_snapshot!(failure(action).await);
}

#[tokio::test(start_paused = true)]
async fn an_attribute_that_can_not_be_watched() {
    let subarray = traced(&subarray(SUBARRAY, &[]));
    let action = CommandAction::new(&subarray, "Configure", "{}")
        .precondition(is_in_state([&subarray], "obsState", "IDLE"))
        .postcondition(changes_to([&subarray], "obsSate", "READY"));
    assert_snapshot!(failure(action).await);
}

/// A device that pushes the events of another one, which the test lets say what it likes, and which
/// answers reads or does not.
#[derive(Debug)]
struct Mute {
    device: InMemoryDevice,
    events: InMemoryDevice,
    answers: bool,
}

impl Device for Mute {
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
        match self.answers {
            true => self.device.read(attribute),
            false => Box::pin(std::future::pending()),
        }
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
        self.events.subscribe(attribute, sink)
    }
}

fn mute(device: InMemoryDevice, answers: bool) -> (InMemoryDevice, TracedDevice) {
    let events = subarray(SUBARRAY, &[]);
    let mute = Mute {
        device,
        events: events.clone(),
        answers,
    };
    (events, Tracer::default().device(Arc::new(mute)))
}

#[tokio::test(start_paused = true)]
async fn an_event_that_never_came_though_the_value_is_there() {
    let (_, subarray) = mute(subarray(SUBARRAY, &["CONFIGURING", "READY"]), true);
    assert_snapshot!(failure(configure(&subarray)).await);
}

#[tokio::test(start_paused = true)]
async fn an_event_that_comes_when_the_wait_is_over() {
    let device = subarray(SUBARRAY, &[]).with_command("Wait", |device, _| {
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(29_990)).await;
            device.set("obsState", state("READY"));
        });
        Ok(().into())
    });
    let (events, subarray) = mute(device, true);
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(30_050)).await;
        events.set("obsState", state("READY"));
    });
    let action = CommandAction::new(&subarray, "Wait", ()).postcondition(changes_to(
        [&subarray],
        "obsState",
        "READY",
    ));
    assert_snapshot!(failure(action).await);
}

#[tokio::test(start_paused = true)]
async fn a_device_that_does_not_answer_any_more() {
    let (_, subarray) = mute(subarray(SUBARRAY, &["CONFIGURING", "READY"]), false);
    assert_snapshot!(failure(configure(&subarray)).await);
}
