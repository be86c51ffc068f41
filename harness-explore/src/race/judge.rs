//! Whether some order of the commands, one at a time, explains what happened.
//!
//! A command that leads through transient states begins at one moment between being sent and its reply,
//! and ends at another; one that leads to its target directly has one moment, which may be as late as its
//! end is told. A refusal is a moment at which the state does not allow the command. What nobody knows may
//! have happened at any time, or not at all. Each state that the model comes to must have been told, and
//! nothing else; not later than by the lag.
//!
//! The search is that of Wing and Gong, with what was visited remembered: of the same model after the
//! same moments only the earliest time counts.

use std::collections::HashMap;
use std::time::Duration;

use harness_core::state_machine::State;

use super::course::{Course, Moment, moments};
use super::history::History;
use super::standing::{Effect, Knowledge, Standing};
use super::verdict::Violation;
use crate::lifecycle::Lifecycle;

/// Looks for an order of the commands that explains the history, by what the lifecycle allows.
///
/// `effect` says what commands do to what is held; without it that is not looked at. What was told is
/// believed to have happened at most `lag` before: the shorter it is, the more can be told apart.
///
/// # Errors
/// When there is no such order; it says how far one can go.
pub fn judge<S: State>(
    history: &History<S>,
    lifecycle: &Lifecycle<S>,
    effect: Option<&Effect>,
    lag: Duration,
) -> Result<(), Violation> {
    let known = Knowledge {
        lifecycle,
        effect,
        states: history.states(),
        lag,
    };
    let mut search = Search {
        moments: moments(history),
        course: Course::new(history, &known),
        history,
        known: &known,
        visited: HashMap::new(),
        best: Best::default(),
    };
    let start = Standing::new(&history.from, &history.held);
    if search.explains(0, &start, Duration::ZERO, &mut Vec::new()) {
        Ok(())
    } else {
        Err(search.violation())
    }
}

struct Search<'h, S: State> {
    moments: Vec<Moment>,
    course: Course<'h, S>,
    history: &'h History<S>,
    known: &'h Knowledge<'h, S>,
    /// The earliest time at which this was reached.
    visited: HashMap<(u64, Standing<S>), Duration>,
    best: Best,
}

/// The explanation that goes farthest.
#[derive(Default)]
struct Best {
    /// Up to when it explains everything, and in how many steps.
    reach: Option<(Duration, usize)>,
    steps: Vec<String>,
    at: String,
    blocked: Vec<String>,
    /// Whether only the end does not fit.
    ending: Option<String>,
}

impl<S: State> Search<'_, S> {
    /// Whether what is left can be explained from here. Bits of `done` stand for moments.
    fn explains(
        &mut self,
        done: u64,
        standing: &Standing<S>,
        now: Duration,
        steps: &mut Vec<String>,
    ) -> bool {
        match self.visited.get(&(done, standing.clone())) {
            Some(earlier) if *earlier <= now => return false,
            _ => {}
        }
        self.visited.insert((done, standing.clone()), now);
        let all = self.all_required(done) && standing.told == self.known.states.len();
        let ending = if all { self.wrong_end(standing) } else { None };
        if all && ending.is_none() {
            return true;
        }
        self.note(done, (standing, now), steps, ending);
        if let Some((bit, moment)) = self.free(done, standing, now) {
            steps.push(self.course.words(moment));
            let explained = self.explains(done | bit, standing, now, steps);
            steps.pop();
            return explained;
        }
        for place in 0..self.moments.len() {
            let bit = 1 << place;
            if done & bit != 0 {
                continue;
            }
            let Some(moment) = self.moments.get(place).copied() else {
                continue;
            };
            let after = self.course.go(done, moment, standing, now);
            for (next, then) in after.unwrap_or_default() {
                steps.push(self.course.words(moment));
                if self.explains(done | bit, &next, then, steps) {
                    return true;
                }
                steps.pop();
            }
        }
        match standing.pass(self.known, now) {
            Some((next, then)) => {
                steps.push(next.to_string());
                let explained = self.explains(done, &next, then, steps);
                steps.pop();
                explained
            }
            None => false,
        }
    }

    /// A moment that can be now, changes nothing and takes no time: whatever comes, it need not wait.
    fn free(&self, done: u64, standing: &Standing<S>, now: Duration) -> Option<(u64, Moment)> {
        let moments = self.moments.iter().enumerate();
        let mut left = moments
            .map(|(place, moment)| (1 << place, *moment))
            .filter(|(bit, _)| done & bit == 0);
        left.find(|(_, moment)| {
            let after = self.course.go(done, *moment, standing, now);
            let is_free = |(next, then): &(Standing<S>, Duration)| next == standing && *then == now;
            after.is_ok_and(|after| after.iter().all(is_free)) && !moment.is_begin()
        })
    }

    fn all_required(&self, done: u64) -> bool {
        let mut moments = self.moments.iter().enumerate();
        moments.all(|(place, moment)| moment.is_optional() || done & (1 << place) != 0)
    }

    /// What is wrong with the end, if all before it is explained.
    fn wrong_end(&self, standing: &Standing<S>) -> Option<String> {
        let Some(to) = &self.history.to else {
            return None;
        };
        if standing.at != *to {
            return Some(format!("it should be in {}, and is in {to}", standing.at));
        }
        if self.known.effect.is_none() || !standing.is_calm() {
            return None;
        }
        let held = standing.held();
        let holds = &self.history.holds;
        (held != *holds).then(|| format!("in {to} it should hold {held}, and holds {holds}"))
    }

    /// Remembers the explanation that goes farthest: that leaves nothing out for the longest time.
    fn note(
        &mut self,
        done: u64,
        (standing, now): (&Standing<S>, Duration),
        steps: &[String],
        ending: Option<String>,
    ) {
        let left: Vec<Moment> = self
            .moments
            .iter()
            .enumerate()
            .filter(|(place, moment)| done & (1 << place) == 0 && !moment.is_optional())
            .map(|(_, moment)| *moment)
            .collect();
        let told = self.known.states.get(standing.told);
        let urgent = left.iter().map(|moment| self.course.latest(*moment));
        let urgent = urgent.chain(told.map(|(at, _)| *at));
        let until = urgent.min().unwrap_or(Duration::MAX);
        let reach = (until, steps.len());
        if until < now || self.best.reach.is_some_and(|best| best >= reach) {
            return;
        }
        let mut blocked: Vec<String> = left
            .iter()
            .filter(|moment| self.course.latest(**moment) == until)
            .filter_map(|moment| self.course.go(done, *moment, standing, now).err())
            .collect();
        if blocked.is_empty()
            && let Some((_, state)) = told
        {
            blocked.push(format!("{state} was told next"));
        }
        self.best = Best {
            reach: Some(reach),
            steps: steps.to_vec(),
            at: standing.to_string(),
            blocked,
            ending,
        };
    }

    fn violation(self) -> Violation {
        let Best {
            steps,
            at,
            blocked,
            ending,
            ..
        } = self.best;
        let so_far = match steps.as_slice() {
            [] => format!("in {at}"),
            steps => format!("after {} it is in {at}", steps.join(", ")),
        };
        match ending {
            Some(ending) => Violation {
                kind: Violation::WRONG_END,
                message: format!("{so_far}: {ending}"),
            },
            None if blocked.is_empty() => Violation {
                kind: Violation::UNEXPLAINED,
                message: format!("{so_far}, and what comes next comes too late for that"),
            },
            None => Violation {
                kind: Violation::UNEXPLAINED,
                message: format!("{so_far}, but {}", blocked.join("; ")),
            },
        }
    }
}
