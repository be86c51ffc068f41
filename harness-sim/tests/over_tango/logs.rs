//! What the simulated devices say in their logs, as the harness collects it.

use std::time::Duration;

use harness_core::assertion::{Logs, logs};
use harness_core::journal::{Entry, EntryKind};
use harness_core::{Journal, Timeout, Tracer};
use harness_sim::RunningTelescope;
use harness_tango::log::{LogCollector, LogError, LogLevel};
use tango_wire::Client;
use tango_wire::types::Value;

use crate::watcher::telescope;

const SUBARRAY: &str = "low-tmc/subarray/01";

/// A tracer, and a collector of logs into its record.
async fn collecting(of: &RunningTelescope) -> (Tracer, LogCollector, Client) {
    let tracer = Tracer::default();
    let client = Client::new().with_tango_host(of.tango_host());
    let journal: Journal = tracer.journal().clone();
    let collector = LogCollector::start_at("127.0.0.1", journal, client.clone()).await;
    (tracer, collector.expect("a free port"), client)
}

fn says(words: &'static str) -> Logs {
    logs(SUBARRAY, format!("a line with {words}"), move |line| {
        line.message.contains(words)
    })
}

#[tokio::test]
async fn a_device_says_which_commands_it_gets_and_in_which_transaction() {
    let simulated = telescope(Duration::ZERO).await;
    let (tracer, collector, client) = collecting(&simulated).await;
    let listening = collector.listen(SUBARRAY).await.expect("it takes it");
    assert_eq!(listening.device(), SUBARRAY);

    let mark = tracer.mark();
    let subarray = client.device(SUBARRAY).await.expect("it is there");
    let argument = r#"{"transaction_id": "txn-test-1", "resources": ["BEAM1"]}"#;
    let assign = subarray.command("AssignResources", Value::String(argument.to_owned()));
    assign.await.expect("accepted");
    subarray
        .command("Abort", Value::Void)
        .await
        .expect("accepted");
    let soon = Timeout::new(Duration::from_secs(10));
    let expected = tracer
        .expect(says(
            "Transaction[txn-test-1]: Enter[AssignResources] with parameters [{",
        ))
        .and(says(
            "Transaction[txn-test-1]: Exit[AssignResources] marker[",
        ))
        .and(says("Transaction[txn-local-20"))
        .and(says("]: Exit[Abort] marker["));
    expected.since(&mark).assert_within(soon).await;
}

#[tokio::test]
async fn init_is_no_transaction_and_who_has_stopped_listening_hears_nothing() {
    let simulated = telescope(Duration::ZERO).await;
    let (tracer, collector, client) = collecting(&simulated).await;
    let subarray = client.device(SUBARRAY).await.expect("it is there");
    let listening = collector.listen(SUBARRAY).await.expect("it takes it");
    let mark = tracer.mark();
    subarray.command("Init", Value::Void).await.expect("done");
    // what the device says afterwards comes after what it has said before
    let refused = subarray.command("Scan", Value::String("{}".to_owned()));
    refused.await.expect_err("not in EMPTY");
    subarray
        .command("Standby", Value::Void)
        .await
        .expect("accepted");
    let soon = Timeout::new(Duration::from_secs(10));
    let expected = tracer.expect(says("Enter[Standby]")).since(&mark);
    expected.assert_within(soon).await;
    let never = tracer
        .expect(says("Init").never())
        .and(says("Scan").never())
        .since(&mark);
    never.assert_within(Timeout::zero()).await;

    listening.stop().await.expect("it is told");
    let mark = tracer.mark();
    subarray.command("On", Value::Void).await.expect("accepted");
    let admin = subarray.admin().await.expect("it has one");
    let targets = admin.command("GetLoggingTarget", Value::String(SUBARRAY.to_owned()));
    assert_eq!(targets.await.expect("answered"), Value::Strings(Vec::new()));
    let never = tracer.expect(says("On").never()).since(&mark);
    never.assert_within(Timeout::zero()).await;
}

#[tokio::test]
async fn a_device_that_is_not_there_cannot_be_listened_to() {
    let simulated = telescope(Duration::ZERO).await;
    let (_, collector, _) = collecting(&simulated).await;
    let error = collector.listen("a/b/c").await.expect_err("nobody");
    assert!(matches!(error, LogError::Unreachable { .. }), "{error:?}");
}

#[tokio::test]
async fn who_listens_twice_hears_each_line_once_and_until_both_have_ended() {
    let simulated = telescope(Duration::ZERO).await;
    let (tracer, collector, client) = collecting(&simulated).await;
    let first = collector.listen(SUBARRAY).await.expect("it takes it");
    let level = LogLevel::Debug;
    let second = collector.listen_at(SUBARRAY, level).await;
    let second = second.expect("it takes it");
    second.stop().await.expect("it is told");

    let (began, mark) = (tracer.journal().mark(), tracer.mark());
    let subarray = client.device(SUBARRAY).await.expect("it is there");
    subarray.command("On", Value::Void).await.expect("accepted");
    subarray
        .command("Standby", Value::Void)
        .await
        .expect("accepted");
    let soon = Timeout::new(Duration::from_secs(10));
    let expected = tracer.expect(says("Enter[Standby]")).since(&mark);
    expected.assert_within(soon).await;
    let entries = tracer.journal().since(&began);
    let is_said = |entry: &&Entry| match &*entry.kind {
        EntryKind::Log(line) => line.message.contains("Enter[On]"),
        _ => false,
    };
    assert_eq!(entries.iter().filter(is_said).count(), 1);

    first.stop().await.expect("it is told");
    let admin = subarray.admin().await.expect("it has one");
    let asked = Value::Strings(vec![SUBARRAY.to_owned()]);
    let levels = admin.command("GetLoggingLevel", asked).await;
    let Ok(Value::LongStrings(levels, _)) = levels else {
        panic!("{levels:?}");
    };
    assert_eq!(levels, [LogLevel::Info.number()], "as before");
}
