//! `harness race`: commands of several clients at once.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use harness_bdd::Stop;
use harness_explore::race::{Contest, Entrant, Race, RaceReport};
use harness_tango::control_model::ObsState;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::{
    STOPPING,
    arguments::RaceArguments,
    kept::{self, can_be_kept},
    subject::Subject,
};
use crate::{
    exit::Exit, interrupt::stop_on_interrupt, output, problem::Problem, terminal::StatusLine,
};

/// Clients, where pairs race.
const PAIR: usize = 2;

/// How long each transient state of the simulated subarray lasts: much longer than a busy machine holds up
/// what is told.
const DWELL: Duration = Duration::from_millis(100);

/// How late a state of any other subarray may be told.
const LAG: Duration = Duration::from_millis(20);

/// Races commands, on this runtime.
pub(crate) fn race(runtime: &Runtime, arguments: &RaceArguments) -> Result<Exit, Problem> {
    can_be_kept([arguments.subject.report.as_deref()])?;
    let stop = stop_on_interrupt(STOPPING);
    runtime.block_on(racing(arguments, &stop))
}

/// So many offsets are swept, earlier and later, at most: each is a heat, and heats take time.
const MOST_STEPS: u128 = 1000;

/// Whether the offsets are some that can be swept.
fn check_offsets(arguments: &RaceArguments) -> Result<(), Problem> {
    if arguments.range.is_zero() {
        return Ok(());
    }
    if arguments.race.len() > PAIR {
        return Err(Problem::usage("--range is for two commands").advise("leave it out"));
    }
    let steps = arguments.range.as_millis() / arguments.step.as_millis().max(1);
    if (1..=MOST_STEPS).contains(&steps) {
        return Ok(());
    }
    let (range, step) = (arguments.range, arguments.step);
    let words = format!("a --range of {range:?} is {steps} times --step, which is {step:?}");
    let most = format!("it may be 1 to {MOST_STEPS} times; steps are whole milliseconds");
    Err(Problem::usage(words).advise(most))
}

async fn racing(arguments: &RaceArguments, stop: &Stop) -> Result<Exit, Problem> {
    check_offsets(arguments)?;
    let line = StatusLine::new();
    let from = arguments.from.as_deref().map(str::parse::<ObsState>);
    let from = from.transpose().map_err(Problem::usage)?;
    let clients = match arguments.race.len() {
        0 | 1 => PAIR,
        many => many,
    };
    // and one that listens
    let subject = tokio::select! {
        subject = Subject::connect(&arguments.subject, &[], clients + 1, DWELL, &line) => subject?,
        () = stop.requested() => return Ok(Exit::Interrupted),
    };
    let asked = stop.clone();
    let race = prepared(&subject, arguments).ending_when(move || asked.is_requested());
    let contests = contests(&race, arguments, from)?;
    let (began, all) = (Instant::now(), contests.len());
    let clients = subject.clients.clone().believing_queued();
    let mut reports: Vec<RaceReport<ObsState>> = Vec::new();
    let mut broken = None;
    for (place, contest) in contests.into_iter().enumerate() {
        if arguments.time.is_some_and(|time| began.elapsed() >= time) {
            break;
        }
        line.doing(format!("race {} of {all}: {contest}", place + 1));
        let start = async |count| clients.start(count).await;
        let report = race.run(&contest, start).await;
        let report = match report {
            Ok(report) => report,
            Err(error) => {
                // what was found before is told
                broken = Some(Problem::new(Exit::Failed, error));
                break;
            }
        };
        if report.finding.is_some() {
            line.aside(|| output::say(&report));
        }
        reports.push(report);
        if stop.is_requested() {
            break;
        }
    }
    line.end();
    summary(&reports, all, arguments.subject.report.is_some());
    kept::report(arguments.subject.report.as_deref(), &reports)?;
    if let Some(problem) = broken {
        return Err(problem);
    }
    Ok(
        match reports.iter().any(|report| report.finding.is_some()) {
            _ if stop.is_requested() => Exit::Interrupted,
            true => Exit::Failed,
            false if reports.iter().all(|report| report.heats() == 0) => Exit::NothingRan,
            false => Exit::Passed,
        },
    )
}

fn prepared(subject: &Subject, arguments: &RaceArguments) -> Race<ObsState> {
    let mut race = Race::of(subject.lifecycle.clone())
        .with_heats(arguments.heats)
        .with_lag(lag(arguments, subject.is_simulated));
    if !arguments.range.is_zero() {
        race = race.with_offsets(arguments.range, arguments.step);
    }
    if subject.is_simulated {
        race = race.with_effect(effect);
    }
    race
}

/// How late a state may be told.
fn lag(arguments: &RaceArguments, is_simulated: bool) -> Duration {
    let dwell = arguments.subject.dwell.unwrap_or(DWELL);
    match arguments.lag {
        Some(lag) => {
            if is_simulated && lag >= dwell {
                output::complain(format_args!(
                    "--lag {lag:?} is no shorter than transient states last, {dwell:?}: a command that is \
                     accepted too soon is not noticed"
                ));
            }
            lag
        }
        None if is_simulated => dwell * 4 / 5,
        None => LAG,
    }
}

/// What commands do to the resources of the simulated subarray: inputs are called by their resource.
fn effect(held: &Value, command: &str, input: Option<&str>) -> Value {
    let names = held.as_array().into_iter().flatten();
    let mut names: BTreeSet<String> = names
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect();
    match command {
        "AssignResources" => _ = names.insert(input.unwrap_or_default().to_owned()),
        "ReleaseAllResources" | "Restart" => names.clear(),
        _ => {}
    }
    json!(names)
}

/// Who is to race: the commands that were named, from the state that was named or from each in which one of
/// them is allowed; or every pair.
fn contests(
    race: &Race<ObsState>,
    arguments: &RaceArguments,
    from: Option<ObsState>,
) -> Result<Vec<Contest<ObsState>>, Problem> {
    let lifecycle = race.lifecycle();
    let commands = lifecycle.commands();
    if let Some(unknown) = arguments
        .race
        .iter()
        .find(|it| !commands.contains(&it.as_str()))
    {
        let words = format!("there is no command {unknown} that may be sent");
        return Err(Problem::usage(words).advise(format!("there are {}", commands.join(", "))));
    }
    let is_here = |state: &ObsState| from.is_none_or(|from| from == *state);
    let mut contests: Vec<Contest<ObsState>> = match arguments.race.as_slice() {
        [] => race.pairs(),
        named => {
            // one command races with itself
            let named: Vec<&String> = match named {
                [one] => vec![one, one],
                named => named.iter().collect(),
            };
            let states = lifecycle.states().filter(|it| !lifecycle.is_transient(it));
            let allowed = states.filter(|state| {
                named
                    .iter()
                    .any(|command| lifecycle.way(state, command).is_some())
            });
            allowed
                .map(|state| {
                    let contest = Contest::from(*state);
                    named
                        .iter()
                        .fold(contest, |contest, command| contest.with(*command))
                })
                .collect()
        }
    };
    contests.retain(|contest| is_here(&contest.from) && race.can_begin_in(&contest.from));
    if contests.is_empty() {
        let words =
            "no race can begin there: none of the commands is allowed, or nothing leads there";
        return Err(Problem::usage(words).advise("`harness graph` draws what is allowed where"));
    }
    Ok(contests
        .into_iter()
        .map(|it| with_inputs(race, it))
        .collect())
}

/// The contest with an input for each command that takes one, another one for each client.
fn with_inputs(race: &Race<ObsState>, contest: Contest<ObsState>) -> Contest<ObsState> {
    let entrants = contest.entrants.into_iter().map(|entrant| {
        let inputs = race.lifecycle().inputs(&entrant.command).iter();
        let taken: Vec<_> = inputs.filter(|input| input.is_taken()).collect();
        let input = taken.get(entrant.client % taken.len().max(1));
        let input = input.map(|input| input.name.clone());
        Entrant { input, ..entrant }
    });
    entrants.fold(Contest::from(contest.from), Contest::with_entrant)
}

fn summary(reports: &[RaceReport<ObsState>], all: usize, kept: bool) {
    let heats: u32 = reports.iter().map(RaceReport::heats).sum();
    let found = reports.iter().filter(|it| it.finding.is_some()).count();
    let (accepted, refused, unknown) = reports.iter().fold((0, 0, 0), |sums, report| {
        let (accepted, refused, unknown) = sums;
        (
            accepted + report.accepted,
            refused + report.refused,
            unknown + report.unknown,
        )
    });
    let raced = reports.len();
    output::say(format_args!(
        "{raced} of {all} races, {heats} heats: {accepted} commands accepted, {refused} refused, of \
         {unknown} nobody knows"
    ));
    match found {
        0 if heats == 0 => output::say("nothing was raced"),
        0 => output::say("some order explains every heat"),
        1 => output::say("no order explains what happened in 1 of the races"),
        many => output::say(format_args!(
            "no order explains what happened in {many} of the races"
        )),
    }
    if found > 0 && !kept {
        output::say("--report FILE keeps all of it as JSON");
    }
}
