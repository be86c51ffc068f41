//! Lets so many actions a second begin.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// How late timers are at most, but for a busy machine.
const TIMERS: Duration = Duration::from_millis(2);

/// Lets so many actions a second begin, at even distances, whoever asks.
pub(super) struct Throttle {
    distance: Duration,
    next: Mutex<Option<Instant>>,
}

impl Throttle {
    /// So many a second, more than none.
    pub(super) fn new(rate: f64) -> Throttle {
        Throttle {
            distance: Duration::try_from_secs_f64(1.0 / rate).unwrap_or(Duration::MAX),
            next: Mutex::new(None),
        }
    }

    /// Waits for its turn, and tells whether it had to. A turn that is not taken is not made up for, but for what timers are late.
    pub(super) async fn admitted(&self) -> bool {
        let now = Instant::now();
        let turn = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let turn = next.map_or(now, |it| {
                now.checked_sub(TIMERS).map_or(it, |early| it.max(early))
            });
            // half a century is as good as never
            *next = Some(turn + self.distance.min(Duration::from_secs(1_500_000_000)));
            turn
        };
        if turn > now {
            sleep_until(turn).await;
        }
        turn > now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn no_more_begin_in_a_second_than_may() {
        let throttle = Throttle::new(250.0);
        let start = Instant::now();
        let mut begun = Vec::new();
        for _ in 0..1001 {
            throttle.admitted().await;
            begun.push(start.elapsed());
        }
        assert_eq!(begun[1000].as_secs(), 4, "1000 distances of 4 ms");
        for second in 0..4 {
            let in_it = begun.iter().filter(|it| it.as_secs() == second).count();
            assert!((249..=250).contains(&in_it), "{in_it} in second {second}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn turns_that_were_not_taken_make_no_burst() {
        let throttle = Throttle::new(10.0);
        throttle.admitted().await;
        tokio::time::sleep(Duration::from_secs(60)).await;
        let start = Instant::now();
        for _ in 0..11 {
            throttle.admitted().await;
        }
        let expected = Duration::from_secs(1);
        assert!(start.elapsed().abs_diff(expected) <= TIMERS);
    }
}
