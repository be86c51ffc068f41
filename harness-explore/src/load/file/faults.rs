//! What is made to go wrong, and when.

use std::time::Duration;

use super::error::Place;
use super::names::KnownNames;
use super::table::Table;
use super::telescope::FileTelescope;

/// Something that is made to go wrong, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct FileFault {
    /// Its name: `network-down`.
    pub what: String,
    /// How long after the clock was started it comes.
    pub at: Duration,
    /// How long it lasts.
    pub lasting: Duration,
    /// How long after it came it comes again, if it does.
    pub every: Option<Duration>,
    /// Of the devices with these numbers; of all, if empty.
    pub on: Vec<u64>,
    /// Where it stands in the file.
    pub place: Place,
}

impl FileFault {
    /// Reads one; `length` is how long the load takes, if that is known.
    pub(super) fn read(
        table: &Table<'_>,
        names: &KnownNames,
        telescope: Option<&FileTelescope>,
        length: Option<Duration>,
    ) -> Option<FileFault> {
        // what is told already is not told again as something else
        let is_simulated = telescope.is_none_or(|it| it.choice.is_simulated());
        let known: Vec<&str> = names.faults.iter().map(|it| it.name.as_str()).collect();
        let entry = table.need("what", "what goes wrong, as \"network-down\"");
        let what = entry.as_ref().and_then(|it| it.one_of("fault", &known));
        let simulated_only = names.faults.iter().filter(|it| it.simulated_only);
        if let (Some(entry), Some(what)) = (&entry, what)
            && !is_simulated
            && simulated_only.clone().any(|it| it.name == what)
        {
            let words = format!("only the simulated telescope of this process can have `{what}`");
            entry.wrong(format!("{words}; a network can go wrong anywhere"));
        }
        let at = table.need("at", "how long after the start, as \"30s\"");
        let time = at.as_ref().and_then(|it| it.time());
        if let (Some(at), Some(time), Some(length)) = (at, time, length)
            && time >= length
        {
            at.wrong(format!(
                "it would never come: the load is over after {length:?}"
            ));
        }
        let lasting = table.need("lasting", "for how long, as \"5s\"");
        let lasting = lasting.and_then(|it| it.some_time());
        let every = table.get("every").and_then(|entry| {
            let every = entry.some_time()?;
            if lasting.is_some_and(|lasting| every <= lasting) {
                entry.wrong(
                    "it must be over before it comes again: `every` is longer than `lasting`",
                );
            }
            Some(every)
        });
        let on = table.get("on");
        let on = on.and_then(|it| it.list_of(|number| number.whole(1..=100_000)));
        table.end();
        Some(FileFault {
            what: what?.to_owned(),
            at: time?,
            lasting: lasting?,
            every,
            on: on.unwrap_or_default(),
            place: table.notes.place(&table.span),
        })
    }
}
