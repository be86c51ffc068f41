//! The ids of long running commands.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// The id of one execution of a long running command: `<unix time>_<number>_<command>`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CommandId(Arc<str>);

impl CommandId {
    /// The text, cheap to clone.
    #[must_use]
    pub fn text(&self) -> Arc<str> {
        Arc::clone(&self.0)
    }
}

impl fmt::Display for CommandId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Gives ids that differ from each other, and from those of all others in this process.
#[derive(Debug, Default)]
pub struct CommandIds {
    given: u64,
}

impl CommandIds {
    /// The id of the next execution of a command.
    pub fn next(&mut self, command: &str) -> CommandId {
        self.given += 1;
        let time = unique_time();
        let (seconds, rest) = (time / PER_SECOND, time % PER_SECOND);
        CommandId(format!("{seconds}.{rest:07}_{}_{command}", self.given).into())
    }
}

/// Moments are told apart by a tenth of a microsecond.
const PER_SECOND: u64 = 10_000_000;

/// The moment of the last id: two devices that give one at the same time must not give the same.
static LAST: AtomicU64 = AtomicU64::new(0);

/// The present moment, or one just after the last that was given.
fn unique_time() -> u64 {
    // a clock before 1970 makes an odd id, not a wrong one
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let now = since.as_secs() * PER_SECOND + u64::from(since.subsec_nanos() / 100);
    let after = |last: u64| now.max(last + 1);
    let last = LAST.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| {
        Some(after(last))
    });
    last.map_or_else(after, after)
}

#[cfg(test)]
mod tests {
    use super::CommandIds;

    #[test]
    fn an_id_holds_the_time_a_number_and_the_command() {
        let mut ids = CommandIds::default();
        let first = ids.next("On").to_string();
        let second = ids.next("On").to_string();
        assert_ne!(first, second);
        let parts: Vec<_> = second.split('_').collect();
        assert!(parts[0].parse::<f64>().unwrap() > 1.0e9);
        assert_eq!(parts[1..], ["2", "On"]);
    }

    #[test]
    fn two_devices_never_give_the_same_id() {
        let give = || {
            let mut ids = CommandIds::default();
            (0..20_000).map(move |_| ids.next("On").to_string())
        };
        let devices = [(); 4].map(|()| std::thread::spawn(move || give().collect::<Vec<_>>()));
        let mut moments = std::collections::HashSet::new();
        for id in devices
            .into_iter()
            .flat_map(|device| device.join().unwrap())
        {
            // the numbers are the same, so the moments must not be
            let (moment, _) = id.split_once('_').unwrap();
            assert!(moments.insert(moment.to_owned()), "{id}");
        }
    }
}
