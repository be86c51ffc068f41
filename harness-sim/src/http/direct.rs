//! Puts devices into states, whatever they were in.

use std::str::FromStr;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use harness_tango::control_model::{AdminMode, DevState, HealthState, ObsState, UnknownWord};
use serde_json::Value;

use super::control::{Control, NameParts, device_name};
use super::devices::show;
use super::problem::{Problem, Result};
use super::request::{Body, members, parameters};
use crate::live::DeviceHandle;

type Named = Path<NameParts>;
type Shared = State<Arc<Control>>;
type Pairs = Query<Vec<(String, String)>>;

/// `POST /devices/{domain}/{family}/{member}/state`
pub(super) async fn state(control: Shared, parts: Named, query: Pairs, body: Body) -> Result {
    let [] = parameters(query, [])?;
    set(
        &control,
        &parts,
        body,
        DeviceHandle::set_state,
        DevState::from_number,
    )
}

/// `POST /devices/{domain}/{family}/{member}/obs-state`
pub(super) async fn obs_state(control: Shared, parts: Named, query: Pairs, body: Body) -> Result {
    let [] = parameters(query, [])?;
    let name = device_name(&parts);
    if control
        .telescope
        .status(&name)
        .is_some_and(|status| status.obs_state.is_none())
    {
        return Err(Problem::unknown(format!("{name} has no obsState")));
    }
    let act = DeviceHandle::set_direct_obs_state;
    set(&control, &parts, body, act, ObsState::from_number)
}

/// `POST /devices/{domain}/{family}/{member}/health-state`
pub(super) async fn health_state(
    control: Shared,
    parts: Named,
    query: Pairs,
    body: Body,
) -> Result {
    let [] = parameters(query, [])?;
    let act = DeviceHandle::set_health_state;
    set(&control, &parts, body, act, HealthState::from_number)
}

/// `POST /devices/{domain}/{family}/{member}/admin-mode`
pub(super) async fn admin_mode(control: Shared, parts: Named, query: Pairs, body: Body) -> Result {
    let [] = parameters(query, [])?;
    let act = DeviceHandle::set_admin_mode;
    set(&control, &parts, body, act, AdminMode::from_number)
}

/// Sets what the body's `value` names, by its label or its number.
fn set<T: FromStr<Err = UnknownWord>>(
    control: &Control,
    parts: &NameParts,
    Body(body): Body,
    act: impl FnOnce(&DeviceHandle, T),
    from_number: impl FnOnce(i64) -> Option<T>,
) -> Result {
    let device = control.device(&device_name(parts))?;
    let members = members(body, &["value"])?;
    let value = match members.get("value") {
        None => {
            return Err(Problem::bad(
                "value",
                "is missing; give a label or a number",
            ));
        }
        Some(Value::String(label)) => label
            .parse()
            .map_err(|unknown: UnknownWord| Problem::bad("value", unknown.to_string()))?,
        Some(number) => number
            .as_i64()
            .and_then(from_number)
            .ok_or_else(|| Problem::bad("value", "must be a label or its number"))?,
    };
    act(&device, value);
    show(control, &device.name())
}
