//! TangoTest, a server in C++ against cppTango 9.3: IDL 5.

use std::error::Error;

use tango_wire::types::AttributeFormat;
use tango_wire::{DataType, Quality, Value};

use crate::errors::has_reason;
use crate::follower::{Follower, SOON};
use crate::peer::Peer;
use crate::report::{Report, in_one_line};
use crate::values::{echoes, elements};

pub(crate) async fn run(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let device = &peer.device;
    report.gives("ping", device.ping().await, &());
    let info = device.info().await?;
    report.equal(
        "info",
        &(info.class.as_str(), info.version),
        &("TangoTest", 5),
    );
    echo(peer, report).await?;
    readings(peer, report).await?;
    writes(peer, report).await?;
    let unknown = device.command("NoSuchCommand", Value::Void).await;
    has_reason(report, "unknown command", unknown, "API_CommandNotFound");
    let failed = device.read("throw_exception").await;
    has_reason(report, "an attribute that fails", failed, "exception test");
    let refused = device.write("short_scalar_ro", Value::Short(1)).await;
    has_reason(
        report,
        "a write to a read only one",
        refused,
        "API_AttrNotWritable",
    );
    events(peer, report).await
}

/// Its commands `Dev...` echo their argument.
async fn echo(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let commands = peer.device.commands().await?;
    let mut tried = 0;
    for (data_type, values) in echoes() {
        let name = data_type.to_string();
        let Some(command) = commands.iter().find(|command| command.name == name) else {
            println!("TangoTest has no command {name}");
            continue;
        };
        report.equal(
            &format!("{name}: types"),
            &(command.input, command.output),
            &(data_type, data_type),
        );
        // it doubles the strings' items of some, and refuses empty arrays of none
        for value in values {
            tried += 1;
            report.gives(
                &format!("echo {data_type} {value:?}"),
                peer.device.command(&name, value.clone()).await,
                &value,
            );
        }
    }
    report.check("echoes", tried > 30, tried);
    Ok(())
}

/// All attributes it has, in one call.
async fn readings(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let configs = peer.device.attribute_configs(&[]).await?;
    let names: Vec<&str> = configs.iter().map(|config| config.name.as_str()).collect();
    report.check("attributes", names.len() > 60, names.len());
    let outcomes = peer.device.read_many(&names).await?;
    for (config, outcome) in configs.iter().zip(outcomes) {
        let name = &config.name;
        match outcome {
            Ok(reading) => {
                let described = (&reading.name, reading.data_type, reading.format);
                report.equal(name, &described, &(name, config.data_type, config.format));
                let has_value = reading.value != Value::Void || reading.quality == Quality::Invalid;
                report.check(&format!("{name}: a value"), has_value, &reading.value);
            }
            Err(_) if ["throw_exception", "no_value"].contains(&name.as_str()) => {}
            Err(failure) => report.failed(name, &in_one_line(&failure)),
        }
    }
    Ok(())
}

async fn writes(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let device = &peer.device;
    let configs = device.attribute_configs(&[]).await?;
    let mut tried = 0;
    for element in elements() {
        if [DataType::State, DataType::Enum].contains(&element.data_type) {
            continue; // those it has are read only, or have other labels
        }
        // not images: TangoTest 9.3.4 crashes on a small one, of whatever client
        for (form, format, value) in [
            (
                "scalar",
                AttributeFormat::Scalar,
                element.values.clone().into_scalar(),
            ),
            (
                "spectrum",
                AttributeFormat::Spectrum,
                element.values.clone(),
            ),
        ] {
            let name = format!("{}_{form}", element.name);
            if !configs.iter().any(|config| config.name == name) {
                continue; // it has not all of them
            }
            tried += 1;
            if let Err(error) = device.write(&name, value.clone()).await {
                report.failed(&format!("write {name}"), &in_one_line(&error));
                continue;
            }
            let Some(reading) = report.value(&name, device.read(&name).await) else {
                continue;
            };
            report.equal(
                &format!("{name}: set point"),
                &(reading.format, reading.set_point),
                &(format, Some(value)),
            );
        }
    }
    report.check("writes", tried > 18, tried);
    Ok(())
}

/// It pushes nothing by itself; its polling does, once it is told to poll.
async fn events(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let device = &peer.device;
    if peer.address.contains("#dbase=no") {
        println!("without a database TangoTest refuses all subscriptions, of whatever client");
        return Ok(());
    }
    let admin = device.admin_name().await?;
    let admin = tango_wire::Client::new().device(&admin).await?;
    let poll = Value::LongStrings(
        vec![50],
        vec![
            device.name().to_owned(),
            "attribute".to_owned(),
            "state".to_owned(),
        ],
    );
    report.gives(
        "polling",
        admin.command("AddObjPolling", poll).await,
        &Value::Void,
    );
    let mut follower = Follower::new();
    follower.follow(device, "State").await?;
    device.command("SwitchStates", Value::Void).await?;
    let first = follower.words(1, SOON).await;
    device.command("SwitchStates", Value::Void).await?;
    let mut found = first;
    found.extend(follower.words(1, SOON).await);
    let expected = vec![
        "State State(Fault)".to_owned(),
        "State State(Running)".to_owned(),
    ];
    report.equal("changes of State", &found, &expected);
    Ok(())
}
