//! Which names are known, and what is refused because of them.

use super::scope::Subject;
use super::settings::{Names, Settings};
use super::{Outcome, Scope, SetError, Setting};

/// The names of all models, for people.
pub(super) fn known_models(settings: &Settings) -> String {
    let models = settings.models_in_order().into_iter();
    let names: Vec<_> = models.map(|model| model.name()).collect();
    names.join(", ")
}

/// Whom a scope, whose names are normal, is for.
pub(super) fn names_of<'a>(settings: &'a Settings, scope: &'a Scope) -> Names<'a> {
    let instance = scope.instance_name();
    let live = instance.and_then(|name| settings.live.get(name));
    Names {
        instance,
        model: scope
            .model_name()
            .or_else(|| live.map(|live| live.core.model.as_str())),
        command: scope.command_name(),
    }
}

/// Whether all names of a scope are known, or need not be.
pub(super) fn check(settings: &Settings, scope: &Scope) -> Result<(), SetError> {
    if settings.accepts_unknown_names {
        return Ok(());
    }
    let normal = scope.normal();
    let names = names_of(settings, &normal);
    match scope.subject() {
        Subject::Model(name)
            if !settings
                .models
                .contains_key(names.model.unwrap_or_default()) =>
        {
            return Err(SetError::UnknownModel {
                name: name.clone(),
                known: known_models(settings),
            });
        }
        Subject::Instance(name)
            if !settings
                .live
                .contains_key(names.instance.unwrap_or_default()) =>
        {
            let mut known: Vec<_> = settings
                .live
                .values()
                .map(|live| live.core.name.as_str())
                .collect();
            known.sort_unstable();
            known.truncate(10);
            return Err(SetError::UnknownInstance {
                name: name.clone(),
                known: known.join(", "),
            });
        }
        _ => {}
    }
    let model = names.model.and_then(|name| settings.models.get(name));
    match (model, scope.command_name()) {
        (Some(registered), Some(command)) if !registered.model.has_command_or_state(command) => {
            let model = &registered.model;
            let known = [model.commands(), model.states()].concat();
            Err(SetError::UnknownCommand {
                model: model.name().to_owned(),
                command: command.to_owned(),
                known: known.join(", "),
            })
        }
        _ => Ok(()),
    }
}

/// Whether a setting makes sense where it is meant to hold.
pub(super) fn check_setting(
    settings: &Settings,
    scope: &Scope,
    setting: &Setting,
) -> Result<(), SetError> {
    if setting.transitions().is_empty() {
        return Err(SetError::EmptySequence);
    }
    let normal = scope.normal();
    let model = names_of(settings, &normal).model;
    let Some(registered) = model.and_then(|name| settings.models.get(name)) else {
        return Ok(());
    };
    let model = &registered.model;
    for transition in setting.transitions() {
        if let Some(Outcome::Stuck { state: Some(state) }) = transition.outcome()
            && !model.states().is_empty()
            && model.state(state).is_none()
        {
            return Err(SetError::UnknownState {
                model: model.name().to_owned(),
                state: state.clone(),
                known: model.states().join(", "),
            });
        }
    }
    Ok(())
}
