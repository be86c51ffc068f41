//! One server after another, with the devices' publisher handed on.

use std::sync::Arc;

use tango_wire::{
    server::{DeviceServer, EventPublisher, RunningServer},
    types::{EventKind, Value},
};

use crate::{
    event_kinds::follow,
    events::next_message,
    support::{DEVICE, Everything, Served, open},
};

async fn start(events: &EventPublisher) -> (RunningServer, Arc<Everything>) {
    let servant = Arc::new(Everything::default());
    let server = DeviceServer::new("everything/test")
        .with_device(DEVICE, servant.clone())
        .with_events(events.clone())
        .start()
        .await
        .expect("starts");
    (server, servant)
}

#[tokio::test]
async fn a_server_that_ends_leaves_the_events_of_its_successor_alone() {
    for in_order in [false, true] {
        let events = EventPublisher::new();
        let (old, _) = start(&events).await;
        let (server, servant) = start(&events).await;
        let device = open(&server).await;
        let served = Served {
            server,
            servant,
            device,
        };
        let mut subscriber = follow(&served, "power", EventKind::Change).await;
        if in_order {
            old.shutdown().await.expect("no database to be told");
        } else {
            drop(old);
        }
        let value = Value::Double(1.0).into();
        events
            .push_event(EventKind::Change, DEVICE, "power", value)
            .expect("fits");
        assert_eq!(next_message(&mut subscriber).await.parts().len(), 4);
    }
}
