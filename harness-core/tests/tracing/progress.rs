use std::sync::{Arc, Mutex};
use std::time::Duration;

use harness_core::action::{Action, CommandAction, Parallel, ProcedureAction, WaitAction};
use harness_core::assertion::{Assertion, Watch, changes_to, is_in_state};
use harness_core::device::{EventSink, Subscription};
use harness_core::tracer::{PROGRESS_TARGET, Progress};
use harness_core::{
    BoxFuture, Device, DeviceError, Failure, InMemoryDevice, Reading, Signal, Timeout, Tracer,
    Value,
};
use tokio::time::sleep;

use crate::collector::Collector;

/// A device that takes its time for everything.
#[derive(Debug)]
struct Slow {
    device: InMemoryDevice,
    takes: Duration,
}

impl Slow {
    fn new(name: &str, takes: f64) -> Arc<Self> {
        let device = InMemoryDevice::new(name)
            .with_attribute("obsState", "EMPTY")
            .with_command("Assign", |_, _| Ok(Value::Void));
        let takes = Duration::from_secs_f64(takes);
        Arc::new(Self { device, takes })
    }
}

impl Device for Slow {
    fn name(&self) -> &str {
        self.device.name()
    }

    fn command<'a>(
        &'a self,
        command: &'a str,
        argument: Value,
    ) -> BoxFuture<'a, Result<Value, DeviceError>> {
        Box::pin(async move {
            sleep(self.takes).await;
            self.device.command(command, argument).await
        })
    }

    fn read<'a>(&'a self, attribute: &'a str) -> BoxFuture<'a, Result<Reading, DeviceError>> {
        Box::pin(async move {
            sleep(self.takes).await;
            self.device.read(attribute).await
        })
    }

    fn write<'a>(
        &'a self,
        attribute: &'a str,
        value: Value,
    ) -> BoxFuture<'a, Result<(), DeviceError>> {
        Box::pin(async move {
            sleep(self.takes).await;
            self.device.write(attribute, value).await
        })
    }

    fn subscribe<'a>(
        &'a self,
        attribute: &'a str,
        sink: Arc<dyn EventSink>,
    ) -> BoxFuture<'a, Result<Subscription, DeviceError>> {
        Box::pin(async move {
            sleep(self.takes).await;
            self.device.subscribe(attribute, sink).await
        })
    }
}

#[tokio::test(start_paused = true)]
async fn each_part_of_an_action_that_lasts_is_told_with_the_time_left() {
    let (told, _guard) = Collector::of(PROGRESS_TARGET);
    let subarray = Tracer::default().device(Slow::new("t/subarray/01", 1.5));
    let mut action = CommandAction::new(&subarray, "Assign", ())
        .precondition(is_in_state([&subarray], "obsState", "EMPTY"))
        .postcondition(changes_to([&subarray], "obsState", "IDLE"));
    action.execute(Timeout::seconds(2.5)).await.unwrap_err();
    let assign = "action=Assign on t/subarray/01";
    assert_eq!(
        told.take(),
        [
            format!("INFO waiting {assign} awaited=t/subarray/01 obsState to be watched waited=1s"),
            format!("INFO the wait is over {assign} waited=2s"),
            format!(
                "INFO waiting {assign} awaited=t/subarray/01 obsState is EMPTY (now EMPTY) waited=1s"
            ),
            format!("INFO the wait is over {assign} waited=2s"),
            format!("INFO waiting {assign} awaited=t/subarray/01 to answer Assign waited=1s"),
            format!("INFO the wait is over {assign} waited=2s"),
            format!(
                "INFO waiting {assign} awaited=t/subarray/01 obsState changes to IDLE (now EMPTY) \
                 waited=1s left=2s"
            ),
            format!(
                "INFO waiting {assign} awaited=t/subarray/01 obsState changes to IDLE (now EMPTY) \
                 waited=2s left=1s"
            ),
            format!("INFO the wait is over {assign} waited=3s"),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_wait_of_less_than_a_second_is_not_told() {
    let (told, _guard) = Collector::of(PROGRESS_TARGET);
    let subarray = Tracer::default().device(Slow::new("t/subarray/01", 0.9));
    subarray.watch("obsState").await.unwrap();
    subarray.read("obsState").await.unwrap();
    subarray.write("obsState", "IDLE").await.unwrap();
    CommandAction::new(&subarray, "Assign", ())
        .postcondition(is_in_state([&subarray], "obsState", "IDLE"))
        .execute(Timeout::seconds(5))
        .await
        .unwrap();
    assert_eq!(told.take(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn calls_outside_actions_are_told_too() {
    let (told, _guard) = Collector::of(PROGRESS_TARGET);
    let tracer = Tracer::default();
    let slow = Slow::new("t/subarray/01", 1.2);
    let subarray = tracer.device(slow.clone());
    subarray.watch("obsState").await.unwrap();
    subarray.read("obsState").await.unwrap();
    subarray.write("obsState", "IDLE").await.unwrap();
    let reason = "the server died".to_owned();
    slow.device.push("obsState", Signal::Lost { reason });
    subarray.watch("obsState").await.unwrap();
    let awaited: Vec<_> = told
        .take()
        .into_iter()
        .filter_map(|line| Some(line.split_once("awaited=")?.1.to_owned()))
        .collect();
    assert_eq!(
        awaited[..4],
        [
            "t/subarray/01 obsState to be watched waited=1s",
            "t/subarray/01 to answer read obsState waited=1s",
            "t/subarray/01 to answer write obsState waited=1s",
            "t/subarray/01 obsState to be heard of again waited=1s left=4s",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn the_observer_is_told_the_same_and_a_wait_that_is_dropped_is_over() {
    let reports: Arc<Mutex<Vec<Progress>>> = Arc::default();
    let kept = Arc::clone(&reports);
    let tracer = Tracer::default().with_progress(move |progress: &Progress| {
        kept.lock().unwrap().push(progress.clone());
    });
    let subarray = tracer.device(Slow::new("t/subarray/01", 60.0));
    let given_up = tokio::time::timeout(Duration::from_millis(2500), subarray.read("obsState"));
    given_up.await.unwrap_err();
    let reports = reports.lock().unwrap();
    let over: Vec<_> = reports.iter().map(Progress::is_over).collect();
    assert_eq!(over, [false, false, true]);
    assert_eq!(
        reports[0].summary(),
        "t/subarray/01 to answer read obsState"
    );
    assert_eq!(reports[0].remaining, None);
    assert_eq!(reports[2].waited, Duration::from_millis(2500));
}

#[tokio::test(start_paused = true)]
async fn actions_at_the_same_time_are_told_in_one_report() {
    let (told, _guard) = Collector::of(PROGRESS_TARGET);
    let tracer = Tracer::default();
    let dishes = [1, 2].map(|number| {
        let name = format!("t/dish/{number}");
        let device = InMemoryDevice::new(name).with_attribute("mode", "STANDBY");
        tracer.device(Arc::new(device))
    });
    Parallel::new(&tracer, "all dishes")
        .and_all(dishes.iter().map(|dish| {
            WaitAction::new(&tracer, "a dish").postcondition(changes_to([dish], "mode", "OPERATE"))
        }))
        .execute(Timeout::seconds(2.2))
        .await
        .unwrap_err();
    assert_eq!(
        told.take(),
        [
            "INFO waiting action=all dishes awaited=t/dish/1 mode changes to OPERATE (now STANDBY), \
             t/dish/2 mode changes to OPERATE (now STANDBY) waited=1s left=1s",
            "INFO waiting action=all dishes awaited=t/dish/1 mode changes to OPERATE (now STANDBY), \
             t/dish/2 mode changes to OPERATE (now STANDBY) waited=2s left=0s",
            "INFO the wait is over action=all dishes waited=2s",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_procedure_that_waits_itself_is_told_by_what_it_waits_for() {
    let (told, _guard) = Collector::of(PROGRESS_TARGET);
    let tracer = Tracer::default();
    let subarray = tracer.device(Slow::new("t/subarray/01", 1.5));
    ProcedureAction::new(&tracer, "look", move || {
        let subarray = subarray.clone();
        async move {
            sleep(Duration::from_millis(1500)).await;
            subarray.read("obsState").await.map(drop)
        }
    })
    .execute(Timeout::seconds(10))
    .await
    .unwrap();
    let awaited: Vec<_> = told
        .take()
        .into_iter()
        .filter_map(|line| Some(line.split_once("awaited=")?.1.to_owned()))
        .map(|rest| rest.split_once(" waited").unwrap().0.to_owned())
        .collect();
    // the reading takes from 1.5 s to 3 s, and says so after its own first second
    assert_eq!(awaited, ["look to be done", "look to be done"]);
}

/// Never true, and knows how far it is.
struct Tuning;

impl Assertion for Tuning {
    fn describe(&self) -> String {
        "the dish is tuned".to_owned()
    }

    fn verify<'a>(&'a self, watch: &'a Watch) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(async move {
            tokio::time::sleep_until(watch.deadline()).await;
            Err(Failure::new("it is not"))
        })
    }

    fn standing(&self) -> Option<String> {
        Some("33 %".to_owned())
    }
}

#[tokio::test(start_paused = true)]
async fn where_an_assertion_stands_is_told_behind_it() {
    let (told, _guard) = Collector::of(PROGRESS_TARGET);
    WaitAction::new(&Tracer::default(), "tune")
        .postcondition(Tuning)
        .execute(Timeout::seconds(1.5))
        .await
        .unwrap_err();
    assert_eq!(
        told.take()[0],
        "INFO waiting action=tune awaited=the dish is tuned (33 %) waited=1s left=1s"
    );
}

#[tokio::test(start_paused = true)]
async fn two_hundred_attributes_are_watched_at_the_same_time_and_told_in_one_report() {
    let (told, _guard) = Collector::of(PROGRESS_TARGET);
    let slow = Slow::new("t/subarray/01", 1.5);
    let subarray = Tracer::default().device(slow.clone());
    let names = (0..200).map(|number| format!("attribute{number}"));
    let mut wait = WaitAction::new(subarray.tracer(), "settle");
    for name in names {
        slow.device.set(&name, 0);
        wait = wait.postcondition(changes_to([&subarray], &name, 1));
    }
    let began = tokio::time::Instant::now();
    wait.execute(Timeout::zero()).await.unwrap_err();
    // and one second for the values to be read again, which takes this device longer
    assert_eq!(began.elapsed(), Duration::from_millis(2500));
    let told = told.take();
    assert_eq!(told.len(), 2);
    assert!(
        told[0].contains("attribute0 to be watched, "),
        "{}",
        told[0]
    );
}

#[tokio::test(start_paused = true)]
async fn an_action_that_is_done_is_not_told_as_awaited_any_more() {
    let (told, _guard) = Collector::of(PROGRESS_TARGET);
    let tracer = Tracer::default();
    let quick = Slow::new("t/subarray/01", 1.5);
    let slow = Slow::new("t/subarray/02", 2.5);
    let devices = [quick, slow].map(|device| tracer.device(device));
    Parallel::new(&tracer, "both")
        .and_all(
            devices
                .iter()
                .map(|device| CommandAction::new(device, "Assign", ())),
        )
        .execute(Timeout::seconds(10))
        .await
        .unwrap();
    let told = told.take();
    assert!(
        told[0].contains("01 to answer Assign, t/subarray/02 to"),
        "{told:?}"
    );
    assert!(told[1].contains("awaited=t/subarray/02 to"), "{told:?}");
    assert_eq!(told.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn an_observer_that_panics_does_not_break_the_wait() {
    let tracer = Tracer::default().with_progress(|_: &Progress| panic!("no terminal"));
    let awaited = || vec!["the rack to be warm".to_owned()];
    let warm = async {
        sleep(Duration::from_secs(3)).await;
        "warm"
    };
    let rack = tracer.while_waiting("power on", None, awaited, warm).await;
    assert_eq!(rack, "warm");
}
