//! Errors: the device's own words, and what is told where it has none.

use std::error::Error as StdError;
use std::time::{Duration, Instant};

use tango_wire::types::{AttributeWrite, Severity};
use tango_wire::{DevFailed, Error, Value};

use crate::peer::Peer;
use crate::report::{Report, in_one_line};

pub(crate) async fn run(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn StdError>> {
    stacks(peer, report).await;
    refusals(peer, report).await;
    refused_writes(peer, report).await;
    mixed_writes(peer, report).await;
    mixed_reads(peer, report).await?;
    slow(peer, report).await;
    Ok(())
}

async fn stacks(peer: &Peer, report: &mut Report) {
    let words = |words: &str| Value::String(words.to_owned());
    let failed = peer.device.command("Fail", words("nö")).await;
    if let Some(stack) = stack(report, "stack", failed) {
        two_levels(report, "stack", &stack, "nö");
    }
    let failed = peer.device.read("failing").await;
    if let Some(stack) = stack(report, "stack of a read", failed) {
        two_levels(report, "stack of a read", &stack, "the attribute");
    }
    let crashed = peer.device.command("Crash", words("with ")).await;
    if let Some(stack) = stack(report, "exception", crashed) {
        says(
            report,
            "exception",
            &stack,
            &format!("with {}", beyond_ascii(peer)),
        );
    }
    let crashed = peer.device.read("crashing").await;
    if let Some(stack) = stack(report, "exception of a read", crashed) {
        says(report, "exception of a read", &stack, beyond_ascii(peer));
    }
}

/// Words beyond ASCII: PyTango sends those of exceptions in UTF-8, others keep to Tango's Latin-1.
fn beyond_ascii(peer: &Peer) -> &'static str {
    if peer.is_pytango() {
        "nö € ÿ"
    } else {
        "nö ? ÿ"
    }
}

fn two_levels(report: &mut Report, what: &str, stack: &DevFailed, words: &str) {
    let levels: Vec<_> = stack
        .0
        .iter()
        .map(|level| {
            (
                level.reason.as_str(),
                level.description.as_str(),
                level.severity,
            )
        })
        .take(2)
        .collect();
    let (first, second) = (format!("first {words}"), format!("second {words}"));
    let expected = vec![
        ("Everything_First", first.as_str(), Severity::Error),
        ("Everything_Second", second.as_str(), Severity::Error),
    ];
    report.equal(what, &levels, &expected);
    let origins: Vec<_> = stack
        .0
        .iter()
        .map(|level| level.origin.as_str())
        .take(2)
        .collect();
    report.equal(
        &format!("{what}: origins"),
        &origins,
        &vec!["everything.first", "everything.second"],
    );
}

fn says(report: &mut Report, what: &str, stack: &DevFailed, words: &str) {
    let said = stack
        .0
        .iter()
        .any(|level| level.description.contains(words));
    report.check(&format!("{what} says {words:?}"), said, stack);
}

async fn refusals(peer: &Peer, report: &mut Report) {
    let device = &peer.device;
    let unknown = device.command("NoSuchCommand", Value::Void).await;
    has_reason(report, "unknown command", unknown, "API_CommandNotFound");
    let unknown = device.command_info("NoSuchCommand").await;
    has_reason(
        report,
        "about an unknown command",
        unknown,
        "API_CommandNotFound",
    );
    let unknown = device.read("no_such_attribute").await;
    has_reason(report, "unknown attribute", unknown, "API_AttrNotFound");
    let unknown = device.attribute_config("no_such_attribute").await;
    has_reason(
        report,
        "about an unknown attribute",
        unknown,
        "API_AttrNotFound",
    );
    for (what, value) in [
        ("another number", Value::Long(1)),
        ("an array", Value::Shorts(vec![1])),
        ("nothing", Value::Void),
    ] {
        let refused = device.command("EchoShort", value).await;
        let what = format!("{what} where DevShort is due");
        has_reason(report, &what, refused, "API_IncompatibleCmdArgumentType");
    }
}

async fn refused_writes(peer: &Peer, report: &mut Report) {
    let device = &peer.device;
    let double = Value::Double;
    for (attribute, value, reason) in [
        ("refusing", double(2.0), "Everything_Refused"),
        ("limited", double(11.0), "API_WAttrOutsideLimit"),
        ("limited", double(-0.5), "API_WAttrOutsideLimit"),
        ("enum_scalar", Value::Short(3), "API_WAttrOutsideLimit"),
        (
            "double_scalar",
            double(f64::INFINITY),
            "API_WAttrOutsideLimit",
        ),
        ("double_scalar", double(f64::NAN), "API_WAttrOutsideLimit"),
        ("limited", Value::Long(1), "API_IncompatibleAttrDataType"),
        ("dated", double(1.0), "API_AttrNotWritable"),
        ("no_such_attribute", double(1.0), "API_AttrNotFound"),
    ] {
        let refused = device.write(attribute, value.clone()).await;
        has_reason(
            report,
            &format!("write {value:?} to {attribute}"),
            refused,
            reason,
        );
    }
    let within = device.write("limited", double(10.0)).await;
    report.gives("write within the limits", within, &());
}

async fn mixed_writes(peer: &Peer, report: &mut Report) {
    let writes = [
        AttributeWrite::new("short_scalar", Value::Short(77)),
        AttributeWrite::new("refusing", Value::Double(3.0)),
        AttributeWrite::new("long_scalar", Value::Long(78)),
        AttributeWrite::new("limited", Value::Double(99.0)),
    ];
    match peer.device.write_many(&writes).await {
        Err(Error::MultiDevFailed { failures, .. }) => {
            let mut failed: Vec<_> = failures
                .0
                .iter()
                .map(|failed| (failed.index, failed.name.as_str(), failed.failure.reason()))
                .collect();
            failed.sort_unstable();
            let expected = vec![
                (1, "refusing", "Everything_Refused"),
                (3, "limited", "API_WAttrOutsideLimit"),
            ];
            report.equal("mixed writes", &failed, &expected);
        }
        Err(error) => report.failed("mixed writes", &in_one_line(&error)),
        Ok(()) => report.failed("mixed writes", "were accepted"),
    }
    let writes = [
        AttributeWrite::new("short_scalar", Value::Short(79)),
        AttributeWrite::new("long_scalar", Value::Long(80)),
    ];
    report.gives(
        "good writes together",
        peer.device.write_many(&writes).await,
        &(),
    );
    let read = peer
        .device
        .read_many(&["short_scalar", "long_scalar"])
        .await;
    let read = read.map(|outcomes| {
        outcomes
            .into_iter()
            .map(|outcome| outcome.ok().map(|reading| reading.value))
            .collect()
    });
    let expected = vec![Some(Value::Short(79)), Some(Value::Long(80))];
    report.gives("good writes were done", read, &expected);
}

async fn mixed_reads(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn StdError>> {
    let names = ["dated", "failing", "no_such_attribute", "count"];
    let outcomes = peer.device.read_many(&names).await?;
    let found: Vec<_> = outcomes
        .iter()
        .map(|outcome| outcome.as_ref().map_or_else(DevFailed::reason, |_| "good"))
        .collect();
    let expected = vec!["good", "Everything_First", "API_AttrNotFound", "good"];
    report.equal("mixed reads", &found, &expected);
    Ok(())
}

/// A command that takes longer than the client waits, and the call after it.
async fn slow(peer: &Peer, report: &mut Report) {
    let device = peer.device.clone().with_timeout(Duration::from_millis(300));
    let started = Instant::now();
    let outcome = device.command("Slow", Value::Double(1.0)).await;
    let took = started.elapsed();
    report.check(
        "timeout",
        matches!(outcome, Err(Error::TimedOut { .. })),
        &outcome,
    );
    let in_time = (290..900).contains(&took.as_millis());
    report.check("timeout after 0.3 s", in_time, took);
    let next = peer.device.command("EchoLong", Value::Long(5)).await;
    report.gives("the call after a timeout", next, &Value::Long(5));
    let pending = peer.device.command("Slow", Value::Double(0.5));
    let dropped = tokio::time::timeout(Duration::from_millis(100), pending).await;
    report.check("a call is given up", dropped.is_err(), "an answer");
    let next = peer.device.command("EchoLong", Value::Long(6)).await;
    report.gives("the call after one given up", next, &Value::Long(6));
}

/// The device's error stack, which must be what came.
fn stack<T>(report: &mut Report, what: &str, outcome: Result<T, Error>) -> Option<DevFailed> {
    match outcome {
        Err(Error::DevFailed { failure, .. }) => Some(failure),
        Err(error) => {
            report.failed(what, &in_one_line(&error));
            None
        }
        Ok(_) => {
            report.failed(what, "was accepted");
            None
        }
    }
}

pub(crate) fn has_reason<T>(
    report: &mut Report,
    what: &str,
    outcome: Result<T, Error>,
    reason: &str,
) {
    if let Some(stack) = stack(report, what, outcome) {
        report.check(
            &format!("{what}: {reason}"),
            stack.reason() == reason,
            &stack,
        );
    }
}
