//! A fleet that is listened to.

use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;
use std::time::Duration;

use harness_core::device::{DeviceError, Subscription};
use harness_core::state_machine::State;
use tokio::sync::Mutex;
use tokio::task::AbortHandle;
use tokio::time::{MissedTickBehavior, interval};

use super::error::FleetError;
use super::flow_user::FleetUser;
use super::station::Station;
use super::walk::{Map, WalkInputs, WalkUser};
use crate::lifecycle::Lifecycle;
use crate::load::engine::Identity;
use crate::load::flow::{Flow, FlowError, Program, Schedule, UserData};
use crate::load::report::Gauge;

/// How often commands and changes are held against each other.
const EXAMINED_EVERY: Duration = Duration::from_millis(100);

/// A fleet that is listened to, for as long as it or one of its users lives. Clones are the same fleet.
#[derive(Clone)]
pub struct ConnectedFleet(pub(super) Arc<Crew>);

/// What all users of a fleet share.
pub(super) struct Crew {
    pub(super) stations: Vec<Arc<Station>>,
    /// Where the station of each device is among them, the devices of other parts included.
    places: Vec<usize>,
    pub(super) holdings: Option<String>,
    heard: Mutex<Heard>,
    examining: AbortHandle,
}

/// What is listened to.
struct Heard {
    /// By device and attribute, beside the states.
    others: Vec<(usize, String)>,
    subscriptions: Vec<Subscription>,
}

impl ConnectedFleet {
    pub(super) fn of(
        stations: Vec<Arc<Station>>,
        places: Vec<usize>,
        subscriptions: Vec<Subscription>,
        holdings: Option<String>,
    ) -> ConnectedFleet {
        let watched: Vec<_> = stations.iter().map(Arc::downgrade).collect();
        let examining = tokio::spawn(async move {
            let mut ticks = interval(EXAMINED_EVERY);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                let stations = watched.iter().filter_map(std::sync::Weak::upgrade);
                stations.for_each(|station| station.examine());
            }
        });
        ConnectedFleet(Arc::new(Crew {
            stations,
            places,
            holdings,
            heard: Mutex::new(Heard {
                others: Vec::new(),
                subscriptions,
            }),
            examining: examining.abort_handle(),
        }))
    }

    /// Adds to what is seen of a load how many devices are in each state: for
    /// [`Load::with_watch`](crate::load::Load::with_watch). Of a device of which that is not known the state
    /// is `unknown`.
    pub fn watch(&self) -> impl Fn(&mut Gauge) + Send + Sync + 'static {
        let crew = Arc::clone(&self.0);
        move |gauge| {
            let told = crew
                .stations
                .iter()
                .filter(|it| it.is_told && it.deaf().is_none());
            for station in told {
                let state = station.state();
                let state = state.as_deref().unwrap_or("unknown");
                match gauge.states.get_mut(state) {
                    Some(count) => *count += 1,
                    None => _ = gauge.states.insert(state.to_owned(), 1),
                }
            }
        }
    }

    /// The devices whose state is not known, since they push no events of it: nobody can wait for it, walk
    /// over it, or see it in a report.
    pub fn without_state(&self) -> impl Iterator<Item = &str> {
        let stations = self.0.stations.iter().filter(|it| it.deaf().is_some());
        stations.map(|it| it.name())
    }

    /// Users that carry out flows: what [`Load::run`](crate::load::Load::run) makes its users with.
    ///
    /// # Errors
    /// When there is no flow, or a placeholder of one is not known.
    pub fn flows(
        &self,
        flows: &[Flow],
        schedule: Schedule,
        data: &[UserData],
    ) -> Result<impl Fn(Identity) -> FleetUser + Send + use<>, FlowError> {
        let program = Arc::new(Program::of(flows, schedule, data)?);
        let crew = Arc::clone(&self.0);
        Ok(move |identity| FleetUser::new(identity, Arc::clone(&crew), Arc::clone(&program)))
    }

    /// Users that wander over a state graph, and give commands these inputs. The cheaper a command the more often it is chosen, by chance from the user's
    /// seed: one that costs ten is sent a tenth as often as one that costs one.
    ///
    /// A cycle is a round from home back to home. After fifty commands it goes there on the cheapest way.
    /// Where several users share a device, the others move it, too: a cycle ends when the user
    /// finds the device at home after a command of its own was taken. A refusal does not end it, nor does a command
    /// that another one interrupts: it goes on from where the device is then. A device that is in a transient
    /// state is waited for.
    ///
    /// # Errors
    /// When no command that is sent leads away from home, or the state of a device is not heard.
    pub fn walk<S: State, I: WalkInputs + 'static>(
        &self,
        lifecycle: &Lifecycle<S>,
        inputs: I,
    ) -> Result<impl Fn(Identity) -> WalkUser + Send + use<S, I>, FleetError> {
        let mut deaf = self
            .0
            .stations
            .iter()
            .filter_map(|it| Some((it, it.deaf()?)));
        if let Some((station, error)) = deaf.next() {
            return Err(FleetError::deaf(station, error.clone()));
        }
        let first = self.0.stations.first().map_or("", |it| it.name());
        let map = Arc::new(Map::of(lifecycle, inputs, first)?);
        let crew = Arc::clone(&self.0);
        Ok(move |identity: Identity| {
            let station = Arc::clone(crew.station(identity));
            WalkUser::new(identity, station, Arc::clone(&map), Arc::clone(&crew))
        })
    }
}

impl Crew {
    /// Where a user's device is among all.
    pub(super) fn place(&self, identity: Identity) -> usize {
        let count = self.places.len() as u64;
        let device = usize::try_from(identity.number % count.max(1)).unwrap_or_default();
        self.places.get(device).copied().unwrap_or_default()
    }

    pub(super) fn station(&self, identity: Identity) -> &Arc<Station> {
        &self.stations[self.place(identity)]
    }

    /// Listens to an attribute of a device, if nobody does yet.
    pub(super) async fn hear(&self, place: usize, attribute: &str) -> Result<(), DeviceError> {
        let mut heard = self.heard.lock().await;
        let is_it = |(at, name): &(usize, String)| *at == place && name == attribute;
        if !heard.others.iter().any(is_it) {
            let subscription = self.stations[place].hear(attribute).await?;
            heard.subscriptions.push(subscription);
            heard.others.push((place, attribute.to_owned()));
        }
        Ok(())
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        self.examining.abort();
    }
}

impl Debug for ConnectedFleet {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ConnectedFleet")
            .field(&self.0.stations)
            .finish()
    }
}
