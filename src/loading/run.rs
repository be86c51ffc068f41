//! `harness load FILE.toml`: carries out a load.

use std::time::{Duration, SystemTime};

use harness_bdd::Stop;
use harness_explore::{
    load::{ConnectedFleet, Load, LoadFile, LoadReport, Shard, What},
    tango::offers,
};
use tokio::time::Instant;

use super::{
    arguments::{LoadArguments, LoadVerb, RunArguments},
    check, devices, faults,
    files::{LoadFiles, baseline},
    inputs::inputs,
    merge::merge,
    metrics_server::{self, RunningMetricsServer},
    names::known_names,
    progress,
    start_at::time_until,
    system::{self, LoadedSystem},
    verdict,
};
use crate::{
    exit::Exit,
    interrupt::stop_on_interrupt,
    output,
    problem::Problem,
    terminal::StatusLine,
    token::{say_made_token, token},
};

/// What is said at the first Ctrl-C.
const STOPPING: &str = "ending the load, and writing its reports; Ctrl-C again ends at once";

/// How it is told in the report.
const ENDED: &str = "ended by Ctrl-C or SIGTERM";

/// What is told where nobody waited for devices.
const NOT_LOOKED_AT: &str = "it was not waited for devices to be back, and not looked at what is left behind: \
     it was ended by Ctrl-C or SIGTERM";

/// How long devices may take to be back when the load is over.
const SETTLES: Duration = Duration::from_secs(10);

/// Does with loads what the command line says.
pub(crate) async fn load(arguments: LoadArguments) -> Result<Exit, Problem> {
    match &arguments.verb {
        Some(LoadVerb::Merge(arguments)) => merge(arguments),
        None => run(&arguments.run).await,
    }
}

async fn run(arguments: &RunArguments) -> Result<Exit, Problem> {
    let path = arguments.file.as_deref();
    let path = path.ok_or_else(|| Problem::usage("there is no file of a load"))?;
    let overrides = arguments.overrides.overrides();
    let mut file = LoadFile::read(path, &overrides, &known_names()).map_err(Problem::usage)?;
    let shard = shard(arguments)?;
    file.plan = file.plan.with_shard(shard);
    devices::finds_back(&file)?;
    // what it names is there, too
    if let Some(config) = system::config(&file)? {
        system::names(&file, &config)?;
    }
    let baseline = baseline(&arguments.baseline, file.baseline.as_ref())?;
    if arguments.check {
        check::tell(&file)?;
        return Ok(Exit::Passed);
    }
    let start_at = arguments.start_at;
    if let Some(moment) = start_at {
        time_until(moment, SystemTime::now()).map_err(Problem::usage)?;
    }
    let files = LoadFiles::of(&arguments.files);
    files.can_be_written()?;
    let line = StatusLine::new();
    let stop = stop_on_interrupt(STOPPING);
    let system = tokio::select! {
        system = LoadedSystem::connect(&file, &line) => system?,
        () = stop.requested() => return Ok(Exit::Interrupted),
    };
    let carried_out = carry_out(arguments, &file, &system, &line, &stop).await;
    line.end();
    system.end().await;
    let Some(mut report) = carried_out? else {
        return Ok(Exit::Interrupted);
    };
    if let Some((baseline, noise)) = &baseline {
        report.compare(baseline, *noise);
    }
    let written = files.write(&report);
    let exit = verdict::tell(&report);
    written?;
    Ok(match stop.is_requested() {
        true => Exit::Interrupted,
        false => exit,
    })
}

/// Carries it out; none if it was ended before it began.
async fn carry_out(
    arguments: &RunArguments,
    file: &LoadFile,
    system: &LoadedSystem,
    line: &StatusLine,
    stop: &Stop,
) -> Result<Option<LoadReport>, Problem> {
    let load = Load::new(file.plan.clone()).map_err(Problem::usage)?;
    let load = faults::with_faults(load, file, system)?;
    let recorder = load.recorder();
    let fleet = tokio::select! {
        fleet = devices::fleet(file, system, &recorder) => fleet?,
        () = stop.requested() => return Ok(None),
    };
    line.doing("asking the devices for what users do with them");
    let wanted = file.attributes();
    let offers = tokio::select! {
        offers = offers(&system.devices, &wanted) => offers,
        () = stop.requested() => return Ok(None),
    };
    file.check_offers(&offers).map_err(Problem::usage)?;
    let load = load
        .with_watch(fleet.watch())
        .with_observer(progress::observer(line.clone()));
    let metrics = metrics(arguments, &load).await?;
    let load = match arguments.start_at {
        None => load,
        Some(moment) => {
            let left = time_until(moment, SystemTime::now()).map_err(|words| {
                Problem::usage(words).advise("connecting took longer than there was time")
            })?;
            load.with_start(Instant::now() + left)
        }
    };
    line.doing(format!("{}: users begin", file.plan.name()));
    let mut report = run_users(load, file, system, &fleet, stop).await?;
    report.notes.extend(devices::without_state(file, &fleet));
    // a part that ends first would take what others still do for what it has left behind
    if file.telescope.goes_home && !file.plan.shares_devices(system.devices.len()) {
        line.doing(format!(
            "{}: looking at what is left behind",
            file.plan.name()
        ));
        let settled = tokio::select! {
            () = fleet.settle(&mut report, SETTLES) => true,
            () = stop.requested() => false,
        };
        if !settled {
            report.ended_early.get_or_insert_with(|| ENDED.to_owned());
            report.notes.push(NOT_LOOKED_AT.to_owned());
        }
        // what it has added counts, too; what ended the load still did
        let crossed = report.judgements.iter().find(|it| it.ended_at.is_some());
        let crossed = crossed.cloned();
        file.plan.judge(&mut report, crossed.as_ref());
    }
    if let Some(server) = metrics {
        server.shutdown().await;
    }
    Ok(Some(report))
}

async fn run_users(
    load: Load,
    file: &LoadFile,
    system: &LoadedSystem,
    fleet: &ConnectedFleet,
    stop: &Stop,
) -> Result<LoadReport, Problem> {
    let ended = async {
        stop.requested().await;
        ENDED.to_owned()
    };
    Ok(match &file.what {
        What::Flows { flows, schedule } => {
            let users = fleet.flows(flows, *schedule, &file.data);
            load.run(users.map_err(Problem::usage)?, ended).await
        }
        What::Walk(walk) => {
            let lifecycle = devices::lifecycle(file, true);
            let lifecycle = lifecycle.ok_or_else(|| {
                Problem::usage(file.wrong(walk.place, "walk", "needs rules of what is taken where"))
            })?;
            let users = fleet.walk(&lifecycle, inputs(system));
            let users =
                users.map_err(|error| file.wrong(walk.place, "walk.commands", error.to_string()));
            load.run(users.map_err(Problem::usage)?, ended).await
        }
    })
}

fn shard(arguments: &RunArguments) -> Result<Shard, Problem> {
    let Some(shard) = arguments.shard else {
        return Ok(Shard::WHOLE);
    };
    let shard = shard.resolve().map_err(Problem::usage)?;
    // written alike, and checked by both
    shard.to_string().parse().map_err(Problem::usage)
}

async fn metrics(
    arguments: &RunArguments,
    load: &Load,
) -> Result<Option<RunningMetricsServer>, Problem> {
    let Some(port) = arguments.metrics else {
        return Ok(None);
    };
    let given = arguments.metrics_token.as_deref();
    let token = token(given);
    let bind = &arguments.metrics_bind;
    let server = metrics_server::serve(load.live(), bind, port, token.as_deref()).await;
    let server = server.map_err(Problem::usage)?;
    output::say(format_args!("METRICS={}", server.url()));
    say_made_token(server.token(), given);
    Ok(Some(server))
}
