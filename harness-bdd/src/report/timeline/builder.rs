//! Entries of the record, put into lanes.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use harness_core::{
    Journal,
    journal::{Entry, EntryKind, Phase},
};

use super::{
    clock::{Clock, rounded, shortened},
    commands::Commands,
    data::{Lane, Period, Timeline},
    known::Known,
    long_running::LongRunning,
    states::Attributes,
};

/// Makes a timeline of entries.
#[derive(Debug)]
pub(super) struct Builder<'a> {
    /// Puts entries into words.
    journal: &'a Journal,
    clock: Clock,
    /// What happened before is left out.
    begin: f64,
    lanes: BTreeMap<Arc<str>, LaneBuilder>,
    actions: Vec<Period>,
    faults: Vec<Period>,
    /// How many lanes have been active.
    active: usize,
}

#[derive(Debug, Default)]
struct LaneBuilder {
    commands: Commands,
    long_running: LongRunning,
    attributes: Attributes,
    /// The how manieth it was to do something.
    active: Option<usize>,
}

impl<'a> Builder<'a> {
    /// A timeline that begins at `began`, and is complete from `complete_from` on; both by the clock
    /// of the journal.
    pub(super) fn new(
        journal: &'a Journal,
        began: Duration,
        complete_from: Duration,
        known: &Known,
    ) -> Self {
        let clock = Clock { began };
        let mut builder = Self {
            journal,
            clock,
            begin: clock.seconds(complete_from),
            lanes: BTreeMap::new(),
            actions: Vec::new(),
            faults: Vec::new(),
            active: 0,
        };
        for (device, attribute) in known.iter() {
            let begin = builder.begin;
            builder.lane(device).attributes.begin(begin, attribute);
        }
        builder
    }

    fn lane(&mut self, device: &Arc<str>) -> &mut LaneBuilder {
        self.lanes.entry(Arc::clone(device)).or_default()
    }

    pub(super) fn add(&mut self, entry: &Entry) {
        let at = self.clock.seconds(entry.at).max(self.begin);
        let begin = self.begin;
        match &*entry.kind {
            EntryKind::Command {
                device,
                command,
                argument,
            } => {
                let lane = self.lane(device);
                lane.commands.sent(at, entry.sequence, command, argument);
                self.is_active(device);
            }
            EntryKind::Reply {
                device,
                command,
                to,
                outcome,
            } => {
                let told = self.journal.narrate(&entry.kind);
                let lane = self.lane(device);
                let sent = lane
                    .commands
                    .answered(at, begin, (*to, command), outcome, told);
                if let Ok(answer) = outcome {
                    lane.long_running.answered(sent, command, answer);
                }
                self.is_active(device);
            }
            EntryKind::Event(event) => {
                let lane = self.lane(&event.device);
                let told = lane.long_running.hear(at, begin, event);
                let heard = lane.attributes.hear(at, begin, event, told.is_some());
                if told.unwrap_or(heard) {
                    self.is_active(&event.device);
                }
            }
            EntryKind::Step { name, phase } if !name.starts_with("Scenario: ") => {
                period(&mut self.actions, at, begin, name, phase);
            }
            EntryKind::Fault { description, phase } => {
                period(&mut self.faults, at, begin, description, phase);
            }
            _ => {}
        }
    }

    fn is_active(&mut self, device: &Arc<str>) {
        let place = self.active;
        let lane = self.lane(device);
        if lane.active.is_none() {
            lane.active = Some(place);
            self.active += 1;
        }
    }

    /// The timeline, which ends at `ended` by the clock of the journal.
    pub(super) fn finish(self, ended: Duration, unix: Duration, left_out: u64) -> Timeline {
        let mut lanes: Vec<_> = self.lanes.into_iter().collect();
        lanes.sort_by_key(|(_, lane)| lane.active.unwrap_or(usize::MAX));
        let lanes = lanes.into_iter().map(|(device, lane)| {
            let (states, silences, moments) = lane.attributes.finish();
            Lane {
                device: device.to_string(),
                states,
                commands: lane.commands.finish(),
                long_running: lane.long_running.finish(),
                silences,
                moments,
            }
        });
        let is_empty = |lane: &Lane| {
            *lane
                == Lane {
                    device: lane.device.clone(),
                    ..Lane::default()
                }
        };
        Timeline {
            at_seconds: rounded(self.clock.began),
            unix_seconds: rounded(unix),
            duration_seconds: self.clock.seconds(ended),
            lanes: lanes.filter(|lane| !is_empty(lane)).collect(),
            actions: self.actions,
            faults: self.faults,
            left_out,
            complete_from: self.begin,
        }
    }
}

/// Begins or ends a period; one whose beginning is not known began at `begin`.
fn period(periods: &mut Vec<Period>, at: f64, begin: f64, name: &str, phase: &Phase) {
    let new = |at| Period {
        at,
        until: None,
        name: shortened(name.to_owned()),
        error: None,
    };
    let error = match phase {
        Phase::Started => {
            periods.push(new(at));
            return;
        }
        Phase::Finished => None,
        Phase::Failed { reason } => Some(shortened(reason.clone())),
    };
    let is_it = |period: &&mut Period| period.until.is_none() && period.name == name;
    if let Some(period) = periods.iter_mut().rev().find(is_it) {
        period.until = Some(at);
        period.error = error;
    } else {
        periods.push(Period {
            until: Some(at),
            error,
            ..new(begin)
        });
    }
}
