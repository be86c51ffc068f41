//! What a device says about its attributes; `configuration` writes it.

use std::error::Error;

use tango_wire::types::{AttributeFormat, DisplayLevel, WriteMode};
use tango_wire::{AttributeConfig, DataType};

use crate::peer::Peer;
use crate::report::Report;
use crate::values::{COLOURS, elements};

pub(crate) async fn run(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let all = peer.device.attribute_configs(&[]).await?;
    for element in elements() {
        for (form, format, columns, rows) in [
            ("scalar", AttributeFormat::Scalar, 1, 0),
            ("spectrum", AttributeFormat::Spectrum, 64, 0),
            ("image", AttributeFormat::Image, 64, 8),
        ] {
            let name = format!("{}_{form}", element.name);
            let Some(config) = all.iter().find(|config| config.name == name) else {
                report.failed(&name, "is not in the list");
                continue;
            };
            let writable = match element.data_type {
                DataType::State => WriteMode::Read,
                _ => WriteMode::ReadWrite,
            };
            report.equal(
                &name,
                &(config.data_type, config.format, config.writable),
                &(element.data_type, format, writable),
            );
            let most = (config.max_columns, config.max_rows);
            report.equal(&format!("{name}: most"), &most, &(columns, rows));
            if element.data_type == DataType::Enum {
                report.equal(
                    &format!("{name}: labels"),
                    &config.enum_labels,
                    &COLOURS.map(str::to_owned).to_vec(),
                );
            }
        }
    }
    for (name, writable) in [("write_only", WriteMode::Write), ("count", WriteMode::Read)] {
        let config = peer.device.attribute_config(name).await?;
        report.equal(&format!("{name}: access"), &config.writable, &writable);
    }
    whole(report, &peer.device.attribute_config("configured").await?);
    bare(
        report,
        &peer.device.attribute_config("double_scalar").await?,
    );
    Ok(())
}

/// Every field of a configuration of which everything is set.
fn whole(report: &mut Report, config: &AttributeConfig) {
    let mut same = |field: &str, found: &str, expected: &str| {
        let is_so = match (found.parse::<f64>(), expected.parse::<f64>()) {
            // "2" and "2.0" say the same
            (Ok(found), Ok(expected)) => (found - expected).abs() < f64::EPSILON,
            _ => found == expected,
        };
        report.check(&format!("configured: {field} is {expected}"), is_so, found);
    };
    same("label", &config.label, "Motor nö");
    same("description", &config.description, "a description of it");
    same("unit", &config.unit, "mm");
    same("standard unit", &config.standard_unit, "0.001");
    same("display unit", &config.display_unit, "m");
    same("format", &config.display_format, "%5.1f");
    same("minimum", &config.minimum, "-100");
    same("maximum", &config.maximum, "100");
    same(
        "writable attribute",
        &config.writable_attribute,
        "configured",
    );
    same("minimum alarm", &config.alarm.minimum_alarm, "-90");
    same("maximum alarm", &config.alarm.maximum_alarm, "90");
    same("minimum warning", &config.alarm.minimum_warning, "-80");
    same("maximum warning", &config.alarm.maximum_warning, "80");
    same("delta value", &config.alarm.delta_value, "1");
    same("delta time", &config.alarm.delta_time, "2000");
    same("absolute change", &config.events.absolute_change, "0.5");
    same("relative change", &config.events.relative_change, "2");
    same(
        "archive absolute",
        &config.events.archive_absolute_change,
        "3",
    );
    same(
        "archive relative",
        &config.events.archive_relative_change,
        "4",
    );
    same("archive period", &config.events.archive_period, "5000");
    same("period", &config.events.period, "1500");
    report.equal("configured: level", &config.level, &DisplayLevel::Expert);
}

/// A configuration of which nothing is set: Tango's own words for that.
fn bare(report: &mut Report, config: &AttributeConfig) {
    let expected = AttributeConfig::new("double_scalar", DataType::Double).read_write();
    report.equal("nothing set: alarms", &config.alarm, &expected.alarm);
    report.equal("nothing set: events", &config.events, &expected.events);
    report.equal(
        "nothing set: words",
        &[
            &config.label,
            &config.description,
            &config.unit,
            &config.standard_unit,
            &config.display_unit,
            &config.minimum,
        ],
        &[
            &expected.label,
            &expected.description,
            &expected.unit,
            &expected.standard_unit,
            &expected.display_unit,
            &expected.minimum,
        ],
    );
    report.equal(
        "nothing set: format",
        &config.display_format,
        &expected.display_format,
    );
    report.equal("nothing set: memorized", &config.memorized, &false);
}
