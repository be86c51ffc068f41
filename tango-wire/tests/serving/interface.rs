//! Devices whose commands and attributes change.

use std::sync::atomic::Ordering;

use tango_wire::{
    cdr::{ByteOrder, Reader},
    types::{AttributeConfig, ClientIdentity, EventKind, InterfaceChange, Value},
    zmtp::SubscriberSocket,
};

use crate::{
    event_kinds::{data, follow},
    events::next_message,
    raw::{Raw, key},
    support::{DEVICE, Served, open_admin, reason, serve},
};

/// Gives "power" a label, as a client can.
async fn label(served: &Served, label: &str) {
    let mut config = served.device.attribute_config("power").await.expect("told");
    config.label = label.to_owned();
    let mut raw = Raw::connect(served.server.address()).await;
    raw.send(&key(), "set_attribute_config_5", |body| {
        body.sequence(&[config], |body, config| config.write(body));
        ClientIdentity::own(6).write(body);
    })
    .await;
    raw.receive().await;
    assert_eq!(label_of(served).await, label);
}

async fn label_of(served: &Served) -> String {
    let config = served.device.attribute_config("power").await;
    config.expect("told").label
}

async fn told(socket: &mut SubscriberSocket, counter: u8) -> InterfaceChange {
    let data = data(&next_message(socket).await, counter, false);
    InterfaceChange::read(&mut Reader::new(&data, ByteOrder::Little)).expect("an interface")
}

#[tokio::test]
async fn what_comes_is_there_at_once_and_what_goes_is_gone() {
    let served = serve().await;
    let device = &served.device;
    assert_eq!(
        reason(device.command("More", Value::Void).await),
        "API_CommandNotFound"
    );
    label(&served, "kept").await;
    served.servant.more.store(true, Ordering::SeqCst);
    assert_eq!(served.server.interface_changed(DEVICE), Ok(true));
    device.command("More", Value::Void).await.expect("done");
    let reading = device.read("MORE").await.expect("read");
    assert_eq!(reading.value, Value::Long(7));
    let subscription = device.subscribe("more", |_| {}).await.expect("subscribed");
    assert_eq!(label_of(&served).await, "kept");

    drop(subscription);
    served.servant.more.store(false, Ordering::SeqCst);
    let events = served.server.events();
    assert_eq!(events.interface_changed("TEST/everything/1"), Ok(true));
    assert_eq!(reason(device.read("more").await), "API_AttrNotFound");
    let commands = device.commands().await.expect("told");
    assert!(commands.iter().all(|command| command.name != "More"));
    assert_eq!(label_of(&served).await, "kept");
}

#[tokio::test]
async fn init_asks_again_and_keeps_what_was_written() {
    let served = serve().await;
    let mut socket = follow(&served, "", EventKind::InterfaceChange).await;
    label(&served, "kept").await;
    served.servant.more.store(true, Ordering::SeqCst);
    let init = served.device.command("Init", Value::Void).await;
    init.expect("done");
    assert!(!told(&mut socket, 1).await.device_started);
    assert_eq!(label_of(&served).await, "kept");
}

#[tokio::test]
async fn a_restart_asks_again_and_forgets_what_was_written() {
    let served = serve().await;
    let admin = open_admin(&served.server).await;
    let mut interface = follow(&served, "", EventKind::InterfaceChange).await;
    let mut power = follow(&served, "power", EventKind::AttributeConfig).await;
    for (counter, restart) in (1u8..).zip(["DevRestart", "RestartServer"]) {
        label(&served, "written").await;
        let written = counter * 2 - 1;
        data(&next_message(&mut power).await, written, false);
        let more = served.servant.more.fetch_not(Ordering::SeqCst);
        let argument = match restart {
            "DevRestart" => Value::String(DEVICE.to_uppercase()),
            _ => Value::Void,
        };
        admin.command(restart, argument).await.expect("restarted");
        assert_eq!(
            served.servant.inits.load(Ordering::SeqCst),
            usize::from(counter)
        );
        let change = told(&mut interface, counter).await;
        let names = change.attributes.iter();
        assert_eq!(
            names.filter(|one| one.name == "more").count(),
            usize::from(!more)
        );
        let told = data(&next_message(&mut power).await, written + 1, false);
        let told = AttributeConfig::read(&mut Reader::new(&told, ByteOrder::Little));
        assert_eq!(told.expect("a configuration").label, "power");
        assert_eq!(label_of(&served).await, "power");
    }
    let unknown = admin.command("DevRestart", Value::String("a/b/c".into()));
    assert_eq!(reason(unknown.await), "API_DeviceNotFound");
}
