//! What is due when.

use std::collections::BTreeSet;

use tokio::time::Instant;

use crate::device::DeviceId;

/// Which device is to be looked at when.
#[derive(Debug, Default)]
pub(super) struct Agenda {
    entries: BTreeSet<(Instant, DeviceId)>,
    /// The entry of each device, by its number.
    of_devices: Vec<Option<Instant>>,
}

impl Agenda {
    /// Enters when a device is to be looked at, in place of what was entered for it.
    pub(super) fn enter(&mut self, device: DeviceId, due: Option<Instant>) {
        let index = usize::try_from(device.0).unwrap_or(usize::MAX);
        if self.of_devices.len() <= index {
            self.of_devices.resize(index.saturating_add(1), None);
        }
        let Some(entry) = self.of_devices.get_mut(index) else {
            return;
        };
        if *entry != due {
            if let Some(before) = *entry {
                self.entries.remove(&(before, device));
            }
            if let Some(due) = due {
                self.entries.insert((due, device));
            }
            *entry = due;
        }
    }

    /// The first entry: of those at the same moment, that of the device with the lowest number.
    pub(super) fn first(&self) -> Option<(Instant, DeviceId)> {
        self.entries.first().copied()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::{Agenda, DeviceId};

    #[test]
    fn a_device_has_one_entry_and_the_first_comes_first() {
        let mut agenda = Agenda::default();
        let now = Instant::now();
        let later = now + Duration::from_secs(1);
        agenda.enter(DeviceId(2), Some(now));
        agenda.enter(DeviceId(7), Some(later));
        agenda.enter(DeviceId(1), Some(later));
        assert_eq!(agenda.first(), Some((now, DeviceId(2))));
        agenda.enter(DeviceId(2), Some(later));
        assert_eq!(agenda.first(), Some((later, DeviceId(1))));
        for device in [1, 2, 7] {
            agenda.enter(DeviceId(device), None);
        }
        assert_eq!(agenda.first(), None);
    }
}
