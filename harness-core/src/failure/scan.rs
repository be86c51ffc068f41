//! Going through the record after a mark once, and finding what a failure has to tell.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use super::ends::Ends;
use super::telling;
use super::timeline::{Clock, DeviceTimeline, TimelineLine};
use crate::event::Signal;
use crate::journal::{Entry, Journal, LogLine, Mark};

/// How many devices are told of.
const DEVICES: usize = 32;
/// How many gaps are told.
const GAPS: usize = 8;
/// How many names of attributes with minor events are kept.
const MINOR_ATTRIBUTES: usize = 4;
/// How many events of an attribute are shown to the narrator to find out whether it knows them.
const TRIALS: usize = 8;

/// What the record has to tell about a failure.
pub(super) struct Told {
    pub(super) timelines: Vec<DeviceTimeline>,
    /// How many devices did something and are not among the timelines.
    pub(super) devices_left_out: usize,
    pub(super) gaps: Vec<String>,
    pub(super) gaps_left_out: u64,
    /// Whether one of them is of an attribute of which something was expected.
    pub(super) gap_matters: bool,
}

/// Which names the failure is about.
pub(super) trait About {
    /// Whether it is about that device.
    fn names_device(&self, device: &str) -> bool;
    /// Whether something was expected of that attribute, or of nothing in particular.
    fn names_attribute(&self, attribute: &str) -> bool;
}

/// Goes through the record. The devices that the failure names come first, the others in the order
/// in which they first did something. Only what is kept is copied, and put into words.
pub(super) fn tell(mark: &Mark, about: &impl About) -> Told {
    let journal = mark.journal();
    let mut scan = Scan::new();
    journal.visit(mark, |entry| scan.take(entry));
    scan.told(journal, &Clock::since(mark), about)
}

/// What was found: numbers of entries, by the device and the attribute they are about.
struct Scan {
    /// Lines of logs count as of an attribute of this name, so that they crowd nothing out.
    log: Arc<str>,
    devices: Vec<Device>,
    by_name: HashMap<Arc<str>, usize>,
    sources: Vec<Source>,
    /// By the places of the two names in memory: while the mark lives, the record keeps them.
    places: HashMap<(usize, usize), usize, BuildHasherDefault<Fold>>,
    gaps: Vec<u64>,
    gaps_left_out: u64,
}

struct Device {
    name: Arc<str>,
    sources: Vec<usize>,
}

/// One attribute of a device, or its commands.
struct Source {
    attribute: Option<Arc<str>>,
    values: Ends,
    /// Errors, gaps and losses, which matter whatever they are of.
    troubles: Ends,
    has_gaps: bool,
}

impl Scan {
    fn new() -> Self {
        Self {
            log: "log".into(),
            devices: Vec::new(),
            by_name: HashMap::new(),
            sources: Vec::new(),
            places: HashMap::default(),
            gaps: Vec::new(),
            gaps_left_out: 0,
        }
    }

    /// Called while the record is locked.
    fn take(&mut self, entry: &Entry) {
        let Some(device) = entry.device() else {
            return;
        };
        let event = entry.event();
        let log = entry.log_line();
        let of_log = log.map(|_| Arc::clone(&self.log));
        let attribute = event.map(|event| &event.attribute).or(of_log.as_ref());
        let address = |name: &Arc<str>| name.as_ptr().addr();
        let place = (address(device), attribute.map_or(0, address));
        let source = match self.places.get(&place) {
            Some(source) => *source,
            None => self.add(place, device, attribute),
        };
        let Some(source) = self.sources.get_mut(source) else {
            return;
        };
        match event.map(|event| &event.signal) {
            Some(Signal::Gap { .. } | Signal::Lost { .. }) => {
                source.has_gaps = true;
                source.troubles.take(entry.sequence);
                match self.gaps.len() {
                    GAPS => self.gaps_left_out += 1,
                    _ => self.gaps.push(entry.sequence),
                }
            }
            Some(Signal::Error(_) | Signal::StillLost { .. }) => {
                source.troubles.take(entry.sequence);
            }
            _ if log.is_some_and(LogLine::is_error) => source.troubles.take(entry.sequence),
            _ => source.values.take(entry.sequence),
        }
    }

    /// The source of these names, which were not seen at these places before.
    fn add(
        &mut self,
        place: (usize, usize),
        device: &Arc<str>,
        attribute: Option<&Arc<str>>,
    ) -> usize {
        let devices = &mut self.devices;
        let index = *self.by_name.entry(Arc::clone(device)).or_insert_with(|| {
            devices.push(Device {
                name: Arc::clone(device),
                sources: Vec::new(),
            });
            devices.len() - 1
        });
        let known = devices.get(index).and_then(|device| {
            let mut sources = device.sources.iter().copied();
            sources.find(|source| {
                let source = self.sources.get(*source);
                source.is_some_and(|source| source.attribute.as_ref() == attribute)
            })
        });
        let source = known.unwrap_or(self.sources.len());
        if known.is_none() {
            self.sources.push(Source {
                attribute: attribute.cloned(),
                values: Ends::default(),
                troubles: Ends::default(),
                has_gaps: false,
            });
            if let Some(device) = devices.get_mut(index) {
                device.sources.push(source);
            }
        }
        self.places.insert(place, source);
        source
    }

    fn told(mut self, journal: &Journal, clock: &Clock, about: &impl About) -> Told {
        let mut devices = std::mem::take(&mut self.devices);
        devices.sort_by_cached_key(|device| !about.names_device(&device.name));
        let gaps = journal.pick(self.gaps.iter().copied());
        let gaps = gaps.iter().filter_map(|entry| {
            let seconds = clock.seconds(entry.instant);
            entry.event().and_then(|event| telling::gap(event, seconds))
        });
        let named = |attribute: &Arc<str>| about.names_attribute(attribute);
        let gap_matters = self
            .sources
            .iter()
            .filter(|source| source.has_gaps)
            .any(|source| source.attribute.as_ref().is_some_and(named));
        let shown = devices.iter().take(DEVICES);
        Told {
            timelines: shown
                .map(|device| self.timeline(device, journal, clock, about))
                .collect(),
            devices_left_out: devices.len().saturating_sub(DEVICES),
            gaps: gaps.collect(),
            gaps_left_out: self.gaps_left_out,
            gap_matters,
        }
    }

    fn timeline(
        &self,
        device: &Device,
        journal: &Journal,
        clock: &Clock,
        about: &impl About,
    ) -> DeviceTimeline {
        let sources = device
            .sources
            .iter()
            .filter_map(|index| self.sources.get(*index));
        let (mut major, mut minor) = (Ends::default(), Ends::default());
        let mut minor_attributes: Vec<String> = Vec::new();
        for source in sources {
            major.add(&source.troubles);
            match &source.attribute {
                Some(name) if !about.names_attribute(name) && !source.is_told_by(journal) => {
                    minor.add(&source.values);
                    let is_known = minor_attributes.iter().any(|known| *known == **name);
                    let is_new = source.values.count() > 0 && !is_known;
                    if is_new && minor_attributes.len() < MINOR_ATTRIBUTES {
                        minor_attributes.push(name.to_string());
                    }
                }
                _ => major.add(&source.values),
            }
        }
        let (left_out, minor_events) = (major.left_out() + minor.left_out(), minor.count());
        let major = major.kept().map(|(number, before)| (number, before, false));
        let minor = minor.kept().map(|(number, before)| (number, before, true));
        let mut kept: Vec<_> = major.chain(minor).collect();
        kept.sort_unstable();
        let entries = journal.pick(kept.iter().map(|(number, ..)| *number));
        let lines = entries.iter().zip(&kept);
        DeviceTimeline {
            device: device.name.to_string(),
            lines: lines
                .map(|(entry, (_, left_out_before, is_minor))| TimelineLine {
                    seconds: clock.seconds(entry.instant),
                    text: telling::line(entry, journal),
                    is_minor: *is_minor,
                    left_out_before: *left_out_before,
                })
                .collect(),
            left_out,
            minor: minor_events,
            minor_attributes,
        }
    }
}

impl Source {
    /// Whether the narrator has words for it.
    fn is_told_by(&self, journal: &Journal) -> bool {
        let trials = self.values.first().iter().take(TRIALS);
        let entries = journal.pick(trials.copied());
        entries
            .iter()
            .any(|entry| journal.narrate(&entry.kind).is_some())
    }
}

/// Mixes addresses: nobody chooses them to collide.
#[derive(Default)]
struct Fold(u64);

impl Hasher for Fold {
    fn write(&mut self, bytes: &[u8]) {
        bytes
            .iter()
            .for_each(|byte| self.write_usize(usize::from(*byte)));
    }

    fn write_usize(&mut self, number: usize) {
        let mixed = self.0.rotate_left(5) ^ number as u64;
        self.0 = mixed.wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    fn finish(&self) -> u64 {
        self.0.rotate_left(26)
    }
}
