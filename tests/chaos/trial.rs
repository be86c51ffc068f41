//! Trying one case: a telescope behind gates, a disturbance, and what the harness makes of it.

use std::time::Duration;

use harness_bdd::network::ThroughGates;
use harness_chaos::{Network, Part};
use harness_core::event::{Event, Signal};
use harness_core::fault::FaultGuard;
use harness_core::journal::{Journal, Mark};
use harness_core::{Fault, Timeout, Tracer};
use harness_sim::attribute::{Attribute, AttributeValue};
use harness_sim::device::DeviceChange;
use harness_sim::{RunningTelescope, SimulatedTelescope, SubarrayHandle};
use harness_tango::control_model::{HealthState, ObsState};
use harness_tango::device::TangoConnector;
use harness_tango::subarray::Subarray;
use harness_tango::telescope::Telescope;
use tango_wire::Client;
use tango_wire::event::EventOptions;
use tokio::sync::broadcast::Receiver;
use tokio::time::Instant;
use tokio::time::error::Elapsed;

use crate::account::{Beginning, Untrue, compare};
use crate::cases::{Case, Effect, LONG, Moment, SHORT};

/// Servers send a heartbeat every five seconds, as Tango's do with a client that is near.
const HEARTBEAT_PATIENCE: Duration = Duration::from_secs(7);

/// How long a transition takes: long enough for a disturbance to begin meanwhile.
const DWELL: Duration = Duration::from_millis(100);

/// How long a disturbance lasts that passes: until after the transition in which it began.
const PASSES_AFTER: Duration = Duration::from_millis(250);

/// What a machine that does much else may add to a deadline.
const SLACK: Duration = Duration::from_secs(5);

/// Tries a case.
pub(crate) async fn run(case: Case) -> Result<(), String> {
    let network = Network::new().with_seed(20_261_126);
    let mut bench = Bench::behind(&network, case.effect).await;
    bench.reach(ObsState::Idle, LONG).await.must_succeed()?;

    let part = case.part(&network);
    let (disturbed, fault) = match case.moment {
        Moment::Before => {
            let fault = bench.disturb(&case, &part).await?;
            // what is asked for here must be heard of afterwards, if it is granted; but for what may
            // have been granted in words that were spoilt
            if case.effect != Effect::Falsifies {
                bench.watch_health().await;
            }
            (bench.reach(ObsState::Ready, case.within()).await, fault)
        }
        Moment::Midway => {
            let disturb = async {
                bench.is_configuring().await;
                bench.disturb(&case, &part).await
            };
            let (disturbed, fault) =
                tokio::join!(bench.reach(ObsState::Ready, case.within()), disturb);
            (disturbed, fault?)
        }
        Moment::Passing => {
            let disturb = async {
                bench.is_configuring().await;
                let fault = bench.disturb(&case, &part).await?;
                tokio::time::sleep(PASSES_AFTER).await;
                fault.stop().await.map_err(|error| error.to_string())
            };
            let (disturbed, passed) =
                tokio::join!(bench.reach(ObsState::Ready, case.within()), disturb);
            passed?;
            (disturbed, bench.disturb(&case, &part).await?)
        }
    };
    match case.effect {
        Effect::Hinders if case.lets_nothing_be_done() => disturbed.must_fail()?,
        Effect::Slows => disturbed.must_succeed()?,
        Effect::Hinders => disturbed.must_be_true()?,
        Effect::Falsifies => disturbed.must_end()?,
    }
    bench.changes_by_itself().await;
    fault.stop().await.map_err(|error| error.to_string())?;

    let recovery = part.recovers_within(LONG, || bench.subarray.obs_state());
    recovery.await.map_err(|error| error.to_string())?;
    let (since, beginning) = match case.effect {
        Effect::Falsifies => (bench.journal().mark(), Beginning::Any),
        Effect::Slows | Effect::Hinders => (bench.begin.clone(), Beginning::First),
    };
    bench.reach(ObsState::Scanning, LONG).await.must_succeed()?;
    bench.record_becomes_complete(&since, beginning).await?;
    if case.effect == Effect::Slows {
        bench.record_has_no_gap(&since)?;
    }
    bench.health_is_heard_of().await
}

/// A telescope behind gates.
struct Bench {
    simulated: RunningTelescope,
    telescope: Telescope,
    subarray: Subarray,
    begin: Mark,
    watches_health: bool,
    changes: Receiver<DeviceChange>,
    /// The obsStates that the subarray was in.
    truth: Vec<String>,
}

impl Bench {
    async fn behind(network: &Network, effect: Effect) -> Bench {
        let simulated = SimulatedTelescope::new().with_subarrays(1);
        let simulated = simulated.with_dwell(DWELL);
        let simulated = simulated.start().await.unwrap();
        let events = EventOptions::default().with_heartbeat_timeout(HEARTBEAT_PATIENCE);
        let client = Client::new()
            .with_tango_host(simulated.tango_host())
            .with_timeout(match effect {
                Effect::Slows => LONG,
                Effect::Hinders | Effect::Falsifies => SHORT,
            })
            .with_event_options(events);
        let connector = TangoConnector::new(client).with_routes(ThroughGates::of(network));
        let (config, tracer) = (simulated.telescope_config(), Tracer::default());
        let begin = tracer.journal().mark();
        let telescope = Telescope::connect_with(config, &connector, &tracer).await;
        let telescope = telescope.unwrap();
        let subarray = telescope.subarray(1).unwrap();
        subarray.traced().watch("obsState").await.unwrap();
        Bench {
            changes: simulated.handle().changes(),
            truth: vec![ObsState::Empty.to_string()],
            simulated,
            telescope,
            subarray,
            begin,
            watches_health: false,
        }
    }

    fn journal(&self) -> &Journal {
        self.telescope.tracer().journal()
    }

    async fn disturb(&self, case: &Case, part: &Part) -> Result<FaultGuard, String> {
        let fault = case.fault(part).start().await;
        let fault = fault.map_err(|error| format!("can't be disturbed: {error}"))?;
        let gates = part.gates();
        if gates.is_empty() || gates.iter().any(|gate| gate.in_force().is_empty()) {
            return Err(format!("nothing goes wrong in all of {part}: {gates:?}"));
        }
        case.provoke(part).await;
        Ok(fault)
    }

    fn device(&self) -> SubarrayHandle {
        self.simulated.subarray(1).unwrap()
    }

    /// Waits until the transition to READY is under way. Not needed is that it is seen: it may be over.
    async fn is_configuring(&self) {
        let mut changes = self.simulated.handle().changes();
        while self.device().obs_state() == ObsState::Idle {
            changes.recv().await.unwrap();
        }
    }

    /// The subarray moves on while it is disturbed, commanded by nobody who could tell.
    async fn changes_by_itself(&self) {
        for _ in 0..2 {
            let (command, argument, end) = match self.device().obs_state() {
                ObsState::Idle => ("Configure", "{}", ObsState::Ready),
                ObsState::Ready => ("End", "", ObsState::Idle),
                // it is under way, after a command whose reply got lost
                _ => ("", "", ObsState::Ready),
            };
            let mut changes = self.simulated.handle().changes();
            if !command.is_empty() {
                self.device().submit(command, argument).unwrap();
            }
            while self.device().obs_state() != end {
                changes.recv().await.unwrap();
            }
        }
    }

    /// Asks for events of one more attribute, which may be refused.
    async fn watch_health(&mut self) {
        let traced = self.subarray.traced();
        let asked = tokio::time::timeout(SHORT, traced.watch("healthState")).await;
        self.watches_health = matches!(asked, Ok(Ok(())));
    }

    /// What was granted is kept: a change of it is told.
    async fn health_is_heard_of(&self) -> Result<(), String> {
        if !self.watches_health {
            return Ok(());
        }
        let device = self.subarray.traced().name();
        let since = self.journal().mark();
        self.device().set_health_state(HealthState::Degraded);
        let query = self.telescope.tracer().events_since(&since);
        let query = query.from(device).of("healthState").changes().first(1);
        match query.within(Timeout::new(LONG)).await.first() {
            Some(_) => Ok(()),
            None => Err("healthState was subscribed to, and its change never told".to_owned()),
        }
    }

    /// Asks for a state, and looks where the subarray really is then.
    async fn reach(&self, target: ObsState, within: Duration) -> Attempt {
        let started = Instant::now();
        let reach = self.subarray.reach(target).within(Timeout::new(within));
        // what takes longer than this does not end
        let outcome = tokio::time::timeout(within + LONG, reach).await;
        Attempt {
            target,
            outcome: outcome.map(|it| it.map(drop).map_err(|error| error.to_string())),
            within,
            took: started.elapsed(),
            really: self.device().obs_state(),
        }
    }

    /// The record since then tells all that was, sooner or later.
    async fn record_becomes_complete(
        &mut self,
        since: &Mark,
        beginning: Beginning,
    ) -> Result<(), String> {
        let deadline = Instant::now() + LONG;
        loop {
            self.look_at_changes();
            let entries = self.journal().since(since);
            let device = self.subarray.traced().name();
            let events = entries.iter().filter_map(|entry| entry.event());
            let record: Vec<Event> = events
                .filter(|event| event.is_from(device, "obsState"))
                .cloned()
                .collect();
            match compare(&self.truth, &record, beginning) {
                Err(untrue) => return Err(untrue.to_string()),
                Ok(true) => return Ok(()),
                Ok(false) if Instant::now() > deadline => {
                    return Err(Untrue::incomplete(&self.truth, &record).to_string());
                }
                Ok(false) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    /// What only slows loses nothing, and is not told as if it might have.
    fn record_has_no_gap(&self, since: &Mark) -> Result<(), String> {
        let entries = self.journal().since(since);
        let events = entries.iter().filter_map(|entry| entry.event());
        let mut gaps = events.filter(|event| matches!(event.signal, Signal::Gap { .. }));
        gaps.next()
            .map_or(Ok(()), |gap| Err(format!("nothing got lost, but: {gap}")))
    }

    fn look_at_changes(&mut self) {
        while let Ok(change) = self.changes.try_recv() {
            if let (Attribute::ObsState, AttributeValue::ObsState(state)) =
                (change.attribute, change.value)
            {
                self.truth.push(state.to_string());
            }
        }
    }
}

/// What came of asking for a state.
struct Attempt {
    target: ObsState,
    outcome: Result<Result<(), String>, Elapsed>,
    within: Duration,
    took: Duration,
    really: ObsState,
}

impl Attempt {
    /// It ended by its deadline.
    fn must_end(&self) -> Result<(), String> {
        let Attempt { target, within, .. } = self;
        if self.outcome.is_err() || self.took > self.within + SLACK {
            let took = self.took;
            return Err(format!("{target} within {within:?}: took {took:?}"));
        }
        Ok(())
    }

    /// And if it says that it succeeded, it did.
    fn must_be_true(&self) -> Result<(), String> {
        self.must_end()?;
        let Attempt { target, really, .. } = self;
        if matches!(self.outcome, Ok(Ok(()))) && really != target {
            return Err(format!(
                "{target} was claimed to be reached; it was {really}"
            ));
        }
        Ok(())
    }

    /// And it did not succeed: what was to keep it from that was felt.
    fn must_fail(&self) -> Result<(), String> {
        self.must_be_true()?;
        match &self.outcome {
            Ok(Ok(())) => Err(format!("{} was reached, undisturbed", self.target)),
            _ => Ok(()),
        }
    }

    /// And it did succeed.
    fn must_succeed(&self) -> Result<(), String> {
        self.must_be_true()?;
        match &self.outcome {
            Ok(Err(error)) => Err(format!("{} was not reached: {error}", self.target)),
            _ => Ok(()),
        }
    }
}
