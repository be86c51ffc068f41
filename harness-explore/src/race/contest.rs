//! Who races, from where, and when each starts.

use std::fmt;
use std::time::Duration;

use harness_core::state_machine::State;
use serde::Serialize;

/// A command that races.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entrant {
    /// The client that sends it. Clients are numbered from 0; each sends one command at a time.
    pub client: usize,
    /// The command.
    pub command: String,
    /// The name of its input, if inputs were declared for it.
    pub input: Option<String>,
    /// How long after the start it is sent; a client that is still busy sends it as soon as it can.
    pub offset: Duration,
}

/// Commands of several clients that are sent at about the same time, to a system in this state.
///
/// Shown, it says who sends what and when: `in READY: 0 End, 1 Scan after 3 ms`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contest<S> {
    /// The state in which it begins.
    pub from: S,
    /// The commands.
    pub entrants: Vec<Entrant>,
}

impl<S: State> Contest<S> {
    /// Nobody races yet.
    #[must_use]
    pub fn from(state: S) -> Contest<S> {
        Contest {
            from: state,
            entrants: Vec::new(),
        }
    }

    /// One more client sends this command, at the start.
    #[must_use]
    pub fn with(self, command: impl Into<String>) -> Contest<S> {
        let client = self.clients();
        self.with_entrant(Entrant {
            client,
            command: command.into(),
            input: None,
            offset: Duration::ZERO,
        })
    }

    /// One more command, of any client.
    #[must_use]
    pub fn with_entrant(mut self, entrant: Entrant) -> Contest<S> {
        self.entrants.push(entrant);
        self
    }

    /// How many clients it takes.
    #[must_use]
    pub fn clients(&self) -> usize {
        let clients = self.entrants.iter().map(|entrant| entrant.client + 1);
        clients.max().unwrap_or(0)
    }

    /// The same without one of its commands; clients without commands are not needed any more.
    pub(super) fn without(&self, place: usize) -> Contest<S> {
        let mut smaller = self.clone();
        smaller.entrants.remove(place);
        let mut clients: Vec<usize> = smaller.entrants.iter().map(|it| it.client).collect();
        clients.sort_unstable();
        clients.dedup();
        for entrant in &mut smaller.entrants {
            let place = clients.iter().position(|client| *client == entrant.client);
            entrant.client = place.unwrap_or_default();
        }
        smaller
    }

    /// The same with the second of two commands sent so much later than the first; earlier if it is
    /// the first that is late.
    pub(super) fn with_offsets(&self, offsets: &[Duration]) -> Contest<S> {
        let mut shifted = self.clone();
        for (entrant, offset) in shifted.entrants.iter_mut().zip(offsets) {
            entrant.offset = *offset;
        }
        shifted
    }
}

impl fmt::Display for Entrant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.client, self.command)?;
        if let Some(input) = &self.input {
            write!(formatter, "({input})")?;
        }
        if self.offset.is_zero() {
            return Ok(());
        }
        write!(formatter, " after {:?}", self.offset)
    }
}

impl<S: State> fmt::Display for Contest<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entrants: Vec<String> = self.entrants.iter().map(ToString::to_string).collect();
        write!(formatter, "in {}: {}", self.from, entrants.join(", "))
    }
}
