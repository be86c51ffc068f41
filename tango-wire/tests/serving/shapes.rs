//! Values of odd shapes and words: each is a matter of its own attribute.

use std::sync::{Arc, Mutex, PoisonError};

use tango_wire::{
    Client, DeviceProxy,
    server::{BoxFuture, DeviceServer, ReadingToServe, RunningServer, Servant},
    types::{AttributeConfig, AttributeWrite, CommandInfo, DataType, DevFailed, DevState, Value},
};

use crate::support::DEVICE;

/// Reads as it was told to, and notes what is written.
#[derive(Debug, Default)]
struct Shapes {
    written: Mutex<Vec<String>>,
}

impl Servant for Shapes {
    fn class(&self) -> String {
        "Shapes".to_owned()
    }

    fn commands(&self) -> Vec<CommandInfo> {
        Vec::new()
    }

    fn attributes(&self) -> Vec<AttributeConfig> {
        let long = |name| AttributeConfig::new(name, DataType::Long).read_write();
        vec![
            long("plain"),
            long("mixed"),
            AttributeConfig::new("words", DataType::String),
            AttributeConfig::new("empty", DataType::Long).image(4, 4),
            long("row").spectrum(3),
            long("picture").image(3, 2),
            AttributeConfig::new("modes", DataType::Enum)
                .with_enum_labels(["A", "B"])
                .read_write()
                .spectrum(4),
        ]
    }

    fn state(&self) -> DevState {
        DevState::On
    }

    fn command<'a>(
        &'a self,
        _: &'a str,
        argument: Value,
    ) -> BoxFuture<'a, Result<Value, DevFailed>> {
        Box::pin(std::future::ready(Ok(argument)))
    }

    fn read<'a>(&'a self, attribute: &'a str) -> BoxFuture<'a, Result<ReadingToServe, DevFailed>> {
        let reading = match attribute {
            "words" => Value::String("5 €".into()).into(),
            "mixed" => ReadingToServe::new(Value::Long(1)).with_set_point(Value::Double(1.0)),
            "empty" => ReadingToServe::new(Value::Longs(Vec::new())).with_columns(0),
            _ => Value::Long(7).into(),
        };
        Box::pin(std::future::ready(Ok(reading)))
    }

    fn write<'a>(&'a self, attribute: &'a str, _: Value) -> BoxFuture<'a, Result<(), DevFailed>> {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.push(attribute.to_owned());
        Box::pin(std::future::ready(Ok(())))
    }
}

async fn serve() -> (RunningServer, Arc<Shapes>, DeviceProxy) {
    let servant = Arc::new(Shapes::default());
    let server = DeviceServer::new("shapes/test")
        .with_device(DEVICE, servant.clone())
        .start()
        .await
        .expect("starts");
    let url = server.device_url(DEVICE).expect("served");
    let device = Client::new().device(&url).await.expect("opens");
    (server, servant, device)
}

#[tokio::test]
async fn a_value_that_cannot_be_sent_fails_alone() {
    let (_server, _servant, device) = serve().await;
    let outcomes = device
        .read_many(&["plain", "words", "mixed", "plain"])
        .await;
    let outcomes = outcomes.expect("an answer for each");
    let reasons: Vec<_> = outcomes
        .iter()
        .map(|outcome| outcome.as_ref().err().map(DevFailed::reason))
        .collect();
    let unsendable = Some("SERVANT_UnsendableAnswer");
    let mistyped = Some("API_IncompatibleAttrDataType");
    assert_eq!(reasons, [None, unsendable, mistyped, None]);
    let words = outcomes[1].as_ref().expect_err("refused").to_string();
    assert!(words.contains("U+20AC"), "{words}");
}

#[tokio::test]
async fn an_image_without_items_is_empty_however_long_its_rows_are() {
    let (_server, _servant, device) = serve().await;
    let reading = device.read("empty").await.expect("read");
    assert_eq!(reading.dimension, (0, 0));
    assert_eq!(reading.value, Value::Longs(Vec::new()));
}

#[tokio::test]
async fn what_is_larger_than_its_attribute_is_not_written() {
    let (_server, servant, device) = serve().await;
    let write =
        |name: &str, count: i32| AttributeWrite::new(name, Value::Longs((0..count).collect()));
    let image = |count, dimension| {
        let mut image = write("picture", count);
        image.dimension = dimension;
        image
    };
    for (what, refused) in [
        (write("row", 4), "API_WAttrOutsideLimit"),
        (image(4, (4, 1)), "API_WAttrOutsideLimit"),
        (image(3, (1, 3)), "API_WAttrOutsideLimit"),
        (image(5, (3, 2)), "API_AttrIncorrectDataNumber"),
        (image(2, (0, 0)), "API_AttrIncorrectDataNumber"),
        (
            AttributeWrite::new("modes", Value::Shorts(vec![0, 2])),
            "API_WAttrOutsideLimit",
        ),
        (
            AttributeWrite::new("modes", Value::Shorts(vec![-1])),
            "API_WAttrOutsideLimit",
        ),
    ] {
        let failures = device.write_many(std::slice::from_ref(&what)).await;
        let failures = failures.expect_err("refused");
        assert!(
            format!("{failures:?}").contains(refused),
            "{what:?}: {failures:?}"
        );
    }
    let taken = [
        write("row", 3),
        write("row", 0),
        image(6, (3, 2)),
        image(0, (0, 0)),
        AttributeWrite::new("modes", Value::Shorts(vec![0, 1, 1])),
    ];
    device.write_many(&taken).await.expect("written");
    let written = servant
        .written
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    assert_eq!(*written, ["row", "row", "picture", "picture", "modes"]);
}
