//! Seeing delay models come, and come no more.

use std::time::Duration;

use futures_util::future::select_ok;
use harness_core::{
    Mark, Timeout, TracedDevice, Value,
    assertion::{Changes, changes},
    failure::Failure,
};
use harness_tango::{
    control_model::ObsState,
    telescope::{Role, RoleKind, System},
};

use super::{DELAY_MODEL, PST_DELAY_MODELS};
use crate::{
    BoxError, Context, HasTelescope, TelescopeSession,
    books::observed::{Account, AccountError},
    phrase::{Who, Words, words},
    world::{Act, Target},
};

/// How often they come is known by so many.
const SEEN: usize = 2;
/// None has come for so long before a When: they had stopped.
const LONG: Duration = Duration::from_secs(2);
/// They come no more if none comes for so many periods.
const PERIODS: u32 = 2;

/// The subarray is configured, and so many models come that one sees how often.
pub(super) async fn generating<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let session = world.session();
    session.ensure_on().await?;
    let number = match words.who("who").and_then(Who::number) {
        Some(number) => number,
        None => session.number()?,
    };
    let subarray = session.subarray_of(System::Tmc, number)?;
    // they come anew, and from the beginning
    if subarray.obs_state().await? == ObsState::Ready {
        subarray.reach_or_recover(ObsState::Idle).await?;
    }
    let beginning = session.begin().await?;
    subarray.reach_or_recover(ObsState::Ready).await?;
    session.note(number, beginning, Act::Reached(ObsState::Ready));
    let leaf = Who::of(System::Csp, RoleKind::SubarrayLeaf);
    come(session, &context, &words, Some(&leaf)).await
}

pub(super) async fn starts<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    come(world.session(), &context, &words, words.who("who")).await
}

/// At least two that differ since the last When, on each device; for the beams of pulsar timing, of at
/// least one of them.
async fn come(
    session: &mut TelescopeSession,
    context: &Context,
    words: &Words,
    who: Option<&Who>,
) -> Result<(), BoxError> {
    let timeout = Timeout::new(session.telescope()?.config().timeouts().reach);
    for target in leaf_nodes(session, who)? {
        let device = &target.device;
        let when = session.last_when(target.number).cloned();
        let when = when.ok_or("nothing was done yet: this line needs a When before it")?;
        let account = Account::new(device, context);
        let each = attributes(words).iter().map(|attribute| {
            let models = models(device, attribute).at_least(SEEN);
            Box::pin(account.follows(&when.act, models, &when.mark, &timeout))
        });
        select_ok(each).await?;
    }
    Ok(())
}

/// After the command is over, none comes for longer than the time between those before.
pub(super) async fn stops<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let session = world.session();
    let timeout = Timeout::new(session.telescope()?.config().timeouts().command);
    for target in leaf_nodes(session, words.who("who"))? {
        let device = &target.device;
        let when = session.last_when(target.number).cloned();
        let first = session.first_when().map(|when| when.mark.clone());
        let (Some(when), Some(first)) = (when, first) else {
            return Err("nothing was done yet: this line needs a When before it".into());
        };
        when.act.check_accepted()?;
        if let Some(sent) = when.act.accepted() {
            sent.completion(&timeout).await.map_err(AccountError)?;
        }
        let mark = device.tracer().mark();
        let mut period = None;
        for attribute in attributes(&words) {
            period = period.max(time_between(device, attribute, &first));
        }
        let Some(period) = period else {
            let name = device.name();
            return Err(format!(
                "{name} gave no delay models that could stop; say before that the subarray is \
                 configured and generating delay values"
            )
            .into());
        };
        let had_stopped =
            |attribute: &&str| had_stopped(device, attribute, &first, &when.mark, period);
        if attributes(&words).iter().all(had_stopped) {
            let name = device.name();
            let headline = format!(
                "{}: {name} gave no delay models any more when the last When began, so that they \
                 could not stop",
                context.step.value
            );
            return Err(AccountError(Failure::new(headline).with_timeline(&first)).into());
        }
        for attribute in attributes(&words) {
            Account::new(device, &context)
                .holds(
                    models(device, attribute).never(),
                    &mark,
                    &Timeout::new(period * PERIODS),
                )
                .await?;
        }
    }
    Ok(())
}

/// Whether models came no more when a When began: the node showed a text that is none, or had not told a
/// new model for long. They may begin after that, and stop.
fn had_stopped(
    device: &TracedDevice,
    attribute: &str,
    first: &Mark,
    when: &Mark,
    period: Duration,
) -> bool {
    let changes = device
        .tracer()
        .changes_since(first, device.name(), attribute);
    let (before, since): (Vec<_>, Vec<_>) = changes
        .iter()
        .partition(|change| change.instant < when.instant());
    let came = since.iter().any(|change| is_model(&change.reading.value));
    let was_coming = before.last().is_some_and(|last| {
        let age = when.instant().saturating_duration_since(last.instant);
        is_model(&last.reading.value) && age < LONG.max(period * PERIODS)
    });
    !came && !was_coming
}

/// The longest time between two models since the mark; [`None`] if there were no two.
fn time_between(device: &TracedDevice, attribute: &str, since: &Mark) -> Option<Duration> {
    let changes = device
        .tracer()
        .changes_since(since, device.name(), attribute);
    let models = changes
        .iter()
        .filter(|change| is_model(&change.reading.value));
    let times: Vec<_> = models.map(|change| change.at).collect();
    let pairs = times.iter().zip(times.iter().skip(1));
    pairs
        .map(|(earlier, later)| later.saturating_sub(*earlier))
        .max()
}

/// Changes to a model, and not to the lack of one.
fn models(device: &TracedDevice, attribute: &str) -> Changes {
    changes([device], attribute).matching("is a delay model", |reading| is_model(&reading.value))
}

/// Before the first model and after the last, nodes show a text that is none.
fn is_model(value: &Value) -> bool {
    value
        .as_str()
        .is_some_and(|text| text.trim_start().starts_with('{'))
}

fn attributes(words: &Words) -> &'static [&'static str] {
    match words.text("pst") {
        Some(_) => PST_DELAY_MODELS,
        None => DELAY_MODEL,
    }
}

/// The leaf nodes of the CSP among those that the line names.
fn leaf_nodes(session: &mut TelescopeSession, who: Option<&Who>) -> Result<Vec<Target>, BoxError> {
    let targets = session.holders(who, "delayModel")?;
    let is_leaf = |target: &Target| {
        let role = target.system.zip(target.kind);
        let role = role.and_then(|(system, kind)| Role::of(system, kind));
        role == Some(Role::CspSubarrayLeaf) || target.system.is_none()
    };
    if !targets.iter().all(is_leaf) {
        let leaf = Who::of(System::Csp, RoleKind::SubarrayLeaf);
        return Ok(session.holders(Some(&leaf), "delayModel")?);
    }
    Ok(targets)
}
