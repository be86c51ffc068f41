//! What a device remembers of its calls.

use tango_wire::types::{AttributeWrite, ClientIdentity, DevFailed, Source, Value};

use crate::{
    raw::{Raw, key, result},
    support::{serve, serve_both},
};

/// The newest entries of a device, without their times.
async fn entries(raw: &mut Raw, key: &str, count: i32) -> Result<Vec<String>, DevFailed> {
    let message = raw.call(key, "black_box", |body| body.i32(count)).await;
    let entries = result(&message, |body| body.strings().expect("strings"))?;
    let without_time = |entry: String| {
        let (time, words) = entry.split_once(" : ").expect("a time");
        assert_eq!(time.len(), "31/12/2025 23:59:59:99".len(), "{entry}");
        words.to_owned()
    };
    Ok(entries.into_iter().map(without_time).collect())
}

#[tokio::test]
async fn a_device_remembers_who_called_what() {
    let served = serve().await;
    let mut raw = Raw::connect(served.server.address()).await;
    let client = ClientIdentity::Cpp { process: 77 };
    raw.call(&key(), "ping", |_| {}).await;
    raw.call(&key(), "_get_state", |_| {}).await;
    let nothing = raw.command(&key(), "Nothing", Value::Void, &client).await;
    assert_eq!(
        nothing.expect_err("refused").reason(),
        "API_CommandNotFound"
    );
    raw.call(&key(), "read_attributes_5", |body| {
        body.strings(&["power", "State"]);
        Source::CacheOrDevice.write(body);
        client.write(body);
    })
    .await;
    raw.call(&key(), "write_read_attributes_5", |body| {
        body.sequence(&[()], |body, ()| {
            AttributeWrite::new("power", Value::Double(1.0)).write(body);
        });
        body.strings(&["power"]);
        client.write(body);
    })
    .await;
    let found = entries(&mut raw, &key(), 5).await.expect("in range");
    assert_eq!(
        found,
        [
            "Operation write_read_attributes_5 (power/power) requested from localhost \
             (CPP/Python client with PID 77)",
            "Operation read_attributes_5 (power, State) from cache_device requested from \
             localhost (CPP/Python client with PID 77)",
            "Operation command_inout_4 (cmd = Nothing) from device requested from localhost \
             (CPP/Python client with PID 77)",
            "Attribute state requested from localhost",
            "Operation ping requested from localhost",
        ]
    );
    let newest = entries(&mut raw, &key(), 1).await.expect("in range");
    assert_eq!(newest, ["Operation blackbox requested from localhost"]);
}

#[tokio::test]
async fn fifty_calls_are_remembered_by_each_device_for_itself() {
    let server = serve_both().await;
    let mut raw = Raw::connect(server.address()).await;
    for _ in 0..60 {
        raw.call(&key(), "ping", |_| {}).await;
    }
    let found = entries(&mut raw, &key(), 100).await.expect("in range");
    assert_eq!(found.len(), 50);
    let other = entries(&mut raw, "test/everything/2", 100).await;
    assert!(other.expect("in range").is_empty());
    for count in [0, -1, i32::MIN] {
        let refused = entries(&mut raw, &key(), count).await;
        let refused = refused.expect_err("out of range");
        assert_eq!(refused.reason(), "API_BlackBoxArgument");
    }
}
