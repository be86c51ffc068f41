//! Bringing one subarray back to EMPTY, from any state.

use std::time::Duration;

use harness_core::{
    Timeout,
    action::Action as _,
    assertion::{is_in_state, one_of},
};
use harness_tango::{
    control_model::{ObsState, ResultCode},
    subarray::Subarray,
};
use tokio::time::Instant;

use super::{OBS_STATE, restoration::RestorationStep};
use crate::ErrorChain;

/// Added to the time that the way back may take, for what isn't waiting: connections, replies.
pub(super) const SLACK: Duration = Duration::from_secs(10);

/// How long one command against the rules may take.
const LAST_TRY: Duration = Duration::from_secs(10);

/// How long a subarray is given that has stood still since it was left behind.
const GLANCE: Duration = Duration::from_secs(3);

/// How a subarray is brought back to EMPTY, and what came of it.
pub(super) struct Emptied {
    pub(super) steps: Vec<RestorationStep>,
    /// Where it is now, if that is known.
    pub(super) state: Option<ObsState>,
    /// Why it is not EMPTY, if it is not: the whole account.
    pub(super) problem: Option<String>,
    /// The same in one line.
    pub(super) why: Option<String>,
}

/// How much is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effort {
    /// One try by the cheapest way.
    Once,
    /// A second one by way of an abort, and then what the rules don't foresee.
    All,
    /// One try after all was tried before and the subarray was left in this state: a short one if it is
    /// a transient state that it still is in.
    Again(Option<ObsState>),
}

/// The longest that [`empty`] may take.
pub(super) fn longest(subarray: &Subarray, effort: Effort) -> Duration {
    let timeouts = subarray.timeouts();
    match effort {
        Effort::Once | Effort::Again(_) => timeouts.reach + SLACK,
        Effort::All => {
            let settling = timeouts.command + timeouts.reach;
            timeouts.reach + timeouts.recovery + settling + 2 * LAST_TRY + SLACK
        }
    }
}

/// Brings a subarray back to EMPTY. Ends in time whatever the subarray does.
pub(super) async fn empty(subarray: &Subarray, effort: Effort) -> Emptied {
    let until = Instant::now() + longest(subarray, effort);
    let mut steps = Vec::new();
    let bounded = tokio::time::timeout_at(until, attempt(subarray, effort, &mut steps)).await;
    let (state, problem) = bounded.unwrap_or_else(|_| {
        let seconds = longest(subarray, effort).as_secs();
        (None, Some(format!("not back in EMPTY after {seconds} s")))
    });
    let why = problem
        .as_deref()
        .and_then(|problem| problem.lines().next());
    Emptied {
        steps,
        state,
        why: why.map(str::to_owned),
        problem: problem.map(|problem| match state {
            Some(state) => format!("{}: still in {state}: {problem}", subarray.label()),
            None => format!("{}: {problem}", subarray.label()),
        }),
    }
}

async fn attempt(
    subarray: &Subarray,
    effort: Effort,
    steps: &mut Vec<RestorationStep>,
) -> (Option<ObsState>, Option<String>) {
    let label = subarray.label();
    let began = Instant::now();
    let found = match subarray.obs_state().await {
        Ok(ObsState::Empty) => return (Some(ObsState::Empty), None),
        Ok(found) => found,
        Err(error) => {
            let why = ErrorChain(&error).to_string();
            note(
                steps,
                format!("read the obsState of {label}"),
                began,
                Err(why.clone()),
            );
            return (None, Some(why));
        }
    };
    let what = format!("bring {label} from {found} to EMPTY");
    let began = Instant::now();
    let ended = match effort {
        Effort::Once | Effort::Again(_) => {
            let mut within = subarray.timeouts().reach;
            if effort == Effort::Again(Some(found)) && found.is_transient() {
                within = within.min(GLANCE);
            }
            let reached = subarray
                .reach(ObsState::Empty)
                .within(Timeout::new(within))
                .await;
            reached
                .map(|arrival| arrival.to_string())
                .map_err(|error| ErrorChain(&error).to_string())
        }
        Effort::All => {
            let reached = subarray.reach_or_recover(ObsState::Empty).await;
            reached
                .map(|reached| reached.to_string())
                .map_err(|error| ErrorChain(&error).to_string())
        }
    };
    note(steps, what, began, ended.clone());
    let Err(why) = ended else {
        return (Some(ObsState::Empty), None);
    };
    if effort == Effort::All && once_settled(subarray, steps).await {
        return (Some(ObsState::Empty), None);
    }
    if effort == Effort::All {
        for command in ["Abort", "Restart"] {
            against_the_rules(subarray, command, steps).await;
        }
    }
    match subarray.obs_state().await {
        Ok(ObsState::Empty) => (Some(ObsState::Empty), None),
        Ok(state) => (Some(state), Some(why)),
        Err(_) => (None, Some(why)),
    }
}

/// Lets what can not be aborted come to its end, and goes on from there: some subarrays refuse Abort in
/// RESOURCING. Whether it is EMPTY then.
async fn once_settled(subarray: &Subarray, steps: &mut Vec<RestorationStep>) -> bool {
    let began = Instant::now();
    let stable = ObsState::ALL.iter().filter(|state| !state.is_transient());
    let settled = is_in_state([subarray.traced()], OBS_STATE, one_of(stable.copied()));
    let within = Timeout::new(subarray.timeouts().command);
    let tracer = subarray.traced().tracer();
    if tracer.expect(settled).within(within).await.is_err() {
        return false;
    }
    let ended = match subarray.reach(ObsState::Empty).await {
        Ok(arrival) => Ok(arrival.to_string()),
        Err(error) => Err(ErrorChain(&error).to_string()),
    };
    let is_empty = ended.is_ok();
    let what = format!(
        "bring {} to EMPTY from where it came to rest",
        subarray.label()
    );
    note(steps, what, began, ended);
    is_empty
}

/// Sends a command in a state for which no table has it: a device may be kinder than its rules, and
/// one that is stuck has nothing to lose.
async fn against_the_rules(subarray: &Subarray, command: &str, steps: &mut Vec<RestorationStep>) {
    let began = Instant::now();
    match subarray.obs_state().await {
        Ok(ObsState::Empty) | Err(_) => return,
        Ok(_) => {}
    }
    let mut action = subarray
        .command(command, None)
        .completes_with([ResultCode::Ok, ResultCode::Started]);
    let ended = match action.execute(Timeout::new(LAST_TRY)).await {
        Ok(()) => Ok("it was taken".to_owned()),
        Err(error) => Err(ErrorChain(&error).to_string()),
    };
    note(
        steps,
        format!("{command} on {} all the same", subarray.label()),
        began,
        ended,
    );
}

pub(super) fn note(
    steps: &mut Vec<RestorationStep>,
    what: String,
    began: Instant,
    ended: Result<String, String>,
) {
    let step = RestorationStep {
        what,
        ended,
        took: began.elapsed(),
    };
    tracing::info!("{step}");
    steps.push(step);
}
