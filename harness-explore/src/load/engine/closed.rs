//! A closed load: users that begin a cycle when their last one has ended.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::cycling::{Cut, Cycling};
use super::recorder::Presence;
use super::user::User;
use crate::load::measure::Phase;
use crate::load::plan::Plan;

/// A user that could not reach its device does not try again before this: what is refused costs no time,
/// and a server that is about to come back would be hammered by all of them.
const BETWEEN_TRIES: Duration = Duration::from_millis(100);

/// What the plan says of the users of a closed load.
pub(super) struct Rhythm {
    cycles: Option<u64>,
    pause: (Duration, Duration),
    pace: Option<Duration>,
    random: fastrand::Rng,
}

impl Rhythm {
    pub(super) fn of(plan: &Plan, seed: u64) -> Rhythm {
        Rhythm {
            cycles: plan.cycles,
            pause: plan.pause,
            pace: plan.pace,
            random: fastrand::Rng::with_seed(seed),
        }
    }

    fn next_pause(&mut self) -> Duration {
        let (shortest, longest) = self.pause;
        shortest + (longest - shortest).mul_f64(self.random.f64())
    }
}

/// Is there whenever the profile wants this user, and goes through cycles meanwhile.
pub(super) async fn live<U: User>(
    mut cycling: Cycling<U>,
    mut rhythm: Rhythm,
    presences: Vec<(Duration, Duration)>,
    start: Instant,
) {
    let mut counted = 0;
    for (from, to) in presences {
        if !wait_until(&mut cycling, start + from).await {
            break;
        }
        let there = cycling.recorder.user_is_there();
        let to = rhythm.cycles.is_none().then_some(start + to);
        let stay = Stay {
            from: start + from,
            to,
            _there: there,
        };
        if !cycle_on(&mut cycling, &mut rhythm, stay, &mut counted).await {
            break;
        }
    }
    cycling.end().await;
}

/// One time of being there.
struct Stay {
    from: Instant,
    /// Until when, unless a number of cycles says so.
    to: Option<Instant>,
    _there: Presence,
}

/// Goes through cycles until it is time to go, or all are done; tells whether the load goes on.
async fn cycle_on<U: User>(
    cycling: &mut Cycling<U>,
    rhythm: &mut Rhythm,
    stay: Stay,
    counted: &mut u64,
) -> bool {
    let mut planned = stay.from;
    loop {
        if cycling.ending.has_begun() {
            return false;
        }
        let is_over = |moment: Instant| stay.to.is_some_and(|to| moment >= to);
        if is_over(Instant::now()) || is_over(planned) {
            return true;
        }
        let (took, unreachable) = match cycling.go_through_one(planned).await {
            Cut::Off => return false,
            Cut::Through { took, unreachable } => (took, unreachable),
        };
        let phase = cycling.recorder.phase(cycling.recorder.offset(planned));
        if phase != Phase::WarmUp {
            *counted += 1;
            if rhythm.pace.is_none() {
                cycling.recorder.backfill(took);
            }
        }
        if rhythm.cycles.is_some_and(|cycles| *counted >= cycles) {
            return false;
        }
        let now = Instant::now();
        let mut next = match rhythm.pace {
            // one that is late stays planned for when it should have begun
            Some(pace) => planned + pace,
            None => now + rhythm.next_pause(),
        };
        if unreachable {
            next = next.max(now + BETWEEN_TRIES);
        }
        planned = next;
        if next > now && !wait_until(cycling, next).await {
            return false;
        }
        // users that never wait must let others run
        if next <= now {
            tokio::task::yield_now().await;
        }
    }
}

/// Waits, and tells whether the load still goes on.
async fn wait_until<U: User>(cycling: &mut Cycling<U>, moment: Instant) -> bool {
    if moment > Instant::now() {
        tokio::select! {
            () = sleep_until(moment) => {}
            () = cycling.ending.begun() => return false,
        }
        cycling.recorder.note_lag(moment);
    }
    !cycling.ending.has_begun()
}
