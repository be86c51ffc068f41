//! What is left when a load has ended.

use std::time::Duration;

use futures_util::future::join_all;
use harness_core::value::Value;
use tokio::time::{Instant, sleep, timeout};

use super::connected::ConnectedFleet;
use super::station::Station;
use super::watch::{Awaited, Awaiting};
use crate::load::report::LoadReport;

/// How often it is looked whether everything is accounted for.
const LOOK: Duration = Duration::from_millis(20);

/// How long a device may take to tell what it holds, also when time is up.
const READING: Duration = Duration::from_secs(1);

impl ConnectedFleet {
    /// Waits until every device is back home and everything that was sent is accounted for, at most so
    /// long, and adds to a report what is not as it should be then: a device that is elsewhere, or
    /// still holds something, and what was heard since the load has ended.
    ///
    /// Where home is says the [lifecycle](super::Fleet::with_lifecycle), and what is held the
    /// [attribute](super::Fleet::with_holdings); what nobody has said is not looked at.
    pub async fn settle(&self, report: &mut LoadReport, within: Duration) {
        let deadline = Instant::now() + within;
        let holdings = self.0.holdings.as_deref();
        let stations = self.0.stations.iter();
        join_all(stations.map(|station| settled(station, holdings, deadline))).await;
        if let Some(station) = self.0.stations.first() {
            station.charter.recorder.refresh(report);
        }
    }
}

/// Waits until one device is home and everything is accounted for.
async fn settled(station: &Station, holdings: Option<&str>, deadline: Instant) {
    let left = || deadline.saturating_duration_since(Instant::now());
    if let Some(words) = comes_home(station, left()).await {
        station.charter.recorder.violation(station.name(), words);
    }
    station.examine();
    while !station.is_settled() && Instant::now() < deadline {
        sleep(LOOK).await;
        station.examine();
    }
    if let Some(attribute) = holdings
        && let Some(words) = holds(station, attribute, left().max(READING)).await
    {
        station.charter.recorder.violation(station.name(), words);
    }
}

/// Waits until a device is home, and says where it is if it does not come.
async fn comes_home(station: &Station, within: Duration) -> Option<String> {
    let home = &station.charter.rules.as_ref()?.home;
    let awaiting = Awaiting {
        attribute: None,
        mark: None,
        command: None,
        within,
    };
    let is_home = |state: &str| *state == **home;
    let state = match station.wait(&awaiting, is_home).await {
        Awaited::Came => return None,
        Awaited::Late(Some(state)) => state,
        Awaited::Late(None) => return Some("is not heard of any more".to_owned()),
        Awaited::Vain(_, words) => return Some(format!("is not back in {home}: {words}")),
    };
    Some(format!("is in {state} after the load, and not in {home}"))
}

/// What a device holds, in words. One that does not tell holds nothing.
async fn holds(station: &Station, attribute: &str, within: Duration) -> Option<String> {
    let read = timeout(within, station.device.read(attribute)).await;
    let value = read.ok()?.ok()?.value;
    let held = match &value {
        Value::List(held) if held.is_empty() => return None,
        Value::List(held) => held
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", "),
        Value::Void => return None,
        other => other.to_string(),
    };
    if held.is_empty() {
        return None;
    }
    Some(format!("still holds {held} in {attribute} after the load"))
}
