//! Servers that answer whatever they like, over GIOP as over ZMTP: our client never panics and
//! never waits longer than its timeouts. How much memory octets may take is tried in `fuzz/`.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::{sync::Arc, time::Duration};

use proptest::{collection::vec, prelude::*};
use tango_wire::{
    Client, Value,
    any::write_any,
    cdr::{ByteOrder, Writer},
    giop::{Limits, MessageReader, ObjectReference, ReplyStatus, Request, write_reply},
    types::{AttributeReading, AttributeVersion, DeviceInfo, DeviceInfoVersion},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::{Instant, timeout},
};

/// How long one call may take, and how long the whole of a trial could at most: the clock is
/// paused, so all of it passes at once.
const CALL: Duration = Duration::from_millis(500);
const ALL: Duration = Duration::from_secs(120);

/// What a server does when it is asked something.
#[derive(Debug, Clone)]
enum Act {
    /// The right answer.
    Answer,
    /// The beginning of it.
    Cut(usize),
    /// The right answer with one octet changed.
    Altered(usize, u8),
    /// A reply of another status and content.
    Reply(u32, Vec<u8>),
    /// It refers to itself.
    Forward(bool),
    /// Something with a header of GIOP.
    Frame(u8, u8, u8, Vec<u8>),
    /// Anything.
    Octets(Vec<u8>),
    /// A size that never comes.
    Announcement(u32),
    Silence,
    Close,
}

fn octets() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..200)
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => Just(Act::Answer),
        2 => (0usize..300).prop_map(Act::Cut),
        4 => (0usize..300, 1u8..).prop_map(|(place, by)| Act::Altered(place, by)),
        2 => (prop_oneof![0u32..3, Just(9)], octets()).prop_map(|(s, o)| Act::Reply(s, o)),
        1 => any::<bool>().prop_map(Act::Forward),
        1 => (0u8..4, any::<u8>(), 0u8..10, octets()).prop_map(|(m, f, k, o)| Act::Frame(m, f, k, o)),
        1 => octets().prop_map(Act::Octets),
        1 => any::<u32>().prop_map(Act::Announcement),
        1 => Just(Act::Silence),
        1 => Just(Act::Close),
    ]
}

/// What a publisher sends: a right greeting first or none, then parts of messages, then octets.
#[derive(Debug, Clone)]
struct Publishing {
    greets: bool,
    messages: Vec<Vec<Vec<u8>>>,
    then: Vec<u8>,
    closes: bool,
}

fn publishing() -> impl Strategy<Value = Publishing> {
    let part = prop_oneof![
        2 => octets(),
        1 => Just(b"\x01\0\0\0\x01\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0".to_vec()),
        1 => Just(vec![1]),
    ];
    let messages = vec(vec(part, 0..5), 0..5);
    (prop::bool::weighted(0.8), messages, octets(), any::<bool>()).prop_map(
        |(greets, messages, then, closes)| Publishing {
            greets,
            messages,
            then,
            closes,
        },
    )
}

const TOPIC: &str = "tango://h:1/a/b/c/x#dbase=no.idl5_change";

async fn publish(mut stream: TcpStream, publishing: &Publishing) {
    let mut sent = Vec::new();
    if publishing.greets {
        sent.extend([0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 3, 1]);
        sent.extend(b"NULL");
        sent.resize(64, 0);
        sent.extend(b"\x04\x19\x05READY\x0bSocket-Type\0\0\0\x03PUB");
    }
    for parts in &publishing.messages {
        sent.extend([u8::from(!parts.is_empty()), TOPIC.len() as u8]);
        sent.extend(TOPIC.as_bytes());
        for (place, part) in parts.iter().enumerate() {
            sent.extend([u8::from(place + 1 < parts.len()), part.len() as u8]);
            sent.extend(part);
        }
    }
    sent.extend(&publishing.then);
    let _ = stream.write_all(&sent).await;
    if !publishing.closes {
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
    }
}

fn right_answer(request: &Request<'_>, events: &str) -> Vec<u8> {
    let operation: &str = &request.operation;
    let written = write_reply(
        request.version,
        request.id,
        ReplyStatus::NoException,
        |body| match operation {
            "info" => DeviceInfo {
                version: 6,
                ..DeviceInfo::default()
            }
            .write(body, DeviceInfoVersion::One),
            "_is_a" => body.bool(true),
            "_get_adm_name" => body.string("dserver/a/b"),
            "command_inout_4" => {
                let places = [events, events, TOPIC, "tango://h:1/dserver/a/b"];
                let texts = places.map(str::to_owned).to_vec();
                write_any(
                    body,
                    &Value::LongStrings(vec![1033, 6, 1000, 0, 0, 435], texts),
                );
            }
            "read_attributes_5" => {
                body.count(1);
                let time = std::time::UNIX_EPOCH;
                AttributeReading::new("x", Value::Strings(vec!["a".into()]), time)
                    .write(body, AttributeVersion::Five);
            }
            _ => body.count(0),
        },
    );
    written.unwrap()
}

fn itself(stream: &TcpStream) -> impl Fn(&mut Writer) + use<> {
    let port = stream.local_addr().unwrap().port();
    move |body| ObjectReference::new("", "127.0.0.1", port, *b"a/b/c").write(body)
}

/// The octets with which it acts; `None` to close the connection.
fn acted(
    act: &Act,
    request: &Request<'_>,
    events: &str,
    itself: impl Fn(&mut Writer),
) -> Option<Vec<u8>> {
    Some(match act {
        Act::Answer => right_answer(request, events),
        Act::Cut(place) => {
            let mut answer = right_answer(request, events);
            answer.truncate(*place);
            answer
        }
        Act::Altered(place, by) => {
            let mut answer = right_answer(request, events);
            // behind the end of a short answer: its last octet. A changed digit of an address
            // would lead elsewhere, so those stay
            if request.operation != "command_inout_4" || *place < 60 {
                let place = (*place).min(answer.len() - 1);
                answer[place] ^= by;
            }
            answer
        }
        Act::Reply(status, content) => {
            let mut writer = Writer::with_prefix(ByteOrder::Little, b"");
            writer.raw(b"GIOP\x01\x02\x01\x01\0\0\0\0");
            [request.id, *status, 0]
                .iter()
                .for_each(|&part| writer.u32(part));
            writer.raw(content);
            let mut answer = writer.finish().unwrap();
            let size = (answer.len() - 12) as u32;
            answer[8..12].copy_from_slice(&size.to_le_bytes());
            answer
        }
        Act::Forward(for_good) => {
            let mut answer = write_reply(
                request.version,
                request.id,
                ReplyStatus::LocationForward,
                itself,
            )
            .unwrap();
            if *for_good && answer[5] == 2 {
                answer[16] = 4;
            }
            answer
        }
        Act::Frame(minor, flags, kind, body) => {
            let mut frame = b"GIOP\x01".to_vec();
            frame.extend([*minor, *flags, *kind]);
            frame.extend((body.len() as u32).to_le_bytes());
            frame.extend(body);
            frame
        }
        Act::Octets(octets) => octets.clone(),
        Act::Announcement(size) => {
            let mut frame = b"GIOP\x01\x02\x01\x01".to_vec();
            frame.extend(size.to_le_bytes());
            frame
        }
        Act::Silence => Vec::new(),
        Act::Close => return None,
    })
}

async fn answer(stream: TcpStream, acts: &[Act], events: &str) {
    let itself = itself(&stream);
    let mut messages = MessageReader::new(stream, Limits::default());
    for act in acts.iter().cycle() {
        let Ok(Some(message)) = messages.next().await else {
            return;
        };
        let Ok(request) = Request::read(&message) else {
            return;
        };
        let Some(octets) = acted(act, &request, events, &itself) else {
            return;
        };
        if messages.source_mut().write_all(&octets).await.is_err() {
            return;
        }
    }
}

/// All that a client does, against a server that acts like that; how much of it succeeded.
async fn try_everything(acts: Vec<Act>, publishing: Publishing) -> usize {
    let calls = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let events = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("tango://{}/a/b/c#dbase=no", calls.local_addr().unwrap());
    let place = format!("tcp://{}", events.local_addr().unwrap());
    tokio::spawn(async move {
        let publishing = Arc::new(publishing);
        while let Ok((stream, _)) = events.accept().await {
            let publishing = Arc::clone(&publishing);
            tokio::spawn(async move { publish(stream, &publishing).await });
        }
    });
    tokio::spawn(async move {
        // each connection goes on where the one before it was
        let acts = Arc::new(acts);
        for skipped in 0.. {
            let Ok((stream, _)) = calls.accept().await else {
                return;
            };
            let mut acts = acts.to_vec();
            let skipped = skipped % acts.len();
            acts.rotate_left(skipped);
            let place = place.clone();
            tokio::spawn(async move { answer(stream, &acts, &place).await });
        }
    });
    let client = Client::new().with_timeout(CALL);
    let mut successes = 0;
    // a device that cannot be opened may be so the next time
    for _ in 0..3 {
        let Ok(device) = client.device(&url).await else {
            continue;
        };
        successes += usize::from(device.ping().await.is_ok());
        successes += usize::from(device.command("Go", Value::Void).await.is_ok());
        successes += usize::from(device.read("x").await.is_ok());
        successes += usize::from(device.write("x", Value::Long(1)).await.is_ok());
        successes += usize::from(device.commands().await.is_ok());
        successes += usize::from(device.attribute_configs(&["x"]).await.is_ok());
        successes += usize::from(device.subscribe("x", |_| {}).await.is_ok());
    }
    successes
}

/// Runs a trial under a clock that moves when all wait.
fn trial(acts: Vec<Act>, publishing: Publishing) -> usize {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let began = Instant::now();
        let outcome = timeout(ALL, try_everything(acts, publishing)).await;
        outcome.unwrap_or_else(|_| panic!("still at it after {:?}", began.elapsed()))
    })
}

#[test]
fn a_server_that_answers_rightly_is_understood() {
    let publishing = Publishing {
        greets: true,
        messages: Vec::new(),
        then: Vec::new(),
        closes: false,
    };
    let successes = trial(vec![Act::Answer], publishing);
    assert!(
        successes >= 9,
        "what follows would try very little: {successes}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_server_may_answer_anything(acts in vec(act(), 1..12), publishing in publishing()) {
        trial(acts, publishing);
    }
}
