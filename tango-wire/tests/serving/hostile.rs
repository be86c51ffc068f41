//! Peers that do not behave: they harm themselves, not the server and not the others.

use std::net::SocketAddr;

use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use tango_wire::{
    database::Database,
    giop::{Limits, MessageReader, Reply, ReplyBody, RequestHead, Version, write_request},
    server::DeviceServer,
    types::Value,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::support::{DEVICE, Everything, SOON, event_ports, open, serve};

async fn connect(address: SocketAddr) -> TcpStream {
    TcpStream::connect(address).await.expect("connects")
}

/// Sends octets and waits until the server has had enough of them.
async fn pour(address: SocketAddr, octets: &[u8]) {
    let mut stream = connect(address).await;
    // the server may hang up in the middle
    let _ = stream.write_all(octets).await;
    let _ = stream.shutdown().await;
    let mut rest = Vec::new();
    let _ = timeout(SOON, stream.read_to_end(&mut rest))
        .await
        .expect("the server hangs up");
}

#[tokio::test]
async fn arbitrary_octets_to_any_port_leave_the_server_at_work() {
    let served = serve().await;
    let database = Database::new().start().await.expect("starts");
    let mut ports = event_ports(&served.server).await;
    assert_eq!(ports.len(), 2);
    ports.extend([served.server.address(), database.address()]);
    let mut runner = TestRunner::deterministic();
    let garbage = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..300),
        // what looks like GIOP, and like ZMTP, gets further
        (
            0u8..3,
            0u8..4,
            0u8..9,
            proptest::collection::vec(any::<u8>(), 0..300)
        )
            .prop_map(|(minor, flags, kind, body)| {
                let mut octets = vec![b'G', b'I', b'O', b'P', 1, minor, flags | 1, kind];
                octets.extend((body.len() as u32).to_le_bytes());
                octets.extend(body);
                octets
            }),
        proptest::collection::vec(any::<u8>(), 0..300).prop_map(|body| {
            let mut octets = vec![0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 3, 1];
            octets.extend(b"NULL");
            octets.resize(64, 0);
            octets.extend(b"\x04\x19\x05READY\x0bSocket-Type\0\0\0\x03SUB");
            octets.extend(body);
            octets
        }),
    ];
    for _ in 0..300 {
        let tree = garbage.new_tree(&mut runner).expect("generates");
        let octets = tree.current();
        for &port in &ports {
            pour(port, &octets).await;
        }
    }
    served.device.ping().await.expect("alive");
    served
        .device
        .subscribe("power", |_| {})
        .await
        .map(drop)
        .expect("events too");
}

#[tokio::test]
async fn cut_and_altered_requests_leave_the_server_at_work() {
    let served = serve().await;
    let address = served.server.address();
    let key = DEVICE.to_lowercase();
    for version in [Version::V1_0, Version::V1_2] {
        let head = RequestHead::new(version, 1, key.as_bytes(), "command_inout");
        let request = write_request(&head, |body| {
            body.string("EchoDevVarStringArray");
            tango_wire::any::write_any(body, &Value::Strings(vec!["a".into(), "b".into()]));
        });
        let request = request.expect("sendable");
        for place in 0..request.len() {
            pour(address, &request[..place]).await;
            let mut altered = request.clone();
            altered[place] ^= 0xff;
            pour(address, &altered).await;
        }
    }
    served.device.ping().await.expect("alive");
}

#[tokio::test]
async fn a_client_that_floods_and_never_reads_stops_nobody() {
    let served = serve().await;
    let mut flooding = connect(served.server.address()).await;
    let key = DEVICE.to_lowercase();
    let head = RequestHead::new(Version::V1_2, 1, key.as_bytes(), "command_list_query_2");
    let request = write_request(&head, |_| {}).expect("sendable");
    let flood = request.repeat(1000);
    // replies are larger than requests: at some point the server stops taking more
    let stuck = async {
        loop {
            flooding.write_all(&flood).await.expect("writes");
        }
    };
    let other = async {
        for _ in 0..200 {
            served.device.ping().await.expect("alive");
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        () = stuck => unreachable!("it never ends"),
        () = other => {}
    }
}

#[tokio::test]
async fn unknown_objects_and_operations_get_the_exceptions_of_corba() {
    let served = serve().await;
    let stream = connect(served.server.address()).await;
    let mut messages = MessageReader::new(stream, Limits::default());
    let key = DEVICE.to_lowercase();
    for (id, (key, operation, expected, minor)) in [
        ("no/such/device", "ping", "OBJECT_NOT_EXIST", 0x4f4d_0001),
        (key.as_str(), "reboot", "BAD_OPERATION", 0x4154_0026),
        (key.as_str(), "command_inout_4", "MARSHAL", 0x4154_000a),
    ]
    .into_iter()
    .enumerate()
    {
        let id = u32::try_from(id).expect("few");
        for version in [Version::V1_0, Version::V1_2] {
            let head = RequestHead::new(version, id, key.as_bytes(), operation);
            let request = write_request(&head, |_| {}).expect("sendable");
            messages
                .source_mut()
                .write_all(&request)
                .await
                .expect("writes");
            let message = messages.next().await.expect("GIOP").expect("a message");
            assert_eq!(message.version(), version);
            let reply = Reply::read(&message).expect("a reply");
            assert_eq!(reply.id, id);
            match reply.body {
                ReplyBody::SystemException(exception) => {
                    assert_eq!((exception.name(), exception.minor), (expected, minor));
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

#[tokio::test]
async fn objects_are_located_and_cancelled_calls_answered() {
    let served = serve().await;
    let mut stream = connect(served.server.address()).await;
    for (key, status) in [("test/everything/1", 1u8), ("no/such/device/12", 0)] {
        let mut request = b"GIOP\x01\x00\x01\x03".to_vec();
        request.extend((8 + key.len() as u32).to_le_bytes());
        request.extend([9, 0, 0, 0]);
        request.extend((key.len() as u32).to_le_bytes());
        request.extend(key.as_bytes());
        stream.write_all(&request).await.expect("writes");
        let mut reply = [0; 20];
        timeout(SOON, stream.read_exact(&mut reply))
            .await
            .expect("in time")
            .expect("answers");
        let expected = [
            b"GIOP\x01\x00\x01\x04\x08\0\0\0\x09\0\0\0".as_slice(),
            &[status, 0, 0, 0],
        ];
        assert_eq!(reply.to_vec(), expected.concat());
    }
    // CancelRequest for a call that never was, then an ordinary ping
    stream
        .write_all(b"GIOP\x01\x00\x01\x02\x04\0\0\0\x09\0\0\0")
        .await
        .expect("writes");
    let head = RequestHead::new(Version::V1_0, 10, b"test/everything/1", "ping");
    let ping = write_request(&head, |_| {}).expect("sendable");
    stream.write_all(&ping).await.expect("writes");
    let mut reply = [0; 24];
    timeout(SOON, stream.read_exact(&mut reply))
        .await
        .expect("in time")
        .expect("answers");
    assert_eq!(reply[16..20], [10, 0, 0, 0]);
}

#[tokio::test]
async fn a_request_in_fragments_and_in_the_other_byte_order_is_understood() {
    let served = serve().await;
    let mut stream = connect(served.server.address()).await;
    let key = b"test/everything/1";
    let mut body = Vec::new();
    body.extend(77u32.to_be_bytes()); // request id
    body.extend([3, 0, 0, 0, 0, 0, 0, 0]); // reply wanted, reserved, key address, padding
    body.extend((key.len() as u32).to_be_bytes());
    body.extend(key);
    body.extend([0; 3]);
    body.extend(6u32.to_be_bytes());
    body.extend(b"_is_a\0");
    body.extend([0; 2]);
    body.extend(0u32.to_be_bytes()); // service contexts
    while (body.len() + 12) % 8 != 0 {
        body.push(0xee);
    }
    let argument = b"IDL:Tango/Device_6:1.0\0";
    body.extend((argument.len() as u32).to_be_bytes());
    body.extend(argument);
    let (first, second) = body.split_at(36);
    let mut octets = b"GIOP\x01\x02\x02\x00".to_vec();
    octets.extend((first.len() as u32).to_be_bytes());
    octets.extend(first);
    octets.extend(b"GIOP\x01\x02\x00\x07");
    octets.extend((4 + second.len() as u32).to_be_bytes());
    octets.extend(77u32.to_be_bytes());
    octets.extend(second);
    // octet by octet, as a slow network might bring them
    for octet in octets {
        stream.write_all(&[octet]).await.expect("writes");
    }
    let mut messages = MessageReader::new(stream, Limits::default());
    let message = timeout(SOON, messages.next())
        .await
        .expect("in time")
        .expect("GIOP");
    let message = message.expect("a message");
    let reply = Reply::read(&message).expect("a reply");
    assert_eq!(reply.id, 77);
    match reply.body {
        ReplyBody::Result(mut body) => assert_eq!(body.bool(), Ok(true)),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_call_beyond_the_limit_ends_its_connection_only() {
    let limits = Limits {
        message: 4096,
        ..Limits::default()
    };
    let server = DeviceServer::new("everything/test")
        .with_device(DEVICE, std::sync::Arc::new(Everything::default()))
        .with_limits(limits)
        .start()
        .await
        .expect("starts");
    let device = open(&server).await;
    let large = Value::String("x".repeat(5000));
    assert!(device.command("EchoDevString", large).await.is_err());
    let small = Value::String("x".repeat(3000));
    assert_eq!(
        device
            .command("EchoDevString", small.clone())
            .await
            .expect("echoed"),
        small
    );
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_is_closed_in_order() {
    let served = serve().await;
    let mut idle = connect(served.server.address()).await;
    let mut farewell = Vec::new();
    idle.read_to_end(&mut farewell).await.expect("closed");
    assert_eq!(farewell, b"GIOP\x01\0\x01\x05\0\0\0\0");
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_awaits_a_reply_is_not_idle() {
    let served = serve().await;
    let mut stream = connect(served.server.address()).await;
    let key = DEVICE.to_lowercase();
    let head = RequestHead::new(Version::V1_0, 5, key.as_bytes(), "command_inout");
    let request = write_request(&head, |body| {
        body.string("Hold");
        tango_wire::any::write_any(body, &Value::Void);
    });
    stream
        .write_all(&request.expect("sendable"))
        .await
        .expect("writes");
    served.servant.started.notified().await;
    tokio::time::sleep(std::time::Duration::from_secs(1000)).await;
    served.servant.held.notify_one();
    let mut messages = MessageReader::new(stream, Limits::default());
    let message = messages.next().await.expect("GIOP").expect("a message");
    assert_eq!(Reply::read(&message).expect("a reply").id, 5);
}
