//! What is set, layer by layer, and what an execution draws from it.

use std::cell::Cell;
use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::Arc;

use super::instance::Core;
use super::scope::{Subject, normal};
use super::{Effective, Layer, Model, Outcome, Progression, Rejection, Scope, Setting, Uses};

/// Tells settings apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct SettingId(u64);

/// One thing that was set.
#[derive(Debug)]
pub(super) struct Entry {
    id: SettingId,
    setting: Setting,
    /// How many uses are left, of a setting that is for the next so many.
    left: Option<Cell<u32>>,
    guarded: bool,
    /// How many releases there had been when it was set: earlier ones are none of its business.
    since: u64,
}

impl Entry {
    fn is_used_up(&self) -> bool {
        self.left.as_ref().is_some_and(|left| left.get() == 0)
    }

    /// What is left of it, as a setting.
    fn remaining(&self) -> Option<Setting> {
        match &self.left {
            None => Some(self.setting.clone()),
            Some(left) => {
                NonZeroU32::new(left.get()).map(|left| self.setting.with_left(Some(left)))
            }
        }
    }
}

/// The settings of one scope and those of its commands. What was set last is at the end.
#[derive(Debug, Default)]
struct Shelf {
    whole: Vec<Entry>,
    of_commands: HashMap<String, Vec<Entry>>,
}

impl Shelf {
    fn stack(&self, command: Option<&str>) -> &[Entry] {
        match command {
            None => &self.whole,
            Some(command) => self.of_commands.get(command).map_or(&[], Vec::as_slice),
        }
    }
}

/// A model that was registered.
#[derive(Debug)]
pub(super) struct Registered {
    pub(super) model: Arc<Model>,
    order: usize,
    defaults: Shelf,
}

/// An instance that lives.
#[derive(Debug)]
pub(super) struct Live {
    pub(super) core: Arc<Core>,
    pub(super) handles: usize,
    counts: Counts,
}

/// What one instance has used.
#[derive(Debug, Default)]
struct Counts {
    visits: HashMap<String, u64>,
    uses: HashMap<SettingId, u64>,
    /// The last release of each gate that has let an execution through.
    let_through: HashMap<String, u64>,
}

/// Whom a look-up is for. All names are normal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Names<'a> {
    pub(super) instance: Option<&'a str>,
    pub(super) model: Option<&'a str>,
    pub(super) command: Option<&'a str>,
}

/// What an execution has from a setting, and from which.
#[derive(Clone, Debug)]
pub(super) struct Aspect<T> {
    pub(super) id: SettingId,
    pub(super) layer: Layer,
    pub(super) since: u64,
    pub(super) value: T,
}

impl<T> Aspect<T> {
    const fn fallback(value: T) -> Aspect<T> {
        Aspect {
            id: SettingId(0),
            layer: Layer::Fallback,
            since: 0,
            value,
        }
    }
}

/// When and how an execution is to end. The number is the probability of the outcome.
#[derive(Clone, Debug)]
pub(super) struct Drawn {
    pub(super) progression: Aspect<Progression>,
    pub(super) outcome: Aspect<(Outcome, f64)>,
}

/// What an execution gets when it begins.
#[derive(Debug)]
pub(super) struct Draw {
    pub(super) drawn: Drawn,
    pub(super) visit: u64,
    pub(super) releases: u64,
}

/// Used-up settings of a scope that are kept for executions that still go by them.
const KEPT_USED_UP: usize = 64;

/// Everything that a controller knows.
#[derive(Debug, Default)]
pub(super) struct Settings {
    pub(super) seed: u64,
    pub(super) accepts_unknown_names: bool,
    everything: Shelf,
    of_models: HashMap<String, Shelf>,
    of_instances: HashMap<String, Shelf>,
    pub(super) models: HashMap<String, Registered>,
    pub(super) live: HashMap<String, Live>,
    releases: u64,
    last_release: HashMap<String, u64>,
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
            since: self.releases,
        }
    }

    pub(super) fn register(&mut self, model: Model) {
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
    pub(super) fn models_in_order(&self) -> Vec<&Arc<Model>> {
        let mut registered: Vec<_> = self.models.values().collect();
        registered.sort_by_key(|registered| registered.order);
        registered
            .into_iter()
            .map(|registered| &registered.model)
            .collect()
    }

    pub(super) fn add_live(&mut self, key: String, core: Arc<Core>) {
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

    pub(super) fn put(&mut self, scope: &Scope, setting: Setting, guarded: bool) -> SettingId {
        let uses = setting.uses();
        let entry = self.entry(setting, guarded);
        let id = entry.id;
        let stack = self.stack_of(scope);
        // what holds for some uses only lies on top of what holds always
        match uses {
            Uses::Always if !guarded => stack.retain(|other| other.guarded),
            Uses::FirstOfEach(_) if !guarded => stack.retain(|other| {
                other.guarded || !matches!(other.setting.uses(), Uses::FirstOfEach(_))
            }),
            _ => {}
        }
        if stack.iter().filter(|other| other.is_used_up()).count() >= KEPT_USED_UP
            && let Some(oldest) = stack
                .iter()
                .position(|other| other.is_used_up() && !other.guarded)
        {
            stack.remove(oldest);
        }
        stack.push(entry);
        id
    }

    /// Takes a setting back; returns whether it was there.
    pub(super) fn remove(&mut self, scope: &Scope, id: SettingId) -> bool {
        let stack = self.stack_of(scope);
        let before = stack.len();
        stack.retain(|entry| entry.id != id);
        stack.len() != before
    }

    pub(super) fn unguard(&mut self, scope: &Scope, id: SettingId) {
        for entry in self.stack_of(scope) {
            if entry.id == id {
                entry.guarded = false;
            }
        }
    }

    /// Takes everything back that was set for a scope; returns whether anything was.
    pub(super) fn clear(&mut self, scope: &Scope) -> bool {
        let stack = self.stack_of(scope);
        let was_set = stack.iter().any(|entry| !entry.is_used_up());
        stack.clear();
        was_set
    }

    pub(super) fn clear_all(&mut self) {
        self.everything = Shelf::default();
        self.of_models.clear();
        self.of_instances.clear();
    }

    pub(super) fn clear_counts(&mut self) {
        for live in self.live.values_mut() {
            live.counts = Counts::default();
        }
    }

    /// What is set for exactly this scope, whose names are normal.
    pub(super) fn at(&self, scope: &Scope) -> Option<Setting> {
        let shelf = match scope.subject() {
            Subject::Everything => Some(&self.everything),
            Subject::Model(name) => self.of_models.get(name),
            Subject::Instance(name) => self.of_instances.get(name),
        };
        let stack = shelf?.stack(scope.command_name());
        stack.iter().rev().find_map(Entry::remaining)
    }

    fn stack(&self, layer: Layer, names: Names<'_>) -> &[Entry] {
        let shelf = match layer {
            Layer::InstanceCommand | Layer::Instance => {
                names.instance.and_then(|name| self.of_instances.get(name))
            }
            Layer::ModelCommand | Layer::Model => {
                names.model.and_then(|name| self.of_models.get(name))
            }
            Layer::EverythingCommand | Layer::Everything => Some(&self.everything),
            Layer::DefaultOfCommand | Layer::Default => names
                .model
                .and_then(|name| self.models.get(name))
                .map(|registered| &registered.defaults),
            Layer::Fallback => None,
        };
        let Some(shelf) = shelf else {
            return &[];
        };
        match layer {
            Layer::InstanceCommand
            | Layer::ModelCommand
            | Layer::EverythingCommand
            | Layer::DefaultOfCommand => names
                .command
                .map_or(&[], |command| shelf.stack(Some(command))),
            _ => shelf.stack(None),
        }
    }

    /// The first that is picked, from the narrowest layer to the widest, and in each from what was
    /// set last.
    fn find<'a, T>(
        &'a self,
        names: Names<'_>,
        pick: impl Fn(&'a Entry) -> Option<T>,
    ) -> Option<Aspect<T>> {
        Layer::ALL.iter().find_map(|layer| {
            let stack = self.stack(*layer, names);
            stack.iter().rev().find_map(|entry| {
                Some(Aspect {
                    value: pick(entry)?,
                    id: entry.id,
                    layer: *layer,
                    since: entry.since,
                })
            })
        })
    }

    /// What the next execution meets; nothing is counted.
    fn look_up(&self, names: Names<'_>) -> Drawn {
        let counts = names
            .instance
            .and_then(|name| self.live.get(name))
            .map(|live| &live.counts);
        let transition = |entry: &'_ Entry| {
            let used = counts.and_then(|counts| counts.uses.get(&entry.id));
            let next = entry.setting.at(used.copied().unwrap_or(0));
            next.filter(|_| !entry.is_used_up()).cloned()
        };
        let progression = self.find(names, |entry| transition(entry)?.progression().cloned());
        let outcome = self.find(names, |entry| {
            let transition = transition(entry)?;
            let outcome = transition.outcome().cloned()?;
            Some((outcome, transition.probability().unwrap_or(1.0)))
        });
        Drawn {
            progression: progression.unwrap_or(Aspect::fallback(Progression::Immediate)),
            outcome: outcome.unwrap_or(Aspect::fallback((Outcome::Succeed, 1.0))),
        }
    }

    pub(super) fn effective(&self, names: Names<'_>) -> Effective {
        let drawn = self.look_up(names);
        let (outcome, probability) = drawn.outcome.value;
        Effective {
            progression: drawn.progression.value,
            progression_layer: drawn.progression.layer,
            outcome,
            probability,
            outcome_layer: drawn.outcome.layer,
        }
    }

    /// What the next execution meets, counted as a use of the settings that it comes from.
    pub(super) fn draw(&mut self, names: Names<'_>) -> Draw {
        let drawn = self.look_up(names);
        let mut used = vec![(drawn.progression.layer, drawn.progression.id)];
        if drawn.outcome.id != drawn.progression.id {
            used.push((drawn.outcome.layer, drawn.outcome.id));
        }
        for (layer, id) in &used {
            let stack = self.stack(*layer, names);
            let entry = stack.iter().find(|entry| entry.id == *id);
            if let Some(left) = entry.and_then(|entry| entry.left.as_ref()) {
                left.set(left.get().saturating_sub(1));
            }
        }
        // settings that hold always the same need no count
        used.retain(|(layer, id)| {
            let stack = self.stack(*layer, names);
            stack
                .iter()
                .any(|entry| entry.id == *id && !entry.setting.is_lasting())
        });
        let mut visit = 0;
        let live = names.instance.and_then(|name| self.live.get_mut(name));
        if let Some(live) = live {
            let command = names.command.unwrap_or_default();
            visit = match live.counts.visits.get_mut(command) {
                Some(visits) => {
                    *visits += 1;
                    *visits
                }
                None => *live.counts.visits.entry(command.to_owned()).or_insert(1),
            };
            for (_, id) in used {
                *live.counts.uses.entry(id).or_default() += 1;
            }
        }
        Draw {
            drawn,
            visit,
            releases: self.releases,
        }
    }

    /// What an execution that is under way goes by now.
    ///
    /// It keeps what it has drawn, unless that was taken back, or something that holds always was
    /// set above it. What holds for some uses only, and sequences, are for executions to come; a
    /// rejection comes too late.
    pub(super) fn follow(&self, names: Names<'_>, drawn: &Drawn) -> Drawn {
        let progression = self.find(names, |entry| {
            if entry.id == drawn.progression.id {
                return Some(drawn.progression.value.clone());
            }
            let lasting = entry.setting.is_lasting().then_some(&entry.setting)?;
            lasting.at(0)?.progression().cloned()
        });
        let outcome = self.find(names, |entry| {
            if entry.id == drawn.outcome.id {
                return Some(drawn.outcome.value.clone());
            }
            let lasting = entry.setting.is_lasting().then_some(&entry.setting)?;
            let transition = lasting.at(0)?;
            let outcome = transition.outcome()?;
            let comes_too_late = matches!(outcome, Outcome::Reject { .. });
            (!comes_too_late).then(|| (outcome.clone(), transition.probability().unwrap_or(1.0)))
        });
        Drawn {
            progression: progression.unwrap_or(Aspect::fallback(Progression::Immediate)),
            outcome: outcome.unwrap_or(Aspect::fallback((Outcome::Succeed, 1.0))),
        }
    }

    pub(super) fn release(&mut self, gate: &str) {
        self.releases += 1;
        self.last_release.insert(normal(gate), self.releases);
    }

    /// How many releases there have been.
    pub(super) const fn releases(&self) -> u64 {
        self.releases
    }

    /// Whether an execution that is held has been released; if so, that counts as used.
    pub(super) fn lets_through(
        &mut self,
        names: Names<'_>,
        held: &Aspect<Progression>,
        arrived: u64,
    ) -> bool {
        let Progression::Held(gate) = &held.value else {
            return false;
        };
        let own_names = match &gate.name {
            Some(name) => vec![normal(name)],
            None => [names.instance, names.model]
                .into_iter()
                .flatten()
                .map(str::to_owned)
                .collect(),
        };
        let Some(live) = names.instance.and_then(|name| self.live.get_mut(name)) else {
            return false;
        };
        let used = &mut live.counts.let_through;
        for name in own_names {
            let before = if gate.remembers {
                used.get(&name).copied().unwrap_or(0)
            } else {
                arrived
            };
            let released = self.last_release.get(&name).copied().unwrap_or(0);
            if released > before.max(held.since) {
                used.insert(name, released);
                return true;
            }
        }
        false
    }

    /// Whether anything can be held at a gate of this name.
    pub(super) fn knows_gate(&self, gate: &str) -> bool {
        let key = normal(gate);
        let named = |entry: &Entry| {
            entry.setting.transitions().iter().any(|transition| {
                matches!(transition.progression(), Some(Progression::Held(held))
                    if held.name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(gate)))
            })
        };
        let on_shelf = |shelf: &Shelf| {
            let of_commands = shelf.of_commands.values().flatten();
            shelf.whole.iter().chain(of_commands).any(named)
        };
        self.models.contains_key(&key)
            || self.live.contains_key(&key)
            || on_shelf(&self.everything)
            || self.of_models.values().any(on_shelf)
            || self.of_instances.values().any(on_shelf)
            || self.models.values().any(|model| on_shelf(&model.defaults))
    }

    /// The instances that a setting of this scope concerns.
    pub(super) fn concerned(&self, scope: &Scope) -> Vec<Arc<Core>> {
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

/// Whether the outcome is a refusal, and when.
pub(super) fn rejection(outcome: &Outcome) -> Option<(&str, Rejection)> {
    match outcome {
        Outcome::Reject { message, when } => Some((message, *when)),
        _ => None,
    }
}
