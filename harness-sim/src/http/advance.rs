//! Lets transitions go on: by reads, or by time.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::control::Control;
use super::history::described;
use super::problem::{Answer, Problem, Result};
use super::request::{Body, members, parameters, text};
use crate::live::DeviceHandle;
use crate::transition::{Hop, Hops};

/// How many reads one request can make, of each device and of all.
const MOST_TICKS: u64 = 10_000;
const MOST_READS: u64 = 100_000;

/// How long the clock can be turned by one request: a leap year.
const MOST_SECONDS: f64 = 366.0 * 86_400.0;

/// `POST /state-manager/advance`
pub(super) async fn advance(
    State(control): State<Arc<Control>>,
    query: Query<Vec<(String, String)>>,
    Body(body): Body,
) -> Result {
    let [] = parameters(query, [])?;
    let members = members(body, &["ticks", "seconds", "instance", "model"])?;
    let step = step(&control, &members)?;
    let watched = watch(&control);
    match step {
        Step::Reads(devices, ticks) => {
            for _ in 0..ticks {
                devices.iter().for_each(DeviceHandle::tick);
                // others have their turn, too
                tokio::task::yield_now().await;
            }
        }
        Step::Time(time) => control.telescope.advance(time),
    }
    let mut hops = made(watched);
    hops.sort_by_key(|(_, hop)| hop.at);
    let hops: Vec<_> = hops
        .iter()
        .map(|(name, hop)| described(&control, name, hop))
        .collect();
    Ok(Answer(json!({"hops": hops})))
}

enum Step {
    Reads(Vec<DeviceHandle>, u64),
    Time(Duration),
}

fn step(control: &Control, members: &Map<String, Value>) -> Result<Step> {
    match (members.get("ticks"), members.get("seconds")) {
        (Some(_), Some(_)) => Err(Problem::bad(
            "seconds",
            "cannot be given together with ticks",
        )),
        (None, None) => Err(Problem::bad("ticks", "is missing; give ticks or seconds")),
        (Some(ticks), None) => {
            let ticks = ticks
                .as_u64()
                .filter(|ticks| (1..=MOST_TICKS).contains(ticks));
            let ticks = ticks.ok_or_else(|| {
                Problem::bad(
                    "ticks",
                    format!("must be a whole number from 1 to {MOST_TICKS}"),
                )
            })?;
            let devices = devices(control, members)?;
            let count = u64::try_from(devices.len()).unwrap_or(u64::MAX);
            if ticks.saturating_mul(count) > MOST_READS {
                let most = MOST_READS / count.max(1);
                return Err(Problem::new(
                    StatusCode::CONFLICT,
                    format!("{count} devices can be read {most} times at once; ask several times"),
                ));
            }
            Ok(Step::Reads(devices, ticks))
        }
        (None, Some(seconds)) => {
            if let Some(key) = ["instance", "model"]
                .into_iter()
                .find(|key| members.contains_key(*key))
            {
                return Err(Problem::bad(
                    key,
                    "cannot be given with seconds: all have one clock",
                ));
            }
            let seconds = seconds
                .as_f64()
                .filter(|seconds| (0.0..=MOST_SECONDS).contains(seconds));
            let time = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
            let time = time.ok_or_else(|| {
                Problem::bad(
                    "seconds",
                    format!("must be a number from 0 to {MOST_SECONDS}"),
                )
            })?;
            if !control.telescope.has_manual_clock() {
                return Err(Problem::new(
                    StatusCode::CONFLICT,
                    "the clock goes by itself; start the telescope with a manual clock \
                     (harness sim --manual-clock)",
                ));
            }
            Ok(Step::Time(time))
        }
    }
}

/// The devices to read.
fn devices(control: &Control, members: &Map<String, Value>) -> Result<Vec<DeviceHandle>> {
    match (
        members.contains_key("instance"),
        members.contains_key("model"),
    ) {
        (true, true) => Err(Problem::bad(
            "model",
            "cannot be given together with instance",
        )),
        (false, false) => Err(Problem::bad(
            "instance",
            "is missing; give instance or model",
        )),
        (true, false) => Ok(vec![control.device(&text(members, "instance")?)?]),
        (false, true) => {
            let model = text(members, "model")?;
            let all = control.telescope.devices().into_iter();
            let devices: Vec<_> = all
                .filter(|status| status.model.eq_ignore_ascii_case(&model))
                .filter_map(|status| control.telescope.device(&status.name))
                .collect();
            if devices.is_empty() {
                return Err(Problem::unknown(format!(
                    "there is no device of the model {model}"
                )));
            }
            Ok(devices)
        }
    }
}

/// Notes how far each instance has come.
fn watch(control: &Control) -> Vec<(String, Hops)> {
    let controller = control.telescope.transitions();
    let instances = controller.instances().into_iter();
    instances
        .filter_map(|(name, model)| {
            let hops = controller.instance(&name, &model).ok()?.hops();
            Some((name, hops))
        })
        .collect()
}

/// The hops that were made meanwhile.
fn made(watched: Vec<(String, Hops)>) -> Vec<(String, Hop)> {
    let mut all = Vec::new();
    for (name, mut hops) in watched {
        while let Some(hop) = hops.next_made() {
            all.push((name.clone(), hop));
        }
    }
    all
}
