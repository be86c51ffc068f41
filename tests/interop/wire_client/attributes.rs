//! Every type of attribute as scalar, spectrum and image, read and written.

use std::error::Error;

use tango_wire::types::{AttributeFormat, AttributeWrite};
use tango_wire::{AttributeReading, DataType, DeviceProxy, Quality, Value};

use crate::peer::Peer;
use crate::report::{Report, in_one_line};
use crate::values::{Element, backwards, each, elements, encoded, two_rows};

pub(crate) async fn run(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let device = &peer.device;
    for element in elements() {
        // writing Tango states is not possible: those are only read
        let writable = element.data_type != DataType::State;
        scalar(device, report, &element, writable).await;
        spectrum(device, report, &element, writable).await;
        image(device, report, &element, writable).await;
    }
    encoded_scalar(device, report).await;
    state_and_status(device, report).await;
    write_only(device, report).await;
    infinite(device, report).await;
    large(device, report).await;
    all_at_once(device, report).await?;
    Ok(())
}

/// What a reading must be, but for its set point.
fn compare(
    report: &mut Report,
    reading: &AttributeReading,
    (format, data_type): (AttributeFormat, DataType),
    dimension: (u32, u32),
    value: &Value,
) {
    let name = reading.name.clone();
    report.equal(
        &format!("{name}: shape"),
        &(
            reading.format,
            reading.data_type,
            reading.dimension,
            reading.quality,
        ),
        &(format, data_type, dimension, Quality::Valid),
    );
    report.equal(&format!("{name}: value {value:?}"), &reading.value, value);
}

async fn written(
    device: &DeviceProxy,
    report: &mut Report,
    write: AttributeWrite,
) -> Option<AttributeReading> {
    let what = format!("{}: write {:?}", write.name, write.value);
    if let Err(error) = device.write_many(std::slice::from_ref(&write)).await {
        report.failed(&what, &in_one_line(&error));
        return None;
    }
    report.value(
        &format!("{}: read", write.name),
        device.read(&write.name).await,
    )
}

async fn scalar(device: &DeviceProxy, report: &mut Report, element: &Element, writable: bool) {
    let name = format!("{}_scalar", element.name);
    let shape = (AttributeFormat::Scalar, element.data_type);
    if !writable {
        let Some(reading) = report.value(&name, device.read(&name).await) else {
            return;
        };
        let first = element.values.clone().into_scalar();
        compare(report, &reading, shape, (1, 0), &first);
        report.equal(&format!("{name}: set point"), &reading.set_point, &None);
        return;
    }
    for value in each(&element.values) {
        let write = AttributeWrite::new(&name, value.clone());
        let Some(reading) = written(device, report, write).await else {
            continue;
        };
        compare(report, &reading, shape, (1, 0), &value);
        report.equal(
            &format!("{name}: set point"),
            &reading.set_point,
            &Some(value),
        );
    }
}

async fn spectrum(device: &DeviceProxy, report: &mut Report, element: &Element, writable: bool) {
    let name = format!("{}_spectrum", element.name);
    let shape = (AttributeFormat::Spectrum, element.data_type);
    if !writable {
        let Some(reading) = report.value(&name, device.read(&name).await) else {
            return;
        };
        let count = columns(&element.values);
        compare(report, &reading, shape, (count, 0), &element.values);
        return;
    }
    let one = element.values.clone().into_scalar().into_array();
    for value in [element.values.clone(), backwards(&element.values), one] {
        let write = AttributeWrite::new(&name, value.clone());
        let Some(reading) = written(device, report, write).await else {
            continue;
        };
        compare(report, &reading, shape, (columns(&value), 0), &value);
        report.equal(
            &format!("{name}: set point"),
            &reading.set_point,
            &Some(value),
        );
    }
}

async fn image(device: &DeviceProxy, report: &mut Report, element: &Element, writable: bool) {
    let name = format!("{}_image", element.name);
    let shape = (AttributeFormat::Image, element.data_type);
    let wide = columns(&element.values);
    let value = two_rows(&element.values);
    if !writable {
        let Some(reading) = report.value(&name, device.read(&name).await) else {
            return;
        };
        compare(report, &reading, shape, (wide, 2), &value);
        return;
    }
    for columns in [wide, 1] {
        let rows = self::columns(&value) / columns;
        if rows > 8 {
            continue; // more than the attribute has
        }
        let write = AttributeWrite::new(&name, value.clone()).with_columns(columns);
        let Some(reading) = written(device, report, write).await else {
            continue;
        };
        compare(report, &reading, shape, (columns, rows), &value);
        report.equal(
            &format!("{name}: set point"),
            &reading.set_point,
            &Some(value.clone()),
        );
    }
}

async fn encoded_scalar(device: &DeviceProxy, report: &mut Report) {
    let write = AttributeWrite::new("encoded_scalar", encoded());
    let Some(reading) = written(device, report, write).await else {
        return;
    };
    let shape = (AttributeFormat::Scalar, DataType::Encoded);
    compare(report, &reading, shape, (1, 0), &encoded());
    report.equal(
        "encoded_scalar: set point",
        &reading.set_point,
        &Some(encoded()),
    );
}

async fn state_and_status(device: &DeviceProxy, report: &mut Report) {
    let state = device.read("State").await.map(|reading| reading.value);
    report.gives("State", state, &Value::State(tango_wire::DevState::On));
    let status = device.read("status").await.map(|reading| reading.value);
    report.gives("Status", status, &Value::String("all of it, nö".to_owned()));
}

async fn write_only(device: &DeviceProxy, report: &mut Report) {
    let write = AttributeWrite::new("write_only", Value::Long(12));
    let Some(reading) = written(device, report, write).await else {
        return;
    };
    report.equal(
        "write_only: value is the set point",
        &reading.value,
        &Value::Long(12),
    );
}

async fn infinite(device: &DeviceProxy, report: &mut Report) {
    let value = device.read("infinite").await.map(|reading| reading.value);
    let is_so = matches!(&value, Ok(Value::Doubles(items)) if matches!(items.as_slice(),
        [positive, negative, none] if *positive == f64::INFINITY && *negative == f64::NEG_INFINITY && none.is_nan()));
    report.check("infinite numbers and none", is_so, value);
}

async fn large(device: &DeviceProxy, report: &mut Report) {
    let expected = Value::Doubles((0..300_000).map(f64::from).collect());
    let value = device.read("large").await.map(|reading| reading.value);
    report.gives("large", value, &expected);
}

/// All in one call, in the order of the names.
async fn all_at_once(device: &DeviceProxy, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let configs = device.attribute_configs(&[]).await?;
    let names: Vec<&str> = configs.iter().map(|config| config.name.as_str()).collect();
    let outcomes = device.read_many(&names).await?;
    for (name, outcome) in names.iter().zip(outcomes) {
        match outcome {
            Ok(reading) => {
                let same = reading.name.eq_ignore_ascii_case(name);
                report.check(&format!("{name} in its place"), same, reading.name);
            }
            Err(_) if ["failing", "crashing"].contains(name) => {}
            Err(failure) => report.failed(name, &in_one_line(&failure)),
        }
    }
    Ok(())
}

fn columns(value: &Value) -> u32 {
    u32::try_from(value.item_count().unwrap_or(1)).unwrap_or(u32::MAX)
}
