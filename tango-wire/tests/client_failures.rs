//! How a client meets servers that misbehave: each here is a script over a plain listener.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tango_wire::client::Client;
use tango_wire::database::Database;
use tango_wire::giop::{
    Completion, Limits, Message, MessageReader, ObjectReference, ReplyStatus, Request,
    SystemException, write_close_connection, write_reply, write_user_exception,
};
use tango_wire::types::{ClientIdentity, DevFailed, MultiDevFailed, NamedFailure, Source, Value};
use tango_wire::{DeviceProxy, Error};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

/// What a server does with a request.
enum Act {
    /// Sends these octets.
    Answer(Vec<u8>),
    /// Sends these octets and closes the connection.
    AnswerAndClose(Vec<u8>),
    /// Closes the connection without a word.
    Close,
    /// Does not answer.
    Ignore,
}

/// A server that answers `_is_a` as a device of that version and leaves the rest to a script.
struct Script {
    url: String,
    connections: Arc<AtomicUsize>,
    requests: Arc<AtomicUsize>,
}

impl Script {
    /// The script is given the request and how many it had before, `_is_a` not counted.
    async fn start(
        version: i32,
        act: impl Fn(&Request<'_>, usize) -> Act + Send + Sync + 'static,
    ) -> Script {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let script = Script {
            url: format!("tango://{address}/low/sub/1#dbase=no"),
            connections: Arc::default(),
            requests: Arc::default(),
        };
        let (connections, requests) = (script.connections.clone(), script.requests.clone());
        let act = Arc::new(act);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                connections.fetch_add(1, Ordering::SeqCst);
                let (act, requests) = (Arc::clone(&act), Arc::clone(&requests));
                tokio::spawn(async move {
                    let mut messages = MessageReader::new(stream, Limits::default());
                    while let Ok(Some(message)) = messages.next().await {
                        let act = take(&message, version, &*act, &requests);
                        let (octets, close) = match act {
                            Act::Answer(octets) => (octets, false),
                            Act::AnswerAndClose(octets) => (octets, true),
                            Act::Close => return,
                            Act::Ignore => continue,
                        };
                        messages.source_mut().write_all(&octets).await.unwrap();
                        if close {
                            return;
                        }
                    }
                });
            }
        });
        script
    }

    async fn device(&self) -> DeviceProxy {
        Client::new().device(&self.url).await.unwrap()
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

fn take(
    message: &Message,
    version: i32,
    act: &(dyn Fn(&Request<'_>, usize) -> Act + Send + Sync),
    requests: &AtomicUsize,
) -> Act {
    let request = Request::read(message).unwrap();
    if request.operation == "_is_a" {
        let asked = request.body.clone().string().unwrap();
        let has_it = asked == format!("IDL:Tango/Device_{version}:1.0");
        let answer = write_reply(
            request.version,
            request.id,
            ReplyStatus::NoException,
            |body| body.bool(has_it),
        );
        return Act::Answer(answer.unwrap());
    }
    act(&request, requests.fetch_add(1, Ordering::SeqCst))
}

fn done(request: &Request<'_>) -> Vec<u8> {
    write_reply(
        request.version,
        request.id,
        ReplyStatus::NoException,
        |_| (),
    )
    .unwrap()
}

fn close_connection(request: &Request<'_>) -> Vec<u8> {
    write_close_connection(request.version).unwrap()
}

#[tokio::test]
async fn a_call_that_was_surely_not_executed_is_sent_again() {
    let script = Script::start(6, |request, before| match before {
        0 => Act::AnswerAndClose(close_connection(request)),
        _ => Act::Answer(done(request)),
    });
    let script = script.await;
    script.device().await.ping().await.unwrap();
    assert_eq!((script.requests(), script.connections()), (2, 2));
}

#[tokio::test]
async fn a_call_that_may_have_been_executed_is_not_sent_again() {
    let script = Script::start(6, |request, before| match before {
        0 => Act::Close,
        _ => Act::Answer(done(request)),
    });
    let script = script.await;
    let device = script.device().await;
    let error = device.command("On", Value::Void).await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::Closed {
                may_have_run: true,
                ..
            }
        ),
        "{error:?}"
    );
    assert_eq!(script.requests(), 1);
    device.ping().await.unwrap();
}

#[tokio::test]
async fn a_late_answer_never_meets_the_next_call() {
    let script = Script::start(6, |request, before| match before {
        0 => Act::Ignore,
        _ => Act::Answer(done(request)),
    });
    let script = script.await;
    let device = script
        .device()
        .await
        .with_timeout(Duration::from_millis(50));
    let error = device.command("On", Value::Void).await.unwrap_err();
    let Error::TimedOut {
        device: name,
        operation,
        ..
    } = &error
    else {
        panic!("{error:?}");
    };
    assert_eq!(
        (name.as_str(), operation.as_str()),
        ("low/sub/1", "command On")
    );
    device.ping().await.unwrap();
    assert_eq!(script.connections(), 2);
}

#[tokio::test]
async fn a_dropped_call_takes_its_connection_with_it() {
    let script = Script::start(6, |request, before| match before {
        0 => Act::Ignore,
        _ => Act::Answer(done(request)),
    });
    let script = script.await;
    let device = script.device().await;
    tokio::select! {
        outcome = device.ping() => panic!("{outcome:?}"),
        () = async { while script.requests() == 0 { tokio::task::yield_now().await } } => {}
    }
    device.ping().await.unwrap();
    assert_eq!(script.connections(), 2);
}

#[tokio::test]
async fn calls_at_the_same_time_have_a_connection_each() {
    let script = Script::start(6, |request, _| Act::Answer(done(request))).await;
    let device = script.device().await;
    let (first, second) = tokio::join!(device.ping(), device.ping());
    first.and(second).unwrap();
    assert_eq!(script.connections(), 2);
    for _ in 0..10 {
        device.ping().await.unwrap();
    }
    assert_eq!(script.connections(), 2);
}

#[tokio::test]
async fn a_call_is_forwarded_but_not_for_ever() {
    let target = Script::start(6, |request, _| {
        assert_eq!(request.object_key, b"moved");
        Act::Answer(done(request))
    });
    let target = target.await;
    let port = target
        .url
        .split([':', '/'])
        .nth(4)
        .unwrap()
        .parse()
        .unwrap();
    let forward = move |request: &Request<'_>, to: u16| {
        let status = ReplyStatus::LocationForward;
        let reference = ObjectReference::new("", "127.0.0.1", to, *b"moved");
        write_reply(request.version, request.id, status, |body| {
            reference.write(body)
        })
        .unwrap()
    };
    let script = Script::start(6, move |request, _| Act::Answer(forward(request, port))).await;
    script.device().await.ping().await.unwrap();
    assert_eq!((script.requests(), target.requests()), (1, 1));

    let own_port = Arc::new(AtomicUsize::new(0));
    let port = Arc::clone(&own_port);
    let circle = Script::start(6, move |request, _| {
        Act::Answer(forward(request, port.load(Ordering::SeqCst) as u16))
    });
    let circle = circle.await;
    let port: usize = circle
        .url
        .split([':', '/'])
        .nth(4)
        .unwrap()
        .parse()
        .unwrap();
    own_port.store(port, Ordering::SeqCst);
    let error = circle.device().await.ping().await.unwrap_err();
    assert!(matches!(error, Error::Protocol { .. }), "{error:?}");
}

#[tokio::test]
async fn exceptions_keep_all_they_carry() {
    let failure = DevFailed::new("API_AttrNotWritable", "no", "here");
    let expected = failure.clone();
    let script = Script::start(6, move |request, before| {
        let answer = match before {
            0 => write_user_exception(request.version, request.id, MultiDevFailed::ID, |body| {
                let name = "power".to_owned();
                let failed = NamedFailure {
                    name,
                    index: 0,
                    failure: failure.clone(),
                };
                MultiDevFailed(vec![failed]).write(body);
            }),
            1 => write_reply(
                request.version,
                request.id,
                ReplyStatus::SystemException,
                |body| {
                    SystemException::new("UNKNOWN", 7, Completion::Maybe).write(body);
                },
            ),
            _ => write_user_exception(request.version, request.id, "IDL:Other:1.0", |_| ()),
        };
        Act::Answer(answer.unwrap())
    });
    let script = script.await;
    let device = script.device().await;
    let error = device.write("power", Value::Double(1.0)).await.unwrap_err();
    assert!(matches!(&error, Error::DevFailed { failure, .. } if *failure == expected));
    let error = device.ping().await.unwrap_err();
    assert!(matches!(&error, Error::System { exception, .. } if exception.name() == "UNKNOWN"));
    let error = device.ping().await.unwrap_err();
    assert!(matches!(error, Error::Protocol { .. }), "{error:?}");
    // none of these cost the connection
    assert_eq!(script.connections(), 1);
}

#[tokio::test]
async fn the_callers_identity_follows_the_devices_version() {
    for (version, has_trace) in [(5, false), (6, true)] {
        let script = Script::start(version, move |request, _| {
            let mut body = request.body.clone();
            assert_eq!(body.string().unwrap(), "On");
            tango_wire::any::read_any(&mut body).unwrap();
            Source::read(&mut body).unwrap();
            let identity = ClientIdentity::read(&mut body).unwrap();
            assert_eq!(matches!(identity, ClientIdentity::Cpp6 { .. }), has_trace);
            let answer = write_reply(
                request.version,
                request.id,
                ReplyStatus::NoException,
                |body| {
                    tango_wire::any::write_any(body, &Value::Bool(true));
                },
            );
            Act::Answer(answer.unwrap())
        });
        let reply = script.await.device().await.command("On", Value::Void).await;
        assert_eq!(reply.unwrap(), Value::Bool(true));
    }
}

#[tokio::test]
async fn nonsense_from_a_server_is_an_error() {
    let script = Script::start(6, |request, before| match before {
        0 => Act::Answer(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()),
        1 => Act::Answer(
            write_reply(request.version, 999, ReplyStatus::NoException, |_| ()).unwrap(),
        ),
        _ => Act::Answer(done(request)),
    });
    let script = script.await;
    let device = script.device().await;
    for _ in 0..2 {
        let error = device.ping().await.unwrap_err();
        assert!(matches!(error, Error::Protocol { .. }), "{error:?}");
    }
    let error = device.state().await.unwrap_err();
    assert!(
        matches!(error, Error::Protocol { .. }),
        "an empty answer: {error:?}"
    );
}

#[tokio::test]
async fn what_can_not_be_sent_is_not_sent() {
    let script = Script::start(6, |request, _| Act::Answer(done(request))).await;
    let device = script.device().await;
    let argument = Value::String("5 €".to_owned());
    let error = device.command("Configure", argument).await.unwrap_err();
    assert!(matches!(error, Error::Argument { .. }), "{error:?}");
    assert_eq!(script.requests(), 0);
}

#[tokio::test]
async fn old_interfaces_and_deaf_addresses_are_told_apart() {
    let script = Script::start(3, |request, _| Act::Answer(done(request))).await;
    let error = Client::new().device(&script.url).await.unwrap_err();
    assert!(matches!(error, Error::Protocol { .. }), "{error:?}");

    let free = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let error = Client::new()
        .device(&format!("tango://{free}/a/b/c#dbase=no"))
        .await;
    assert!(matches!(error.unwrap_err(), Error::Unreachable { .. }));

    // accepts by the system's hand and never answers
    let deaf = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("tango://{}/a/b/c#dbase=no", deaf.local_addr().unwrap());
    let client = Client::new().with_timeout(Duration::from_millis(50));
    let error = client.device(&url).await.unwrap_err();
    assert!(matches!(error, Error::TimedOut { .. }), "{error:?}");
}

#[tokio::test]
async fn a_database_that_does_not_answer_is_stood_in_for() {
    let deaf = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let database = Database::new().start().await.unwrap();
    let both = format!("{},{}", deaf.local_addr().unwrap(), database.tango_host());
    let client = Client::new()
        .with_timeout(Duration::from_millis(200))
        .with_tango_host(both);
    let error = client.device("low/sub/1").await.unwrap_err();
    assert!(matches!(error, Error::NotDefined { .. }), "{error:?}");
}
