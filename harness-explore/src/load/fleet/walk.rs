//! Users that wander over a state graph.

use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;
use std::time::Duration;

use harness_core::state_machine::State;
use harness_core::value::Value;
use tokio::time::Instant;

use super::connected::Crew;
use super::error::FleetError;
use super::station::Station;
use super::watch::{Awaited, Awaiting};
use crate::lifecycle::Lifecycle;
use crate::load::engine::{CycleError, Identity, Recorder, User};
use crate::load::measure::{ResultClass, Sample};

/// After so many commands of a cycle it goes home.
const WANDERS: usize = 50;

/// So many commands of a cycle are enough to come home, whoever else moves the device.
const MOST: usize = 1000;

/// A command in one state.
struct Way {
    command: usize,
    /// How often it is chosen, beside the others from this state.
    weight: f64,
    /// What it costs to go home this way.
    home: f64,
    /// Whether the device changes its state.
    moves: bool,
    to: String,
    /// What waiting for its end is called.
    until: String,
}

/// What users that walk give their commands, asked anew whenever one is sent: an id that must not come twice
/// can be another one each time. Closures `Fn(&str, &str) -> Option<Value>` are inputs.
pub trait WalkInputs: Send + Sync {
    /// What this device is given with this command; [`Value::Void`] for nothing. A command for which there is
    /// none is not sent to any device: that is decided once, by the first one.
    fn input(&self, device: &str, command: &str) -> Option<Value>;
}

impl<F: Fn(&str, &str) -> Option<Value> + Send + Sync> WalkInputs for F {
    fn input(&self, device: &str, command: &str) -> Option<Value> {
        self(device, command)
    }
}

/// What all users that wander know of the graph.
pub(super) struct Map {
    home: String,
    transient: Vec<String>,
    commands: Vec<String>,
    inputs: Box<dyn WalkInputs>,
    /// From each state.
    ways: Vec<(String, Vec<Way>)>,
    patience: Duration,
}

impl Map {
    pub(super) fn of<S: State>(
        lifecycle: &Lifecycle<S>,
        inputs: impl WalkInputs + 'static,
        first: &str,
    ) -> Result<Map, FleetError> {
        let is_sent = |command: &&str| inputs.input(first, command).is_some();
        let commands = lifecycle.commands().into_iter().filter(is_sent);
        let commands = commands.map(str::to_owned).collect();
        let mut map = Map {
            home: lifecycle.home().to_string(),
            transient: lifecycle
                .states()
                .filter(|state| lifecycle.is_transient(state))
                .map(ToString::to_string)
                .collect(),
            commands,
            inputs: Box::new(inputs),
            ways: Vec::new(),
            patience: lifecycle.patience(),
        };
        for way in lifecycle.ways() {
            let place = map.commands.iter().position(|it| *it == way.command);
            let Some(command) = place.filter(|_| !lifecycle.is_transient(&way.from)) else {
                continue;
            };
            let from = way.from.to_string();
            let step = Way {
                command,
                weight: 1.0 / way.cost.max(0.001),
                home: f64::INFINITY,
                moves: way.to != way.from || !way.via.is_empty(),
                to: way.to.to_string(),
                until: format!("{} until {}", way.command, way.to),
            };
            match map.ways.iter_mut().find(|(it, _)| *it == from) {
                Some((_, ways)) => ways.push(step),
                None => map.ways.push((from, vec![step])),
            }
        }
        map.measure();
        let away = map.from(&map.home).iter();
        if away.filter(|way| way.home.is_finite()).count() == 0 {
            return Err(FleetError::NoWay { home: map.home });
        }
        Ok(map)
    }

    /// Measures how far it is home from everywhere.
    fn measure(&mut self) {
        for _ in 0..self.ways.len() {
            let costs: Vec<(String, f64)> = self
                .ways
                .iter()
                .map(|(state, ways)| {
                    let cost = ways.iter().map(|way| way.home);
                    (state.clone(), cost.fold(f64::INFINITY, f64::min))
                })
                .collect();
            for way in self.ways.iter_mut().flat_map(|(_, ways)| ways) {
                let known = costs.iter().find(|(state, _)| *state == way.to);
                let onward = match known {
                    _ if way.to == self.home => 0.0,
                    Some((_, cost)) => *cost,
                    None => f64::INFINITY,
                };
                way.home = way.home.min(1.0 / way.weight + onward);
            }
        }
    }

    fn from(&self, state: &str) -> &[Way] {
        let found = self.ways.iter().find(|(it, _)| it == state);
        found.map_or(&[], |(_, ways)| ways)
    }

    fn is_transient(&self, state: &str) -> bool {
        self.transient.iter().any(|it| it == state)
    }

    /// The next command in a state: by chance, or what leads home.
    fn next(&self, state: &str, homeward: bool, random: &mut fastrand::Rng) -> Option<&Way> {
        let ways = self.from(state).iter();
        // nobody goes where there is no way back from
        let mut ways = ways.filter(|way| way.home.is_finite());
        if homeward {
            return ways.min_by(|a, b| a.home.total_cmp(&b.home));
        }
        let whole: f64 = ways.clone().map(|way| way.weight).sum();
        let mut chosen = random.f64() * whole;
        ways.clone()
            .find(|way| {
                chosen -= way.weight;
                chosen < 0.0
            })
            .or_else(|| ways.next())
    }
}

/// A user that wanders over a state graph. [`ConnectedFleet::walk`](super::ConnectedFleet::walk) makes them.
pub struct WalkUser {
    number: u64,
    random: fastrand::Rng,
    station: Arc<Station>,
    map: Arc<Map>,
    /// The fleet is listened to for as long as there are users.
    _crew: Arc<Crew>,
}

impl WalkUser {
    pub(super) fn new(
        identity: Identity,
        station: Arc<Station>,
        map: Arc<Map>,
        crew: Arc<Crew>,
    ) -> WalkUser {
        WalkUser {
            number: identity.number,
            random: fastrand::Rng::with_seed(identity.seed),
            station,
            map,
            _crew: crew,
        }
    }

    /// Waits until the device is in a state in which it stays, and says in which.
    async fn stable(&self) -> Result<Arc<str>, CycleError> {
        let awaiting = Awaiting {
            attribute: None,
            mark: None,
            command: None,
            within: self.map.patience,
        };
        let map = &self.map;
        loop {
            let stays = |state: &str| !map.is_transient(state);
            match self.station.wait(&awaiting, stays).await {
                // another user may have moved it meanwhile
                Awaited::Came => {
                    if let Some(state) = self.station.state().filter(|it| stays(it)) {
                        return Ok(state);
                    }
                }
                Awaited::Vain(class, words) => return Err(CycleError::new(class, words)),
                Awaited::Late(state) => {
                    let state = state.as_deref().unwrap_or("an unknown state").to_owned();
                    let words = format!("stayed in {state} for {:?}", self.map.patience);
                    return Err(CycleError::new(ResultClass::TimedOut, words));
                }
            }
        }
    }

    /// Sends a command and waits for where it leads; tells whether it was taken.
    async fn go(
        &self,
        recorder: &Recorder,
        way: &Way,
        planned: Instant,
    ) -> Result<bool, CycleError> {
        let (map, command) = (&self.map, self.map.commands[way.command].as_str());
        let planned = recorder.admitted(planned).await;
        let input = map.inputs.input(self.station.name(), command);
        let input = input.unwrap_or(Value::Void);
        let sent = self.station.send(command, input, self.number).await;
        let answer = &sent.answer;
        recorder.record(&Sample {
            action: command,
            from: sent.from.as_deref(),
            class: answer.class,
            planned,
            begun: sent.begun,
            ended: sent.ended,
            error: answer.words.as_deref(),
        });
        match answer.class {
            ResultClass::Ok if !way.moves => return Ok(true),
            ResultClass::Ok => {}
            ResultClass::Rejected => return Ok(false),
            class => {
                let words = answer.words.clone().unwrap_or_default();
                return Err(CycleError::new(class, words));
            }
        }
        let awaiting = Awaiting {
            attribute: None,
            mark: Some(sent.mark),
            command: sent.taken(),
            within: map.patience,
        };
        let stays = |state: &str| !map.is_transient(state);
        let awaited = self.station.wait(&awaiting, stays).await;
        let (class, words) = match awaited {
            Awaited::Came => (ResultClass::Ok, None),
            Awaited::Vain(class, words) => (class, Some(words)),
            Awaited::Late(_) => {
                let words = format!("no end in {:?}", map.patience);
                (ResultClass::TimedOut, Some(words))
            }
        };
        // beside the command, which is told by itself
        let sample = Sample::done(&way.until, sent.ended).from_state(sent.from.as_deref());
        recorder.record(&sample.ended_as(class, words.as_deref()));
        match class {
            ResultClass::Ok => Ok(true),
            ResultClass::TimedOut => Err(CycleError::new(class, words.unwrap_or_default())),
            // it goes on from where the device is now
            _ => Ok(false),
        }
    }
}

impl User for WalkUser {
    async fn cycle(&mut self, recorder: &Recorder, planned: Instant) -> Result<(), CycleError> {
        let map = Arc::clone(&self.map);
        let mut planned = planned;
        let mut taken = false;
        for count in 0..MOST {
            let state = self.stable().await?;
            if taken && *state == *map.home {
                return Ok(());
            }
            let Some(way) = map.next(&state, count >= WANDERS, &mut self.random) else {
                let words = format!("no command that is sent leads on from {state}");
                return Err(CycleError::new(ResultClass::Unexpected, words));
            };
            taken |= self.go(recorder, way, planned).await?;
            planned = Instant::now();
        }
        let words = format!("did not come back to {} in {MOST} commands", map.home);
        Err(CycleError::new(ResultClass::Unexpected, words))
    }
}

impl Debug for WalkUser {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("WalkUser")
            .field("number", &self.number)
            .field("station", &self.station)
            .finish_non_exhaustive()
    }
}
