//! Writes what there is to tell as JSON.

use serde_json::{Map, Value, json};

use super::control::Control;
use crate::attribute::{Attribute, AttributeValue};
use crate::transition::{Layer, ModelSummary, Scope, Setting};
use crate::world::DeviceStatus;

/// All devices.
pub(super) fn devices(control: &Control) -> Value {
    let all = control.telescope.devices().into_iter();
    all.map(|status| device(control, &status)).collect()
}

/// What there is to see of a device.
pub(super) fn device(control: &Control, status: &DeviceStatus) -> Value {
    let attributes: Map<_, _> = status
        .particulars
        .iter()
        .filter(|(attribute, _)| *attribute != Attribute::ObsState)
        .map(|(attribute, value)| (attribute.name().to_owned(), attribute_value(value)))
        .collect();
    json!({
        "name": &*status.name,
        "class": status.class,
        "model": status.model,
        "state": status.state.label(),
        "obs_state": status.obs_state.map(|state| state.label()),
        "health_state": status.health_state.label(),
        "admin_mode": status.admin_mode.label(),
        "attributes": attributes,
        "commands": commands(control, &status.name),
    })
}

/// The long running commands of a device.
fn commands(control: &Control, name: &str) -> Value {
    let Some(device) = control.telescope.device(name) else {
        return json!({"queued": [], "executing": [], "finished": []});
    };
    let [queued, executing, finished] = device.values([
        Attribute::LrcQueue,
        Attribute::LrcExecuting,
        Attribute::LrcFinished,
    ]);
    json!({
        "queued": entries(&queued),
        "executing": entries(&executing),
        "finished": entries(&finished),
    })
}

fn entries(value: &AttributeValue) -> Value {
    let AttributeValue::Texts(texts) = value else {
        return json!([]);
    };
    let entries = texts
        .iter()
        .filter_map(|text| serde_json::from_str::<Value>(text).ok());
    entries.collect()
}

fn attribute_value(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::Flag(flag) => (*flag).into(),
        AttributeValue::Number(number) => (*number).into(),
        AttributeValue::Numbers(numbers) => numbers.as_slice().into(),
        AttributeValue::Texts(texts) => texts.iter().map(|text| &**text).collect(),
        other => other.to_string().into(),
    }
}

/// A model, and what is set for it.
pub(super) fn model(model: &ModelSummary) -> Value {
    let edges: Vec<_> = model
        .edges
        .iter()
        .map(|edge| json!({"from": &*edge.from, "to": &*edge.to, "command": edge.command.as_deref()}))
        .collect();
    json!({
        "name": model.name,
        "edges": edges,
        "commands": model.commands,
        "default": model.default.to_json(),
        "overridden": model.overridden.as_ref().map(Setting::to_json),
        "effective": model.effective.to_json(),
        "instances": model.instances,
    })
}

/// All that is set. The controller keeps names as it compares them; people know them by how they
/// are written.
pub(super) fn all_overridden(control: &Control) -> Value {
    let controller = control.telescope.transitions();
    let all = controller.all_overridden();
    if all.is_empty() {
        return json!([]);
    }
    let (models, instances) = (controller.models(), controller.instances());
    let commands = || models.iter().flat_map(|model| &model.commands);
    all.iter()
        .map(|(scope, setting)| {
            let model = scope.model_name();
            let model = model.map(|name| written(name, models.iter().map(|model| &model.name)));
            let instance = scope.instance_name();
            let instance =
                instance.map(|name| written(name, instances.iter().map(|(name, _)| name)));
            let command = scope.command_name().map(|name| written(name, commands()));
            json!({
                "layer": layer(scope).name(),
                "model": model,
                "instance": instance,
                "command": command,
                "scope": rebuilt(model, instance, command).to_string(),
                "transition": setting.to_json(),
                "words": setting.to_string(),
            })
        })
        .collect()
}

/// A name as it is written where it is known.
fn written<'a>(name: &'a str, known: impl IntoIterator<Item = &'a String>) -> &'a str {
    let mut known = known.into_iter();
    let found = known.find(|known| known.eq_ignore_ascii_case(name));
    found.map_or(name, String::as_str)
}

fn rebuilt(model: Option<&str>, instance: Option<&str>, command: Option<&str>) -> Scope {
    let scope = match (instance, model) {
        (Some(instance), _) => Scope::instance(instance),
        (None, Some(model)) => Scope::model(model),
        (None, None) => Scope::everything(),
    };
    match command {
        Some(command) => scope.command(command),
        None => scope,
    }
}

fn layer(scope: &Scope) -> Layer {
    let of_command = scope.command_name().is_some();
    match (scope.instance_name(), scope.model_name()) {
        (Some(_), _) if of_command => Layer::InstanceCommand,
        (Some(_), _) => Layer::Instance,
        (None, Some(_)) if of_command => Layer::ModelCommand,
        (None, Some(_)) => Layer::Model,
        (None, None) if of_command => Layer::EverythingCommand,
        (None, None) => Layer::Everything,
    }
}
