//! Configurations that this client writes: what is in force then, and what is refused.

use std::error::Error;

use tango_wire::client::{AttributeOwner, AttributeProperties, Property};
use tango_wire::{AttributeConfig, DataType, Quality, Value};

use crate::errors::has_reason;
use crate::peer::Peer;
use crate::report::Report;

const ATTRIBUTE: &str = "limited";

pub(crate) async fn run(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    if !peer.takes_configurations() {
        println!("left out: servers of Tango 9 without a database crash on it");
        report.ok("left out");
        return Ok(());
    }
    let before = peer.device.attribute_config(ATTRIBUTE).await?;
    in_force(peer, report, &before).await?;
    kept(peer, report).await?;
    refused(peer, report).await?;
    back(peer, report, &before).await?;
    Ok(())
}

async fn set(peer: &Peer, config: AttributeConfig) -> Result<(), tango_wire::Error> {
    peer.device.set_attribute_configs(&[config]).await
}

/// Other words and limits: read back, and held to.
async fn in_force(
    peer: &Peer,
    report: &mut Report,
    before: &AttributeConfig,
) -> Result<(), Box<dyn Error>> {
    let device = &peer.device;
    let mut wanted = before.clone();
    "another nö".clone_into(&mut wanted.label);
    "described".clone_into(&mut wanted.description);
    "km".clone_into(&mut wanted.unit);
    "%8.3f".clone_into(&mut wanted.display_format);
    "-20".clone_into(&mut wanted.minimum);
    "20".clone_into(&mut wanted.maximum);
    "-15".clone_into(&mut wanted.alarm.minimum_alarm);
    "15".clone_into(&mut wanted.alarm.maximum_alarm);
    "0.25".clone_into(&mut wanted.events.absolute_change);
    report.gives("write", set(peer, wanted.clone()).await, &());
    let found = device.attribute_config(ATTRIBUTE).await?;
    report.equal(
        "words",
        &[
            &found.label,
            &found.description,
            &found.unit,
            &found.display_format,
        ],
        &[
            &wanted.label,
            &wanted.description,
            &wanted.unit,
            &wanted.display_format,
        ],
    );
    for (what, found, wanted) in [
        ("minimum", &found.minimum, &wanted.minimum),
        ("maximum", &found.maximum, &wanted.maximum),
        (
            "minimum alarm",
            &found.alarm.minimum_alarm,
            &wanted.alarm.minimum_alarm,
        ),
        (
            "maximum alarm",
            &found.alarm.maximum_alarm,
            &wanted.alarm.maximum_alarm,
        ),
        (
            "absolute change",
            &found.events.absolute_change,
            &wanted.events.absolute_change,
        ),
    ] {
        // "20" and "20.0" say the same
        let numbers = (found.parse::<f64>().ok(), wanted.parse::<f64>().ok());
        report.check(what, numbers.0.is_some() && numbers.0 == numbers.1, found);
    }
    report.equal("type", &found.data_type, &DataType::Double);

    report.gives(
        "write within",
        device.write(ATTRIBUTE, Value::Double(-12.0)).await,
        &(),
    );
    let beyond = device.write(ATTRIBUTE, Value::Double(20.5)).await;
    has_reason(report, "write beyond", beyond, "API_WAttrOutsideLimit");
    device.write(ATTRIBUTE, Value::Double(16.0)).await?;
    let quality = device.read(ATTRIBUTE).await.map(|reading| reading.quality);
    report.gives("quality beyond the alarm", quality, &Quality::Alarm);
    device.write(ATTRIBUTE, Value::Double(1.0)).await?;
    let quality = device.read(ATTRIBUTE).await.map(|reading| reading.quality);
    report.gives("quality within", quality, &Quality::Valid);
    Ok(())
}

/// A device with a database has it there. Ours leaves that to who configures it.
async fn kept(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    if !peer.has_database() || !peer.is_pytango() {
        return Ok(());
    }
    let database = peer.device.database()?;
    let owner = AttributeOwner::Device(peer.device.name());
    let found = database.attribute_properties(owner, &[ATTRIBUTE]).await?;
    let unit = found.first().and_then(|found| found.values("unit"));
    let expected = ["km".to_owned()];
    report.equal("kept in the database", &unit, &Some(&expected[..]));
    let maximum = found.first().and_then(|found| found.values("max_value"));
    let number = maximum.and_then(|values| values.first()?.parse::<f64>().ok());
    report.equal("limit kept in the database", &number, &Some(20.0));
    Ok(())
}

/// What must not be taken, with the reason; nothing of it must stay.
async fn refused(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    type Spoil = fn(&mut AttributeConfig);
    let before = peer.device.attribute_config(ATTRIBUTE).await?;
    let cases: [(&str, Spoil, &str); 6] = [
        (
            "a word for a limit",
            |config| "abc".clone_into(&mut config.maximum),
            "API_AttrOptProp",
        ),
        (
            "a word for a period",
            |config| "abc".clone_into(&mut config.events.period),
            "API_AttrOptProp",
        ),
        (
            "minimum above maximum",
            |config| {
                "5".clone_into(&mut config.minimum);
                "4".clone_into(&mut config.maximum);
            },
            "API_IncoherentValues",
        ),
        (
            "another type",
            |config| config.data_type = DataType::Long,
            "API_AttrNotAllowed",
        ),
        (
            "another size",
            |config| config.max_columns = 7,
            "API_AttrNotAllowed",
        ),
        (
            "another name",
            |config| "no_such".clone_into(&mut config.name),
            "API_AttrNotFound",
        ),
    ];
    for (what, spoil, reason) in cases {
        let mut wanted = before.clone();
        spoil(&mut wanted);
        // a second line of the reason tells what became of the others
        match set(peer, wanted).await {
            Err(tango_wire::Error::DevFailed { failure, .. }) => {
                let first = failure.reason().lines().next().unwrap_or_default();
                report.equal(what, &first, &reason);
            }
            other => report.failed(what, &format!("{other:?}")),
        }
    }
    let after = peer.device.attribute_config(ATTRIBUTE).await;
    report.gives("nothing of it stays", after, &before);
    Ok(())
}

/// Empty words lead back to what the code says.
async fn back(
    peer: &Peer,
    report: &mut Report,
    before: &AttributeConfig,
) -> Result<(), Box<dyn Error>> {
    let mut wanted = before.clone();
    for text in [
        &mut wanted.label,
        &mut wanted.description,
        &mut wanted.unit,
        &mut wanted.display_format,
        &mut wanted.minimum,
        &mut wanted.maximum,
        &mut wanted.alarm.minimum_alarm,
        &mut wanted.alarm.maximum_alarm,
        &mut wanted.events.absolute_change,
    ] {
        text.clear();
    }
    report.gives("empty words", set(peer, wanted).await, &());
    let found = peer.device.attribute_config(ATTRIBUTE).await?;
    report.equal(
        "back: words",
        &[&found.label, &found.description, &found.unit],
        &[&before.label, &before.description, &before.unit],
    );
    for (what, found, wanted) in [
        ("minimum", &found.minimum, 0.0),
        ("maximum", &found.maximum, 10.0),
    ] {
        report.equal(
            &format!("back: {what}"),
            &found.parse::<f64>().ok(),
            &Some(wanted),
        );
    }
    let beyond = peer.device.write(ATTRIBUTE, Value::Double(12.0)).await;
    has_reason(report, "back: limits", beyond, "API_WAttrOutsideLimit");
    Ok(())
}

/// The set point of a memorised attribute, which is to be there after a restart.
const REMEMBERED: i32 = 4711;

/// Writes a memorised attribute: the server keeps it in the database.
pub(crate) async fn memorise(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let config = peer.device.attribute_config("memorised").await?;
    report.equal(
        "configuration",
        &(config.memorized, config.memorized_init),
        &(true, true),
    );
    peer.device
        .write("memorised", Value::Long(REMEMBERED))
        .await?;
    let database = peer.device.database()?;
    let owner = AttributeOwner::Device(peer.device.name());
    let found = database.attribute_properties(owner, &["memorised"]).await?;
    let value = Property::new("__value", [REMEMBERED.to_string()]);
    let expected = AttributeProperties::new("memorised", [value]);
    report.equal("in the database", &found, &vec![expected]);
    Ok(())
}

/// The same after the server was started again.
pub(crate) async fn remembered(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let reading = peer.device.read("memorised").await?;
    report.equal(
        "value and set point",
        &(reading.value, reading.set_point),
        &(Value::Long(REMEMBERED), Some(Value::Long(REMEMBERED))),
    );
    Ok(())
}
