//! A device of IDL 4 (Tango 8): other calls, and topics without `idl5_`.

use std::error::Error;

use tango_wire::types::{AttributeFormat, WriteMode};
use tango_wire::{DataType, DevState, EventNotice, Quality, Value};

use crate::errors::has_reason;
use crate::follower::{Follower, SOON, in_words};
use crate::peer::Peer;
use crate::report::{Report, in_one_line};

/// `old_device.py` is behind it.
pub(crate) async fn run(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let device = &peer.device;
    report.gives("ping", device.ping().await, &());
    // that is the version of the server, which may be a later one
    let version = device.info().await.map(|info| info.version);
    report.check(
        "info.version",
        version.as_ref().is_ok_and(|version| *version >= 4),
        version,
    );
    report.gives("state", device.state().await, &DevState::On);
    let text = Value::String("nö".to_owned());
    report.gives("echo", device.command("Echo", text.clone()).await, &text);
    let unknown = device.command("NoSuchCommand", Value::Void).await;
    has_reason(report, "unknown command", unknown, "API_CommandNotFound");
    let unknown = device.read("no_such_attribute").await;
    has_reason(report, "unknown attribute", unknown, "API_AttrNotFound");

    let config = device.attribute_config("value").await?;
    report.equal(
        "configuration",
        &(
            config.name.as_str(),
            config.data_type,
            config.format,
            config.writable,
        ),
        &(
            "value",
            DataType::Long,
            AttributeFormat::Scalar,
            WriteMode::ReadWrite,
        ),
    );
    report.equal("configuration: unit", &config.unit.as_str(), &"mm");
    report.equal("configuration: maximum", &config.maximum.as_str(), &"1000");
    let count = device.attribute_configs(&[]).await?.len();
    report.equal("configurations of all", &count, &5);

    for value in [0, -5, 999] {
        report.gives(
            "write",
            device.write("value", Value::Long(value)).await,
            &(),
        );
        let reading = device.read("value").await?;
        report.equal(
            "read",
            &(
                reading.value,
                reading.set_point,
                reading.quality,
                reading.data_type,
            ),
            &(
                Value::Long(value),
                Some(Value::Long(value)),
                Quality::Valid,
                DataType::Long,
            ),
        );
    }
    let refused = device.write("value", Value::Long(1001)).await;
    has_reason(
        report,
        "write beyond the limit",
        refused,
        "API_WAttrOutsideLimit",
    );
    let row = device.read("row").await?;
    report.equal(
        "spectrum",
        &(row.value, row.dimension, row.format),
        &(
            Value::Doubles(vec![1.0, 2.0, 3.0]),
            (3, 0),
            AttributeFormat::Spectrum,
        ),
    );
    let words = device.read("words").await?;
    report.equal(
        "image",
        &(words.value, words.dimension),
        &(
            Value::Strings(["a", "nö", "c", "d"].map(str::to_owned).to_vec()),
            (2, 2),
        ),
    );
    events(peer, report).await
}

/// A device of IDL 3 is refused in words, whatever it is asked: no call that it has not.
pub(crate) async fn refused(address: &str, report: &mut Report) {
    let error = match tango_wire::Client::new().device(address).await {
        Err(error) => error,
        Ok(device) => match device.read("value").await {
            Err(error) => error,
            Ok(reading) => {
                report.failed("IDL 3", &format!("was read: {reading:?}"));
                return;
            }
        },
    };
    let words = in_one_line(&error);
    report.check(
        "IDL 3 is refused, and why",
        words.contains("its interface is none of the versions 4, 5 and 6"),
        words,
    );
}

async fn events(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let device = &peer.device;
    let mut follower = Follower::new();
    device.write("value", Value::Long(3)).await?;
    let initial = follower.follow(device, "value").await?;
    report.equal(
        "event: value of now",
        &in_words(&initial),
        &"initial 3".to_owned(),
    );
    device.command("Push", Value::Long(50)).await?;
    let expected: Vec<String> = (1..=50).map(|number| format!("value {number}")).collect();
    report.equal(
        "event: 50 in order",
        &follower.words(50, SOON).await,
        &expected,
    );
    report.equal("event: nothing more", &follower.more().await, &None);
    let mut follower = Follower::new();
    follower.follow(device, "row").await?;
    device.command("PushRow", Value::Void).await?;
    match follower.next(SOON).await {
        (_, EventNotice::Event(reading)) => report.equal(
            "event: spectrum",
            &(reading.value, reading.data_type),
            &(Value::Doubles(vec![1.0, 2.0, 3.0]), DataType::Double),
        ),
        (_, other) => report.failed("event: spectrum", &in_words(&other)),
    }
    Ok(())
}
