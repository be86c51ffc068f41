//! The devices of a load, and what is to be known of them.

use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;

use futures_util::StreamExt as _;
use futures_util::stream;
use harness_core::device::{Device, DeviceErrorKind, Subscription};
use harness_core::state_machine::State;

use super::connected::ConnectedFleet;
use super::conservation::Conservation;
use super::error::FleetError;
use super::replies::{Endings, PlainReplies, Replies};
use super::rules::Rules;
use super::station::{Charter, Station};
use crate::lifecycle::Lifecycle;
use crate::load::engine::Recorder;
use crate::load::plan::Plan;

/// So many devices are connected at once.
const AT_ONCE: usize = 16;

/// The devices of a load, and what is to be known of them.
///
/// ```
/// use std::sync::Arc;
/// use std::time::Duration;
/// use harness_core::{InMemoryDevice, Value};
/// use harness_explore::load::{Fleet, Flow, Load, Plan, Schedule, Step, Until};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// let lamp = InMemoryDevice::new("lab/lamp/1")
///     .with_attribute("obsState", "OFF")
///     .with_command("Switch", |lamp, to| {
///         lamp.set("obsState", to);
///         Ok(Value::Void)
///     });
/// let switch = |to: &str| Step::Command {
///     command: "Switch".into(),
///     argument: Some(to.into()),
///     until: Some(Until {
///         attribute: "obsState".into(),
///         value: to.into(),
///         within: Duration::from_secs(5),
///     }),
///     may_be_rejected: false,
/// };
/// let load = Load::new(Plan::cycles("lamps", 1, 20))?;
/// let fleet = Fleet::new([Arc::new(lamp) as _]).connect(&load.recorder()).await?;
/// let flow = Flow {
///     name: "on and off".into(),
///     weight: 1,
///     begin: vec![],
///     steps: vec![switch("ON"), switch("OFF")],
///     end: vec![],
/// };
/// let users = fleet.flows(&[flow], Schedule::ByUser, &[])?;
/// let report = load.with_watch(fleet.watch()).run(users, std::future::pending()).await;
/// assert_eq!((report.counts.done, report.counts.transitions), (20, 40));
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[must_use = "nothing is known of devices until they are connected"]
pub struct Fleet {
    devices: Vec<Arc<dyn Device>>,
    state: String,
    replies: Box<dyn Replies>,
    endings: Option<(Vec<String>, Box<dyn Endings>)>,
    rules: Option<Rules>,
    holdings: Option<String>,
    alone: bool,
    believes_queued: bool,
    may_lack_state: bool,
    /// Which devices users take, if not all.
    taken: Option<Vec<bool>>,
    /// Of which of them this part tells what is heard.
    told: Option<Vec<bool>>,
}

impl Fleet {
    /// These devices. The first user has the first device, and so on, and the first again when there are
    /// more users than devices.
    pub fn new(devices: impl IntoIterator<Item = Arc<dyn Device>>) -> Fleet {
        Fleet {
            devices: devices.into_iter().collect(),
            state: "obsState".to_owned(),
            replies: Box::new(PlainReplies),
            endings: None,
            rules: None,
            holdings: None,
            alone: true,
            believes_queued: false,
            may_lack_state: false,
            taken: None,
            told: None,
        }
    }

    /// The attribute that is the state of a device: `obsState` without it.
    pub fn with_state(mut self, attribute: impl Into<String>) -> Fleet {
        self.state = attribute.into();
        self
    }

    /// How replies are understood: without it every reply is a success, and a refusal a failure.
    pub fn with_replies(mut self, replies: impl Replies) -> Fleet {
        self.replies = Box::new(replies);
        self
    }

    /// How the ends of commands are heard: of these attributes the first of which a device pushes events.
    pub fn with_endings(
        mut self,
        attributes: impl IntoIterator<Item = impl Into<String>>,
        endings: impl Endings,
    ) -> Fleet {
        let attributes = attributes.into_iter().map(Into::into).collect();
        self.endings = Some((attributes, Box::new(endings)));
        self
    }

    /// Holds what devices do against a state graph. A violation is
    /// * a change of state that is no step of the graph;
    /// * a change that begins a command, where no command was sent that may have done it;
    /// * a command that was taken and did not begin with exactly one such change: of two commands that
    ///   exclude each other both were accepted.
    ///
    /// Nothing is said of what happened while events may have been missed; a command without a reply may
    /// have been done, or not. A command that is taken where a state allows it that is told only later is
    /// allowed if that takes no longer than the lag of the lifecycle.
    pub fn with_lifecycle<S: State>(mut self, lifecycle: &Lifecycle<S>) -> Fleet {
        self.rules = Some(Rules::of(lifecycle));
        self
    }

    /// Whether nobody else sends commands to these devices, as it is without this. With `false` changes that
    /// no user has asked for are no violation, nor are commands that came to nothing or were interrupted by nobody.
    pub fn alone(mut self, alone: bool) -> Fleet {
        self.alone = alone;
        self
    }

    /// Takes a command for allowed by the state in which the device replied that it was queued. Without it a
    /// device may put any command into its queue, and look at it when its turn comes.
    pub fn believing_queued(mut self) -> Fleet {
        self.believes_queued = true;
        self
    }

    /// Listens only to the devices that users of this part of a plan take: what happens to the others is told
    /// by the other parts. Where parts share devices, they are not [alone](Self::alone).
    pub fn of_part(mut self, plan: &Plan) -> Fleet {
        self.alone &= !plan.shares_devices(self.devices.len());
        self.taken = Some(plan.devices_of_part(self.devices.len()));
        self.told = Some(plan.told_by_part(self.devices.len()));
        self
    }

    /// The attribute that tells what a device holds: nothing, when a load has ended.
    pub fn with_holdings(mut self, attribute: impl Into<String>) -> Fleet {
        self.holdings = Some(attribute.into());
        self
    }

    /// Takes devices, too, that push no events of their state, as those of a Tango test device that nobody
    /// polls: see [`ConnectedFleet::without_state`].
    pub fn or_without_state(mut self) -> Fleet {
        self.may_lack_state = true;
        self
    }

    /// Listens to the state of each device from now on, and tells the recorder of a load what is heard.
    ///
    /// # Errors
    /// When there is no device, or the state of one is not heard.
    pub async fn connect(self, recorder: &Recorder) -> Result<ConnectedFleet, FleetError> {
        if self.devices.is_empty() {
            return Err(FleetError::NoDevices);
        }
        let (attributes, endings) = self.endings.unzip();
        let (alone, conserves) = (self.alone, self.alone && self.rules.is_some());
        let may_be_deaf = self.may_lack_state;
        let believes_queued = self.believes_queued;
        let charter = Arc::new(Charter {
            state: self.state,
            replies: self.replies,
            endings,
            rules: self.rules,
            recorder: recorder.clone(),
            alone,
        });
        let attributes: &[String] = attributes.as_deref().unwrap_or_default();
        let count = self.devices.len();
        let taken = self.taken.unwrap_or_else(|| vec![true; count]);
        let places = places_of(&taken);
        let told = self.told.unwrap_or_else(|| vec![true; count]);
        let devices = self.devices.into_iter().zip(told).zip(taken);
        let devices = devices.filter_map(|(device, taken)| taken.then_some(device));
        let connecting = devices.map(|(device, is_told)| {
            let station = Station::new(device, Arc::clone(&charter), is_told);
            async move {
                let mut subscriptions = Vec::new();
                let ends = hear_ends(&station, attributes).await;
                if conserves {
                    station.conserve(Conservation::new(believes_queued, ends.is_some()));
                }
                subscriptions.extend(ends);
                match station.hear_state().await {
                    Ok(heard) => subscriptions.push(heard),
                    Err(error) if may_be_deaf && error.kind == DeviceErrorKind::NotPushed => {
                        station.is_deaf(error);
                    }
                    Err(error) => return Err(FleetError::deaf(&station, error)),
                }
                Ok((station, subscriptions))
            }
        });
        let mut connecting = stream::iter(connecting).buffered(AT_ONCE);
        let (mut stations, mut subscriptions) = (Vec::new(), Vec::new());
        while let Some(connected) = connecting.next().await {
            let (station, heard) = connected?;
            stations.push(station);
            subscriptions.extend(heard);
        }
        Ok(ConnectedFleet::of(
            stations,
            places,
            subscriptions,
            self.holdings,
        ))
    }
}

/// Where each device is among those that are taken; of the others nobody asks.
fn places_of(taken: &[bool]) -> Vec<usize> {
    let mut next = 0;
    let place = taken.iter().map(|taken| {
        let place = next;
        next += usize::from(*taken);
        place
    });
    place.collect()
}

/// Listens to the first of these attributes that a device pushes events of.
async fn hear_ends(station: &Arc<Station>, attributes: &[String]) -> Option<Subscription> {
    for attribute in attributes {
        if let Ok(heard) = station.hear_ends(attribute).await {
            return Some(heard);
        }
    }
    None
}

impl Debug for Fleet {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fleet")
            .field("devices", &self.devices)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}
