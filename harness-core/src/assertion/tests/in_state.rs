use super::*;
use crate::action::{Action, WaitAction};
use crate::device::{BoxFuture, EventSink, Subscription};
use crate::{Device, Value};

#[tokio::test(start_paused = true)]
async fn holds_when_all_devices_have_the_value() {
    let bench = Bench::new(2);
    let mark = bench.tracer.mark();
    bench
        .verify(&mark, 0.0, is_in_state(&bench.traced, "obsState", "EMPTY"))
        .await
        .unwrap();
    // as a precondition it subscribes to nothing
    assert_eq!(bench.devices[0].subscriptions_made(), 0);
}

#[tokio::test(start_paused = true)]
async fn reports_every_mismatch_and_every_read_that_failed() {
    let bench = Bench::new(4);
    bench.set(1, "IDLE");
    bench.set(3, "FAULT");
    bench.devices[2].set_unreachable(true);
    let mark = bench.tracer.mark();
    let outcome = bench
        .verify(&mark, 0.0, is_in_state(&bench.traced, "obsState", "EMPTY"))
        .await;
    assert_eq!(outcome.as_ref().unwrap_err().expected().len(), 4);
    assert_eq!(
        nearest(outcome),
        [
            "it is IDLE",
            "t/subarray/03 can not be reached for read obsState",
            "it is FAULT"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn waits_for_events_when_there_is_time() {
    let bench = Bench::new(1);
    let mark = bench.tracer.mark();
    bench.set_after(2_000, "IDLE");
    let started = tokio::time::Instant::now();
    bench
        .verify(&mark, 5.0, is_in_state(&bench.traced, "obsState", "IDLE"))
        .await
        .unwrap();
    assert_eq!(started.elapsed(), Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn is_not_fooled_by_a_state_that_was_left_before_it_looked() {
    let bench = Bench::new(1);
    bench.traced[0].watch("obsState").await.unwrap();
    let mark = bench.tracer.mark();
    bench.set(0, "IDLE");
    bench.set(0, "FAULT");
    let outcome = bench
        .verify(&mark, 1.0, is_in_state(&bench.traced, "obsState", "IDLE"))
        .await;
    assert_eq!(nearest(outcome), ["it is FAULT"]);
}

#[tokio::test(start_paused = true)]
async fn devices_that_had_the_value_one_after_another_do_not_have_it() {
    let bench = Bench::new(2);
    let mark = bench.tracer.mark();
    let devices = bench.devices.clone();
    tokio::spawn(async move {
        for (device, state) in [(0, "IDLE"), (0, "FAULT"), (1, "IDLE")] {
            tokio::time::sleep(Duration::from_millis(500)).await;
            devices[device].set("obsState", state);
        }
    });
    let outcome = bench
        .verify(&mark, 5.0, is_in_state(&bench.traced, "obsState", "IDLE"))
        .await;
    assert_eq!(nearest(outcome), ["it is FAULT"]);
}

#[tokio::test(start_paused = true)]
async fn a_device_that_does_not_answer_holds_nobody_up() {
    let silent = SilentDevice(InMemoryDevice::new("t/silent/01").with_attribute("obsState", "A"));
    let tracer = Tracer::default();
    let traced = tracer.device(Arc::new(silent));
    let began = tokio::time::Instant::now();
    let error = WaitAction::new(&tracer, "settle")
        .postcondition(is_in_state([&traced], "obsState", "B"))
        .execute(Timeout::seconds(2))
        .await
        .unwrap_err();
    // two seconds of waiting, and one for reading it again for the account
    assert_eq!(began.elapsed(), Duration::from_secs(3));
    let text = error.to_string();
    assert!(text.contains("t/silent/01 did not answer"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn what_pushes_no_events_is_read_again_until_it_is_so() {
    let bench = Bench::new(1);
    let silent = bench.devices[0].clone().without_events("obsState");
    let mark = bench.tracer.mark();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(2_000)).await;
        silent.set("obsState", "IDLE");
    });
    let started = tokio::time::Instant::now();
    let idle = || is_in_state(&bench.traced, "obsState", "IDLE");
    bench.verify(&mark, 10.0, idle()).await.unwrap();
    // at 50, 150, 350, 750, 1250, 1750 and 2250 ms
    assert_eq!(started.elapsed(), Duration::from_millis(2_250));
    // as a precondition it is read once
    let fault = is_in_state(&bench.traced, "obsState", "FAULT");
    let outcome = bench.verify(&mark, 0.0, fault).await;
    assert_eq!(nearest(outcome), ["it is IDLE"]);
}

#[tokio::test(start_paused = true)]
async fn what_pushes_no_events_is_read_a_last_time_before_the_end() {
    let bench = Bench::new(2);
    let silent = bench.devices[0].clone().without_events("obsState");
    let mark = bench.tracer.mark();
    let idle = || is_in_state(&bench.traced, "obsState", "IDLE");
    let late = silent.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(900)).await;
        late.set("obsState", "IDLE");
    });
    // the other one does push events
    bench.set(1, "IDLE");
    let started = tokio::time::Instant::now();
    bench.verify(&mark, 1.0, idle()).await.unwrap();
    assert_eq!(started.elapsed(), Duration::from_millis(950));
    silent.set("obsState", "FAULT");
    let failure = bench.verify(&mark, 1.0, idle()).await.unwrap_err();
    assert!(
        failure.notes()[0].contains("obsState of t/subarray/01 can not be watched"),
        "{failure}"
    );
    assert_eq!(nearest(Err(failure)), ["it is FAULT (read 5 times again)"]);
}

#[tokio::test(start_paused = true)]
async fn a_device_that_comes_up_late_is_read_until_it_is_there() {
    let bench = Bench::new(1);
    bench.devices[0].set_unreachable(true);
    let mark = bench.tracer.mark();
    let device = bench.devices[0].clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(3)).await;
        device.set_unreachable(false);
    });
    let empty = is_in_state(&bench.traced, "obsState", "EMPTY");
    bench.verify(&mark, 9.0, empty).await.unwrap();
}

/// Answers after a minute, if it is read.
#[derive(Debug)]
struct SilentDevice(InMemoryDevice);

impl Device for SilentDevice {
    fn name(&self) -> &str {
        self.0.name()
    }

    fn command<'a>(
        &'a self,
        command: &'a str,
        argument: Value,
    ) -> BoxFuture<'a, Result<Value, DeviceError>> {
        self.0.command(command, argument)
    }

    fn read<'a>(&'a self, attribute: &'a str) -> BoxFuture<'a, Result<Reading, DeviceError>> {
        Box::pin(async move {
            tokio::time::sleep(Duration::from_secs(60)).await;
            self.0.read(attribute).await
        })
    }

    fn write<'a>(
        &'a self,
        attribute: &'a str,
        value: Value,
    ) -> BoxFuture<'a, Result<(), DeviceError>> {
        self.0.write(attribute, value)
    }

    fn subscribe<'a>(
        &'a self,
        attribute: &'a str,
        sink: Arc<dyn EventSink>,
    ) -> BoxFuture<'a, Result<Subscription, DeviceError>> {
        self.0.subscribe(attribute, sink)
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_device_was_before_it_was_lost_is_not_what_it_is() {
    let bench = Bench::new(2);
    bench.set(0, "IDLE");
    let mark = bench.tracer.mark();
    let idle = || is_in_state(&bench.traced, "obsState", "IDLE");
    let reason = "the server died".to_owned();
    bench.push_after(1_000, Signal::Lost { reason });
    let (lost, other) = (bench.devices[0].clone(), bench.devices[1].clone());
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        lost.set_unreachable(true);
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        other.set("obsState", "IDLE");
    });
    let failure = bench.verify(&mark, 5.0, idle()).await.unwrap_err();
    assert_eq!(failure.missing().count(), 1);
    let told = nearest(Err(failure));
    assert!(
        told[0].contains("t/subarray/01 can not be reached"),
        "{told:?}"
    );
    // while nothing is heard of it, it is read
    bench.devices[0].set_unreachable(false);
    bench.verify(&mark, 5.0, idle()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_state_left_while_another_device_was_slow_to_answer_does_not_count() {
    let slow = SilentDevice(InMemoryDevice::new("t/slow/01").with_attribute("obsState", "IDLE"));
    let bench = Bench::new(1);
    let slow = bench.tracer.device(Arc::new(slow));
    bench.set(0, "IDLE");
    bench.traced[0].watch("obsState").await.unwrap();
    bench.set_after(1_000, "FAULT");
    let mark = bench.tracer.mark();
    let both = is_in_state([&bench.traced[0], &slow], "obsState", "IDLE");
    let outcome = bench.verify(&mark, 90.0, both).await;
    assert_eq!(nearest(outcome), ["it is FAULT"]);
}

#[tokio::test(start_paused = true)]
async fn an_event_older_than_what_was_read_is_not_believed() {
    let bench = Bench::new(1);
    let at = |seconds| std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    let timed =
        |value: &str, seconds| Signal::Change(Reading::new(value).with_server_time(at(seconds)));
    bench.devices[0].push("obsState", timed("FAULT", 100));
    let mark = bench.tracer.mark();
    // the device is still, or again, what it was read as
    bench.push_after(1_000, timed("IDLE", 99));
    bench.push_after(1_000, timed("FAULT", 100));
    let idle = is_in_state(&bench.traced, "obsState", "IDLE");
    let outcome = bench.verify(&mark, 5.0, idle).await;
    assert_eq!(nearest(outcome), ["it is FAULT"]);
    // one that only tells other times is read again
    bench.push_after(1_000, timed("IDLE", 99));
    let idle = is_in_state(&bench.traced, "obsState", "IDLE");
    let started = tokio::time::Instant::now();
    bench.verify(&bench.tracer.mark(), 5.0, idle).await.unwrap();
    assert_eq!(started.elapsed(), Duration::from_millis(1_050));
}
