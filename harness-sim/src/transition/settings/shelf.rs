//! The settings of one scope.

use std::cell::Cell;
use std::collections::HashMap;
use std::num::NonZeroU32;

use crate::transition::{Setting, Then, Uses};

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
    /// Another one took its place; it is there for executions that still go by it only.
    pub(super) superseded: bool,
    /// How many releases there had been when it was set: earlier ones are none of its business.
    pub(super) since: u64,
}

impl Entry {
    /// Whether it is there only for executions that have drawn it already.
    pub(super) fn is_used_up(&self) -> bool {
        self.superseded || self.left.as_ref().is_some_and(|left| left.get() == 0)
    }

    /// What is left of it, as a setting.
    pub(super) fn remaining(&self) -> Option<Setting> {
        if self.is_used_up() {
            return None;
        }
        let left = self.left.as_ref();
        let left = left.and_then(|left| NonZeroU32::new(left.get()));
        Some(self.setting.with_left(left))
    }

    /// Whether it has to be known how often each instance has used it.
    pub(super) fn is_counted_by_instance(&self) -> bool {
        let setting = &self.setting;
        matches!(setting.uses(), Uses::FirstOfEach(_))
            || setting.transitions().len() > 1
            || setting.end() == Then::FallBack
    }

    /// Whether the other takes its place: what holds always takes that of all, what does not, only
    /// of its like, and lies on top of the rest.
    pub(super) fn gives_way_to(&self, other: &Setting) -> bool {
        if self.guarded {
            return false;
        }
        let kind = |setting: &Setting| match setting.uses() {
            Uses::Always => 0,
            Uses::FirstOfEach(_) => 1,
            Uses::Next(_) => 2,
        };
        let own = &self.setting;
        other.is_lasting() || (kind(own) == kind(other) && kind(other) != 2 && !own.is_lasting())
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
    /// All that is set, with the commands that it is for.
    pub(super) fn stacks(&self) -> impl Iterator<Item = (Option<&str>, &[Entry])> {
        let of_commands = self.of_commands.iter();
        let of_commands =
            of_commands.map(|(command, stack)| (Some(command.as_str()), stack.as_slice()));
        std::iter::once((None, self.whole.as_slice())).chain(of_commands)
    }
}
