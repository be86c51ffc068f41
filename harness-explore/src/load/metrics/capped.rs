//! Samples by their labels, of which only so many are told apart.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// So many sets of labels at most has a family, that of the rest included.
pub(super) const MOST: usize = 200;

/// The value of all labels of the rest.
pub(super) const OTHER: &str = "other";

/// Samples by the values of their labels, in the order in which these came first: what was told apart once
/// always is, so that no counter goes back.
pub(super) struct Capped<const LABELS: usize, T> {
    places: HashMap<[Arc<str>; LABELS], usize>,
    samples: Vec<([Arc<str>; LABELS], T)>,
    rest: HashSet<[Arc<str>; LABELS]>,
}

impl<const LABELS: usize, T: Default> Capped<LABELS, T> {
    pub(super) fn new() -> Capped<LABELS, T> {
        Capped {
            places: HashMap::new(),
            samples: Vec::new(),
            rest: HashSet::new(),
        }
    }

    /// The sample of these labels, or that of the rest.
    pub(super) fn at(&mut self, labels: [Arc<str>; LABELS]) -> &mut T {
        let known = self.places.get(&labels).copied();
        let place = match known {
            Some(place) => place,
            None if self.samples.len() < MOST - 1 => self.place(labels),
            None => {
                self.rest.insert(labels);
                self.place(std::array::from_fn(|_| OTHER.into()))
            }
        };
        &mut self.samples[place].1
    }

    fn place(&mut self, labels: [Arc<str>; LABELS]) -> usize {
        let next = self.samples.len();
        let place = *self.places.entry(labels.clone()).or_insert(next);
        if place == next {
            self.samples.push((labels, T::default()));
        }
        place
    }

    pub(super) fn samples(&self) -> &[([Arc<str>; LABELS], T)] {
        &self.samples
    }

    /// How many sets of labels are not told apart.
    pub(super) fn rest(&self) -> usize {
        self.rest.len()
    }
}
