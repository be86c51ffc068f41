//! ZMTP: greeting, handshake, frames, commands, subscriptions.
#![no_main]

use std::{cell::LazyCell, collections::BTreeMap};

use libfuzzer_sys::fuzz_target;
use tango_wire::zmtp::{
    Limits,
    fuzzing::{Subscriptions, read_on, shake, written},
};
use tango_wire_fuzz::{
    chunks::{Chunks, at_once},
    input::Input,
    memory::bounded,
};
use tokio::runtime::{Builder, Runtime};

/// What subscriptions mean, in the simplest words.
fn change(counts: &mut BTreeMap<Vec<u8>, usize>, topic: &[u8]) {
    match topic.split_first() {
        Some((1, topic)) => *counts.entry(topic.to_vec()).or_default() += 1,
        Some((0, topic)) => {
            if let Some(count) = counts.get_mut(topic) {
                *count = count.saturating_sub(1);
            }
        }
        _ => {}
    }
}

thread_local! {
    /// For the handshake's deadline; nothing here ever waits.
    static RUNTIME: LazyCell<Runtime> = LazyCell::new(|| {
        let runtime = Builder::new_current_thread().enable_time().build();
        runtime.expect("a runtime")
    });
}

fuzz_target!(|octets: &[u8]| {
    let mut input = Input(octets);
    let choices = input.octet();
    let size = input.choice(256);
    RUNTIME.with(|runtime| {
        let _in_it = runtime.enter();
        read(input, choices, size);
    });
});

fn read(mut input: Input<'_>, choices: u8, size: usize) {
    let octets = input.0;
    let limits = Limits::default();
    if choices & 1 == 1 {
        let mut reader = Chunks::new(input.0, size);
        let mut writer = Chunks::new(&[], 1);
        let shaken = bounded(octets.len(), || {
            at_once(shake(&mut reader, &mut writer, choices & 2 == 0, &limits))
        });
        if shaken.is_err() {
            return;
        }
        input.0 = input.0.get(64..).unwrap_or_default();
    }
    let mut messages = Vec::new();
    bounded(octets.len(), || {
        at_once(read_on(Chunks::new(input.0, size), limits, |message| {
            messages.push(message);
        }))
    });
    let mut subscriptions = Subscriptions::default();
    let mut counts = BTreeMap::new();
    for message in messages {
        let octets = written(&message);
        let mut again = Vec::new();
        at_once(read_on(&octets[..], limits, |message| again.push(message)));
        assert_eq!(again, [message.clone()], "what we wrote reads differently");

        subscriptions.change(message.topic());
        change(&mut counts, message.topic());
        let wanted = counts
            .iter()
            .any(|(prefix, count)| *count > 0 && message.topic().starts_with(prefix));
        assert_eq!(subscriptions.matches(message.topic()), wanted);
    }
}
