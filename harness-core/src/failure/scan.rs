//! Going through the record after a mark once, and keeping what a failure has to tell.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use super::telling;
use super::timeline::{Clock, DeviceTimeline, TimelineLine};
use crate::event::{Event, Signal};
use crate::journal::{Entry, Journal, Mark};

/// How many things are kept of those a device did first, and of those it did last.
const ENDS: usize = 50;
/// How many devices are told of.
const DEVICES: usize = 32;
/// How many gaps are told.
const GAPS: usize = 8;
/// How many names of attributes with minor events are kept.
const MINOR_ATTRIBUTES: usize = 4;
/// How many events of an attribute are shown to the narrator to find out whether it knows them.
const TRIALS: u8 = 8;

/// What the record has to tell about a failure.
pub(super) struct Told {
    pub(super) timelines: Vec<DeviceTimeline>,
    /// How many devices did something and are not among the timelines.
    pub(super) devices_left_out: usize,
    pub(super) gaps: Vec<String>,
    pub(super) gaps_left_out: u64,
}

/// Which names the failure is about.
pub(super) trait About {
    /// Whether it is about that device.
    fn names_device(&self, device: &str) -> bool;
    /// Whether something was expected of that attribute, or of nothing in particular.
    fn names_attribute(&self, attribute: &str) -> bool;
}

/// Goes through the record. The devices that the failure names come first, the others in the order
/// in which they first did something. Only what is kept is put into words.
pub(super) fn tell(mark: &Mark, about: &impl About) -> Told {
    let mut scan = Scan::new(mark.journal(), Clock::since(mark), about);
    for entry in mark.journal().read(mark) {
        scan.take(entry);
    }
    scan.told()
}

struct Scan<'a, A: About> {
    journal: &'a Journal,
    clock: Clock,
    about: &'a A,
    devices: Vec<DeviceScan>,
    by_name: HashMap<Arc<str>, usize>,
    sources: Vec<Source>,
    /// By the places of the two names in memory, which the pinned record keeps where they are.
    places: HashMap<(*const u8, *const u8), usize>,
    gaps: Vec<String>,
    gaps_left_out: u64,
}

/// One attribute of a device, or its commands.
struct Source {
    device: usize,
    matters: bool,
    trials: u8,
}

struct DeviceScan {
    name: Arc<str>,
    major: Ends,
    minor: Ends,
    minor_attributes: Vec<Arc<str>>,
}

/// The first and the last of many.
#[derive(Default)]
struct Ends {
    first: Vec<Entry>,
    last: VecDeque<Entry>,
    left_out: u64,
}

impl Ends {
    fn take(&mut self, entry: Entry) {
        if self.first.len() < ENDS {
            self.first.push(entry);
            return;
        }
        if self.last.len() == ENDS {
            self.last.pop_front();
            self.left_out += 1;
        }
        self.last.push_back(entry);
    }

    fn len(&self) -> u64 {
        (self.first.len() + self.last.len()) as u64 + self.left_out
    }

    /// Each with how many are left out just before it.
    fn each(&self) -> impl Iterator<Item = (&Entry, u64)> {
        let first = self.first.iter().map(|entry| (entry, 0));
        let last = self.last.iter().enumerate();
        first.chain(last.map(|(index, entry)| (entry, if index == 0 { self.left_out } else { 0 })))
    }
}

impl<'a, A: About> Scan<'a, A> {
    fn new(journal: &'a Journal, clock: Clock, about: &'a A) -> Self {
        Self {
            journal,
            clock,
            about,
            devices: Vec::new(),
            by_name: HashMap::new(),
            sources: Vec::new(),
            places: HashMap::new(),
            gaps: Vec::new(),
            gaps_left_out: 0,
        }
    }

    fn take(&mut self, entry: Entry) {
        let Some(source) = self.source(&entry) else {
            return;
        };
        if let Some(event) = entry.event() {
            self.take_gap(event, &entry);
        }
        let matters = self.matters(source, &entry);
        let device = self.sources.get(source).map_or(0, |source| source.device);
        let Some(device) = self.devices.get_mut(device) else {
            return;
        };
        if matters {
            device.major.take(entry);
            return;
        }
        if let Some(event) = entry.event() {
            let names = &mut device.minor_attributes;
            if names.len() < MINOR_ATTRIBUTES && !names.contains(&event.attribute) {
                names.push(Arc::clone(&event.attribute));
            }
        }
        device.minor.take(entry);
    }

    fn take_gap(&mut self, event: &Event, entry: &Entry) {
        if !matches!(event.signal, Signal::Gap { .. } | Signal::Lost { .. }) {
            return;
        }
        if self.gaps.len() == GAPS {
            self.gaps_left_out += 1;
            return;
        }
        let seconds = self.clock.seconds(entry.instant);
        self.gaps.extend(telling::gap(event, seconds));
    }

    /// Where an entry belongs; `None` if it is about no device.
    fn source(&mut self, entry: &Entry) -> Option<usize> {
        let device = entry.device()?;
        let attribute = entry.event().map(|event| &event.attribute);
        let place = (
            device.as_ptr(),
            attribute.map_or(std::ptr::null(), |name| name.as_ptr()),
        );
        if let Some(source) = self.places.get(&place) {
            return Some(*source);
        }
        let devices = &mut self.devices;
        let index = *self.by_name.entry(Arc::clone(device)).or_insert_with(|| {
            devices.push(DeviceScan {
                name: Arc::clone(device),
                major: Ends::default(),
                minor: Ends::default(),
                minor_attributes: Vec::new(),
            });
            devices.len() - 1
        });
        self.sources.push(Source {
            device: index,
            matters: attribute.is_none_or(|name| self.about.names_attribute(name)),
            trials: 0,
        });
        let source = self.sources.len() - 1;
        self.places.insert(place, source);
        Some(source)
    }

    /// Whether an entry matters: commands, attributes of which something was expected or which the
    /// narrator knows, and signals that are no values.
    fn matters(&mut self, source: usize, entry: &Entry) -> bool {
        let Some(source) = self.sources.get_mut(source) else {
            return false;
        };
        if !source.matters && source.trials < TRIALS {
            source.trials += 1;
            source.matters = self.journal.narrate(&entry.kind).is_some();
        }
        source.matters || entry.event().is_some_and(|event| event.reading().is_none())
    }

    fn told(self) -> Told {
        let Self {
            journal,
            clock,
            about,
            mut devices,
            gaps,
            gaps_left_out,
            ..
        } = self;
        devices.sort_by_cached_key(|device| !about.names_device(&device.name));
        let devices_left_out = devices.len().saturating_sub(DEVICES);
        devices.truncate(DEVICES);
        let timelines = devices
            .into_iter()
            .map(|device| device.told(journal, &clock))
            .collect();
        Told {
            timelines,
            devices_left_out,
            gaps,
            gaps_left_out,
        }
    }
}

impl DeviceScan {
    fn told(self, journal: &Journal, clock: &Clock) -> DeviceTimeline {
        let major = self
            .major
            .each()
            .map(|(entry, before)| (entry, before, false));
        let minor = self
            .minor
            .each()
            .map(|(entry, before)| (entry, before, true));
        let mut entries: Vec<_> = major.chain(minor).collect();
        entries.sort_by_key(|(entry, ..)| entry.sequence);
        let lines = entries
            .into_iter()
            .map(|(entry, left_out_before, is_minor)| TimelineLine {
                seconds: clock.seconds(entry.instant),
                text: telling::line(entry, journal),
                is_minor,
                left_out_before,
            })
            .collect();
        let names = self.minor_attributes.iter();
        DeviceTimeline {
            device: self.name.to_string(),
            lines,
            left_out: self.major.left_out + self.minor.left_out,
            minor: self.minor.len(),
            minor_attributes: names.map(ToString::to_string).collect(),
        }
    }
}
