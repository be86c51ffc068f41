//! The layers of settings, and which of them counts.

use std::fmt;

use super::{Outcome, Progression};

/// A layer of settings, from the narrowest to the widest. The narrowest that says something about
/// a transition's progression, or about its outcome, counts for that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// Set for one command of the instance.
    InstanceCommand,
    /// Set for the instance.
    Instance,
    /// Set for one command of the model.
    ModelCommand,
    /// Set for the model.
    Model,
    /// Set for one command of everything.
    EverythingCommand,
    /// Set for everything.
    Everything,
    /// What the model has by default for the command.
    DefaultOfCommand,
    /// What the model has by default.
    Default,
    /// What holds where nothing else does: transitions end at once, and succeed.
    Fallback,
}

impl Layer {
    /// All layers, from the narrowest to the widest.
    pub const ALL: &'static [Layer] = &[
        Layer::InstanceCommand,
        Layer::Instance,
        Layer::ModelCommand,
        Layer::Model,
        Layer::EverythingCommand,
        Layer::Everything,
        Layer::DefaultOfCommand,
        Layer::Default,
        Layer::Fallback,
    ];

    /// Its name: `instance command`, `model default` and so on.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Layer::InstanceCommand => "instance command",
            Layer::Instance => "instance",
            Layer::ModelCommand => "model command",
            Layer::Model => "model",
            Layer::EverythingCommand => "everything command",
            Layer::Everything => "everything",
            Layer::DefaultOfCommand => "command default",
            Layer::Default => "model default",
            Layer::Fallback => "fallback",
        }
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// What the next execution in a scope would meet, and which layers say so.
#[derive(Clone, Debug, PartialEq)]
pub struct Effective {
    /// When it would end.
    pub progression: Progression,
    /// The layer that says when.
    pub progression_layer: Layer,
    /// How it would end.
    pub outcome: Outcome,
    /// With which probability it would end so, rather than succeed; 1 if it is certain.
    pub probability: f64,
    /// The layer that says how.
    pub outcome_layer: Layer,
}

impl fmt::Display for Effective {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} ({}), {} ({})",
            self.progression, self.progression_layer, self.outcome, self.outcome_layer
        )
    }
}
