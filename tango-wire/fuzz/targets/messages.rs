//! A stream of GIOP messages, in pieces and fragments: requests and replies.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tango_wire::giop::{GiopError, Limits, Message, MessageReader, Reply, Request};
use tango_wire::server::fuzzing::{answer_locate_request, read_operation};
use tango_wire_fuzz::{
    chunks::{Chunks, at_once},
    input::Input,
    memory::bounded,
};

fn read_all(octets: &[u8], size: usize) -> (Vec<Message>, Option<GiopError>) {
    let limits = Limits {
        message: 64 << 10,
        fragments: 64,
        unfinished: 4,
    };
    let mut reader = MessageReader::new(Chunks::new(octets, size), limits);
    let mut messages = Vec::new();
    at_once(async {
        loop {
            match reader.next().await {
                Ok(Some(message)) => messages.push(message),
                Ok(None) => return (messages, None),
                Err(error) => return (messages, Some(error)),
            }
        }
    })
}

fuzz_target!(|octets: &[u8]| {
    let mut input = Input(octets);
    let size = input.choice(256);
    let (messages, error) = bounded(octets.len(), || read_all(input.0, size));
    let (in_one_piece, other_error) = read_all(input.0, usize::MAX);
    assert_eq!(messages, in_one_piece, "pieces make a difference");
    assert_eq!(format!("{error:?}"), format!("{other_error:?}"));
    for message in &messages {
        bounded(message.length(), || {
            if let Ok(mut request) = Request::read(message) {
                let _ = read_operation(&request.operation, &mut request.body);
            }
            let _ = Reply::read(message);
            let _ = answer_locate_request(message);
        });
    }
});
