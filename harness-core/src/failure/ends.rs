//! The first and the last of many.

use std::collections::VecDeque;

/// How many are kept at each end.
pub(super) const KEPT: usize = 50;

/// The numbers of the first and the last entries of many, in their order.
#[derive(Default)]
pub(super) struct Ends {
    first: Vec<u64>,
    last: VecDeque<u64>,
    left_out: u64,
}

impl Ends {
    /// Takes one more, which comes after all those before.
    pub(super) fn take(&mut self, number: u64) {
        if self.first.len() < KEPT {
            self.first.push(number);
            return;
        }
        if self.last.len() == KEPT {
            self.last.pop_front();
            self.left_out += 1;
        }
        self.last.push_back(number);
    }

    /// Adds others: the first of both are kept, and the last.
    pub(super) fn add(&mut self, other: &Self) {
        let left_out = self.left_out + other.left_out;
        let numbers = |ends: &Self| ends.first.iter().chain(&ends.last).copied().collect();
        let mut all: Vec<u64> = numbers(self);
        all.extend(numbers(other));
        all.sort_unstable();
        *self = Self::default();
        all.into_iter().for_each(|number| self.take(number));
        self.left_out += left_out;
    }

    pub(super) fn count(&self) -> u64 {
        (self.first.len() + self.last.len()) as u64 + self.left_out
    }

    pub(super) fn left_out(&self) -> u64 {
        self.left_out
    }

    pub(super) fn first(&self) -> &[u64] {
        &self.first
    }

    /// Those kept, each with how many are left out just before it.
    pub(super) fn kept(&self) -> impl Iterator<Item = (u64, u64)> {
        let first = self.first.iter().map(|number| (*number, 0));
        let last = self.last.iter().enumerate();
        first.chain(last.map(|(index, number)| {
            let left_out = if index == 0 { self.left_out } else { 0 };
            (*number, left_out)
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_and_the_last_are_kept_and_the_others_counted() {
        let (mut even, mut odd) = (Ends::default(), Ends::default());
        (0..1000).for_each(|number| even.take(2 * number));
        (0..10).for_each(|number| odd.take(2 * number + 1));
        let count = even.count() + odd.count();
        even.add(&odd);
        assert_eq!((even.count(), even.left_out()), (count, count - 100));
        let kept: Vec<_> = even.kept().collect();
        assert_eq!(kept[..3], [(0, 0), (1, 0), (2, 0)]);
        assert_eq!(kept[50], (1900, 910));
        assert_eq!(kept[99], (1998, 0));
    }
}
