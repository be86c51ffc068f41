//! Attribute configurations, written by clients.

use tango_wire::{
    cdr::{ByteOrder, Reader, Writer},
    giop::{Reply, ReplyBody},
    types::{AttributeConfig, ClientIdentity, DevFailed, EventKind, Quality, Value},
};

use crate::{
    event_kinds::{data, follow},
    events::next_message,
    raw::{Raw, key},
    support::{DEVICE, Served, reason, serve},
};

/// Writes configurations as a client of version 5 or 6 does.
async fn configure(served: &Served, configs: &[AttributeConfig]) -> Result<(), DevFailed> {
    call(served, "set_attribute_config_5", |body| {
        body.sequence(configs, |body, config| config.write(body));
        ClientIdentity::own(6).write(body);
    })
    .await
}

async fn call(
    served: &Served,
    operation: &str,
    arguments: impl FnOnce(&mut Writer),
) -> Result<(), DevFailed> {
    let mut raw = Raw::connect(served.server.address()).await;
    raw.send(&key(), operation, arguments).await;
    let message = raw.receive().await;
    match Reply::read(&message).expect("a reply").body {
        ReplyBody::Result(_) => Ok(()),
        ReplyBody::UserException { mut content, .. } => {
            Err(DevFailed::read(&mut content).expect("a failure"))
        }
        other => panic!("{other:?}"),
    }
}

async fn present(served: &Served, attribute: &str) -> AttributeConfig {
    let config = served.device.attribute_config(attribute).await;
    config.expect("told")
}

#[tokio::test]
async fn limits_that_were_written_are_in_force() {
    let served = serve().await;
    let mut config = present(&served, "power").await;
    config.minimum = "-20".into();
    config.maximum = "10".into();
    config.alarm.minimum_alarm = "-9".into();
    config.alarm.minimum_warning = "-8".into();
    configure(&served, &[config.clone()])
        .await
        .expect("accepted");
    assert_eq!(present(&served, "POWER").await, config);

    let device = &served.device;
    let refused = device.write("power", Value::Double(10.5)).await;
    assert_eq!(reason(refused), "API_WAttrOutsideLimit");
    // it reads as the negative of what was written
    for (written, quality) in [
        (5.0, Quality::Valid),
        (8.0, Quality::Warning),
        (10.0, Quality::Alarm),
    ] {
        let value = Value::Double(written);
        device.write("power", value).await.expect("written");
        let reading = device.read("power").await.expect("read");
        assert_eq!(reading.quality, quality, "{written}");
    }

    config.maximum.clear();
    config.alarm.minimum_alarm = "Not specified".into();
    config.alarm.minimum_warning = "NaN".into();
    configure(&served, &[config]).await.expect("accepted");
    let config = present(&served, "power").await;
    assert_eq!(config.maximum, "Not specified");
    assert_eq!(config.alarm.minimum_warning, "Not specified");
    device
        .write("power", Value::Double(99.0))
        .await
        .expect("free");
    let reading = device.read("power").await.expect("read");
    assert_eq!(reading.quality, Quality::Valid);
}

#[tokio::test]
async fn a_configuration_is_no_store_for_whatever_a_client_sends() {
    let served = serve().await;
    for name in ["power", "obsState"] {
        let before = present(&served, name).await;
        let mut config = before.clone();
        config.description = "x".repeat(1 << 20);
        let refused = configure(&served, &[config]).await.expect_err("refused");
        assert_eq!(refused.reason(), "API_AttrOptProp");
        assert!(
            refused.to_string().len() < 1000,
            "the text is not sent back"
        );
        assert_eq!(present(&served, name).await, before);
    }
    let mut config = present(&served, "obsState").await;
    config.enum_labels[0] = "x".repeat(1 << 20);
    let refused = configure(&served, &[config]).await.expect_err("refused");
    assert_eq!(refused.reason(), "API_AttrOptProp");
}

#[tokio::test]
async fn what_is_not_finite_cannot_be_written() {
    let served = serve().await;
    let refused = served.device.write("power", Value::Double(f64::NAN)).await;
    assert_eq!(reason(refused), "API_WAttrOutsideLimit");
}

#[tokio::test]
async fn every_write_is_told_to_those_who_watch() {
    let served = serve().await;
    let mut socket = follow(&served, "power", EventKind::AttributeConfig).await;
    let mut config = present(&served, "power").await;
    for (number, label) in (1u8..).zip(["first", "5 \u{20ac}", "5 \u{20ac}"]) {
        config.label = label.into();
        configure(&served, &[config.clone()])
            .await
            .expect("accepted");
        let data = data(&next_message(&mut socket).await, number, false);
        let told = AttributeConfig::read(&mut Reader::new(&data, ByteOrder::Little));
        assert_eq!(told.expect("a configuration"), config);
    }
}

#[tokio::test]
async fn older_clients_write_what_they_know() {
    let served = serve().await;
    let mut config = present(&served, "obsState").await;
    config.alarm.minimum_alarm.clear();
    for (operation, label) in [
        ("set_attribute_config_4", "fourth"),
        ("set_attribute_config_3", "third"),
    ] {
        config.label = label.into();
        call(&served, operation, |body| {
            body.sequence(&[config.clone()], |body, config| config.write_3(body));
            ClientIdentity::own(5).write(body); // too much, to the older one: not looked at
        })
        .await
        .expect("accepted");
        let now = present(&served, "obsState").await;
        assert_eq!(now.label, label);
        assert_eq!(now.enum_labels, ["EMPTY", "RESOURCING", "IDLE"]);
    }
}

#[tokio::test]
async fn the_oldest_clients_leave_the_rest_alone() {
    let served = serve().await;
    let mut config = present(&served, "power").await;
    config.alarm.maximum_warning = "7".into();
    configure(&served, &[config.clone()])
        .await
        .expect("accepted");
    call(&served, "set_attribute_config", |body| {
        body.count(1);
        body.string(&config.name);
        config.writable.write(body);
        config.format.write(body);
        config.data_type.write(body);
        body.i32(config.max_columns);
        body.i32(config.max_rows);
        for text in [
            "words", "label", "W", "", "", "", "", "50", "", "9", "power",
        ] {
            body.string(text);
        }
        body.strings::<&str>(&[]);
    })
    .await
    .expect("accepted");
    let now = present(&served, "power").await;
    assert_eq!(
        (now.description.as_str(), now.maximum.as_str()),
        ("words", "50")
    );
    assert_eq!(now.alarm.maximum_alarm, "9");
    assert_eq!(now.alarm.maximum_warning, "7");
}

#[tokio::test]
async fn the_first_that_is_refused_ends_a_call() {
    let served = serve().await;
    let mut power = present(&served, "power").await;
    let mut names = present(&served, "names").await;
    let mut state = present(&served, "obsState").await;
    power.label = "new".into();
    names.maximum = "5".into();
    state.label = "new".into();
    let refused = configure(&served, &[power, names, state]).await;
    let failure = refused.expect_err("names are no numbers");
    assert_eq!(failure.reason(), "API_AttrOptProp");
    assert!(failure.to_string().contains("1 of 3"), "{failure}");
    assert_eq!(present(&served, "power").await.label, "new");
    assert_eq!(present(&served, "obsState").await.label, "obsState");

    let mut unknown = present(&served, "power").await;
    unknown.name = "no".into();
    let refused = configure(&served, &[unknown]).await;
    assert_eq!(refused.expect_err("unknown").reason(), "API_AttrNotFound");
}

#[tokio::test]
async fn a_configuration_waits_for_its_turn() {
    let served = serve().await;
    let config = present(&served, "power").await;
    let device = served.device.clone();
    let holding = tokio::spawn(async move { device.command("Hold", Value::Void).await });
    served.servant.started.notified().await;
    let mut raw = Raw::connect(served.server.address()).await;
    raw.send(&key(), "set_attribute_config_5", |body| {
        body.sequence(&[config], |body, config| config.write(body));
        ClientIdentity::own(6).write(body);
    })
    .await;
    raw.send(&key(), "ping", |_| {}).await;
    assert_eq!(Reply::read(&raw.receive().await).expect("a reply").id, 2);
    served.servant.held.notify_one();
    assert_eq!(Reply::read(&raw.receive().await).expect("a reply").id, 1);
    holding.await.expect("no panic").expect("done");
    assert_eq!(served.server.events().subscribers(DEVICE, "power"), 0);
}
