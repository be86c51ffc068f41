use super::*;
use crate::cdr::CdrError;
use crate::giop::{
    MessageKind, Reply, ReplyBody, ReplyStatus, RequestHead, Version, write_close_connection,
    write_reply, write_request,
};
use proptest::prelude::*;
use tokio::io::AsyncWriteExt;

async fn read_all(octets: &[u8], limits: Limits) -> Result<Vec<Message>, GiopError> {
    let mut reader = MessageReader::new(octets, limits);
    let mut messages = Vec::new();
    while let Some(message) = reader.next().await? {
        messages.push(message);
    }
    Ok(messages)
}

/// Cuts a 1.2 message into fragments with `piece` octets of content each, as omniORB does.
fn cut(message: &[u8], piece: usize) -> Vec<u8> {
    let (header, id) = (&message[..8], &message[12..16]);
    let mut octets = Vec::new();
    let (first, rest) = message.split_at(piece.max(16));
    octets.extend_from_slice(&header[..6]);
    octets.extend([header[6] | 2, header[7]]);
    octets.extend((first.len() as u32 - 12).to_le_bytes());
    octets.extend_from_slice(&first[12..]);
    let pieces = rest.chunks(piece);
    let count = pieces.len();
    for (index, piece) in pieces.enumerate() {
        octets.extend_from_slice(b"GIOP\x01\x02");
        octets.extend([
            if index + 1 == count { 1 } else { 3 },
            MessageKind::Fragment as u8,
        ]);
        octets.extend((piece.len() as u32 + 4).to_le_bytes());
        octets.extend_from_slice(id);
        octets.extend_from_slice(piece);
    }
    octets
}

fn reply_with(doubles: &[f64]) -> Vec<u8> {
    write_reply(Version::V1_2, 9, ReplyStatus::NoException, |body| {
        body.f64s(doubles)
    })
    .unwrap()
}

fn doubles_of(message: &Message) -> Vec<f64> {
    let reply = Reply::read(message).unwrap();
    assert_eq!(reply.id, 9);
    match reply.body {
        ReplyBody::Result(mut body) => body.f64s().unwrap(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn messages_one_after_the_other_are_told_apart() {
    let mut octets = reply_with(&[1.5; 2000]);
    octets.extend(reply_with(&[2.5]));
    octets.extend(write_close_connection(Version::V1_2).unwrap());
    let messages = read_all(&octets, Limits::default()).await.unwrap();
    assert_eq!(doubles_of(&messages[0]), [1.5; 2000]);
    assert_eq!(doubles_of(&messages[1]), [2.5]);
    assert_eq!(messages[2].kind(), MessageKind::CloseConnection);
    assert_eq!(messages.len(), 3);
}

#[tokio::test]
async fn fragments_are_joined_and_aligned_from_the_first_header() {
    let doubles: Vec<f64> = (0..5000).map(f64::from).collect();
    for piece in [8, 64, 8192] {
        let octets = cut(&reply_with(&doubles), piece);
        let messages = read_all(&octets, Limits::default()).await.unwrap();
        assert_eq!(doubles_of(&messages[0]), doubles, "pieces of {piece}");
    }
}

#[tokio::test]
async fn limits_hold_before_memory_is_taken() {
    let huge = b"GIOP\x01\x02\x01\x01\xff\xff\xff\x7f";
    let error = read_all(huge, Limits::default()).await.unwrap_err();
    assert!(
        matches!(
            error,
            GiopError::TooLarge {
                what: "a message",
                ..
            }
        ),
        "{error}"
    );

    let limits = Limits {
        message: 4096,
        ..Limits::default()
    };
    let octets = cut(&reply_with(&[0.0; 1000]), 1024);
    let error = read_all(&octets, limits).await.unwrap_err();
    assert!(
        matches!(
            error,
            GiopError::TooLarge {
                what: "a message in fragments",
                ..
            }
        ),
        "{error}"
    );

    let limits = Limits {
        fragments: 10,
        ..Limits::default()
    };
    let octets = cut(&reply_with(&[0.0; 100]), 8);
    let error = read_all(&octets, limits).await.unwrap_err();
    assert!(
        matches!(
            error,
            GiopError::TooLarge {
                what: "fragments",
                ..
            }
        ),
        "{error}"
    );

    let mut octets = Vec::new();
    for id in 0..3u8 {
        octets.extend(*b"GIOP\x01\x02\x03\x01\x04\0\0\0");
        octets.extend([id, 0, 0, 0]);
    }
    let limits = Limits {
        unfinished: 2,
        ..Limits::default()
    };
    let error = read_all(&octets, limits).await.unwrap_err();
    assert!(
        matches!(
            error,
            GiopError::TooLarge {
                what: "unfinished messages",
                ..
            }
        ),
        "{error}"
    );
}

#[tokio::test]
async fn broken_streams_are_errors_and_a_clean_end_is_none() {
    assert!(read_all(&[], Limits::default()).await.unwrap().is_empty());
    let error = read_all(b"GIOP\x01\x02", Limits::default())
        .await
        .unwrap_err();
    assert!(matches!(error, GiopError::Truncated));
    let error = read_all(b"HTTP/1.1 400 Bad", Limits::default())
        .await
        .unwrap_err();
    assert!(matches!(error, GiopError::NotGiop(_)));
    let error = read_all(b"GIOP\x01\x02\x01\x09\0\0\0\0", Limits::default())
        .await
        .unwrap_err();
    assert!(matches!(error, GiopError::UnknownKind(9)));
    let stray = b"GIOP\x01\x02\x01\x07\x04\0\0\0\x01\0\0\0";
    let error = read_all(stray, Limits::default()).await.unwrap_err();
    assert!(matches!(error, GiopError::StrayFragment));
    let short = b"GIOP\x01\x02\x03\x01\x00\0\0\0";
    let error = read_all(short, Limits::default()).await.unwrap_err();
    assert!(matches!(
        error,
        GiopError::Cdr(CdrError::UnexpectedEnd { .. })
    ));
}

#[tokio::test]
async fn a_dropped_future_loses_nothing() {
    let octets = reply_with(&[4.5; 3000]);
    let (mut near, far) = tokio::io::duplex(64 << 10);
    let mut reader = MessageReader::new(far, Limits::default());
    for piece in octets.chunks(7000) {
        near.write_all(piece).await.unwrap();
        let mut next = Box::pin(reader.next());
        let poll = futures_poll_once(next.as_mut()).await;
        if let Some(message) = poll {
            assert_eq!(doubles_of(&message.unwrap().unwrap()), [4.5; 3000]);
            return;
        }
    }
    panic!("the message never came");
}

/// Polls a future once: a dropped future is one that was polled and then forgotten.
async fn futures_poll_once<F: Future + Unpin>(mut future: F) -> Option<F::Output> {
    use std::{pin::Pin, task::Poll};
    std::future::poll_fn(|context| {
        Poll::Ready(match Pin::new(&mut future).poll(context) {
            Poll::Ready(output) => Some(output),
            Poll::Pending => None,
        })
    })
    .await
}

proptest! {
    #[test]
    fn any_octets_are_read_without_panic(octets: Vec<u8>, kind in 0u8..8, flags in 0u8..4) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let limits = Limits { message: 1 << 16, ..Limits::default() };
        let mut framed = b"GIOP\x01\x02".to_vec();
        framed.extend([flags, kind]);
        framed.extend(if flags & 1 == 1 {
            (octets.len() as u32).to_le_bytes()
        } else {
            (octets.len() as u32).to_be_bytes()
        });
        framed.extend(&octets);
        for octets in [octets, framed] {
            if let Ok(messages) = runtime.block_on(read_all(&octets, limits)) {
                for message in messages {
                    let _ = Reply::read(&message);
                    let _ = crate::giop::Request::read(&message);
                }
            }
        }
    }

    #[test]
    fn damaged_requests_are_read_without_panic(at: usize, with: u8) {
        let head = RequestHead::new(Version::V1_2, 1, b"low/sub/1", "command_inout_4");
        let mut octets = write_request(&head, |body| body.string("On")).unwrap();
        let length = octets.len();
        octets[at % length] = with;
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        if let Ok(messages) = runtime.block_on(read_all(&octets, Limits::default())) {
            messages.iter().for_each(|message| drop(crate::giop::Request::read(message)));
        }
    }
}
