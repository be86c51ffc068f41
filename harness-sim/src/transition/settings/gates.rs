//! What is held, and what releases it.

use super::Settings;
use super::draw::{Aspect, Names};
use super::shelf::{Entry, Shelf};
use crate::transition::Progression;
use crate::transition::scope::normal;

impl Settings {
    pub(in crate::transition) fn release(&mut self, gate: &str) {
        self.releases += 1;
        self.last_release.insert(normal(gate), self.releases);
    }

    /// How many releases there have been.
    pub(in crate::transition) const fn releases(&self) -> u64 {
        self.releases
    }

    /// Whether an execution that is held has been released; if so, that counts as used.
    pub(in crate::transition) fn lets_through(
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
    pub(in crate::transition) fn knows_gate(&self, gate: &str) -> bool {
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
}
