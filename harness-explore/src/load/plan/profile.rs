//! What stages mean: who is there when, and what starts when.

use std::time::Duration;

use super::stage::Stage;
use crate::load::measure::Phase;

/// One stage with where it begins.
#[derive(Clone, Copy, Debug)]
struct Piece {
    begins: Duration,
    over: Duration,
    from: f64,
    to: f64,
}

/// The load over time, from nothing on, in straight pieces.
#[derive(Clone, Debug)]
pub(crate) struct Profile {
    pieces: Vec<Piece>,
    warm_up: Duration,
    /// Whether the load goes on after its last stage, as long as users have cycles left.
    goes_on: bool,
}

impl Profile {
    pub(crate) fn of(stages: &[Stage], warm_up: Duration) -> Profile {
        let (mut begins, mut from) = (Duration::ZERO, 0.0);
        let pieces = stages.iter().map(|stage| {
            let piece = Piece {
                begins,
                over: stage.over,
                from,
                to: stage.target,
            };
            begins += stage.over;
            from = stage.target;
            piece
        });
        Profile {
            pieces: pieces.collect(),
            warm_up,
            goes_on: false,
        }
    }

    /// The load goes on after its last stage as it is then.
    pub(crate) fn going_on(mut self) -> Profile {
        self.goes_on = true;
        self
    }

    /// How long all of it takes.
    pub(crate) fn length(&self) -> Duration {
        self.pieces.iter().map(|piece| piece.over).sum()
    }

    /// The most that there is at once.
    pub(crate) fn most(&self) -> f64 {
        self.pieces.iter().map(|piece| piece.to).fold(0.0, f64::max)
    }

    /// Which part of the load a moment is in.
    pub(crate) fn phase(&self, at: Duration) -> Phase {
        if at < self.warm_up {
            return Phase::WarmUp;
        }
        let is_in = |piece: &&Piece| piece.begins <= at && at < piece.begins + piece.over;
        match self.pieces.iter().find(is_in) {
            Some(piece) if piece.is_level() => Phase::Hold,
            // what is planned at the very end was planned for the last piece
            None if self.goes_on => Phase::Hold,
            None if self.pieces.last().is_some_and(Piece::is_level) => Phase::Hold,
            _ => Phase::Ramp,
        }
    }

    /// Whether the load is held at a moment: not in the warm-up, and not after the end.
    pub(crate) fn is_held(&self, at: Duration) -> bool {
        let is_over = !self.goes_on && at >= self.length();
        !is_over && self.phase(at) == Phase::Hold
    }

    /// How long the load was held until a moment, the warm-up left out.
    pub(crate) fn held_until(&self, at: Duration) -> Duration {
        let level = self.pieces.iter().filter(|piece| piece.is_level());
        let held = level.map(|piece| {
            let begins = piece.begins.max(self.warm_up);
            (piece.begins + piece.over).min(at).saturating_sub(begins)
        });
        let after = match self.goes_on {
            true => at.saturating_sub(self.length().max(self.warm_up)),
            false => Duration::ZERO,
        };
        held.sum::<Duration>() + after
    }

    /// When a user, counted from 0, is there: from and to, as often as it comes.
    pub(crate) fn presences(&self, user: u64) -> Vec<(Duration, Duration)> {
        let place = user as f64;
        let mut presences = Vec::new();
        let mut since = None;
        for piece in &self.pieces {
            let is_there = since.is_some();
            if !is_there && piece.to > place {
                since = Some(piece.begins + piece.crossing(place));
            } else if is_there && piece.to <= place {
                let to = piece.begins + piece.crossing(place);
                presences.extend(since.take().map(|from| (from, to)));
            }
        }
        presences.extend(since.map(|from| (from, self.length())));
        presences
    }

    /// When each start of an open load is planned.
    pub(crate) fn starts(&self) -> Starts<'_> {
        Starts {
            pieces: self.pieces.iter(),
            piece: None,
            before: 0.0,
            number: 0,
        }
    }
}

impl Piece {
    fn is_level(&self) -> bool {
        self.from == self.to && self.to > 0.0
    }

    /// After how much of it the load is at this height; it must pass it.
    fn crossing(&self, height: f64) -> Duration {
        let share = (height - self.from) / (self.to - self.from);
        self.over.mul_f64(share.clamp(0.0, 1.0))
    }

    /// How many starts there are in all of it.
    fn area(&self) -> f64 {
        (self.from + self.to) / 2.0 * self.over.as_secs_f64()
    }

    /// After how much of it there were so many starts.
    fn reached(&self, count: f64) -> Duration {
        let length = self.over.as_secs_f64();
        let slope = (self.to - self.from) / length;
        let seconds = if count <= 0.0 {
            0.0
        } else if slope.abs() < 1e-9 {
            count / self.from
        } else {
            let root = (self.from * self.from + 2.0 * slope * count)
                .max(0.0)
                .sqrt();
            // the form that does not subtract what is nearly equal
            2.0 * count / (self.from + root)
        };
        Duration::try_from_secs_f64(seconds.clamp(0.0, length)).unwrap_or(self.over)
    }
}

/// When each start of an open load is planned, in order.
#[derive(Debug)]
pub(crate) struct Starts<'a> {
    pieces: std::slice::Iter<'a, Piece>,
    piece: Option<&'a Piece>,
    /// How many starts the pieces before this one have.
    before: f64,
    number: u64,
}

impl Iterator for Starts<'_> {
    type Item = Duration;

    fn next(&mut self) -> Option<Duration> {
        let wanted = self.number as f64;
        loop {
            let piece = match self.piece {
                Some(piece) => piece,
                None => self.pieces.next()?,
            };
            self.piece = Some(piece);
            let within = wanted - self.before;
            // a start at the very end of a piece is that of the next; rounding must not lose or add one
            if within < piece.area() - 1e-6 {
                self.number += 1;
                return Some(piece.begins + piece.reached(within));
            }
            self.before += piece.area();
            self.piece = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(stages: &str, warm_up: u64) -> Profile {
        let stages = Stage::parse_all(stages).unwrap();
        Profile::of(&stages, Duration::from_secs(warm_up))
    }

    fn seconds(seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds)
    }

    #[test]
    fn users_come_evenly_and_the_last_ones_go_first() {
        let profile = profile("10, 5s; 10, 20s; 0, 5s", 0);
        for user in 0..10_u64 {
            let (from, to) = profile.presences(user)[0];
            assert_eq!(from, seconds(user as f64 * 0.5));
            assert_eq!(to, seconds(30.0 - user as f64 * 0.5));
        }
        assert_eq!(profile.presences(10), []);
        assert_eq!(profile.length(), seconds(30.0));
    }

    #[test]
    fn users_come_again_after_a_valley() {
        let profile = profile("2, 0s; 2, 1s; 1, 0s; 1, 1s; 2, 0s; 2, 1s", 0);
        assert_eq!(profile.presences(0), [(seconds(0.0), seconds(3.0))]);
        let expected = [(seconds(0.0), seconds(1.0)), (seconds(2.0), seconds(3.0))];
        assert_eq!(profile.presences(1), expected);
    }

    #[test]
    fn a_constant_rate_starts_one_after_the_other_at_the_same_distance() {
        let profile = profile("100, 0s; 100, 10s", 0);
        let starts: Vec<_> = profile.starts().collect();
        assert_eq!(starts.len(), 1000);
        for (number, start) in starts.iter().enumerate() {
            let expected = seconds(number as f64 * 0.01);
            assert!(start.abs_diff(expected) < Duration::from_micros(1));
        }
    }

    #[test]
    fn a_ramp_starts_as_many_as_its_area() {
        let profile = profile("100, 10s; 0, 4s; 50, 2s", 0);
        let starts: Vec<_> = profile.starts().collect();
        assert_eq!(starts.len(), 500 + 200 + 50);
        assert!(starts.is_sorted());
        let first_half = starts.iter().filter(|it| **it < seconds(5.0)).count();
        assert_eq!(first_half, 125, "a quarter of the area of a ramp");
    }

    #[test]
    fn nothing_starts_while_there_is_no_load() {
        let profile = profile("0, 5s; 10, 0s; 10, 1s; 0, 0s; 0, 60s", 0);
        let starts: Vec<_> = profile.starts().collect();
        assert_eq!(starts.len(), 10);
        assert!(starts[0] >= seconds(5.0) && starts[9] < seconds(6.0));
    }

    #[test]
    fn what_goes_on_after_its_stages_is_held() {
        let profile = profile("10, 4s", 1).going_on();
        assert_eq!(profile.phase(seconds(3.9)), Phase::Ramp);
        assert_eq!(profile.phase(seconds(60.0)), Phase::Hold);
        assert_eq!(profile.held_until(seconds(60.0)), seconds(56.0));
    }

    #[test]
    fn only_level_pieces_with_load_are_held_and_the_warm_up_is_not() {
        let profile = profile("10, 4s; 10, 6s; 0, 2s; 0, 9s", 5);
        for (at, phase) in [
            (0.0, Phase::WarmUp),
            (4.9, Phase::WarmUp),
            (5.0, Phase::Hold),
            (10.5, Phase::Ramp),
            (13.0, Phase::Ramp),
        ] {
            assert_eq!(profile.phase(seconds(at)), phase, "{at}");
        }
        assert_eq!(profile.held_until(seconds(7.0)), seconds(2.0));
        assert_eq!(profile.held_until(seconds(100.0)), seconds(5.0));
    }
}
