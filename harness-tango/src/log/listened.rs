//! Which devices are listened to, and how often.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use tokio::sync::Mutex;

/// The devices that a collector listens to, by their names. An admin device knows a collector once,
/// however often it listens, and one level.
#[derive(Clone, Debug, Default)]
pub(super) struct ListenedDevices(Arc<std::sync::Mutex<HashMap<String, Listened>>>);

/// How one device is listened to; locked for as long as its admin device is told of a change.
pub(super) type Listened = Arc<Mutex<Levels>>;

/// The levels of one device.
#[derive(Debug, Default)]
pub(super) struct Levels {
    /// The level that the device had before the first one listened.
    before: i32,
    /// Those that were asked for, one for each who listens.
    asked: Vec<i32>,
}

impl ListenedDevices {
    pub(super) fn of(&self, device: &str) -> Listened {
        // a map of plain data is whole between any two statements
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(device.to_lowercase()).or_default())
    }
}

impl Levels {
    /// Whether nobody listens.
    pub(super) fn is_unheard(&self) -> bool {
        self.asked.is_empty()
    }

    /// The level that the device is to have.
    pub(super) fn wanted(&self) -> i32 {
        self.asked.iter().copied().fold(self.before, i32::max)
    }

    /// Somebody listens at this level; the device has that one.
    pub(super) fn add(&mut self, level: i32, present: i32) {
        if self.is_unheard() {
            self.before = present;
        }
        self.asked.push(level);
    }

    /// Somebody who listened at this level does so no more.
    pub(super) fn remove(&mut self, level: i32) {
        if let Some(index) = self.asked.iter().position(|asked| *asked == level) {
            self.asked.swap_remove(index);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Levels;

    #[test]
    fn a_device_says_as_much_as_the_most_curious_wants_and_at_last_as_much_as_before() {
        let mut levels = Levels::default();
        levels.add(4, 3);
        levels.add(5, 4);
        assert_eq!(levels.wanted(), 5);
        levels.remove(5);
        assert_eq!(levels.wanted(), 4);
        levels.remove(4);
        assert!(levels.is_unheard());
        assert_eq!(levels.wanted(), 3);
    }
}
