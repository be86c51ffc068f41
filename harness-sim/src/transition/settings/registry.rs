//! The models that are registered and the instances that live.

use std::collections::HashMap;
use std::sync::Arc;

use super::SettingId;
use super::shelf::Shelf;
use crate::transition::Model;
use crate::transition::instance::Core;

/// A model that was registered.
#[derive(Debug)]
pub(in crate::transition) struct Registered {
    pub(in crate::transition) model: Arc<Model>,
    pub(super) order: usize,
    pub(super) defaults: Shelf,
}

/// An instance that lives.
#[derive(Debug)]
pub(in crate::transition) struct Live {
    pub(in crate::transition) core: Arc<Core>,
    pub(in crate::transition) handles: usize,
    pub(super) counts: Counts,
}

/// What one instance has used.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) visits: HashMap<String, u64>,
    pub(super) uses: HashMap<SettingId, u64>,
    /// The last release of each gate that has let an execution through.
    pub(super) let_through: HashMap<String, u64>,
}
