//! Everything that was measured until now.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use super::class::ResultClass;
use super::errors::Errors;
use super::fixed::FixedBuckets;
use super::latencies::Latencies;
use super::measurement::Measurement;
use super::phase::Phase;
use super::series::Series;
use super::snapshot::{Snapshot, ToldCell, ToldTimes};
use super::window::Windows;
use crate::load::report::{Counts, TransitionCount, Violation};

/// How a place is found: all that measurements are told apart by, with actions, states and faults by
/// their numbers, so that nothing is allocated for a sample.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    action: u32,
    from: u32,
    fault: u32,
    class: ResultClass,
    phase: Phase,
}

#[derive(Default)]
struct Cell {
    latency: Latencies,
    service: Latencies,
    /// How many ended while the load was held.
    held: u64,
    told: ToldTimes,
    /// The how many-th it is.
    number: usize,
}

/// When something happened, after the clock was started.
pub(crate) struct When {
    pub(crate) planned: Duration,
    pub(crate) begun: Duration,
    pub(crate) ended: Duration,
    /// Whether the load was held when it ended.
    pub(crate) held: bool,
}

/// Everything that was measured until now.
#[derive(Default)]
pub(crate) struct Tally {
    names: Names,
    cells: HashMap<Key, Cell>,
    series: BTreeMap<u32, Series>,
    pub(crate) errors: Errors,
    pub(crate) windows: Windows,
    pub(crate) counts: Counts,
    pub(crate) cycles: Latencies,
    told_cycles: FixedBuckets,
    /// How much later than planned the harness itself began what it was free to begin.
    pub(crate) lag: Latencies,
    /// Cycles that a closed load would have had, had its users not waited.
    pub(crate) backfill: Latencies,
    pub(crate) violations: Vec<Violation>,
    /// How often devices went from one state to another, by their numbers.
    moves: HashMap<(u32, u32), u64>,
    /// How long they stayed in a state, by its number.
    dwell: HashMap<u32, Latencies>,
}

impl Tally {
    pub(crate) fn record(
        &mut self,
        action: &str,
        from: Option<&str>,
        class: ResultClass,
        phase: Phase,
        when: &When,
        error: Option<&str>,
    ) {
        // what waited for a fault to end is its doing, too
        let fault = self.windows.within(when.planned, when.ended);
        let latency = when.ended.saturating_sub(when.planned);
        let action_number = self.names.number(Some(action));
        let key = Key {
            action: action_number,
            from: self.names.number(from),
            fault: self.names.number(fault.as_deref()),
            class,
            phase,
        };
        let service = when.ended.saturating_sub(when.begun);
        let number = self.cells.len();
        let cell = self.cells.entry(key).or_insert_with(|| Cell {
            number,
            ..Cell::default()
        });
        cell.latency.record(latency);
        cell.service.record(service);
        cell.held += u64::from(when.held);
        cell.told.latency.record(latency);
        cell.told.service.record(service);
        let series = self.series.entry(action_number).or_default();
        series.record(when.ended, class, latency);
        self.windows.note(when.begun, when.ended, class.is_error());
        if class != ResultClass::Ok {
            self.errors
                .record(action, class, error.unwrap_or_default(), when.ended);
        }
    }

    /// A device went from one state to another, where it was for so long, if that is known.
    pub(crate) fn transition(&mut self, from: &str, to: &str, lasted: Option<Duration>) {
        let (from, to) = (self.names.number(Some(from)), self.names.number(Some(to)));
        self.counts.transitions += 1;
        *self.moves.entry((from, to)).or_default() += 1;
        if let Some(lasted) = lasted {
            self.dwell.entry(from).or_default().record(lasted);
        }
    }

    /// How often devices went from one state to another, in the order of the names.
    pub(crate) fn transitions(&self) -> Vec<TransitionCount> {
        let named = |number| self.names.name(number).unwrap_or_default().to_owned();
        let counted = self
            .moves
            .iter()
            .map(|((from, to), count)| TransitionCount {
                from: named(*from),
                to: named(*to),
                count: *count,
            });
        let mut counted: Vec<_> = counted.collect();
        counted.sort_by(|a, b| (&a.from, &a.to).cmp(&(&b.from, &b.to)));
        counted
    }

    /// How long devices stayed in each state.
    pub(crate) fn dwell(&self) -> BTreeMap<String, Latencies> {
        let named = |number| self.names.name(number).unwrap_or_default().to_owned();
        let states = self.dwell.iter();
        states
            .map(|(state, dwell)| (named(*state), dwell.clone()))
            .collect()
    }

    /// Takes how long a whole cycle took.
    pub(crate) fn record_cycle(&mut self, time: Duration) {
        self.cycles.record(time);
        self.told_cycles.record(time);
    }

    /// What metrics tell: quick, since all wait for it.
    pub(crate) fn snapshot(&self) -> Snapshot {
        let told = |(key, cell): (&Key, &Cell)| ToldCell {
            number: cell.number,
            action: self.names.shared(key.action).unwrap_or_default(),
            from: self.names.shared(key.from).unwrap_or_default(),
            class: key.class,
            phase: key.phase,
            times: cell.told,
        };
        Snapshot {
            cells: self.cells.iter().map(told).collect(),
            cycles: self.told_cycles,
            counts: self.counts,
            violations: self.violations.len(),
            faults: self.windows.all().to_vec(),
        }
    }

    /// What was measured, in an order that does not depend on chance.
    pub(crate) fn measurements(&self) -> Vec<Measurement> {
        let mut measurements: Vec<_> = self.cells.iter().map(|it| self.measurement(it)).collect();
        measurements.sort_by(|a, b| a.key().cmp(&b.key()));
        measurements
    }

    /// What happened over time, by action.
    pub(crate) fn series(&self) -> BTreeMap<String, Series> {
        let named = |(number, series): (&u32, &Series)| {
            let action = self.names.name(*number).unwrap_or_default();
            (action.to_owned(), series.clone())
        };
        self.series.iter().map(named).collect()
    }

    /// How many ended with each class outside the warm-up, without making a list of all.
    pub(crate) fn by_class(&self, hold_only: bool) -> [u64; ResultClass::ALL.len()] {
        let mut counts = [0; ResultClass::ALL.len()];
        for (key, cell) in &self.cells {
            let counts_here = match key.phase {
                Phase::WarmUp => false,
                Phase::Ramp => !hold_only,
                Phase::Hold => true,
            };
            if counts_here {
                counts[key.class.index()] += cell.latency.count();
            }
        }
        counts
    }

    fn measurement(&self, (key, cell): (&Key, &Cell)) -> Measurement {
        let named = |number| self.names.name(number).map(str::to_owned);
        Measurement {
            action: named(key.action).unwrap_or_default(),
            from: named(key.from),
            class: key.class,
            phase: key.phase,
            fault: named(key.fault),
            held: cell.held,
            latency: cell.latency.clone(),
            service: cell.service.clone(),
        }
    }
}

/// Names by number; 0 is none.
#[derive(Default)]
struct Names {
    numbers: HashMap<Arc<str>, u32>,
    names: Vec<Arc<str>>,
}

impl Names {
    fn number(&mut self, name: Option<&str>) -> u32 {
        let Some(name) = name else { return 0 };
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let name: Arc<str> = name.into();
        self.names.push(Arc::clone(&name));
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.numbers.insert(name, number);
        number
    }

    fn name(&self, number: u32) -> Option<&str> {
        self.place(number).map(|it| &**it)
    }

    fn shared(&self, number: u32) -> Option<Arc<str>> {
        self.place(number).cloned()
    }

    fn place(&self, number: u32) -> Option<&Arc<str>> {
        let place = usize::try_from(number).ok()?.checked_sub(1)?;
        self.names.get(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn when(planned: u64, begun: u64, ended: u64) -> When {
        let [planned, begun, ended] = [planned, begun, ended].map(Duration::from_millis);
        When {
            planned,
            begun,
            ended,
            held: true,
        }
    }

    #[test]
    fn what_differs_in_anything_is_told_apart() {
        let mut tally = Tally::default();
        let mut record = |from, class, phase| {
            tally.record("Scan", from, class, phase, &when(0, 1, 3), None);
        };
        record(Some("READY"), ResultClass::Ok, Phase::Hold);
        record(Some("READY"), ResultClass::Ok, Phase::Hold);
        record(None, ResultClass::Ok, Phase::Hold);
        record(Some("IDLE"), ResultClass::Rejected, Phase::Hold);
        record(Some("READY"), ResultClass::Ok, Phase::Ramp);
        tally.windows.begin(&"dark".into(), Duration::ZERO);
        tally.record(
            "Scan",
            None,
            ResultClass::Ok,
            Phase::Hold,
            &when(0, 1, 3),
            None,
        );
        let measurements = tally.measurements();
        assert_eq!(measurements.len(), 5);
        let total: u64 = measurements.iter().map(|it| it.latency.count()).sum();
        assert_eq!(total, 6);
        assert_eq!(
            measurements.iter().filter(|it| it.fault.is_some()).count(),
            1
        );
    }

    #[test]
    fn latency_counts_from_the_plan_and_service_from_the_beginning() {
        let mut tally = Tally::default();
        tally.record(
            "Scan",
            None,
            ResultClass::Ok,
            Phase::Hold,
            &when(0, 40, 50),
            None,
        );
        let measurement = &tally.measurements()[0];
        assert_eq!(measurement.latency.max().unwrap().as_millis(), 50);
        assert_eq!(measurement.service.max().unwrap().as_millis(), 10);
    }
}
