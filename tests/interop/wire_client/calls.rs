//! Calls: what a device says about itself, and every type of argument and reply.

use std::error::Error;

use tango_wire::{DataType, DevState, Value};

use crate::peer::Peer;
use crate::report::{Report, in_one_line};
use crate::values::echoes;

pub(crate) async fn run(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    about_itself(peer, report).await?;
    commands(peer, report).await?;
    echo(peer, report).await;
    echo_much(peer, report).await;
    Ok(())
}

async fn about_itself(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let device = &peer.device;
    report.gives("ping", device.ping().await, &());
    report.gives("state", device.state().await, &DevState::On);
    report.gives("status", device.status().await, &"all of it, nö".to_owned());
    let state = device.command("State", Value::Void).await;
    report.gives("command State", state, &Value::State(DevState::On));
    let status = device.command("Status", Value::Void).await;
    report.gives(
        "command Status",
        status,
        &Value::String("all of it, nö".to_owned()),
    );
    let info = device.info().await?;
    report.equal("info.class", &info.class.as_str(), &"Everything");
    let expected = if peer.is_pytango() && !peer.is_pytango_from(10, 0) {
        5
    } else {
        6
    };
    report.equal("info.version", &info.version, &expected);
    report.check("info.server", info.server.contains('/'), &info.server);
    report.check("info.host", !info.host.is_empty(), &info.host);
    report.equal("info.versions", &info.versions.is_empty(), &(expected < 6));
    let admin = device.admin_name().await?;
    report.check("admin name", admin.contains("dserver/"), &admin);
    Ok(())
}

async fn commands(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let commands = peer.device.commands().await?;
    for (data_type, _) in echoes() {
        let name = echo_name(data_type);
        let found = commands.iter().find(|command| command.name == name);
        let types = found.map(|command| (command.input, command.output));
        report.equal(
            &format!("list has {name}"),
            &types,
            &Some((data_type, data_type)),
        );
    }
    let fail = peer.device.command_info("fail").await?;
    report.equal(
        "description of a command",
        &(fail.name.as_str(), fail.input, fail.output),
        &("Fail", DataType::String, DataType::Void),
    );
    Ok(())
}

async fn echo(peer: &Peer, report: &mut Report) {
    let device = &peer.device;
    report.gives(
        "echo DevVoid",
        device.command("EchoVoid", Value::Void).await,
        &Value::Void,
    );
    report.gives(
        "any case",
        device.command("eChOvOiD", Value::Void).await,
        &Value::Void,
    );
    for (data_type, values) in echoes() {
        let name = echo_name(data_type);
        for value in values {
            let what = format!("echo {data_type} {value:?}");
            let reply = device.command(&name, value.clone()).await;
            if data_type == DataType::UChar && peer.is_pytango() {
                pytango_has_no_uchar(peer, report, &what, reply);
            } else {
                report.gives(&what, reply, &value);
            }
        }
    }
    let special = Value::Doubles(vec![f64::INFINITY, f64::NEG_INFINITY]);
    let reply = device.command("EchoVarDoubleArray", special.clone()).await;
    report.gives("echo infinite numbers", reply, &special);
    let not_a_number = device.command("EchoDouble", Value::Double(f64::NAN)).await;
    let is_nan = matches!(not_a_number, Ok(Value::Double(number)) if number.is_nan());
    report.check("echo DevDouble NaN", is_nan, not_a_number);
}

/// PyTango's servers cannot take a DevUChar: from 10.1 on they fail, before they answered nothing,
/// and to PyTango's own clients as well. When that changes, this is to be told.
fn pytango_has_no_uchar(
    peer: &Peer,
    report: &mut Report,
    what: &str,
    reply: Result<Value, tango_wire::Error>,
) {
    let fails = peer.is_pytango_from(10, 1);
    match reply {
        Err(tango_wire::Error::System { exception, .. })
            if fails && exception.to_string().contains("UNKNOWN") =>
        {
            report.ok(&format!("{what}: PyTango fails with UNKNOWN, as ever"));
        }
        Ok(Value::Void) if !fails => {
            report.ok(&format!("{what}: PyTango answers nothing, as ever"));
        }
        Ok(reply) => report.failed(what, &format!("PyTango's fault has changed: {reply:?}")),
        Err(error) => report.failed(what, &in_one_line(&error)),
    }
}

/// More than fits a piece of a fragmented message.
async fn echo_much(peer: &Peer, report: &mut Report) {
    let device = &peer.device;
    let doubles = Value::Doubles((0..300_000).map(f64::from).collect());
    let reply = device.command("EchoVarDoubleArray", doubles.clone()).await;
    report.gives("echo 300,000 doubles", reply, &doubles);
    let strings = Value::Strings(
        (0..20_000)
            .map(|number| format!("number {number}"))
            .collect(),
    );
    let reply = device.command("EchoVarStringArray", strings.clone()).await;
    report.gives("echo 20,000 strings", reply, &strings);
}

/// The command that echoes a type.
fn echo_name(data_type: DataType) -> String {
    data_type.to_string().replace("Dev", "Echo")
}
