//! Ids of execution and processing blocks, none of which is used twice.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// An id has room for thirteen digits: microseconds repeat after 115 days.
const RANGE: u64 = 10_000_000_000_000;

/// What simulators of an SDP take for a request to fail begins with three zeros.
const FIRST: u64 = 10_000_000_000;

/// The ids of this process.
static IDS: UniqueIds = UniqueIds {
    last: AtomicU64::new(0),
};

/// The next id with this prefix: `eb-test-<8 digits>-<5 digits>`.
pub(super) fn unique_id(prefix: &str) -> String {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_micros();
    IDS.after(u64::try_from(now).unwrap_or(u64::MAX), prefix)
}

/// Makes ids from the time in microseconds; never the same one twice, nor an earlier one later.
#[derive(Debug, Default)]
struct UniqueIds {
    last: AtomicU64,
}

impl UniqueIds {
    fn after(&self, now: u64, prefix: &str) -> String {
        let previous = self
            .last
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| {
                Some(now.max(last + 1))
            })
            .unwrap_or_else(|last| last);
        let digits = FIRST + now.max(previous + 1) % (RANGE - FIRST);
        format!(
            "{prefix}-test-{:08}-{:05}",
            digits / 100_000,
            digits % 100_000
        )
    }
}

#[cfg(test)]
mod tests {
    use super::UniqueIds;

    #[test]
    fn ids_differ_within_a_microsecond_and_when_the_clock_goes_back() {
        let ids = UniqueIds::default();
        let made: Vec<String> = [1_234_567, 1_234_567, 1_000]
            .map(|now| ids.after(now, "eb"))
            .into();
        assert_eq!(
            made,
            [
                "eb-test-00100012-34567",
                "eb-test-00100012-34568",
                "eb-test-00100012-34569"
            ]
        );
    }

    #[test]
    fn ids_keep_their_form_when_the_digits_run_out() {
        let ids = UniqueIds::default();
        assert_eq!(ids.after(9_989_999_999_999, "pb"), "pb-test-99999999-99999");
        assert_eq!(ids.after(9_989_999_999_999, "pb"), "pb-test-00100000-00000");
    }
}
