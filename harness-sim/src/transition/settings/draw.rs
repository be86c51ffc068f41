//! What an execution draws from what is set.

use super::Settings;
use super::shelf::{Entry, SettingId};
use crate::transition::{Effective, Layer, Outcome, Progression, Rejection};

/// Whom a look-up is for. All names are normal.
#[derive(Clone, Copy, Debug)]
pub(in crate::transition) struct Names<'a> {
    pub(in crate::transition) instance: Option<&'a str>,
    pub(in crate::transition) model: Option<&'a str>,
    pub(in crate::transition) command: Option<&'a str>,
}

/// What an execution has from a setting, and from which.
#[derive(Clone, Debug)]
pub(in crate::transition) struct Aspect<T> {
    pub(in crate::transition) id: SettingId,
    pub(in crate::transition) layer: Layer,
    pub(in crate::transition) since: u64,
    pub(in crate::transition) value: T,
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
pub(in crate::transition) struct Drawn {
    pub(in crate::transition) progression: Aspect<Progression>,
    pub(in crate::transition) outcome: Aspect<(Outcome, f64)>,
}

/// What an execution gets when it begins.
#[derive(Debug)]
pub(in crate::transition) struct Draw {
    pub(in crate::transition) drawn: Drawn,
    pub(in crate::transition) visit: u64,
    pub(in crate::transition) releases: u64,
}

impl Settings {
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

    pub(in crate::transition) fn effective(&self, names: Names<'_>) -> Effective {
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
    pub(in crate::transition) fn draw(&mut self, names: Names<'_>) -> Draw {
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
        used.retain(|(layer, id)| {
            let stack = self.stack(*layer, names);
            stack
                .iter()
                .any(|entry| entry.id == *id && entry.is_counted_by_instance())
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
    pub(in crate::transition) fn follow(&self, names: Names<'_>, drawn: &Drawn) -> Drawn {
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
}

/// Whether the outcome is a refusal, and when.
pub(in crate::transition) fn rejection(outcome: &Outcome) -> Option<(&str, Rejection)> {
    match outcome {
        Outcome::Reject { message, when } => Some((message, *when)),
        _ => None,
    }
}
