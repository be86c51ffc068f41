//! What comes with a value: its quality and its time.

use std::error::Error;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tango_wire::types::AttributeFormat;
use tango_wire::{DataType, Quality, Value};

use crate::peer::Peer;
use crate::report::Report;

pub(crate) async fn run(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    for (name, quality) in [
        ("quality_alarm", Quality::Alarm),
        ("quality_warning", Quality::Warning),
        ("quality_changing", Quality::Changing),
    ] {
        let reading = peer.device.read(name).await;
        let found = reading.map(|reading| (reading.quality, reading.value));
        report.gives(name, found, &(quality, Value::Double(1.0)));
    }
    let invalid = peer.device.read("invalid").await?;
    report.equal(
        "invalid",
        &(invalid.quality, invalid.value, invalid.format),
        &(Quality::Invalid, Value::Void, AttributeFormat::Scalar),
    );
    report.equal("invalid: type", &invalid.data_type, &DataType::Double);

    let dated = peer.device.read("dated").await?.time;
    let expected = UNIX_EPOCH + Duration::from_micros(1_234_567_890_250_000);
    report.equal("the device's own time", &dated, &expected);
    let now = peer.device.read("count").await?.time;
    let age = SystemTime::now().duration_since(now).unwrap_or_default();
    report.check(
        "the server's time is now",
        age < Duration::from_secs(5),
        age,
    );
    Ok(())
}
