//! Long waits say what they wait for.

use std::sync::{Arc, Mutex};

use harness_core::action::Action;
use harness_core::tracer::Progress;
use harness_core::{BoxFuture, Device, DeviceError, Timeout, Tracer};
use harness_tango::control_model::{ObsState, ResultCode};
use harness_tango::telescope::{Connector, Telescope, TelescopeConfig};

use crate::scripted::{Behaviour, Scripted, Speaks};

/// Reports of a tracer, as `action | what is awaited | seconds left`.
fn reports(tracer: &Tracer) -> Arc<Mutex<Vec<String>>> {
    let reports: Arc<Mutex<Vec<String>>> = Arc::default();
    let kept = Arc::clone(&reports);
    let _ = tracer.clone().with_progress(move |progress: &Progress| {
        let left = progress.remaining.map_or(0, |left| left.as_secs());
        let awaited = progress.summary();
        let line = format!("{} | {awaited} | {left}", progress.action);
        if let Ok(mut kept) = kept.lock() {
            kept.push(line);
        }
    });
    reports
}

#[tokio::test(start_paused = true)]
async fn the_end_of_a_command_that_hangs_is_awaited_visibly() {
    let scripted = Scripted::new(ObsState::Idle).with("Configure", [Behaviour::Hangs]);
    let sent = scripted.subarray().send("Configure", None).await.unwrap();
    let reports = reports(&scripted.tracer);
    sent.completion(&Timeout::seconds(2.5)).await.unwrap_err();
    let reports = reports.lock().unwrap();
    assert_eq!(reports.len(), 3, "{reports:?}");
    let begin = "Configure on low-tmc/subarray/01 | Configure on low-tmc/subarray/01 to end (";
    assert!(reports[0].starts_with(begin), "{reports:?}");
    assert!(reports[1].ends_with(") | 0"), "{reports:?}");
    assert_eq!(reports[2], "Configure on low-tmc/subarray/01 |  | 0");
}

#[tokio::test(start_paused = true)]
async fn how_far_a_command_is_is_told_while_it_is_awaited() {
    let scripted =
        Scripted::speaking(Speaks::Lists, ObsState::Idle).with("Configure", [Behaviour::Sticks]);
    let reports = reports(&scripted.tracer);
    let configure = scripted.subarray().command("Configure", None);
    let mut configure = configure.completes_with(ResultCode::Ok);
    let timeout = Timeout::seconds(5.5);
    configure.execute(timeout).await.unwrap_err();
    let reports = reports.lock().unwrap();
    let first = reports.first().unwrap();
    assert!(
        first.contains("IN_PROGRESS") && !first.contains("33"),
        "{reports:?}"
    );
    let told = reports.iter().any(|it| it.contains("IN_PROGRESS, 33 %"));
    assert!(told, "{reports:?}");
}

#[tokio::test(start_paused = true)]
async fn devices_that_have_not_answered_yet_are_told_while_connecting() {
    /// Answers nothing for all but the first subarray.
    struct Silent;
    impl Connector for Silent {
        fn connect<'a>(
            &'a self,
            name: &'a str,
        ) -> BoxFuture<'a, Result<Arc<dyn Device>, DeviceError>> {
            match name {
                "t/subarray/01" => {
                    let device = harness_core::InMemoryDevice::new(name);
                    Box::pin(std::future::ready(Ok(Arc::new(device) as _)))
                }
                _ => Box::pin(std::future::pending()),
            }
        }
    }
    let tracer = Tracer::default();
    let reports = reports(&tracer);
    let config = TelescopeConfig::new("the telescope")
        .with_subarray_template("t/subarray/{subarray:02}")
        .with_subarrays([1, 2, 3]);
    let outcome = Telescope::connect_with(config, &Silent, &tracer).await;
    assert!(outcome.is_err());
    assert_eq!(
        reports.lock().unwrap()[0],
        "connect the telescope | t/subarray/02 to answer and 1 more | 9"
    );
}
