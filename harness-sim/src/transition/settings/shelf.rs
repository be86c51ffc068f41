//! The settings of one scope.

use std::cell::Cell;
use std::collections::HashMap;
use std::num::NonZeroU32;

use crate::transition::Setting;

/// Tells settings apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::transition) struct SettingId(pub(super) u64);

/// One thing that was set.
#[derive(Debug)]
pub(in crate::transition) struct Entry {
    pub(super) id: SettingId,
    pub(super) setting: Setting,
    /// How many uses are left, of a setting that is for the next so many.
    pub(super) left: Option<Cell<u32>>,
    pub(super) guarded: bool,
    /// How many releases there had been when it was set: earlier ones are none of its business.
    pub(super) since: u64,
}

impl Entry {
    pub(super) fn is_used_up(&self) -> bool {
        self.left.as_ref().is_some_and(|left| left.get() == 0)
    }

    /// What is left of it, as a setting.
    pub(super) fn remaining(&self) -> Option<Setting> {
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
pub(super) struct Shelf {
    pub(super) whole: Vec<Entry>,
    pub(super) of_commands: HashMap<String, Vec<Entry>>,
}

impl Shelf {
    pub(super) fn stack(&self, command: Option<&str>) -> &[Entry] {
        match command {
            None => &self.whole,
            Some(command) => self.of_commands.get(command).map_or(&[], Vec::as_slice),
        }
    }
}
