//! Loss detection by the counter that a server puts into each event.

/// What the counter of a topic has shown so far.
///
/// Some servers leave it at 0 for ever (cppTango 9.3.4 without a database), and the first event of
/// a subscription is sent twice with one number: a counter that stands still says nothing.
#[derive(Debug, Default)]
pub(super) struct Counter {
    last: Option<u32>,
}

/// What a counter says of the events before the one that carries it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loss {
    /// None is missing.
    None,
    /// So many were sent and did not arrive.
    Missed(u64),
    /// The counter went back: the server began anew, and what it sent before is not known.
    Restarted,
}

impl Counter {
    /// Takes the counter of the next event.
    pub(super) fn observe(&mut self, now: u32) -> Loss {
        let Some(last) = self.last.replace(now) else {
            return Loss::None;
        };
        if now == last || now == last.wrapping_add(1) {
            Loss::None
        } else if now > last {
            Loss::Missed(u64::from(now - last) - 1)
        } else {
            Loss::Restarted
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn observe(numbers: &[u32]) -> Vec<Loss> {
        let mut counter = Counter::default();
        numbers
            .iter()
            .map(|&number| counter.observe(number))
            .collect()
    }

    #[test]
    fn a_counter_that_counts_misses_nothing() {
        assert_eq!(observe(&[7, 8, 9]), [Loss::None; 3]);
        assert_eq!(observe(&[u32::MAX, 0, 1]), [Loss::None; 3]);
    }

    #[test]
    fn a_counter_that_stands_still_says_nothing() {
        assert_eq!(observe(&[0, 0, 0, 0]), [Loss::None; 4]);
        assert_eq!(observe(&[1, 1, 2, 3]), [Loss::None; 4]);
    }

    #[test]
    fn a_jump_tells_how_many_are_missing() {
        assert_eq!(
            observe(&[1, 2, 5, 6]),
            [Loss::None, Loss::None, Loss::Missed(2), Loss::None]
        );
        assert_eq!(observe(&[0, 4]), [Loss::None, Loss::Missed(3)]);
    }

    #[test]
    fn a_counter_that_goes_back_means_a_new_beginning() {
        assert_eq!(
            observe(&[5, 1, 2]),
            [Loss::None, Loss::Restarted, Loss::None]
        );
    }
}
