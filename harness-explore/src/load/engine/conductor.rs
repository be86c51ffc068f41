//! Carries out a load, from the first user to the report.

use std::future::Future;
use std::pin::pin;
use std::time::{Duration, SystemTime};

use futures_util::StreamExt as _;
use futures_util::stream;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

use super::closed::{Rhythm, live};
use super::cycling::Cycling;
use super::ending::{Ender, Ending, ending};
use super::gauges::Gauges;
use super::live::Live;
use super::load::{Load, Observer};
use super::open::{Dispatch, Worker, work};
use super::recorder::Recorder;
use super::user::{Identity, User};
use crate::load::plan::{Model, Plan};
use crate::load::report::{GaugeSeries, Judgement, LoadReport};

/// How often thresholds are judged, and observers told.
const TICK: Duration = Duration::from_secs(1);

/// So many users begin at once.
const BEGIN_AT_ONCE: usize = 64;

/// How long cycles may take to their end when a threshold has ended the load.
const GRACE_OF_A_FAILURE: Duration = Duration::from_secs(1);

/// Carries out a load.
pub(super) struct Conductor {
    load: Load,
    live: Live,
    gauges: Gauges,
    ender: Ender,
    ending: Ending,
}

/// Why a load ended before its time.
struct Early {
    words: String,
    grace: Duration,
    judgement: Option<Judgement>,
}

impl Conductor {
    pub(super) fn of(load: Load) -> Conductor {
        let (ender, ending) = ending();
        Conductor {
            live: load.live(),
            load,
            gauges: Gauges::new(),
            ender,
            ending,
        }
    }

    pub(super) async fn run<U: User>(
        mut self,
        user: impl FnMut(Identity) -> U,
        stop: impl Future<Output = String>,
    ) -> LoadReport {
        let mut stop = pin!(stop);
        let mut observer = self.load.observer.take();
        let begun = tokio::select! {
            begun = self.begin_in_time(user) => Ok(begun),
            words = &mut stop => Err(words),
            () = observing(&mut observer, &self.live) => Err(String::new()),
        };
        let started = SystemTime::now();
        let start = self.load.recorder.start_clock();
        let users = match begun {
            Ok(users) => users,
            Err(words) => {
                let early = Early::asked(words, &self.load.plan);
                return self.report(started, Some(early));
            }
        };
        let mut chaos = JoinSet::new();
        for fault in self.load.faults.drain(..) {
            let recorder = self.load.recorder.clone();
            chaos.spawn(fault.run(recorder, start, self.ending.clone()));
        }
        let mut tasks = self.set_going(users, start);
        let early = self.watch(&mut tasks, &mut observer, start, stop).await;
        self.end(&mut tasks, early.as_ref()).await;
        // only now, so that the end of the load is still told as one with the fault
        while let Some(ended) = chaos.join_next().await {
            self.panicked("a fault", ended);
        }
        self.gauges.look(&self.live);
        self.report(started, early)
    }

    /// Makes the users, lets all of them begin, and waits for the moment at which the clock shall start.
    async fn begin_in_time<U: User>(&self, user: impl FnMut(Identity) -> U) -> Vec<Cycling<U>> {
        let users = self.begin(user).await;
        if let Some(starts) = self.load.starts {
            tokio::time::sleep_until(starts).await;
        }
        users
    }

    /// Makes the users, and lets all of them begin.
    async fn begin<U: User>(&self, mut user: impl FnMut(Identity) -> U) -> Vec<Cycling<U>> {
        let plan = &self.load.plan;
        let numbers = (0..plan.users()).filter(|number| plan.shard.has(*number));
        let made = numbers.map(|number| {
            let mut cycling = Cycling {
                user: user(Identity::of(number, plan.seed)),
                number,
                recorder: self.load.recorder.clone(),
                ending: self.ending.clone(),
                grace: plan.grace,
            };
            async move {
                let begun = cycling.begin().await;
                (cycling, begun)
            }
        });
        let mut beginning = stream::iter(made).buffered(BEGIN_AT_ONCE);
        let mut users = Vec::new();
        while let Some((cycling, begun)) = beginning.next().await {
            match begun {
                Ok(()) => users.push(cycling),
                Err(error) => {
                    let mut tally = self.load.recorder.tally();
                    tally.counts.users_failed += 1;
                    let words = format!("user {}: {error}", cycling.number);
                    let at = Duration::ZERO;
                    tally
                        .errors
                        .record("begin of a user", error.class, &words, at);
                }
            }
        }
        users
    }

    /// Spawns what goes on until the load ends.
    fn set_going<U: User>(&self, users: Vec<Cycling<U>>, start: Instant) -> JoinSet<()> {
        let (plan, profile) = (&self.load.plan, self.load.plan.profile());
        let mut tasks = JoinSet::new();
        match plan.model {
            Model::Closed => {
                for cycling in users {
                    let seed = Identity::of(cycling.number, plan.seed).seed;
                    let presences = profile.presences(cycling.number);
                    tasks.spawn(live(cycling, Rhythm::of(plan, seed), presences, start));
                }
            }
            Model::Open { .. } => {
                let (sender, idle) = mpsc::unbounded_channel();
                let mut workers = Vec::new();
                for (place, cycling) in users.into_iter().enumerate() {
                    let (starts, received) = mpsc::channel(1);
                    workers.push(starts);
                    let worker = Worker {
                        place,
                        starts: received,
                        idle: sender.clone(),
                    };
                    tasks.spawn(work(cycling, worker));
                }
                let dispatch = Dispatch {
                    recorder: self.load.recorder.clone(),
                    workers,
                    idle,
                    most_late: plan.most_late,
                    ending: self.ending.clone(),
                };
                tasks.spawn(dispatch.run(profile, plan.shard, start));
            }
        }
        tasks
    }

    /// Looks once a second until all are through, the stages are over, or it is ended early.
    async fn watch(
        &mut self,
        tasks: &mut JoinSet<()>,
        observer: &mut Option<Observer>,
        start: Instant,
        mut stop: std::pin::Pin<&mut impl Future<Output = String>>,
    ) -> Option<Early> {
        if tasks.is_empty() {
            return None;
        }
        let over = self.load.plan.length();
        let mut ticks = interval_at(start + TICK, TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        // whether somebody was there who did not panic: then stages without users have a meaning
        let mut was_there = false;
        loop {
            tokio::select! {
                ended = tasks.join_next(), if !tasks.is_empty() => {
                    was_there |= ended.as_ref().is_some_and(Result::is_ok);
                    ended.into_iter().for_each(|it| self.panicked("a user", it));
                    if tasks.is_empty() && (over.is_none() || !was_there) {
                        return None;
                    }
                }
                words = &mut stop => return Some(Early::asked(words, &self.load.plan)),
                () = until(start, over) => return None,
                _ = ticks.tick() => {
                    self.gauges.look(&self.live);
                    self.load.recorder.look_at_usual();
                    if let Some(observer) = observer {
                        observer(&self.live);
                    }
                    if let Some(judgement) = self.crossed() {
                        return Some(Early::crossed(judgement));
                    }
                }
            }
        }
    }

    /// Lets what is under way come to its end, and cuts it off if that takes too long.
    async fn end(&self, tasks: &mut JoinSet<()>, early: Option<&Early>) {
        let grace = early.map_or(self.load.plan.grace, |early| early.grace);
        // an open load hands out what waits; a closed one begins nothing after its time by itself
        if early.is_some() || self.load.plan.model == Model::Closed {
            self.ender.end();
        }
        let all = async |tasks: &mut JoinSet<()>| {
            while let Some(ended) = tasks.join_next().await {
                self.panicked("a user", ended);
            }
        };
        if timeout(grace, all(tasks)).await.is_err() {
            self.ender.end();
            self.ender.cut_off();
            // what users do at the end has a limit of its own
            all(tasks).await;
        }
        self.ender.end();
    }

    /// The first threshold that ends the load and does not hold.
    fn crossed(&self) -> Option<Judgement> {
        let plan = &self.load.plan;
        let thresholds = plan.judged_thresholds(plan.shard.of() > 1);
        let ending: Vec<_> = thresholds.filter(|it| it.ends_the_load()).collect();
        if ending.is_empty() {
            return None;
        }
        let so_far = self.live.so_far();
        let mut crossed = ending.into_iter().filter_map(|threshold| {
            let judgement = threshold.crossed(&so_far, plan.warm_up)?;
            Some(Judgement {
                ended_at: Some(so_far.lasted),
                ..judgement
            })
        });
        crossed.next()
    }

    fn panicked(&self, who: &str, ended: Result<(), tokio::task::JoinError>) {
        if let Err(error) = ended {
            let recorder: &Recorder = &self.load.recorder;
            recorder.violation("", format!("{who} panicked: {error}"));
        }
    }

    fn report(self, started: SystemTime, early: Option<Early>) -> LoadReport {
        let plan = &self.load.plan;
        let (lasted, held) = (self.load.recorder.elapsed(), self.load.recorder.held());
        let tally = self.load.recorder.tally();
        let since = started.duration_since(SystemTime::UNIX_EPOCH);
        let (words, crossed) = match early {
            Some(early) => (Some(early.words), early.judgement),
            None => (None, None),
        };
        let mut report = LoadReport {
            name: plan.name.clone(),
            shards: vec![plan.shard.to_string()],
            seed: plan.seed,
            plan: plan.text.clone(),
            started: since.unwrap_or_default().as_secs_f64(),
            lasted,
            held,
            ended_early: words,
            counts: tally.counts,
            cycles: tally.cycles.clone(),
            lag: tally.lag.clone(),
            backfill: tally.backfill.clone(),
            measurements: tally.measurements(),
            series: tally.series(),
            gauges: vec![GaugeSeries {
                shard: plan.shard.to_string(),
                gauges: self.gauges.kept(),
            }],
            errors: tally.errors.sorted(),
            faults: tally.windows.all().to_vec(),
            transitions: tally.transitions(),
            dwell: tally.dwell(),
            violations: tally.violations.clone(),
            ..LoadReport::default()
        };
        drop(tally);
        plan.judge(&mut report, crossed.as_ref());
        report
    }
}

impl Early {
    fn asked(words: String, plan: &Plan) -> Early {
        Early {
            words,
            grace: plan.grace,
            judgement: None,
        }
    }

    fn crossed(judgement: Judgement) -> Early {
        Early {
            words: format!("{}: {}", judgement.threshold, judgement.measured),
            grace: GRACE_OF_A_FAILURE,
            judgement: Some(judgement),
        }
    }
}

async fn until(start: Instant, over: Option<Duration>) {
    match over {
        Some(over) => tokio::time::sleep_until(start + over).await,
        None => std::future::pending().await,
    }
}

/// Tells the observer once a second, for ever.
async fn observing(observer: &mut Option<Observer>, live: &Live) {
    let mut ticks = interval_at(Instant::now() + TICK, TICK);
    loop {
        ticks.tick().await;
        if let Some(observer) = observer {
            observer(live);
        }
    }
}
