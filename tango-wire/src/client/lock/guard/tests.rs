//! Locks on a paused clock, kept by a script.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use super::super::administrator::Answer;
use super::*;
use crate::types::DevFailed;

/// When the admin device was asked, in milliseconds; what, and with which argument.
type Asked = (u128, &'static str, Value);

/// What the admin device was asked and when, and how it answers renewals.
#[derive(Clone)]
struct Script {
    start: Instant,
    asked: Arc<Mutex<Vec<Asked>>>,
    renewal: Arc<Mutex<Renewal>>,
    losses: watch::Sender<u64>,
}

#[derive(Clone, Copy, PartialEq)]
enum Renewal {
    Granted,
    Refused,
    Unreachable,
    Ignored,
}

impl Script {
    fn new() -> Script {
        Script {
            start: Instant::now(),
            asked: Arc::default(),
            renewal: Arc::new(Mutex::new(Renewal::Granted)),
            losses: watch::Sender::default(),
        }
    }

    fn set(&self, renewal: Renewal) {
        *self.renewal.lock().unwrap() = renewal;
    }

    /// When, in milliseconds, it was asked to run a command.
    fn times(&self, wanted: &str) -> Vec<u128> {
        let asked = self.asked.lock().unwrap();
        let fitting = asked.iter().filter(|(_, command, _)| *command == wanted);
        fitting.map(|(time, ..)| *time).collect()
    }

    fn arguments(&self) -> Vec<(&'static str, Value)> {
        let asked = self.asked.lock().unwrap();
        let pairs = asked.iter();
        pairs
            .map(|(_, command, value)| (*command, value.clone()))
            .collect()
    }
}

impl Administrator for Script {
    fn run<'a>(&'a self, command: &'static str, argument: Value) -> Answer<'a> {
        let asked = (self.start.elapsed().as_millis(), command, argument);
        let mut all = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(asked);
        let renewal = *self.renewal.lock().unwrap();
        Box::pin(async move {
            match renewal {
                Renewal::Granted => Ok(Value::Void),
                Renewal::Refused => Err(Error::DevFailed {
                    device: "dserver/x/1".to_owned(),
                    operation: command.to_owned(),
                    failure: DevFailed::new("API_DeviceNotLocked", "not locked", "script"),
                }),
                Renewal::Unreachable => Err(Error::Unreachable {
                    address: "here".to_owned(),
                    source: io::ErrorKind::ConnectionRefused.into(),
                }),
                Renewal::Ignored => std::future::pending().await,
            }
        })
    }

    fn losses(&self) -> watch::Receiver<u64> {
        self.losses.subscribe()
    }
}

async fn take(script: &Script, seconds: f64) -> DeviceLock {
    DeviceLock::take(
        script.clone(),
        "low/sub/1",
        Duration::from_secs_f64(seconds),
    )
    .await
    .unwrap()
}

fn numbered(number: i32) -> Value {
    Value::LongStrings(vec![number], vec!["low/sub/1".to_owned()])
}

#[tokio::test(start_paused = true)]
async fn a_lock_is_taken_renewed_and_given_back() {
    let script = Script::new();
    let lock = take(&script, 8.5).await;
    assert_eq!(
        script.arguments(),
        [("LockDevice", numbered(9))],
        "rounded up"
    );
    sleep(Duration::from_secs(10)).await;
    assert_eq!(script.times("ReLockDevices"), [3000, 6000, 9000]);
    let renewal = Value::Strings(vec!["low/sub/1".to_owned()]);
    assert_eq!(script.arguments()[1], ("ReLockDevices", renewal));
    assert!(lock.is_held());
    lock.unlock().await.unwrap();
    sleep(Duration::from_secs(10)).await;
    let renewals = script.times("ReLockDevices");
    assert_eq!(renewals, [3000, 6000, 9000, 10_000], "once more, to know");
    assert_eq!(script.times("UnLockDevice"), [10_000]);
    assert_eq!(
        script.arguments().pop(),
        Some(("UnLockDevice", numbered(0)))
    );
}

#[tokio::test(start_paused = true)]
async fn a_lock_is_renewed_once_and_given_back_once() {
    let script = Script::new();
    let lock = take(&script, 9.0).await;
    script.set(Renewal::Ignored);
    assert!(
        timeout(Duration::from_secs(30), lock.unlock())
            .await
            .is_err()
    );
    assert_eq!(script.times("ReLockDevices"), [0]);
    assert_eq!(script.times("UnLockDevice"), [3000], "and only once");
}

#[tokio::test(start_paused = true)]
async fn a_validity_below_tangos_shortest_is_that() {
    let script = Script::new();
    let _lock = take(&script, 0.0).await;
    assert_eq!(script.arguments(), [("LockDevice", numbered(2))]);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_lock_is_given_back_in_the_background() {
    let script = Script::new();
    drop(take(&script, 9.0).await);
    sleep(Duration::from_secs(30)).await;
    assert_eq!(script.times("UnLockDevice"), [0]);
    assert_eq!(script.times("ReLockDevices"), [0]);
}

#[tokio::test(start_paused = true)]
async fn an_unlocking_that_is_dropped_goes_on() {
    let script = Script::new();
    let lock = take(&script, 9.0).await;
    script.set(Renewal::Ignored);
    let second = timeout(Duration::from_secs(1), lock.unlock()).await;
    assert!(second.is_err());
    script.set(Renewal::Granted);
    sleep(Duration::from_secs(30)).await;
    assert_eq!(script.times("UnLockDevice"), [3000]);
}

#[tokio::test(start_paused = true)]
async fn a_lock_is_renewed_before_an_idle_connection_is_closed() {
    let script = Script::new();
    let _lock = take(&script, 3600.0).await;
    sleep(Duration::from_secs(150)).await;
    assert_eq!(script.times("ReLockDevices"), [60_000, 120_000]);
}

#[tokio::test(start_paused = true)]
async fn when_the_connection_is_lost_it_is_asked_at_once() {
    let script = Script::new();
    let lock = take(&script, 9.0).await;
    sleep(Duration::from_secs(1)).await;
    script.losses.send_modify(|losses| *losses += 1);
    sleep(Duration::from_secs(1)).await;
    assert_eq!(script.times("ReLockDevices"), [1000]);
    assert!(lock.is_held(), "a server may know its client otherwise");
    script.set(Renewal::Refused);
    script.losses.send_modify(|losses| *losses += 1);
    sleep(Duration::from_millis(1)).await;
    assert!(!lock.is_held());
    let error = lock.unlock().await.unwrap_err();
    assert_eq!(error.dev_failed().unwrap().reason(), "API_DeviceNotLocked");
}

#[tokio::test(start_paused = true)]
async fn a_lock_that_was_lost_since_the_last_renewal_says_so_too() {
    let script = Script::new();
    let lock = take(&script, 9.0).await;
    script.set(Renewal::Refused);
    let error = lock.unlock().await.unwrap_err();
    assert_eq!(error.dev_failed().unwrap().reason(), "API_DeviceNotLocked");
    assert_eq!(script.times("UnLockDevice"), [] as [u128; 0]);
}

#[test]
fn a_lock_that_outlives_its_runtime_is_dropped_in_peace() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let script = runtime.block_on(async { Script::new() });
    let lock = runtime.block_on(take(&script, 9.0));
    drop(runtime);
    drop(lock);
    assert_eq!(script.times("UnLockDevice"), [] as [u128; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_lock_that_somebody_broke_says_so() {
    let script = Script::new();
    let lock = take(&script, 9.0).await;
    script.set(Renewal::Refused);
    sleep(Duration::from_millis(3001)).await;
    assert!(!lock.is_held());
    let error = lock.unlock().await.unwrap_err();
    assert_eq!(error.dev_failed().unwrap().reason(), "API_DeviceNotLocked");

    script.set(Renewal::Granted);
    let lock = take(&script, 9.0).await;
    script.set(Renewal::Refused);
    sleep(Duration::from_millis(3001)).await;
    drop(lock);
    sleep(Duration::from_secs(1)).await;
    assert_eq!(
        script.times("UnLockDevice"),
        [] as [u128; 0],
        "it is not ours"
    );
}

#[tokio::test(start_paused = true)]
async fn a_renewal_that_fails_or_hangs_is_tried_again() {
    for failure in [Renewal::Unreachable, Renewal::Ignored] {
        let script = Script::new();
        let lock = take(&script, 9.0).await;
        script.set(failure);
        sleep(Duration::from_millis(8999)).await;
        assert!(lock.is_held(), "its validity is not over");
        sleep(Duration::from_millis(2)).await;
        assert!(!lock.is_held(), "it may be another's now");
        assert!(script.times("ReLockDevices").len() >= 2);
        script.set(Renewal::Granted);
        sleep(Duration::from_millis(6001)).await;
        assert!(lock.is_held(), "nobody else took it");
        lock.unlock().await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_lock_for_ever_is_one_for_as_long_as_can_be_said() {
    let script = Script::new();
    let lock = DeviceLock::take(script.clone(), "a/b/c", Duration::MAX)
        .await
        .unwrap();
    assert!(lock.is_held());
    let device = vec!["a/b/c".to_owned()];
    let asked = Value::LongStrings(vec![i32::MAX], device);
    assert_eq!(script.arguments(), [("LockDevice", asked)]);
}
