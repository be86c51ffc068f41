//! What is to be done, by how many, and when.

use std::time::Duration;

use super::profile::Profile;
use super::shard::Shard;
use super::stage::Stage;
use crate::load::report::{Judgement, LoadReport};
use crate::load::threshold::Threshold;

/// Who begins cycles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Model {
    /// Users that begin a cycle when their last one has ended: stages are numbers of users.
    Closed,
    /// Cycles begin when it is time for them, whether or not others have ended: stages are starts a
    /// second, and so many users wait to make them. A start for which nobody is free waits until
    /// somebody is, and its latency counts from when it was planned.
    Open {
        /// How many users there are.
        users: u64,
    },
}

/// What is to be done, by how many, and when.
///
/// ```
/// use std::time::Duration;
/// use harness_explore::load::{Model, Plan, Stage};
///
/// let soak = Plan::closed("soak", Stage::parse_all("100, 10s; 100, 5m; 0, 10s")?)
///     .with_warm_up(Duration::from_secs(15))
///     .with_thresholds(["p95<500ms".parse()?, "error-rate<1%".parse()?]);
/// soak.check()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Plan {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) seed: u64,
    pub(crate) model: Model,
    pub(crate) stages: Vec<Stage>,
    pub(crate) cycles: Option<u64>,
    pub(crate) warm_up: Duration,
    pub(crate) pause: (Duration, Duration),
    pub(crate) pace: Option<Duration>,
    pub(crate) most_late: Duration,
    pub(crate) throttle: Option<f64>,
    pub(crate) grace: Duration,
    pub(crate) thresholds: Vec<Threshold>,
    pub(crate) shard: Shard,
}

/// A plan that can not be carried out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// There is no stage.
    #[error("there are no stages: say how many users there are, and for how long")]
    NoStages,
    /// No stage has any load.
    #[error("there is never anybody: give a stage a target above 0")]
    NoLoad,
    /// It takes no time, and has no number of cycles.
    #[error(
        "the stages take no time, so nothing would be done: give one a time, or say how many cycles each user goes through"
    )]
    NoTime,
    /// Nothing is left of it after the warm-up.
    #[error("the warm-up is as long as everything, so nothing would be measured: make it shorter")]
    AllWarmUp,
    /// An open load has nobody.
    #[error("an open load needs users to make its starts: say how many")]
    NoUsers,
    /// Too many users.
    #[error("{users} users are more than the most, 1000000")]
    TooManyUsers {
        /// How many.
        users: u64,
    },
    /// A value that makes no sense here.
    #[error("{what} {problem}")]
    Value {
        /// Which value.
        what: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
}

/// So many users at most.
const MOST_USERS: u64 = 1_000_000;

impl Plan {
    /// Users that begin a cycle when their last one has ended.
    #[must_use]
    pub fn closed(name: impl Into<String>, stages: Vec<Stage>) -> Plan {
        Plan::of(name.into(), Model::Closed, stages)
    }

    /// Users that go through so many cycles each, and end then.
    #[must_use]
    pub fn cycles(name: impl Into<String>, users: u32, cycles: u64) -> Plan {
        let stages = vec![Stage::new(f64::from(users), Duration::ZERO)];
        Plan::of(name.into(), Model::Closed, stages).with_cycles(cycles)
    }

    /// Cycles that begin at a rate, made by so many users.
    #[must_use]
    pub fn open(name: impl Into<String>, users: u64, stages: Vec<Stage>) -> Plan {
        Plan::of(name.into(), Model::Open { users }, stages)
    }

    fn of(name: String, model: Model, stages: Vec<Stage>) -> Plan {
        Plan {
            name,
            text: String::new(),
            seed: 0,
            model,
            stages,
            cycles: None,
            warm_up: Duration::ZERO,
            pause: (Duration::ZERO, Duration::ZERO),
            pace: None,
            most_late: Duration::from_secs(10),
            throttle: None,
            grace: Duration::from_secs(10),
            thresholds: Vec::new(),
            shard: Shard::WHOLE,
        }
    }

    /// Keeps the plan as it was written, for the report: what repeats the run.
    #[must_use]
    pub fn with_text(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }

    /// What all chance comes from; 0 without it.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// So many cycles for each user of a closed load, which ends when all are through; the time of its
    /// stages then only says when users come. Cycles of the warm-up come before them.
    #[must_use]
    pub fn with_cycles(mut self, cycles: u64) -> Self {
        self.cycles = Some(cycles);
        self
    }

    /// Counts nothing that is planned in this time after the start.
    #[must_use]
    pub fn with_warm_up(mut self, warm_up: Duration) -> Self {
        self.warm_up = warm_up;
        self
    }

    /// Users of a closed load pause so long between cycles: anything from the first to the second time.
    #[must_use]
    pub fn with_pause(mut self, shortest: Duration, longest: Duration) -> Self {
        self.pause = (shortest, longest);
        self
    }

    /// Users of a closed load begin a cycle every so often, if the last one has ended, and at once if it
    /// has not: latencies count from when it should have begun.
    #[must_use]
    pub fn with_pace(mut self, pace: Duration) -> Self {
        self.pace = Some(pace);
        self
    }

    /// Drops starts of an open load that can't be made so long after they were planned. 10 s without it;
    /// zero drops what nobody is free for at once.
    #[must_use]
    pub fn with_most_late(mut self, most_late: Duration) -> Self {
        self.most_late = most_late;
        self
    }

    /// Lets at most so many actions a second begin, of all users and all parts together.
    #[must_use]
    pub fn with_throttle(mut self, actions: f64) -> Self {
        self.throttle = Some(actions);
        self
    }

    /// How long cycles may take to their end after the load has. 10 s without it.
    #[must_use]
    pub fn with_grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// What must hold of the figures.
    #[must_use]
    pub fn with_thresholds(mut self, thresholds: impl IntoIterator<Item = Threshold>) -> Self {
        self.thresholds.extend(thresholds);
        self
    }

    /// Does one part of it only.
    #[must_use]
    pub fn with_shard(mut self, shard: Shard) -> Self {
        self.shard = shard;
        self
    }

    /// What it calls itself.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What all chance comes from.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Who begins cycles.
    #[must_use]
    pub fn model(&self) -> Model {
        self.model
    }

    /// What must hold of the figures.
    #[must_use]
    pub fn thresholds(&self) -> &[Threshold] {
        &self.thresholds
    }

    /// How many users there are at most, of all parts together.
    #[must_use]
    pub fn users(&self) -> u64 {
        match self.model {
            Model::Closed => self.profile().most().ceil() as u64,
            Model::Open { users } => users,
        }
    }

    /// How long it takes; none if its users end after so many cycles.
    #[must_use]
    pub fn length(&self) -> Option<Duration> {
        let length = self.profile().length();
        self.cycles.is_none().then_some(length)
    }

    pub(crate) fn profile(&self) -> Profile {
        let profile = Profile::of(&self.stages, self.warm_up);
        match self.cycles {
            Some(_) => profile.going_on(),
            None => profile,
        }
    }

    /// Judges a report, or one that was merged, by the thresholds, and says how it ended. `crossed` is
    /// what ended the load, which stays so even if it would hold at the end. Of one part of a plan, what
    /// only all parts together can reach is not judged.
    pub fn judge(&self, report: &mut LoadReport, crossed: Option<&Judgement>) {
        let is_part = self.shard.of() as usize > report.shards.len();
        let judged = self.judged_thresholds(is_part).map(|threshold| {
            let judgement = threshold.judge(report);
            match crossed.filter(|it| it.threshold == judgement.threshold) {
                Some(crossed) => crossed.clone(),
                None => judgement,
            }
        });
        report.judgements = judged.collect();
        report.verdict = report.judged();
    }

    /// The thresholds that can be judged, of all of it or of one part.
    pub(crate) fn judged_thresholds(&self, is_part: bool) -> impl Iterator<Item = &Threshold> {
        let thresholds = self.thresholds.iter();
        thresholds.filter(move |it| !(is_part && it.needs_all_parts()))
    }

    /// Which of so many devices users of this part take, where the first user has the first one, and so on,
    /// and the first again when there are more users than devices.
    #[must_use]
    pub fn devices_of_part(&self, count: usize) -> Vec<bool> {
        let mut taken = vec![false; count];
        for user in (0..self.users()).filter(|user| self.shard.has(*user)) {
            let place = user % (count as u64).max(1);
            if let Some(taken) = taken.get_mut(place as usize) {
                *taken = true;
            }
        }
        taken
    }

    /// Of which of so many devices this part tells what is heard: of those whose first user is its own, so that
    /// all parts together tell of each device once.
    #[must_use]
    pub(crate) fn told_by_part(&self, count: usize) -> Vec<bool> {
        let is_told = |device| device < self.users() && self.shard.has(device);
        (0..count as u64).map(is_told).collect()
    }

    /// Whether users of other parts take some of the same devices, of so many.
    #[must_use]
    pub fn shares_devices(&self, count: usize) -> bool {
        let taken = self.devices_of_part(count);
        let others = (0..self.users()).filter(|user| !self.shard.has(*user));
        let mut places = others.map(|user| user % (count as u64).max(1));
        places.any(|place| taken.get(place as usize) == Some(&true))
    }

    /// Whether it can be carried out.
    ///
    /// # Errors
    /// What is wrong with it, the first thing.
    pub fn check(&self) -> Result<(), PlanError> {
        let value = |what, problem| Err(PlanError::Value { what, problem });
        let profile = self.profile();
        if self.stages.is_empty() {
            return Err(PlanError::NoStages);
        }
        if profile.most() <= 0.0 {
            return Err(PlanError::NoLoad);
        }
        let users = self.users();
        if users > MOST_USERS {
            return Err(PlanError::TooManyUsers { users });
        }
        match (self.model, self.cycles) {
            (Model::Open { users: 0 }, _) => return Err(PlanError::NoUsers),
            (Model::Open { users }, _) if users < u64::from(self.shard.of()) => {
                return value(
                    "users",
                    "are fewer than the parts of the load: give each part one at least",
                );
            }
            (Model::Open { .. }, Some(_)) => {
                return value(
                    "cycles",
                    "are those of the users of a closed load; an open one ends after its stages",
                );
            }
            (Model::Open { .. }, None) if self.pace.is_some() => {
                return value(
                    "pace",
                    "is that of the users of a closed load; the stages of an open one say how often",
                );
            }
            (_, Some(0)) => return value("cycles", "must be at least 1"),
            (_, Some(_)) => {}
            (_, None) if profile.length().is_zero() => return Err(PlanError::NoTime),
            (_, None) if profile.length() <= self.warm_up => return Err(PlanError::AllWarmUp),
            (_, None) => {}
        }
        if self.pause.0 > self.pause.1 {
            return value(
                "pause",
                "must not end before it begins: the shortest comes first",
            );
        }
        if self.pace.is_some_and(|pace| pace.is_zero()) {
            return value("pace", "must be longer than nothing");
        }
        if self
            .throttle
            .is_some_and(|it| !(it > 0.0 && it.is_finite()))
        {
            return value("throttle", "must be a number of actions a second above 0");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closed(stages: &str) -> Plan {
        Plan::closed("soak", Stage::parse_all(stages).unwrap())
    }

    #[test]
    fn parts_share_devices_unless_these_divide_evenly() {
        let part = |number, users| {
            let shard = Shard::new(number, 2).unwrap();
            Plan::cycles("parts", users, 1).with_shard(shard)
        };
        assert_eq!(part(2, 8).devices_of_part(4), [false, true, false, true]);
        assert!(!part(2, 8).shares_devices(4));
        assert!(part(2, 8).shares_devices(3));
        let told = |number| part(number, 8).told_by_part(3);
        assert_eq!(
            (told(1), told(2)),
            (vec![true, false, true], vec![false, true, false])
        );
        assert!(!part(1, 3).shares_devices(3), "nobody has a second user");
        assert!(!Plan::cycles("whole", 8, 1).shares_devices(3));
    }

    #[test]
    fn a_plan_that_can_not_be_carried_out_says_why() {
        let second = Duration::from_secs(1);
        for (plan, told) in [
            (Plan::closed("none", Vec::new()), "there are no stages"),
            (closed("0, 5s"), "there is never anybody"),
            (closed("5, 0s"), "the stages take no time"),
            (
                closed("5, 5s").with_warm_up(second * 5),
                "the warm-up is as long",
            ),
            (
                Plan::open("open", 0, vec![Stage::new(5.0, second)]),
                "an open load needs users",
            ),
            (
                Plan::open("open", 9, vec![Stage::new(5.0, second)]).with_cycles(3),
                "cycles are those",
            ),
            (
                Plan::open("open", 9, vec![Stage::new(5.0, second)]).with_pace(second),
                "pace is that",
            ),
            (
                Plan::open("open", 2, vec![Stage::new(5.0, second)])
                    .with_shard(Shard::new(1, 3).unwrap()),
                "users are fewer than the parts",
            ),
            (Plan::cycles("few", 3, 0), "cycles must be at least 1"),
            (
                closed("5, 5s").with_pause(second, Duration::ZERO),
                "pause must not end",
            ),
            (
                closed("5, 5s").with_pace(Duration::ZERO),
                "pace must be longer",
            ),
            (
                closed("5, 5s").with_throttle(0.0),
                "throttle must be a number",
            ),
            (
                closed("5, 5s").with_throttle(f64::NAN),
                "throttle must be a number",
            ),
        ] {
            let error = plan.check().unwrap_err().to_string();
            assert!(error.starts_with(told), "{error}");
        }
        closed("5, 5s").check().unwrap();
        Plan::cycles("few", 3, 1)
            .with_warm_up(second)
            .check()
            .unwrap();
    }
}
