//! From what a database holds to JSON, and back.

use std::{
    collections::BTreeMap,
    time::{Duration, UNIX_EPOCH},
};

use super::{
    StateError,
    document::{
        DeviceDocument, Document, ExportDocument, Format, Head, OwnerDocument, ServerDocument,
        StarterDocument, VERSION,
    },
    entries::{Entries, Values},
};
use crate::database::store::{
    ADMIN_CLASS, AttributePropertyTable, Device, Export, Placement, Properties, PropertyTable,
    Store, admin_device, is_device_name, same,
};

/// # Errors
/// None, as long as there is memory: names and texts can always be written as JSON.
pub(in crate::database) fn to_json(document: &Document) -> Result<String, StateError> {
    Ok(serde_json::to_string_pretty(document)? + "\n")
}

/// # Errors
/// The text is no JSON, not in this form or version, or holds entries that make no sense.
pub(in crate::database) fn from_json(text: &str) -> Result<Store, StateError> {
    let head: Head = serde_json::from_str(text)?;
    if head.version != VERSION {
        return Err(StateError::Version {
            found: head.version,
            known: VERSION,
        });
    }
    serde_json::from_str::<Document>(text)?.into_store()
}

impl Document {
    /// Everything there is, but for where a device that does not run ran last.
    pub(in crate::database) fn of(store: &Store) -> Self {
        let mut classes = BTreeMap::new();
        let mut others = BTreeMap::new();
        let note = |owners: &mut BTreeMap<String, String>, name: &str| {
            owners
                .entry(name.to_uppercase())
                .or_insert_with(|| name.to_owned());
        };
        for (class, _) in store.class_properties.iter() {
            note(&mut classes, class);
        }
        for table in [
            &store.class_attribute_properties,
            &store.class_pipe_properties,
        ] {
            table
                .iter()
                .for_each(|(class, _)| note(&mut classes, class));
        }
        let device_owners = store.device_properties.iter().map(|(device, _)| device);
        let attribute_owners = store.device_attribute_properties.iter();
        let pipe_owners = store.device_pipe_properties.iter();
        for device in device_owners
            .chain(attribute_owners.map(|(device, _)| device))
            .chain(pipe_owners.map(|(device, _)| device))
        {
            if store.device(device).is_none() {
                note(&mut others, device);
            }
        }
        let class = |name: String| {
            let owner = owner(
                &name,
                &store.class_properties,
                &store.class_attribute_properties,
                &store.class_pipe_properties,
            );
            (name, owner)
        };
        let other = |name: String| {
            let owner = device_owner(store, &name);
            (name, owner)
        };
        let aliases = store.attribute_aliases.iter();
        let mut aliases: Vec<_> = aliases
            .map(|(attribute, alias)| (alias.to_owned(), attribute.to_owned()))
            .collect();
        aliases.sort();
        let objects = store.object_properties.iter();
        Self {
            format: Format::TangoWireDatabase,
            version: VERSION,
            servers: servers(store),
            classes: Entries(classes.into_values().map(class).collect()),
            objects: Entries(
                objects
                    .map(|(name, properties)| (name.to_owned(), values(properties)))
                    .collect(),
            ),
            attribute_aliases: Entries(aliases),
            undefined_devices: Entries(others.into_values().map(other).collect()),
        }
    }

    fn into_store(self) -> Result<Store, StateError> {
        let mut store = Store::default();
        for (server, document) in self.servers.0 {
            put_server(&mut store, &server, document)?;
        }
        for (class, owner) in self.classes.0 {
            fill(&mut store.class_properties, &class, owner.properties);
            fill_attributes(
                &mut store.class_attribute_properties,
                &class,
                owner.attribute_properties,
            );
            fill_attributes(
                &mut store.class_pipe_properties,
                &class,
                owner.pipe_properties,
            );
        }
        for (object, properties) in self.objects.0 {
            fill(&mut store.object_properties, &object, properties);
        }
        for (alias, attribute) in self.attribute_aliases.0 {
            let place = format!("attribute_aliases, {alias}");
            if attribute.matches('/').count() != 3 {
                let words = format!("'{attribute}' must read domain/family/member/attribute");
                return Err(wrong(place, words));
            }
            if store.attribute_aliases.alias(&attribute).is_some() {
                return Err(wrong(place, format!("{attribute} has an alias already")));
            }
            store.attribute_aliases.put(&attribute, &alias);
        }
        for (device, owner) in self.undefined_devices.0 {
            if store.device(&device).is_some() {
                let place = format!("undefined_devices, {device}");
                return Err(wrong(place, "one of the servers has it".to_owned()));
            }
            fill_device(&mut store, &device, owner);
        }
        Ok(store)
    }
}

fn wrong(place: String, reason: String) -> StateError {
    StateError::Entry { place, reason }
}

fn servers(store: &Store) -> Entries<ServerDocument> {
    let mut servers: BTreeMap<String, (String, ServerDocument)> = BTreeMap::new();
    let mut server = |name: &str, change: &mut dyn FnMut(&mut ServerDocument)| {
        let entry = servers.entry(name.to_uppercase());
        let (_, document) = entry.or_insert_with(|| (name.to_owned(), ServerDocument::default()));
        change(document);
    };
    for (name, device) in store.devices() {
        let owner = device_owner(store, name);
        let alias = store.device_aliases.alias(name);
        // what every server has without saying so
        let implied = name == admin_device(&device.server)
            && device.class == ADMIN_CLASS
            && alias.is_none()
            && owner.is_empty()
            && !device.exported;
        let document = DeviceDocument {
            class: device.class.clone(),
            alias: alias.map(str::to_owned),
            properties: owner.properties,
            attribute_properties: owner.attribute_properties,
            pipe_properties: owner.pipe_properties,
            exported: exported(device),
        };
        server(&device.server, &mut |server| {
            let devices = server.devices.get_or_insert_default();
            if !implied {
                devices.push(name, document.clone());
            }
        });
    }
    for (name, placement) in store.placements.iter() {
        server(name, &mut |server| {
            server.starter = Some(StarterDocument {
                host: placement.host.clone(),
                mode: placement.mode,
                level: placement.level,
            });
        });
    }
    Entries(servers.into_values().collect())
}

fn put_server(store: &mut Store, server: &str, document: ServerDocument) -> Result<(), StateError> {
    if let Some(StarterDocument { host, mode, level }) = document.starter {
        store
            .placements
            .insert(server, Placement { host, mode, level });
    }
    let Some(devices) = document.devices else {
        return Ok(());
    };
    store.define_server(server);
    for (device, document) in devices.0 {
        let place = format!("servers, {server}, devices, {device}");
        if !is_device_name(&device) {
            let words = "a device's name must read domain/family/member".to_owned();
            return Err(wrong(place, words));
        }
        match store.device(&device) {
            Some((_, other)) if !same(&other.server, server) => {
                return Err(wrong(place, format!("server {} has it, too", other.server)));
            }
            _ => store.define(&device, server, &document.class),
        }
        if let Some(export) = document.exported {
            put_export(store, &device, export);
        }
        if let Some(alias) = document.alias {
            if alias.is_empty() || alias.contains(['/', ' ']) {
                let words = format!("alias '{alias}' must have no '/' and no ' ', and a letter");
                return Err(wrong(place, words));
            }
            if !store.device_aliases.put(&device, &alias) {
                let other = store.device_aliases.target(&alias).unwrap_or_default();
                return Err(wrong(place, format!("{other} has alias {alias}, too")));
            }
        }
        let owner = OwnerDocument {
            properties: document.properties,
            attribute_properties: document.attribute_properties,
            pipe_properties: document.pipe_properties,
        };
        fill_device(store, &device, owner);
    }
    Ok(())
}

/// Where a device runs, if it does.
fn exported(device: &Device) -> Option<ExportDocument> {
    let export = device.export.as_ref().filter(|_| device.exported)?;
    let started = device.started.unwrap_or(UNIX_EPOCH);
    Some(ExportDocument {
        reference: export.reference.clone(),
        host: export.host.clone(),
        process: export.process,
        version: export.version.clone(),
        started: started
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs()),
    })
}

fn put_export(store: &mut Store, device: &str, document: ExportDocument) {
    let started = UNIX_EPOCH.checked_add(Duration::from_secs(document.started));
    let export = Export {
        reference: document.reference,
        host: document.host,
        process: document.process,
        version: document.version,
    };
    store.export(device, export, started.unwrap_or(UNIX_EPOCH));
}

fn device_owner(store: &Store, device: &str) -> OwnerDocument {
    owner(
        device,
        &store.device_properties,
        &store.device_attribute_properties,
        &store.device_pipe_properties,
    )
}

fn owner(
    name: &str,
    properties: &PropertyTable,
    attributes: &AttributePropertyTable,
    pipes: &AttributePropertyTable,
) -> OwnerDocument {
    OwnerDocument {
        properties: properties.of(name).map(values).unwrap_or_default(),
        attribute_properties: by_attribute(attributes, name),
        pipe_properties: by_attribute(pipes, name),
    }
}

fn by_attribute(table: &AttributePropertyTable, owner: &str) -> Entries<Entries<Values>> {
    let attributes = table
        .all_of(owner)
        .into_iter()
        .flat_map(PropertyTable::iter);
    let attributes =
        attributes.map(|(attribute, properties)| (attribute.to_owned(), values(properties)));
    Entries(attributes.collect())
}

fn values(properties: &Properties) -> Entries<Values> {
    let properties = properties.iter();
    Entries(
        properties
            .map(|(name, values)| (name.to_owned(), Values(values.clone())))
            .collect(),
    )
}

fn fill_device(store: &mut Store, device: &str, owner: OwnerDocument) {
    fill(&mut store.device_properties, device, owner.properties);
    fill_attributes(
        &mut store.device_attribute_properties,
        device,
        owner.attribute_properties,
    );
    fill_attributes(
        &mut store.device_pipe_properties,
        device,
        owner.pipe_properties,
    );
}

fn fill(table: &mut PropertyTable, owner: &str, properties: Entries<Values>) {
    for (name, Values(values)) in properties.0 {
        table.put(owner, &name, values);
    }
}

fn fill_attributes(
    table: &mut AttributePropertyTable,
    owner: &str,
    attributes: Entries<Entries<Values>>,
) {
    for (attribute, properties) in attributes.0 {
        for (name, Values(values)) in properties.0 {
            table.put(owner, &attribute, &name, values);
        }
    }
}
