//! Servers that refer to another (LocationForward).

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use tango_wire::any::write_any;
use tango_wire::giop::{Completion, ObjectReference, ReplyStatus, SystemException, write_reply};
use tango_wire::types::DevFailed;
use tango_wire::{Client, Error, Value};

use crate::peer::{Peer, done, forward};

const FOR_NOW: u32 = 3;
const FOR_GOOD: u32 = 4;

fn at(port: u16) -> ObjectReference {
    ObjectReference::new("", "127.0.0.1", port, *b"moved")
}

/// A server that answers pings to the object that moved.
async fn target() -> Peer {
    Peer::start(6, |request| {
        assert_eq!(request.object_key, b"moved");
        Some(done(request, |_| ()))
    })
    .await
}

/// A server that refers to whatever port is in the box.
async fn referring(status: u32, to: &Arc<AtomicU16>) -> Peer {
    let to = Arc::clone(to);
    Peer::start(6, move |request| {
        Some(forward(request, status, &at(to.load(Ordering::SeqCst))))
    })
    .await
}

fn port(peer: &Peer) -> Arc<AtomicU16> {
    Arc::new(AtomicU16::new(peer.address.port()))
}

#[tokio::test]
async fn a_forward_is_remembered_while_it_works() {
    for status in [FOR_NOW, FOR_GOOD] {
        let target = target().await;
        let origin = referring(status, &port(&target)).await;
        let device = origin.device().await;
        for _ in 0..3 {
            device.ping().await.unwrap();
        }
        assert_eq!(origin.requests(), ["ping"], "{status}");
        assert_eq!(target.requests(), ["ping"; 3]);
    }
}

#[tokio::test]
async fn a_forward_that_is_down_is_given_up_and_asked_for_again() {
    for status in [FOR_NOW, FOR_GOOD] {
        let (first, second) = (target().await, target().await);
        let to = port(&first);
        let origin = referring(status, &to).await;
        let device = origin.device().await;
        device.ping().await.unwrap();
        first.stop().await;
        to.store(second.address.port(), Ordering::SeqCst);
        device.ping().await.unwrap();
        device.ping().await.unwrap();
        assert_eq!(origin.requests(), ["ping"; 2]);
        assert_eq!(second.requests(), ["ping"; 2]);
    }
}

#[tokio::test]
async fn a_forward_that_no_longer_knows_the_object_is_given_up() {
    let calls = AtomicU16::new(0);
    let first = Peer::start(6, move |request| {
        if calls.fetch_add(1, Ordering::SeqCst) == 0 {
            return Some(done(request, |_| ()));
        }
        let gone = SystemException::new("OBJECT_NOT_EXIST", 0, Completion::No);
        let status = ReplyStatus::SystemException;
        let answer = write_reply(request.version, request.id, status, |body| gone.write(body));
        Some(answer.unwrap())
    })
    .await;
    let second = target().await;
    let to = port(&first);
    let origin = referring(FOR_NOW, &to).await;
    let device = origin.device().await;
    device.ping().await.unwrap();
    to.store(second.address.port(), Ordering::SeqCst);
    device.ping().await.unwrap();
    assert_eq!(first.requests(), ["ping"; 2]);
    assert_eq!(second.requests(), ["ping"]);
}

#[tokio::test]
async fn a_forward_that_refuses_works_nevertheless() {
    let target = Peer::start(6, |request| {
        let failure = DevFailed::new("API_Test", "no", "here");
        let answer = tango_wire::giop::write_user_exception(
            request.version,
            request.id,
            DevFailed::ID,
            |body| failure.write(body),
        );
        Some(answer.unwrap())
    })
    .await;
    let origin = referring(FOR_NOW, &port(&target)).await;
    let device = origin.device().await;
    for _ in 0..2 {
        let error = device.ping().await.unwrap_err();
        assert_eq!(error.dev_failed().unwrap().reason(), "API_Test");
    }
    assert_eq!(origin.requests(), ["ping"]);
}

#[tokio::test]
async fn a_circle_of_forwards_is_left() {
    for status in [FOR_NOW, FOR_GOOD] {
        let to = Arc::new(AtomicU16::new(0));
        let first = referring(status, &to).await;
        let second = referring(status, &port(&first)).await;
        to.store(second.address.port(), Ordering::SeqCst);
        let error = first.device().await.ping().await.unwrap_err();
        assert!(matches!(error, Error::Protocol { .. }), "{error:?}");
        let hops = first.requests().len() + second.requests().len();
        assert_eq!(hops, 5, "one call and four forwards");
    }
}

#[tokio::test]
async fn a_forward_to_nowhere_is_an_error_each_time() {
    let origin = Peer::start(6, |request| {
        let nowhere = ObjectReference {
            type_id: String::new(),
            profiles: Vec::new(),
        };
        Some(forward(request, FOR_NOW, &nowhere))
    })
    .await;
    let device = origin.device().await;
    for _ in 0..2 {
        let error = device.ping().await.unwrap_err();
        assert!(matches!(error, Error::Protocol { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn a_database_that_moved_is_followed_and_asked_for_again() {
    let answering = || {
        Peer::start(6, |request| {
            Some(done(request, |body| {
                write_any(body, &Value::Strings(vec!["low/sub/1".to_owned()]));
            }))
        })
    };
    let (first, second) = (answering().await, answering().await);
    let to = port(&first);
    let origin = referring(FOR_GOOD, &to).await;
    let database = Client::new().database_at(origin.address.to_string().parse().unwrap());
    database.devices("*").await.unwrap();
    first.stop().await;
    to.store(second.address.port(), Ordering::SeqCst);
    for _ in 0..2 {
        assert_eq!(database.devices("*").await.unwrap(), ["low/sub/1"]);
    }
    assert_eq!(origin.requests().len(), 2);
    assert_eq!(second.requests().len(), 2);
}
