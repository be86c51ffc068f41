use super::*;
use crate::giop::{Limits, MessageReader, Reply, ReplyBody, ReplyStatus, write_reply};

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    let pairs = digits
        .chunks(2)
        .map(|pair| std::str::from_utf8(pair).unwrap());
    pairs
        .map(|pair| u8::from_str_radix(pair, 16).unwrap())
        .collect()
}

async fn message(octets: &[u8]) -> Message {
    MessageReader::new(octets, Limits::default())
        .next()
        .await
        .unwrap()
        .unwrap()
}

/// Captured from a PyTango client without a database; three octets of padding are garbage.
const PING_1_0: &str = "47494f50 01000100 2c000000 00000000 08000000 01000000 09000000 \
    6c6f772f7375622f33 0a7a5b 05000000 70696e6700 657869 00000000";

/// Captured from omniORB: the first call of a connection, with the character sets.
const NON_EXISTENT_1_2: &str = "47494f50 01020100 48000000 02000000 03000000 0000ffff 09000000 \
    6c6f772f7375622f35 000000 0e000000 5f6e6f6e5f6578697374656e7400 0000 01000000 01000000 \
    0c000000 01 000000 01000100 09010100";

#[tokio::test]
async fn a_captured_1_0_request_is_read_and_written() {
    let mut captured = hex(PING_1_0);
    let message = message(&captured).await;
    let request = Request::read(&message).unwrap();
    assert_eq!(request.version, Version::V1_0);
    assert_eq!((request.id, request.response_expected), (8, true));
    assert_eq!(
        (request.object_key, &*request.operation),
        (&b"low/sub/3"[..], "ping")
    );
    assert_eq!(request.body.remaining(), 0);

    let head = RequestHead::new(Version::V1_0, 8, b"low/sub/3", "ping");
    // where omniORB left garbage, zeros are written
    for range in [37..40, 49..52] {
        captured[range].fill(0);
    }
    let written = write_request(&head, |_| ()).unwrap();
    assert_eq!(written, captured);
}

#[tokio::test]
async fn a_captured_1_2_request_with_code_sets_is_read_and_written() {
    let mut captured = hex(NON_EXISTENT_1_2);
    let message = message(&captured).await;
    let request = Request::read(&message).unwrap();
    assert_eq!((request.id, request.response_expected), (2, true));
    assert_eq!(
        (request.object_key, &*request.operation),
        (&b"low/sub/5"[..], "_non_existent")
    );

    let head = RequestHead {
        announce_code_sets: true,
        ..RequestHead::new(Version::V1_2, 2, b"low/sub/5", "_non_existent")
    };
    captured[22..24].fill(0); // padding behind the way of addressing
    assert_eq!(write_request(&head, |_| ()).unwrap(), captured);
}

#[tokio::test]
async fn a_captured_reply_is_read_and_written() {
    let captured = hex("47494f50 01000101 0c000000 00000000 08000000 00000000");
    let message = message(&captured).await;
    let reply = Reply::read(&message).unwrap();
    assert_eq!(reply.id, 8);
    assert!(matches!(reply.body, ReplyBody::Result(body) if body.remaining() == 0));
    let written = write_reply(Version::V1_0, 8, ReplyStatus::NoException, |_| ()).unwrap();
    assert_eq!(written, captured);
}

#[tokio::test]
async fn arguments_come_back_in_every_version() {
    for version in [Version::V1_0, Version::V1_1, Version::V1_2] {
        for announce_code_sets in [false, true] {
            let key = b"\xfe\x01odd";
            let head = RequestHead {
                announce_code_sets,
                ..RequestHead::new(version, 3, key, "op")
            };
            let octets = write_request(&head, |body| {
                body.string("x");
                body.f64(2.5);
            });
            let octets = octets.unwrap();
            let message = message(&octets).await;
            let mut request = Request::read(&message).unwrap();
            assert_eq!(request.object_key, key);
            assert_eq!(request.body.string().unwrap(), "x");
            assert_eq!(request.body.f64().unwrap(), 2.5);
            assert_eq!(request.body.remaining(), 0);
        }
    }
}

#[tokio::test]
async fn exceptions_and_forwards_come_back() {
    use crate::giop::{Completion, ObjectReference, SystemException, write_user_exception};
    use crate::types::DevFailed;
    for version in [Version::V1_0, Version::V1_2] {
        let exception = SystemException::new("OBJECT_NOT_EXIST", 0x4f4d_0001, Completion::No);
        let octets = write_reply(version, 1, ReplyStatus::SystemException, |body| {
            exception.write(body);
        });
        let read = message(&octets.unwrap()).await;
        let body = Reply::read(&read).unwrap().body;
        assert!(matches!(&body, ReplyBody::SystemException(read) if *read == exception));
        assert!(exception.is_object_gone());

        let failed = DevFailed::new("API_X", "no", "here");
        let octets = write_user_exception(version, 1, DevFailed::ID, |body| failed.write(body));
        let read = message(&octets.unwrap()).await;
        let ReplyBody::UserException { id, mut content } = Reply::read(&read).unwrap().body else {
            panic!("not a user exception");
        };
        assert_eq!(id, DevFailed::ID);
        assert_eq!(DevFailed::read(&mut content).unwrap(), failed);

        let target = ObjectReference::new("", "localhost", 7, *b"key");
        let octets = write_reply(version, 1, ReplyStatus::LocationForward, |body| {
            target.write(body);
        });
        let read = message(&octets.unwrap()).await;
        let body = Reply::read(&read).unwrap().body;
        assert!(matches!(&body, ReplyBody::LocationForward(read) if *read == target));
    }
}
