//! Connections that are closed.

use std::fmt;
use std::time::Duration;

use crate::wording::{Spoken, counted};

/// How a connection is closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Ending {
    /// In good order, as a program closes a socket: both sides read what was sent before, and then
    /// the end of the stream (FIN).
    #[default]
    Fin,
    /// At once, as when a computer has forgotten the connection: both sides see a reset (RST).
    Reset,
}

impl Ending {
    /// What it does to a connection: `close`, `reset`.
    pub(crate) const fn verb(self) -> &'static str {
        match self {
            Ending::Fin => "close",
            Ending::Reset => "reset",
        }
    }
}

/// The connection is closed, both sides of it: at once, when data comes, after so many octets, or
/// at a time.
///
/// ```
/// use std::time::Duration;
///
/// use harness_chaos::Close;
///
/// assert_eq!(Close::on_data().to_string(), "close their connection when data comes");
/// let reset = Close::after(Duration::from_millis(500)).by_reset();
/// assert_eq!(reset.to_string(), "reset their connection after 500 ms");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Close {
    pub(crate) when: When,
    pub(crate) ending: Ending,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    Octets(u64),
    Answer(Duration),
    Hanging(Option<Duration>),
    Since(Window),
}

/// A time, and from where it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) time: Duration,
    pub(crate) jitter: Duration,
    pub(crate) from: Origin,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    Condition,
    Opening,
    Octets,
}

impl Close {
    const fn since(from: Origin, time: Duration) -> Close {
        Close {
            when: When::Since(Window {
                time,
                jitter: Duration::ZERO,
                from,
            }),
            ending: Ending::Fin,
        }
    }

    /// At once: connections that are open, and later ones as soon as they are.
    #[must_use]
    pub const fn at_once() -> Close {
        Close::after(Duration::ZERO)
    }

    /// When data comes, which is not passed on.
    #[must_use]
    pub const fn on_data() -> Close {
        Close::after_octets(0)
    }

    /// After so many octets from when the condition began have been passed on, counted for each
    /// connection. None is [`on_data`](Close::on_data).
    #[must_use]
    pub const fn after_octets(octets: u64) -> Close {
        Close {
            when: When::Octets(octets),
            ending: Ending::Fin,
        }
    }

    /// This long after the condition began, or after the connection was opened if that was later;
    /// also when no data comes.
    #[must_use]
    pub const fn after(time: Duration) -> Close {
        Close::since(Origin::Condition, time)
    }

    /// When the connection has been open for this long; also when no data comes. One that is older
    /// is closed at once.
    #[must_use]
    pub const fn when_open_for(time: Duration) -> Close {
        Close::since(Origin::Opening, time)
    }

    /// When no data has come for this long, counted from when the condition began at the earliest.
    #[must_use]
    pub const fn when_silent_for(time: Duration) -> Close {
        Close::since(Origin::Octets, time)
    }

    /// This long after data, or the end of the stream, has come, which is not passed on; nor is what
    /// comes meanwhile.
    #[must_use]
    pub const fn this_long_after_data(time: Duration) -> Close {
        Close {
            when: When::Answer(time),
            ending: Ending::Fin,
        }
    }

    /// Nothing passes, as when the other side hangs, but for the end of the stream. The connection is
    /// given up when no data has come for this long, or never without a time; and when the condition
    /// ends.
    #[must_use]
    pub const fn after_hanging(time: Option<Duration>) -> Close {
        Close {
            when: When::Hanging(time),
            ending: Ending::Fin,
        }
    }

    /// Later by up to this much, by chance. Of no use where no time is meant.
    #[must_use]
    pub const fn with_jitter(mut self, jitter: Duration) -> Close {
        if let When::Since(window) = &mut self.when {
            window.jitter = jitter;
        }
        self
    }

    /// By a reset instead of in good order.
    #[must_use]
    pub const fn by_reset(mut self) -> Close {
        self.ending = Ending::Reset;
        self
    }
}

impl fmt::Display for Close {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if matches!(self.when, When::Hanging(_)) {
            formatter.write_str("are swallowed, and ")?;
        }
        write!(formatter, "{} their connection ", self.ending.verb())?;
        let window = match self.when {
            When::Octets(0) => return formatter.write_str("when data comes"),
            When::Octets(limit) => return write!(formatter, "after {}", counted(limit, "octet")),
            When::Answer(time) => return write!(formatter, "{} after data comes", Spoken(time)),
            When::Hanging(None) => return formatter.write_str("when this ends"),
            When::Hanging(Some(time)) => {
                let time = Spoken(time);
                return write!(formatter, "when nothing comes for {time} or this ends");
            }
            When::Since(window) => window,
        };
        let time = Spoken(window.time);
        match window.from {
            Origin::Condition if window.time.is_zero() => formatter.write_str("at once")?,
            Origin::Condition => write!(formatter, "after {time}")?,
            Origin::Opening => write!(formatter, "when it has been open for {time}")?,
            Origin::Octets => write!(formatter, "when nothing comes for {time}")?,
        }
        match window.jitter.is_zero() {
            true => Ok(()),
            false => write!(formatter, ", up to {} later", Spoken(window.jitter)),
        }
    }
}
