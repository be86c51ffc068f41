//! One execution of a command, or one stay in a state that is left without a command.

use std::time::Duration;

use tokio::time::Instant;

use super::history::Cause;
use super::scope::normal;
use super::seed::generator;
use super::settings::{Draw, Drawn, Names, rejection};
use super::{Instance, Layer, Outcome, Progression};

/// How an execution ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// The moment as of which it ended; not after the look that found it out.
    pub at: Instant,
    /// How.
    pub outcome: Outcome,
    /// Why then.
    pub cause: Cause,
}

/// One execution of a command, or one stay in a state that is left without a command: knows when
/// it ends, and how.
///
/// It counts and times from its beginning, whatever went on before. What testers change meanwhile
/// concerns it from its next look on, as if it had been so from the beginning: set to 5 s after
/// 7 s, it is due at once. Settings that hold for some uses only, and sequences, are for
/// executions to come, and so are rejections.
///
/// Every look takes the present moment. Looks cost no lock as long as testers change nothing.
#[derive(Debug)]
#[must_use = "an execution does nothing unless it is asked when it ends"]
pub struct Execution {
    instance: Instance,
    command: String,
    visit: u64,
    seed: u64,
    started: Instant,
    arrived: u64,
    reads: u32,
    last_read: Instant,
    released: Option<Instant>,
    /// When testers last changed what it goes by; it cannot have ended by that before.
    changed: Instant,
    seen: u64,
    drawn: Drawn,
    dwell: Duration,
    outcome: Outcome,
}

impl Execution {
    pub(super) fn begin(instance: Instance, command: &str, now: Instant) -> Execution {
        let command = normal(command);
        let core = instance.core();
        let names = Names {
            instance: Some(&core.key),
            model: Some(&core.model),
            command: Some(&command),
        };
        let (seed, seen, draw) = instance
            .controller()
            .with(|settings, generation| (settings.seed, generation, settings.draw(names)));
        let Draw {
            drawn,
            visit,
            releases,
        } = draw;
        let mut execution = Execution {
            dwell: Duration::ZERO,
            outcome: Outcome::Succeed,
            instance,
            command,
            visit,
            seed,
            started: now,
            arrived: releases,
            reads: 0,
            last_read: now,
            released: None,
            changed: now,
            seen,
            drawn,
        };
        execution.settle();
        // a gate that remembers may have been released before
        execution.pass_gate(now);
        execution
    }

    /// Starts anew at this moment, for a command whose turn has come only now: what was counted
    /// and timed while it waited is forgotten, a release that came meanwhile is not.
    pub const fn start(&mut self, now: Instant) {
        self.started = now;
        self.reads = 0;
        self.changed = now;
    }

    /// The moment at which it started.
    #[must_use]
    pub const fn started(&self) -> Instant {
        self.started
    }

    /// Why it is to be refused now that its turn has come, if it is.
    #[must_use]
    pub fn rejection(&self) -> Option<&str> {
        rejection(&self.outcome).map(|(message, _)| message)
    }

    /// When it ends; a moment in the past if it is due. `None` if time alone does not end it.
    pub fn next_due(&mut self, now: Instant) -> Option<Instant> {
        self.follow(now);
        self.due().map(|(at, _)| at)
    }

    /// How it ended, if it is due by now.
    pub fn ending(&mut self, now: Instant) -> Option<Ending> {
        self.follow(now);
        let (at, cause) = self.due().filter(|(at, _)| *at <= now)?;
        Some(Ending {
            at,
            outcome: self.outcome.clone(),
            cause,
        })
    }

    /// The state was read: counts the read, and tells how it ended, if it is due by now. A device
    /// that then shows the new state already behaves as moto does.
    pub fn read(&mut self, now: Instant) -> Option<Ending> {
        self.count_reads(1, now);
        self.ending(now)
    }

    /// Counts reads, but not more than it takes to be due by them; returns how many are left.
    pub(super) fn count_reads(&mut self, reads: u32, now: Instant) -> u32 {
        self.follow(now);
        let counted = match self.drawn.progression.value {
            Progression::Manual(times) => reads.min(times.get().saturating_sub(self.reads)),
            _ => reads,
        };
        if counted > 0 {
            self.reads = self.reads.saturating_add(counted);
            self.last_read = now;
        }
        reads - counted
    }

    /// Releases this execution alone, if it is held. To release by name, ask the
    /// [controller](super::TransitionController::release).
    pub fn release(&mut self, now: Instant) {
        if matches!(self.drawn.progression.value, Progression::Held(_)) {
            self.released.get_or_insert(now);
        }
    }

    /// When it ends, as of the last look.
    #[must_use]
    pub const fn progression(&self) -> &Progression {
        &self.drawn.progression.value
    }

    /// The layer that says when it ends, as of the last look.
    #[must_use]
    pub const fn progression_layer(&self) -> Layer {
        self.drawn.progression.layer
    }

    /// How it will end, as of the last look.
    #[must_use]
    pub const fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// The layer that says how it ends, as of the last look.
    #[must_use]
    pub const fn outcome_layer(&self) -> Layer {
        self.drawn.outcome.layer
    }

    /// How long it takes, if time decides, as of the last look: zero if it ends at once. To tell
    /// the progress of a command from it.
    #[must_use]
    pub const fn dwell(&self) -> Option<Duration> {
        match self.drawn.progression.value {
            Progression::Immediate => Some(Duration::ZERO),
            Progression::Time(_) => Some(self.dwell),
            Progression::Manual(_) | Progression::Held(_) | Progression::Never => None,
        }
    }

    /// How often the state was read since it started.
    #[must_use]
    pub const fn reads(&self) -> u32 {
        self.reads
    }

    fn due(&self) -> Option<(Instant, Cause)> {
        let (at, cause) = match &self.drawn.progression.value {
            Progression::Immediate => (self.started, Cause::Immediate),
            Progression::Time(_) => {
                let at = self.started.checked_add(self.dwell)?;
                (at, Cause::Time(self.dwell))
            }
            Progression::Manual(times) if self.reads >= times.get() => {
                (self.last_read, Cause::Reads(times.get()))
            }
            Progression::Held(_) => (self.released?, Cause::Released),
            Progression::Manual(_) | Progression::Never => return None,
        };
        Some((at.max(self.changed), cause))
    }

    /// Looks at what testers have changed.
    fn follow(&mut self, now: Instant) {
        if self.instance.controller().generation() == self.seen {
            return;
        }
        let controller = self.instance.controller().clone();
        let names = names(&self.instance, &self.command);
        let before = (self.drawn.progression.id, self.drawn.outcome.id);
        let (seen, releases, drawn) = controller.with(|settings, generation| {
            let drawn = settings.follow(names, &self.drawn);
            (generation, settings.releases(), drawn)
        });
        self.seen = seen;
        let gate_is_new = drawn.progression.id != before.0;
        let changed = gate_is_new || drawn.outcome.id != before.1;
        self.drawn = drawn;
        if changed {
            self.changed = now;
            self.settle();
        }
        if gate_is_new {
            // what was released before it came to this gate is none of its business
            self.arrived = releases;
            self.released = None;
        }
        self.pass_gate(now);
    }

    fn pass_gate(&mut self, now: Instant) {
        if self.released.is_some() || !matches!(self.drawn.progression.value, Progression::Held(_))
        {
            return;
        }
        let names = names(&self.instance, &self.command);
        let passes = self.instance.controller().with(|settings, _| {
            settings.lets_through(names, &self.drawn.progression, self.arrived)
        });
        if passes {
            self.released = Some(now);
        }
    }

    /// Draws what is left to chance. The same execution draws the same.
    fn settle(&mut self) {
        let core = self.instance.core();
        let random = |what| {
            generator(
                self.seed,
                [core.key.as_str(), self.command.as_str(), what],
                self.visit,
            )
        };
        self.dwell = match &self.drawn.progression.value {
            Progression::Time(dwell) => dwell.draw(&mut random("time")),
            _ => Duration::ZERO,
        };
        let (outcome, probability) = &self.drawn.outcome.value;
        self.outcome = if *probability >= 1.0 || random("outcome").f64() < *probability {
            outcome.clone()
        } else {
            Outcome::Succeed
        };
    }
}

fn names<'a>(instance: &'a Instance, command: &'a str) -> Names<'a> {
    let core = instance.core();
    Names {
        instance: Some(&core.key),
        model: Some(&core.model),
        command: Some(command),
    }
}
