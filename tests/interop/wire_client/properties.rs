//! What a database keeps: properties of devices, classes, attributes and free objects, and
//! aliases.

use std::error::Error;

use tango_wire::client::{AttributeOwner, AttributeProperties, Property, PropertyOwner};
use tango_wire::{Client, DatabaseProxy, Error as WireError, Value};

use crate::peer::Peer;
use crate::report::Report;

pub(crate) async fn run(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let database = peer.device.database()?;
    let device = peer.device.name();
    of_device(peer, report).await?;
    for owner in [
        PropertyOwner::Device(device),
        PropertyOwner::Class("Everything"),
        PropertyOwner::Object("wire_client"),
    ] {
        of_owner(&database, report, owner).await?;
    }
    for owner in [
        AttributeOwner::Device(device),
        AttributeOwner::Class("Everything"),
    ] {
        of_attribute(&database, report, owner).await?;
    }
    alias(peer, &database, report).await?;
    attribute_alias(peer, &database, report).await?;
    Ok(())
}

/// By the device's own methods.
async fn of_device(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let device = &peer.device;
    let property = Property::new("wire_own", ["1"]);
    let put = device.put_properties(&[property]).await;
    report.gives("device: put", put, &());
    let found = device.properties(&["wire_own", "wire_none"]).await;
    let expected = vec![Some(vec!["1".to_owned()]), None];
    report.gives("device: get", found, &expected);
    let deleted = device.delete_properties(&["wire_own"]).await;
    report.gives("device: delete", deleted, &());
    Ok(())
}

async fn of_owner(
    database: &DatabaseProxy,
    report: &mut Report,
    owner: PropertyOwner<'_>,
) -> Result<(), Box<dyn Error>> {
    let what = |words: &str| format!("{owner:?}: {words}");
    let one = Property::new("wire_one", ["nö, 1"]);
    let many = Property::new("wire_many", ["a", "b c", "3"]);
    let put = database
        .put_properties(owner, &[one.clone(), many.clone()])
        .await;
    report.gives(&what("put"), put, &());
    let found = database
        .properties(owner, &["wire_many", "wire_none", "WIRE_ONE"])
        .await;
    let expected = vec![Some(many.values.clone()), None, Some(one.values.clone())];
    report.gives(&what("get"), found, &expected);
    let names = database.property_names(owner, "wire_*").await;
    let names = names.map(|mut names| {
        names.sort();
        names
    });
    let expected = vec!["wire_many".to_owned(), "wire_one".to_owned()];
    report.gives(&what("names"), names, &expected);
    let again = Property::new("wire_many", ["only"]);
    database.put_properties(owner, &[again]).await?;
    let found = database.properties(owner, &["wire_many"]).await;
    let expected = vec![Some(vec!["only".to_owned()])];
    report.gives(&what("put again"), found, &expected);
    database
        .delete_properties(owner, &["wire_many", "wire_one"])
        .await?;
    let found = database.properties(owner, &["wire_many", "wire_one"]).await;
    report.gives(&what("deleted"), found, &vec![None, None]);
    Ok(())
}

async fn of_attribute(
    database: &DatabaseProxy,
    report: &mut Report,
    owner: AttributeOwner<'_>,
) -> Result<(), Box<dyn Error>> {
    let what = |words: &str| format!("{owner:?}: {words}");
    let wanted = AttributeProperties::new(
        "wire_count",
        [
            Property::new("archive", ["yes", "nö"]),
            Property::new("label", ["a count"]),
        ],
    );
    let put = database
        .put_attribute_properties(owner, std::slice::from_ref(&wanted))
        .await;
    report.gives(&what("put"), put, &());
    let found = database
        .attribute_properties(owner, &["wire_count", "wire_none"])
        .await;
    let found = found.map(|mut all| {
        for attribute in &mut all {
            attribute
                .properties
                .sort_by(|one, other| one.name.cmp(&other.name));
        }
        all
    });
    let expected = vec![wanted, AttributeProperties::new("wire_none", [])];
    report.gives(&what("get"), found, &expected);
    let names = database.attributes_with_properties(owner, "wire_*").await;
    report.gives(&what("names"), names, &vec!["wire_count".to_owned()]);
    database
        .delete_attribute_properties(owner, "wire_count", &["archive"])
        .await?;
    let found = database.attribute_properties(owner, &["wire_count"]).await;
    let left = AttributeProperties::new("wire_count", [Property::new("label", ["a count"])]);
    report.gives(&what("one deleted"), found, &vec![left]);
    database.delete_attribute(owner, "wire_count").await?;
    let found = database.attribute_properties(owner, &["wire_count"]).await;
    let none = AttributeProperties::new("wire_count", []);
    report.gives(&what("all deleted"), found, &vec![none]);
    Ok(())
}

/// A device found by its alias.
async fn alias(
    peer: &Peer,
    database: &DatabaseProxy,
    report: &mut Report,
) -> Result<(), Box<dyn Error>> {
    let device = peer.device.name();
    let alias = "wire-alias";
    report.gives("no alias", peer.device.alias().await, &None);
    let put = database.put_device_alias(device, alias).await;
    report.gives("alias: put", put, &());
    let expected = Some(alias.to_owned());
    report.gives("alias of the device", peer.device.alias().await, &expected);
    let found = database.device_of_alias(alias).await;
    report.gives("device of the alias", found, &Some(device.to_owned()));
    let all = database.device_aliases("wire-*").await;
    report.gives("aliases", all, &vec![alias.to_owned()]);
    let called = Client::new().device(alias).await?;
    let echo = called.command("EchoLong", Value::Long(8)).await;
    report.gives("called by its alias", echo, &Value::Long(8));
    let followed = called.subscribe("count", |_| ()).await;
    report.check("followed by its alias", followed.is_ok(), &followed);
    report.gives(
        "alias: delete",
        database.delete_device_alias(alias).await,
        &(),
    );
    let gone = Client::new().device(alias).await;
    let is_gone = matches!(gone, Err(WireError::NotDefined { .. }));
    report.check("alias is gone", is_gone, &gone);
    Ok(())
}

async fn attribute_alias(
    peer: &Peer,
    database: &DatabaseProxy,
    report: &mut Report,
) -> Result<(), Box<dyn Error>> {
    let attribute = format!("{}/count", peer.device.name());
    let alias = "wire-count";
    let put = database.put_attribute_alias(&attribute, alias).await;
    report.gives("attribute's alias: put", put, &());
    let found = database.attribute_of_alias(alias).await;
    let found = found.map(|found| found.map(|name| name.to_lowercase()));
    report.gives("attribute of the alias", found, &Some(attribute.clone()));
    let found = database.attribute_alias(&attribute).await;
    report.gives("alias of the attribute", found, &Some(alias.to_owned()));
    let all = database.attribute_aliases("wire-*").await;
    report.gives("attributes' aliases", all, &vec![alias.to_owned()]);
    report.gives(
        "attribute's alias: delete",
        database.delete_attribute_alias(alias).await,
        &(),
    );
    let found = database.attribute_of_alias(alias).await;
    report.gives("attribute's alias is gone", found, &None);
    Ok(())
}
