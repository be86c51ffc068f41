//! What is set, layer by layer.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::Arc;

use super::registry::{Counts, Live, Registered};
use super::shelf::{Entry, SettingId, Shelf};
use crate::transition::instance::Core;
use crate::transition::scope::{Subject, normal};
use crate::transition::{Model, Scope, Setting, Uses};

/// Used-up settings of a scope that are kept for executions that still go by them.
const KEPT_USED_UP: usize = 64;

/// Everything that a controller knows.
#[derive(Debug, Default)]
pub(in crate::transition) struct Settings {
    pub(in crate::transition) seed: u64,
    pub(in crate::transition) accepts_unknown_names: bool,
    pub(super) everything: Shelf,
    pub(super) of_models: HashMap<String, Shelf>,
    pub(super) of_instances: HashMap<String, Shelf>,
    pub(in crate::transition) models: HashMap<String, Registered>,
    pub(in crate::transition) live: HashMap<String, Live>,
    pub(super) releases: u64,
    pub(super) last_release: HashMap<String, u64>,
    given: u64,
}

impl Settings {
    fn entry(&mut self, setting: Setting, guarded: bool) -> Entry {
        self.given += 1;
        let left = match setting.uses() {
            Uses::Next(left) => Some(Cell::new(left.get())),
            Uses::Always | Uses::FirstOfEach(_) => None,
        };
        Entry {
            id: SettingId(self.given),
            setting,
            left,
            guarded,
            superseded: false,
            since: self.releases,
        }
    }

    pub(in crate::transition) fn register(&mut self, model: Model) {
        let mut defaults = Shelf::default();
        if let Some(setting) = model.default.clone() {
            defaults.whole.push(self.entry(setting, false));
        }
        for (command, setting) in model.command_defaults.clone() {
            let entry = self.entry(setting, false);
            defaults.of_commands.insert(normal(&command), vec![entry]);
        }
        let key = normal(&model.name);
        let order = self
            .models
            .get(&key)
            .map_or(self.models.len(), |known| known.order);
        let model = Arc::new(model);
        self.models.insert(
            key,
            Registered {
                model,
                order,
                defaults,
            },
        );
    }

    /// The registered models, in the order of their registration.
    pub(in crate::transition) fn models_in_order(&self) -> Vec<&Arc<Model>> {
        let mut registered: Vec<_> = self.models.values().collect();
        registered.sort_by_key(|registered| registered.order);
        registered
            .into_iter()
            .map(|registered| &registered.model)
            .collect()
    }

    pub(in crate::transition) fn add_live(&mut self, key: String, core: Arc<Core>) {
        let live = Live {
            core,
            handles: 1,
            counts: Counts::default(),
        };
        self.live.insert(key, live);
    }

    /// The stack of a scope, whose names are normal.
    fn stack_of(&mut self, scope: &Scope) -> &mut Vec<Entry> {
        let shelf = match scope.subject() {
            Subject::Everything => &mut self.everything,
            Subject::Model(name) => self.of_models.entry(name.clone()).or_default(),
            Subject::Instance(name) => self.of_instances.entry(name.clone()).or_default(),
        };
        match scope.command_name() {
            None => &mut shelf.whole,
            Some(command) => shelf.of_commands.entry(command.to_owned()).or_default(),
        }
    }

    pub(in crate::transition) fn put(
        &mut self,
        scope: &Scope,
        setting: Setting,
        guarded: bool,
    ) -> SettingId {
        let lasts = setting.is_lasting();
        let entry = self.entry(setting, guarded);
        let id = entry.id;
        let stack = self.stack_of(scope);
        let mut gone = Vec::new();
        if !guarded {
            for other in stack.iter_mut() {
                if other.gives_way_to(&entry.setting) {
                    other.superseded = true;
                }
            }
        }
        // what holds always concerns executions under way, too
        let mut spare = if lasts && !guarded { 0 } else { KEPT_USED_UP };
        for other in stack.iter().rev() {
            if other.is_used_up() && !other.guarded {
                match spare {
                    0 => gone.push(other.id),
                    _ => spare -= 1,
                }
            }
        }
        stack.push(entry);
        self.drop_entries(scope, &gone);
        id
    }

    /// Takes a setting back; returns whether it was there.
    pub(in crate::transition) fn remove(&mut self, scope: &Scope, id: SettingId) -> bool {
        self.drop_entries(scope, &[id])
    }

    /// Drops entries and all that was counted for them; returns whether any was there.
    fn drop_entries(&mut self, scope: &Scope, ids: &[SettingId]) -> bool {
        if ids.is_empty() {
            return false;
        }
        let stack = self.stack_of(scope);
        let before = stack.len();
        let mut counted = false;
        stack.retain(|entry| {
            let goes = ids.contains(&entry.id);
            counted |= goes && entry.is_counted_by_instance();
            !goes
        });
        let any = stack.len() != before;
        if counted {
            for live in self.live.values_mut() {
                live.counts.uses.retain(|id, _| !ids.contains(id));
            }
        }
        any
    }

    pub(in crate::transition) fn unguard(&mut self, scope: &Scope, id: SettingId) {
        for entry in self.stack_of(scope) {
            if entry.id == id {
                entry.guarded = false;
            }
        }
    }

    /// Takes everything back that was set for a scope; returns whether anything was.
    pub(in crate::transition) fn clear(&mut self, scope: &Scope) -> bool {
        let was_set = self.at(scope).is_some();
        let stack = self.stack_of(scope);
        let ids: Vec<_> = stack.iter().map(|entry| entry.id).collect();
        self.drop_entries(scope, &ids);
        was_set
    }

    pub(in crate::transition) fn clear_all(&mut self) {
        self.everything = Shelf::default();
        self.of_models.clear();
        self.of_instances.clear();
    }

    pub(in crate::transition) fn clear_counts(&mut self) {
        for live in self.live.values_mut() {
            live.counts = Counts::default();
        }
    }

    /// What is set for exactly this scope, whose names are normal.
    pub(in crate::transition) fn at(&self, scope: &Scope) -> Option<Setting> {
        let shelf = match scope.subject() {
            Subject::Everything => Some(&self.everything),
            Subject::Model(name) => self.of_models.get(name),
            Subject::Instance(name) => self.of_instances.get(name),
        };
        let stack = shelf?.stack(scope.command_name());
        stack.iter().rev().find_map(Entry::remaining)
    }

    /// All that is set, with its scope.
    pub(in crate::transition) fn all(&self) -> Vec<(Scope, Setting)> {
        let everything = std::iter::once((Scope::everything(), &self.everything));
        let models = self.of_models.iter();
        let models = models.map(|(name, shelf)| (Scope::model(name), shelf));
        let instances = self.of_instances.iter();
        let instances = instances.map(|(name, shelf)| (Scope::instance(name), shelf));
        let mut all = Vec::new();
        for (scope, shelf) in everything.chain(models).chain(instances) {
            for (command, stack) in shelf.stacks() {
                let scope = match command {
                    None => scope.clone(),
                    Some(command) => scope.clone().command(command),
                };
                if let Some(setting) = stack.iter().rev().find_map(Entry::remaining) {
                    all.push((scope, setting));
                }
            }
        }
        all.sort_by_cached_key(|(scope, _)| scope.to_string());
        all
    }

    /// The instances that a setting of this scope concerns.
    pub(in crate::transition) fn concerned(&self, scope: &Scope) -> Vec<Arc<Core>> {
        let cores = self.live.values().map(|live| &live.core);
        match scope.subject() {
            Subject::Everything => cores.cloned().collect(),
            Subject::Model(name) => cores.filter(|core| core.model == *name).cloned().collect(),
            Subject::Instance(name) => {
                let live = self.live.get(name);
                live.map(|live| Arc::clone(&live.core))
                    .into_iter()
                    .collect()
            }
        }
    }
}
