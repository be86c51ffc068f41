//! Putting the telescope back after a scenario, and making it ready before one.

use futures_util::future::join_all;
use harness_core::{Timeout, fault::FaultGuard};
use harness_tango::{
    control_model::{DevState, ObsState},
    subarray::Subarray,
    telescope::{LeftBehind, System, Telescope, TelescopeState},
};
use tokio::time::Instant;

use super::{
    SessionError, TelescopeSession,
    empty::{Effort, Emptied, SLACK, empty, note},
    restoration::{Restoration, RestoreError},
    undone::Undone,
};
use crate::ErrorChain;

/// The systems whose subarrays follow the telescope manager's: those that command others first.
const SYSTEMS: [System; 4] = [System::Csp, System::Sdp, System::Mccs, System::Cbf];

/// Its subarrays follow those of the CSP, so that they are left alone until those have come to rest:
/// what the CSP tells them and what we tell them would get in each other's way.
const FOLLOWER: System = System::Cbf;

impl TelescopeSession {
    /// Puts the telescope back after the scenario, in this order:
    ///
    /// 1. its faults are ended, and what steered helper devices is undone;
    /// 2. the telescope is switched ON, if the scenario found it so and switched it, or switched it
    ///    twice and left subarrays that can't be put back while it is not ON;
    /// 3. every subarray that was touched is brought back to EMPTY, from any state, by abort and
    ///    restart if need be: the telescope manager's first, then those of the systems that are not
    ///    EMPTY by then, the correlator's after the CSP's, which they follow, and after those the
    ///    telescope manager's once more if it still is not. All subarrays at the same time;
    /// 4. the telescope is switched OFF or to STANDBY, if the scenario found it so and switched it.
    ///
    /// Ends in time whatever the telescope does: for each round of step 3 the timeouts `reach` and
    /// `recovery` of its configuration and half a minute, for each switching `reach`. A subarray that
    /// stays elsewhere is remembered by the telescope, and the next scenario is told.
    ///
    /// # Errors
    /// [`RestoreError`] that lists all that could not be put back, and what was tried. The rest was.
    pub async fn restore(&mut self) -> Result<Restoration, RestoreError> {
        let undone = self.take_undone();
        let mut work = Work::default();
        // Before the subarrays are moved: a fault that didn't strike yet would strike now.
        let (undone, faults) = undone.without_faults();
        work.end_faults(faults).await;
        if let Ok(telescope) = self.telescope() {
            let awaited = || vec!["the telescope to be put back".to_owned()];
            let working = work.restore(telescope, undone);
            telescope
                .tracer()
                .while_waiting_for_all("put the telescope back", None, awaited, working)
                .await;
        }
        work.finish()
    }

    /// Makes the telescope ready for the scenario with this name: brings it ON if its configuration
    /// says so by `preamble`, and tries once more to bring back the subarrays that an earlier scenario
    /// left behind. One that has not moved since is given a few seconds only, so that it does not hold
    /// up all that follows. A subarray that can't be brought back fails no scenario but those that use
    /// it, at their first use.
    ///
    /// # Errors
    /// When the telescope can't be switched.
    pub async fn prepare(&mut self, scenario: &str) -> Result<(), SessionError> {
        self.undone.scenario = format!("the scenario `{scenario}`");
        let telescope = self.telescope()?;
        let switching = match telescope.config().preamble() {
            None => None,
            Some(TelescopeState::On) => Some(telescope.bring_on()),
            Some(other) => Some(telescope.switch(other)),
        };
        if let Some(switching) = switching {
            switching.await?;
        }
        // After the switching: subarrays of a telescope that isn't ON can't be commanded.
        let tries = telescope.left().into_iter().map(|left| async move {
            let subarray = telescope.subarray_of(left.system, left.number).ok()?;
            let emptied = empty(&subarray, Effort::Again(left.state)).await;
            if emptied.state == Some(ObsState::Empty) {
                telescope.forget_left(left.system, left.number);
                let note = format!("{} is back in EMPTY", left.label);
                telescope.tracer().journal().note(note);
                return None;
            }
            let mut left = left;
            left.state = emptied.state.or(left.state);
            Some(left)
        });
        let left: Vec<_> = join_all(tries).await.into_iter().flatten().collect();
        for left in &left {
            telescope.remember_left(left.clone());
            telescope.tracer().journal().note(left.to_string());
        }
        self.undone.left = left;
        Ok(())
    }
}

/// Whether subarrays are to be moved, which can't be commanded while the telescope isn't ON.
async fn is_in_need_of_power(telescope: &Telescope, undone: &Undone) -> bool {
    if matches!(telescope.state().await, Ok(DevState::On) | Err(_)) {
        return false;
    }
    let states = undone.subarrays.values().map(Subarray::obs_state);
    let states = join_all(states).await;
    states
        .iter()
        .any(|state| !matches!(state, Ok(ObsState::Empty) | Err(_)))
}

/// Putting a telescope back.
#[derive(Default)]
struct Work {
    restoration: Restoration,
    problems: Vec<String>,
}

impl Work {
    async fn restore(&mut self, telescope: &Telescope, undone: Undone) {
        let resets = undone.resets.iter().map(|reset| async {
            let began = Instant::now();
            (reset.describe(), began, reset.run().await)
        });
        for (what, began, ended) in join_all(resets).await {
            match ended {
                Ok(true) => self.note(what, began, Ok("done".to_owned())),
                Ok(false) => {}
                Err(why) => self.problem(what, began, why),
            }
        }
        let (first, last) = match undone.found {
            Some(TelescopeState::On) => (Some(TelescopeState::On), None),
            Some(other) if is_in_need_of_power(telescope, &undone).await => {
                (Some(TelescopeState::On), Some(other))
            }
            other => (None, other),
        };
        self.switch_back(telescope, first).await;
        let subarrays: Vec<_> = undone.subarrays.into_values().collect();
        self.empty_all(telescope, subarrays, &undone.scenario).await;
        self.switch_back(telescope, last).await;
    }

    fn finish(self) -> Result<Restoration, RestoreError> {
        if self.problems.is_empty() {
            Ok(self.restoration)
        } else {
            Err(RestoreError::new(self.problems, self.restoration))
        }
    }

    async fn end_faults(&mut self, faults: Vec<FaultGuard>) {
        let ends = faults.into_iter().map(|fault| async {
            let (what, began) = (
                format!("end the fault: {}", fault.description()),
                Instant::now(),
            );
            let ended = match tokio::time::timeout(SLACK, fault.stop()).await {
                Ok(Ok(())) => Ok("ended".to_owned()),
                Ok(Err(error)) => Err(ErrorChain(&error).to_string()),
                Err(_) => Err("it did not end in time".to_owned()),
            };
            (what, began, ended)
        });
        for (what, began, ended) in join_all(ends).await {
            match ended {
                Ok(outcome) => self.note(what, began, Ok(outcome)),
                Err(why) => self.problem(what, began, why),
            }
        }
    }

    /// The telescope manager's subarrays, then those of the systems, then what is left of the first.
    async fn empty_all(&mut self, telescope: &Telescope, touched: Vec<Subarray>, scenario: &str) {
        let key = |subarray: &Subarray| (subarray.system(), subarray.number());
        let touched_keys: Vec<_> = touched.iter().map(key).collect();
        let (own, mut others): (Vec<_>, Vec<_>) = touched
            .into_iter()
            .partition(|subarray| subarray.system() == System::Tmc);
        for number in own.iter().map(Subarray::number) {
            let known = SYSTEMS
                .iter()
                .filter_map(|system| telescope.subarray_of(*system, number).ok());
            others.extend(known);
        }
        others.sort_by_key(|subarray| {
            let place = SYSTEMS
                .iter()
                .position(|system| *system == subarray.system());
            (place, subarray.number())
        });
        others.dedup_by_key(|subarray| key(subarray));

        let (others, followers): (Vec<_>, Vec<_>) = others
            .into_iter()
            .partition(|subarray| subarray.system() != FOLLOWER);
        let first = self.round(&own, Effort::All).await;
        // of a subarray that is where it should be nothing is tried, so this costs a read each
        let mut second = self.round(&others, Effort::All).await;
        second.extend(self.round(&followers, Effort::All).await);
        let others = [others, followers].concat();
        let stuck: Vec<_> = own
            .iter()
            .zip(&first)
            .filter(|(_, emptied)| emptied.problem.is_some())
            .map(|(subarray, _)| subarray.clone())
            .collect();
        let others_moved = second.iter().any(|emptied| !emptied.steps.is_empty());
        let third = if others_moved {
            self.round(&stuck, Effort::Once).await
        } else {
            Vec::new()
        };
        let mut results: Vec<_> = own
            .iter()
            .zip(first)
            .chain(others.iter().zip(second))
            .collect();
        for (subarray, again) in stuck.iter().zip(third) {
            let same = |(known, _): &&mut (&Subarray, Emptied)| key(known) == key(subarray);
            if let Some((_, emptied)) = results.iter_mut().find(same)
                && (again.problem.is_none() || emptied.state.is_none())
            {
                *emptied = again;
            }
        }
        for (subarray, emptied) in results {
            // One of which nothing is known, and with which nothing was done, is told as a step only.
            if emptied.state.is_some() || touched_keys.contains(&key(subarray)) {
                self.conclude(telescope, subarray, emptied, scenario);
            }
        }
    }

    /// All of them at the same time; their steps are told one subarray after the other.
    async fn round(&mut self, subarrays: &[Subarray], effort: Effort) -> Vec<Emptied> {
        let emptied = join_all(subarrays.iter().map(|one| empty(one, effort))).await;
        for one in &emptied {
            self.restoration.steps.extend(one.steps.iter().cloned());
        }
        emptied
    }

    fn conclude(
        &mut self,
        telescope: &Telescope,
        subarray: &Subarray,
        emptied: Emptied,
        scenario: &str,
    ) {
        let Some(problem) = emptied.problem else {
            telescope.forget_left(subarray.system(), subarray.number());
            return;
        };
        let by = if scenario.is_empty() {
            "the scenario before"
        } else {
            scenario
        };
        let why = emptied.why.unwrap_or_default();
        let left = LeftBehind::new(subarray, emptied.state, by, why);
        telescope.remember_left(left.clone());
        self.restoration.left.push(left);
        self.problems.push(problem);
    }

    async fn switch_back(&mut self, telescope: &Telescope, target: Option<TelescopeState>) {
        let Some(target) = target else { return };
        let (what, began) = (
            format!("switch the telescope back to {target}"),
            Instant::now(),
        );
        let reach = telescope.config().timeouts().reach;
        let switching = telescope.switch(target).within(Timeout::new(reach));
        match tokio::time::timeout(reach + SLACK, switching).await {
            Ok(Ok(switched)) => self.note(what, began, Ok(switched.to_string())),
            Ok(Err(error)) => self.problem(what, began, ErrorChain(&error).to_string()),
            Err(_) => self.problem(what, began, "it did not end in time".to_owned()),
        }
    }

    fn note(&mut self, what: String, began: Instant, ended: Result<String, String>) {
        note(&mut self.restoration.steps, what, began, ended);
    }

    fn problem(&mut self, what: String, began: Instant, why: String) {
        self.problems.push(format!("{what}: {why}"));
        self.note(what, began, Err(why));
    }
}
