//! The ids of long running commands.

use std::fmt;
use std::sync::Arc;
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

/// Gives ids that differ from each other.
#[derive(Debug, Default)]
pub struct CommandIds {
    given: u64,
}

impl CommandIds {
    /// The id of the next execution of a command.
    pub fn next(&mut self, command: &str) -> CommandId {
        self.given += 1;
        // a clock before 1970 makes an odd id, not a wrong one
        let time = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_secs_f64();
        CommandId(format!("{time:.7}_{}_{command}", self.given).into())
    }
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
}
