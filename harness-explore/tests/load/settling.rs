//! What is left behind when a load is over.

use std::sync::Arc;

use harness_core::Device;
use harness_core::state_machine::{StateGraph, Transition};
use harness_explore::lifecycle::Lifecycle;
use harness_explore::load::{Fleet, Load, Plan, Schedule, Verdict};
use tokio::time::Instant;

use crate::flows::{Calls, flow, lamp, set};
use crate::user::{never, seconds};

/// A lamp is at home when it is off.
fn lifecycle() -> Lifecycle<&'static str> {
    let on = Transition::to("ON").named("Set").from(["OFF"]);
    Lifecycle::new(&StateGraph::new().with(on).unwrap(), "OFF")
}

#[tokio::test(start_paused = true)]
async fn devices_that_do_not_come_home_are_waited_for_together_and_each_is_told() {
    let load = Load::new(Plan::cycles("away", 3, 1)).unwrap();
    let lamps = (1..=3).map(|it| Arc::new(lamp(it, &Calls::default())) as Arc<dyn Device>);
    let fleet = Fleet::new(lamps).with_lifecycle(&lifecycle());
    let fleet = fleet.connect(&load.recorder()).await.unwrap();
    let flows = [flow("away", 1, vec![set("ON")])];
    let users = fleet.flows(&flows, Schedule::ByUser, &[]).unwrap();
    let mut report = load.run(users, never()).await;
    assert_eq!(report.counts.done, 3);
    let begun = Instant::now();
    fleet.settle(&mut report, seconds(10)).await;
    assert_eq!(begun.elapsed().as_secs(), 10, "not ten for each");
    assert_eq!(report.verdict, Verdict::Failed);
    for number in 1..=3 {
        let told = report.violations.iter().filter(|it| {
            it.device.ends_with(&number.to_string()) && it.words.contains("is in ON after the load")
        });
        assert_eq!(told.count(), 1, "{:?}", report.violations);
    }
}
