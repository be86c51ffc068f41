use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;
use crate::database::store::{Placement, Store};

/// What can be put into a store.
#[derive(Debug, Clone)]
enum Entry {
    Device(u8, u8, String),
    Alias(u8, u8),
    AttributeAlias(u8, u8),
    Placement(u8, i32),
    Object(u8, u8, Vec<String>),
    Class(u8, u8, Vec<String>),
    Property(u8, u8, Vec<String>),
    AttributeProperty(u8, u8, u8, Vec<String>),
    PipeProperty(u8, u8, u8, Vec<String>),
    ClassAttributeProperty(u8, u8, u8, Vec<String>),
}

fn entries() -> impl Strategy<Value = Entry> {
    let one = 0..4_u8;
    let values = || prop::collection::vec(any::<String>(), 0..3);
    prop_oneof![
        (one.clone(), one.clone(), any::<String>()).prop_map(|(a, b, c)| Entry::Device(a, b, c)),
        (one.clone(), one.clone()).prop_map(|(a, b)| Entry::Alias(a, b)),
        (one.clone(), one.clone()).prop_map(|(a, b)| Entry::AttributeAlias(a, b)),
        (one.clone(), any::<i32>()).prop_map(|(a, b)| Entry::Placement(a, b)),
        (one.clone(), one.clone(), values()).prop_map(|(a, b, c)| Entry::Object(a, b, c)),
        (one.clone(), one.clone(), values()).prop_map(|(a, b, c)| Entry::Class(a, b, c)),
        (one.clone(), one.clone(), values()).prop_map(|(a, b, c)| Entry::Property(a, b, c)),
        (one.clone(), one.clone(), one.clone(), values())
            .prop_map(|(a, b, c, d)| Entry::AttributeProperty(a, b, c, d)),
        (one.clone(), one.clone(), one.clone(), values())
            .prop_map(|(a, b, c, d)| Entry::PipeProperty(a, b, c, d)),
        (one.clone(), one.clone(), one, values())
            .prop_map(|(a, b, c, d)| Entry::ClassAttributeProperty(a, b, c, d)),
    ]
}

fn put(store: &mut Store, entry: Entry) {
    // one of them is an admin device
    let device = |number: u8| match number {
        0 => "dserver/Server/0".to_owned(),
        _ => format!("é/Device/{number}"),
    };
    match entry {
        Entry::Device(server, number, class) => {
            let server = if number == 0 { 0 } else { server };
            store.define(&device(number), &format!("Server/{server}"), &class);
        }
        Entry::Alias(number, alias) => {
            if store.device(&device(number)).is_some() {
                store
                    .device_aliases
                    .put(&device(number), &format!("Alias{alias}"));
            }
        }
        Entry::AttributeAlias(number, alias) => {
            let attribute = format!("{}/power", device(number));
            store
                .attribute_aliases
                .put(&attribute, &format!("Alias{alias}"));
        }
        Entry::Placement(server, level) => {
            let placement = Placement {
                host: "Host".into(),
                mode: 1,
                level,
            };
            store
                .placements
                .insert(&format!("Server/{server}"), placement);
        }
        Entry::Object(object, name, values) => {
            let object = format!("Object{object}");
            store
                .object_properties
                .put(&object, &format!("p{name}"), values);
        }
        Entry::Class(class, name, values) => {
            let class = format!("Class{class}");
            store
                .class_properties
                .put(&class, &format!("p{name}"), values);
        }
        Entry::Property(number, name, values) => {
            store
                .device_properties
                .put(&device(number), &format!("p{name}"), values);
        }
        Entry::AttributeProperty(number, attribute, name, values) => {
            let (attribute, name) = (format!("a{attribute}"), format!("p{name}"));
            store
                .device_attribute_properties
                .put(&device(number), &attribute, &name, values);
        }
        Entry::PipeProperty(number, pipe, name, values) => {
            let (pipe, name) = (format!("a{pipe}"), format!("p{name}"));
            store
                .device_pipe_properties
                .put(&device(number), &pipe, &name, values);
        }
        Entry::ClassAttributeProperty(class, attribute, name, values) => {
            let (class, attribute) = (format!("Class{class}"), format!("a{attribute}"));
            let name = format!("p{name}");
            let tables = [
                &mut store.class_attribute_properties,
                &mut store.class_pipe_properties,
            ];
            for table in tables {
                table.put(&class, &attribute, &name, values.clone());
            }
        }
    }
}

proptest! {
    #[test]
    fn everything_comes_back_from_json(entries in prop::collection::vec(entries(), 0..40)) {
        let mut store = Store::default();
        for entry in entries {
            put(&mut store, entry);
        }
        let json = to_json(&Document::of(&store)).expect("written");
        let back = from_json(&json).unwrap_or_else(|error| panic!("{error:?}\n{json}"));
        prop_assert_eq!(&back, &store, "{}", json);
        prop_assert_eq!(back.weight(), store.weight());
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        let _ = from_json(&text);
    }
}

/// The error with its sources.
fn complaint(json: &str) -> String {
    let error = from_json(json).expect_err("refused");
    let mut words = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(error) = source {
        write!(words, ": {error}").expect("written");
        source = error.source();
    }
    words
}

/// A state with these servers.
fn with_servers(servers: &str) -> String {
    format!("{{\n\"format\": \"tango-wire database\",\n\"version\": 1,\n\"servers\": {servers}\n}}")
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    let device = |rest: &str| with_servers(&format!("{{\"S/1\": {{\"devices\": {{{rest}}}}}}}"));
    for (json, words) in [
        ("", "this is no state of a Tango database: EOF"),
        ("{}", "missing field `format`"),
        (
            r#"{"format": "something", "version": 1}"#,
            "unknown variant `something`, expected `tango-wire database` at line 1 column",
        ),
        (
            r#"{"format": "tango-wire database", "version": 2, "new": 1}"#,
            "version 2 of its form: this program reads version 1",
        ),
        (&with_servers("{,}"), "at line 4 column 13"),
        (
            &with_servers("{\"S/1\": {\"hosts\": 1}}"),
            "unknown field `hosts`",
        ),
        (&device("\"a/b/c\": {}"), "missing field `class` at line 4"),
        (
            &device("\"a/b/c\": {\"class\": \"C\", \"properties\": {\"p\": 5}}"),
            "invalid type: integer `5`, expected a text or a list of texts",
        ),
        (
            &device("\"a/b/c\": {\"class\": \"C\"}, \"A/b/c\": {\"class\": \"C\"}"),
            "'A/b/c' is there twice (the case of letters is ignored) at line 4",
        ),
        (
            &device("\"a/b\": {\"class\": \"C\"}"),
            "servers, S/1, devices, a/b: a device's name must read domain/family/member",
        ),
        (
            &device(
                "\"a/b/c\": {\"class\": \"C\", \"alias\": \"x\"},
                 \"a/b/d\": {\"class\": \"C\", \"alias\": \"X\"}",
            ),
            "servers, S/1, devices, a/b/d: a/b/c has alias X, too",
        ),
        (
            &device("\"a/b/c\": {\"class\": \"C\", \"alias\": \"x/y\"}"),
            "alias 'x/y' must have no '/'",
        ),
        (
            &with_servers(
                "{\"S/1\": {\"devices\": {\"a/b/c\": {\"class\": \"C\"}}},
                  \"S/2\": {\"devices\": {\"a/b/c\": {\"class\": \"C\"}}}}",
            ),
            "servers, S/2, devices, a/b/c: server S/1 has it, too",
        ),
    ] {
        let complaint = complaint(json);
        assert!(complaint.contains(words), "{complaint}\n{json}");
    }
}

#[test]
fn what_runs_is_kept_and_what_ran_is_not() {
    let mut store = Store::default();
    store.define("a/b/c", "S/1", "C");
    let stopped = store.clone();
    let now = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_795_000_000);
    for device in ["a/b/c", "dserver/S/1"] {
        assert!(store.export(device, Default::default(), now), "{device}");
    }
    let json = to_json(&Document::of(&store)).expect("written");
    assert_eq!(from_json(&json).expect("read"), store);
    store.unexport_server("S/1", now);
    let json = to_json(&Document::of(&store)).expect("written");
    assert_eq!(from_json(&json).expect("read"), stopped);
}
