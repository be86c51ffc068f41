//! `harness gate`: puts a network that misbehaves between clients and servers.

use harness_chaos::{
    Seed,
    control::{Control, ControlError, ControlServer, ProxySummary, RunningControlServer},
};

use crate::{
    arguments::GateArguments,
    exit::Exit,
    interrupt::stop_on_interrupt,
    output,
    problem::Problem,
    token::{say_made_token, token},
};

/// Passes on until Ctrl-C, which is how it is meant to end: code 130.
pub(crate) async fn gate(arguments: GateArguments) -> Result<Exit, Problem> {
    let stop = stop_on_interrupt("ending");
    let control = Control::new(arguments.seed.map_or_else(Seed::random, Seed::new));
    let mut gates = Vec::new();
    if let Some(upstream) = &arguments.upstream {
        let opened = control.open(&arguments.name, &arguments.listen, upstream);
        gates.push(opened.await.map_err(problem)?);
    }
    if let Some(file) = &arguments.config {
        let list = std::fs::read_to_string(file).map_err(|error| {
            Problem::usage(format!("{} cannot be read: {error}", file.display()))
        })?;
        let opened = control.populate(&list).await;
        gates.extend(opened.map_err(|error| match error {
            ControlError::Declaration(words) => {
                Problem::usage(format!("{}: {words}", file.display()))
            }
            error => problem(error),
        })?);
    }
    let server = match arguments.control {
        Some(port) => Some(serve(&control, port, &arguments).await?),
        None => None,
    };
    say(&gates, &control, server.as_ref(), &arguments);
    stop.requested().await;
    if let Some(server) = server {
        server.shutdown().await;
    }
    control.close().await;
    Ok(Exit::Interrupted)
}

async fn serve(
    control: &Control,
    port: u16,
    arguments: &GateArguments,
) -> Result<RunningControlServer, Problem> {
    let server = ControlServer::new(control.clone()).with_bind(&arguments.control_bind, port);
    let server = match token(arguments.control_token.as_deref()) {
        Some(token) => server.with_token(token),
        None => server,
    };
    server.start().await.map_err(problem)
}

fn say(
    gates: &[ProxySummary],
    control: &Control,
    server: Option<&RunningControlServer>,
    arguments: &GateArguments,
) {
    for gate in gates {
        output::say(format_args!("GATE={}", gate.address));
    }
    output::say(format_args!("SEED={}", control.seed().number()));
    if let Some(server) = server {
        output::say(format_args!("CONTROL={}", server.url()));
        say_made_token(server.token(), arguments.control_token.as_deref());
    }
    for gate in gates {
        let ProxySummary {
            name,
            address,
            upstream,
            ..
        } = gate;
        output::complain(format_args!("{name}: {address} leads to {upstream}"));
    }
    output::complain("passing on until Ctrl-C");
}

fn problem(error: ControlError) -> Problem {
    match error {
        ControlError::Token(_) | ControlError::Declaration(_) => Problem::usage(error),
        _ => Problem::new(Exit::Failed, error)
            .advise("is the port taken? port 0 takes a free one; --help says where it is given"),
    }
}
