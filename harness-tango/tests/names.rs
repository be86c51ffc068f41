//! However a device is named, it is the same device, served here over real Tango.

use std::sync::Arc;
use std::time::SystemTime;

use harness_core::action::{Action, CommandAction};
use harness_core::assertion::changes_to;
use harness_core::{Timeout, TracedDevice, Tracer};
use harness_tango::device::TangoDevice;
use tango_wire::server::{BoxFuture, DeviceServer, EventPublisher, ReadingToServe, Servant};
use tango_wire::types::{
    AttributeConfig, CommandInfo, DataType, DevFailed, DevState, Quality, Value,
};

const NAME: &str = "low-tmc/subarray/01";

/// Goes to READY when told to.
struct Subarray(EventPublisher);

impl Servant for Subarray {
    fn class(&self) -> String {
        "Subarray".into()
    }

    fn commands(&self) -> Vec<CommandInfo> {
        vec![CommandInfo::new("Go", DataType::Void, DataType::Void)]
    }

    fn attributes(&self) -> Vec<AttributeConfig> {
        vec![AttributeConfig::new("obsState", DataType::Enum).with_enum_labels(["EMPTY", "READY"])]
    }

    fn state(&self) -> DevState {
        DevState::On
    }

    fn command<'a>(
        &'a self,
        _name: &'a str,
        _argument: Value,
    ) -> BoxFuture<'a, Result<Value, DevFailed>> {
        let (ready, now) = (Value::Short(1), SystemTime::now());
        let pushed = self
            .0
            .push_change(NAME, "obsState", ready, Quality::Valid, now);
        pushed.expect("it is served");
        Box::pin(std::future::ready(Ok(Value::Void)))
    }

    fn read<'a>(&'a self, _name: &'a str) -> BoxFuture<'a, Result<ReadingToServe, DevFailed>> {
        Box::pin(std::future::ready(Ok(Value::Short(0).into())))
    }
}

#[tokio::test]
async fn in_any_case_and_form_are_one_device_with_one_record() {
    let server = DeviceServer::new("subarray/1");
    let subarray = Arc::new(Subarray(server.events()));
    let server = server.with_device(NAME, subarray).start().await.unwrap();
    let url = server.device_url(NAME).unwrap();
    let address = url.strip_suffix("#dbase=no").unwrap();
    let place = address.strip_suffix(NAME).unwrap();

    let tracer = Tracer::default();
    let begin = tracer.mark();
    let mut named: Vec<TracedDevice> = Vec::new();
    for name in [
        url.clone(),
        format!("{place}LOW-TMC/SubArray/01#dbase=no"),
        format!("{}#DBASE=NO", address.replace("tango:", "TANGO:")),
    ] {
        let proxy = tango_wire::Client::new().device(&name).await.expect(&name);
        let device = tracer.device(Arc::new(TangoDevice::new(proxy)));
        assert_eq!(&**device.name(), NAME, "{name}");
        device.watch("ObsState").await.unwrap();
        named.push(device);
    }
    // one subscription, which told its initial value once
    let entries = tracer.journal().since(&begin);
    assert_eq!(entries.len(), 1);
    CommandAction::new(&named[1], "Go", ())
        .postcondition(changes_to(&named, "OBSSTATE", "ready"))
        .execute(Timeout::seconds(10))
        .await
        .unwrap();
}
