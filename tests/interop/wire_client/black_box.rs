//! The black box: what was called last, and by whom.

use std::error::Error;

use tango_wire::Value;

use crate::errors::has_reason;
use crate::peer::Peer;
use crate::report::Report;

pub(crate) async fn run(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let device = &peer.device;
    device.state().await?;
    device.write("long_scalar", Value::Long(5)).await?;
    device.read_many(&["count", "text"]).await?;
    device.command("EchoLong", Value::Long(6)).await?;
    let refused = device.command("NoSuchCommand", Value::Void).await;
    has_reason(report, "a call to be noted", refused, "API_CommandNotFound");
    let lines = device.black_box(50).await?;
    let process = format!("(CPP/Python client with PID {})", std::process::id());
    let mut own = lines
        .iter()
        .filter(|line| line.contains(&process) || line.contains("Attribute "));
    // the newest first
    for (what, who) in [
        (
            "Operation command_inout_4 (cmd = NoSuchCommand) from ",
            &*process,
        ),
        ("Operation command_inout_4 (cmd = EchoLong) from ", &process),
        ("Operation read_attributes_5 (count, text) from ", &process),
        (
            "Operation write_attributes_4 (long_scalar) requested",
            &process,
        ),
        ("Attribute state requested", ""),
    ] {
        let line = own.next();
        let is_so = line.is_some_and(|line| line.contains(what) && line.contains(who));
        report.check(what, is_so, line);
    }
    let dated = lines.iter().all(|line| is_dated(line));
    report.check("each line has its time", dated, &lines);
    report.equal("one line", &device.black_box(1).await?.len(), &1);
    let none = device.black_box(0).await;
    has_reason(report, "no line", none, "API_BlackBoxArgument");
    Ok(())
}

/// True if a line begins as `26/11/2026 09:59:17:63 : `.
fn is_dated(line: &str) -> bool {
    let Some((time, _)) = line.split_once(" : ") else {
        return false;
    };
    let numbers: Vec<_> = time.split(['/', ' ', ':']).collect();
    numbers.len() == 7 && numbers.iter().all(|number| number.parse::<u16>().is_ok())
}
