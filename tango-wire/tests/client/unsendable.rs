//! Text that can't be sent is refused before anything is sent.

use std::error::Error as _;

use tango_wire::client::{AttributeOwner, AttributeProperties, Client, Property, PropertyOwner};
use tango_wire::types::AttributeWrite;
use tango_wire::{AttributeConfig, DataType, Error, Value};

use crate::peer::{Peer, done};

/// A character outside ISO-8859-1, and one that ends a string.
const UNSENDABLE: [&str; 2] = ["5 \u{20ac}", "a\0b"];

fn is_refused<T: std::fmt::Debug>(outcome: Result<T, Error>, text: &str) {
    let error = outcome.unwrap_err();
    assert!(
        matches!(error, Error::Argument { .. }),
        "{text:?}: {error:?}"
    );
    assert!(
        error
            .source()
            .is_some_and(|why| why.to_string().contains("can't be sent"))
    );
}

#[tokio::test]
async fn commands_writes_and_names_with_such_text_are_not_sent() {
    let peer = Peer::start(6, |request| Some(done(request, |_| ()))).await;
    let device = peer.device().await;
    for text in UNSENDABLE {
        let string = || Value::String(text.to_owned());
        let strings = || vec!["good".to_owned(), text.to_owned()];
        let encoded = Value::Encoded {
            format: text.to_owned(),
            data: vec![],
        };
        for argument in [
            string(),
            Value::Strings(strings()),
            Value::LongStrings(vec![], strings()),
            Value::DoubleStrings(vec![], strings()),
            encoded.clone(),
        ] {
            is_refused(device.command("Go", argument).await, text);
        }
        is_refused(device.command(text, Value::Void).await, text);
        is_refused(device.command_info(text).await, text);

        for value in [string(), Value::Strings(strings()), encoded] {
            is_refused(device.write("name", value.clone()).await, text);
            is_refused(device.write_read("name", value).await, text);
        }
        is_refused(device.write(text, Value::Long(1)).await, text);
        let writes = [
            AttributeWrite::new("good", Value::Long(1)),
            AttributeWrite::new("bad", string()),
        ];
        is_refused(device.write_many(&writes).await, text);
        is_refused(device.read(text).await, text);
        is_refused(device.read_many(&["good", text]).await, text);
        is_refused(device.attribute_config(text).await, text);
        // the texts of a configuration are UTF-8, in which nothing but NUL can't be sent
        if text.contains('\0') {
            let mut config = AttributeConfig::new("power", DataType::Double);
            config.unit = text.to_owned();
            is_refused(device.set_attribute_configs(&[config]).await, text);
        }

        let named = Client::new().device(&format!("low/sub/{text}")).await;
        assert!(matches!(named, Err(Error::Name(_))), "{named:?}");
    }
    assert_eq!(peer.requests(), [] as [&str; 0]);
}

#[tokio::test]
async fn what_a_database_is_told_is_not_sent_either() {
    let peer = Peer::start(6, |request| Some(done(request, |_| ()))).await;
    let database = Client::new().database_at(peer.address.to_string().parse().unwrap());
    for text in UNSENDABLE {
        for owner in [
            PropertyOwner::Device("a/b/c"),
            PropertyOwner::Class("C"),
            PropertyOwner::Object("o"),
        ] {
            is_refused(database.properties(owner, &["a", text]).await, text);
            for property in [Property::new(text, ["1"]), Property::new("a", ["1", text])] {
                is_refused(database.put_properties(owner, &[property]).await, text);
            }
            is_refused(database.delete_properties(owner, &[text]).await, text);
        }
        let owner = PropertyOwner::Device(text);
        is_refused(database.properties(owner, &["a"]).await, text);
        let owner = AttributeOwner::Device("a/b/c");
        let unit = AttributeProperties::new("power", [Property::new("unit", [text])]);
        is_refused(
            database.put_attribute_properties(owner, &[unit]).await,
            text,
        );
        is_refused(database.put_device_alias("a/b/c", text).await, text);
        is_refused(database.devices(text).await, text);
        is_refused(database.add_device("s/1", "a/b/c", text).await, text);
    }
    assert_eq!(peer.requests(), [] as [&str; 0]);
}
