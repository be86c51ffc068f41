//! What is heard of a device, and whether what somebody waits for is among it.

use std::sync::Arc;
use std::time::Duration;

use super::conservation::Conservation;
use super::history::{History, Mark};
use super::replies::Ending;
use crate::load::measure::ResultClass;

/// So many ends of commands are remembered until somebody waits for them.
const MOST_ENDS: usize = 256;

/// In this state a device has broken, and nothing is waited for any more.
const FAULT: &str = "FAULT";

/// What is heard of a device.
#[derive(Default)]
pub(super) struct Watch {
    pub(super) state: History,
    /// Other attributes, by their names.
    others: Vec<(String, History)>,
    /// How commands ended of which nobody has asked yet.
    ends: Vec<Ending>,
    pub(super) conservation: Option<Conservation>,
    /// How many commands were sent.
    pub(super) sent: u64,
}

/// How waiting ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Awaited {
    /// It came.
    Came,
    /// It will not come any more, and why.
    Vain(ResultClass, String),
    /// It did not come in time, and what there was then.
    Late(Option<Arc<str>>),
}

/// What is waited for.
pub(super) struct Awaiting<'a> {
    /// Of which attribute; none is the state.
    pub(super) attribute: Option<&'a str>,
    /// Since when; without a mark what it is now counts, too.
    pub(super) mark: Option<Mark>,
    /// A command whose bad end ends the waiting.
    pub(super) command: Option<Taken<'a>>,
    pub(super) within: Duration,
}

/// A command that the device has taken.
#[derive(Clone, Copy)]
pub(super) struct Taken<'a> {
    /// How the device calls it.
    pub(super) id: &'a str,
    /// Which one it was of all that were sent to the device.
    pub(super) number: u64,
}

impl Watch {
    /// The history of an attribute other than the state.
    pub(super) fn other(&mut self, attribute: &str) -> &mut History {
        let is_it = |(name, _): &(String, History)| name.eq_ignore_ascii_case(attribute);
        let place = self.others.iter().position(is_it).unwrap_or_else(|| {
            self.others.push((attribute.to_owned(), History::default()));
            self.others.len() - 1
        });
        &mut self.others[place].1
    }

    pub(super) fn of(&mut self, attribute: Option<&str>) -> &History {
        match attribute {
            None => &self.state,
            Some(attribute) => self.other(attribute),
        }
    }

    /// Remembers how a command ended until somebody waits for it.
    pub(super) fn remember(&mut self, ending: Ending) {
        // a good end is nothing that a wait must hear of: the state tells more
        if ending.class == ResultClass::Ok || self.ends.contains(&ending) {
            return;
        }
        if self.ends.len() == MOST_ENDS {
            self.ends.remove(0);
        }
        self.ends.push(ending);
    }

    pub(super) fn lose(&mut self) {
        self.state.lose();
        self.forget();
    }

    pub(super) fn forget(&mut self) {
        if let Some(conservation) = &mut self.conservation {
            conservation.forget();
        }
    }

    /// Whether what is awaited has come, or will not; nothing as long as neither is known. `alone`: nobody but the
    /// users sends commands.
    pub(super) fn look(
        &mut self,
        awaiting: &Awaiting<'_>,
        is_it: impl Fn(&str) -> bool,
        alone: bool,
    ) -> Option<Awaited> {
        let history = self.of(awaiting.attribute);
        let (now, since) = match awaiting.mark {
            Some(mark) => (None, Some(history.since(mark))),
            None => (history.now().map(|it| &*it.value), None),
        };
        for value in now.into_iter().chain(since.into_iter().flatten()) {
            if is_it(value) {
                return Some(Awaited::Came);
            }
            if awaiting.attribute.is_none() && value == FAULT {
                let words = "the device went to FAULT".to_owned();
                return Some(Awaited::Vain(ResultClass::DevFailed, words));
            }
        }
        let command = awaiting.command?;
        let place = self.ends.iter().position(|it| it.id == command.id)?;
        let Ending { class, words, .. } = self.ends.swap_remove(place);
        let nobody_sent_another = alone && self.sent == command.number;
        Some(match class {
            ResultClass::Interrupted if nobody_sent_another => Awaited::Vain(
                ResultClass::DevFailed,
                format!("{words}, and nobody had sent another command"),
            ),
            class => Awaited::Vain(class, words),
        })
    }
}
