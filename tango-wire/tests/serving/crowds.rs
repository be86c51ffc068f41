//! Clients that take more than their share: the others go on.

use std::{
    net::SocketAddr,
    sync::{Arc, atomic::Ordering},
};

use tango_wire::{
    any::write_any,
    giop::{Reply, ReplyBody},
    server::{DeviceServer, Serialization},
    types::Value,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::yield_now,
    time::timeout,
};

use crate::{
    raw::{Raw, key, result},
    support::{DEVICE, Everything, OTHER_DEVICE, SOON, open, open_other, serve_both},
};

/// Sends this, then nothing any more.
async fn stall(address: SocketAddr, octets: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.expect("connects");
    stream.write_all(octets).await.expect("writes");
    stream
}

async fn send_command(raw: &mut Raw, name: &str, argument: &Value) {
    raw.send(&key(), "command_inout", |body| {
        body.string(name);
        write_any(body, argument);
    })
    .await;
}

/// The name of the system exception a call is answered with, if it is.
async fn exception(raw: &mut Raw) -> Option<String> {
    let message = raw.receive().await;
    match Reply::read(&message).expect("a reply").body {
        ReplyBody::SystemException(exception) => Some(exception.name().to_owned()),
        _ => None,
    }
}

#[tokio::test]
async fn those_who_only_take_places_lose_them_to_those_who_call() {
    let servant = Arc::new(Everything::default());
    let server = DeviceServer::new("everything/test")
        .with_device(DEVICE, servant.clone())
        .with_connection_limit(8);
    let server = server.start().await.expect("starts");
    let device = open(&server).await;
    let busy = device.clone();
    let held = tokio::spawn(async move { busy.command("Hold", Value::Void).await });
    timeout(SOON, servant.started.notified())
        .await
        .expect("started");
    let mut crowd = Vec::new();
    for number in 0..200 {
        let octets: &[u8] = if number % 2 == 0 {
            b""
        } else {
            b"GIOP\x01\x00"
        };
        crowd.push(stall(server.address(), octets).await);
        if number % 10 == 0 {
            device.ping().await.expect("a place is found");
        }
    }
    // the first have been asked to leave, in order
    let mut farewell = Vec::new();
    let leaving = crowd[0].read_to_end(&mut farewell);
    timeout(SOON, leaving)
        .await
        .expect("in time")
        .expect("closed");
    assert_eq!(farewell, b"GIOP\x01\0\x01\x05\0\0\0\0");
    // who waited for an answer has kept its place
    servant.held.notify_one();
    held.await.expect("no panic").expect("done");
}

#[tokio::test]
async fn restarts_of_a_device_that_never_answers_do_not_pile_up() {
    let servant = Arc::new(Everything::default());
    let server = DeviceServer::new("everything/test").with_device(DEVICE, servant.clone());
    let server = server.start().await.expect("starts");
    let mut busy = Raw::connect(server.address()).await;
    send_command(&mut busy, "Hold", &Value::Void).await;
    timeout(SOON, servant.started.notified())
        .await
        .expect("started");
    let mut raw = Raw::connect(server.address()).await;
    let most = 16;
    for _ in 0..=most {
        raw.send("dserver/everything/test", "command_inout", |body| {
            body.string("DevRestart");
            write_any(body, &Value::String(DEVICE.to_owned()));
        })
        .await;
    }
    let message = raw.receive().await;
    assert_eq!(Reply::read(&message).expect("a reply").id, most + 1);
    let refused = result(&message, |_| ()).expect_err("one too many");
    assert_eq!(refused.reason(), "API_CommandNotAllowed");
    servant.held.notify_one();
    assert_eq!(exception(&mut busy).await, None);
    for _ in 0..most {
        result(&raw.receive().await, |_| ()).expect("restarted");
    }
    assert_eq!(servant.inits.load(Ordering::SeqCst), 16);
}

#[tokio::test]
async fn a_server_full_of_waiting_clients_turns_newcomers_away() {
    let servant = Arc::new(Everything::default());
    let server = DeviceServer::new("everything/test")
        .with_device(DEVICE, servant.clone())
        .with_connection_limit(2);
    let server = server.start().await.expect("starts");
    let mut waiting = Raw::connect(server.address()).await;
    let mut other = Raw::connect(server.address()).await;
    for raw in [&mut waiting, &mut other] {
        send_command(raw, "Hold", &Value::Void).await;
    }
    timeout(SOON, servant.started.notified())
        .await
        .expect("started");
    // the other one waits for its turn, which can be seen from outside by what becomes of newcomers
    let turned_away = async {
        loop {
            let mut newcomer = stall(server.address(), b"").await;
            let mut nothing = Vec::new();
            let closed = newcomer.read_to_end(&mut nothing).await;
            if closed.is_err() || nothing.is_empty() {
                return;
            }
        }
    };
    timeout(SOON, turned_away).await.expect("turned away");
    for raw in [&mut waiting, &mut other] {
        servant.held.notify_one();
        assert_eq!(exception(raw).await, None);
    }
    open(&server).await.ping().await.expect("places are free");
}

#[tokio::test]
async fn what_exceeds_the_memory_is_refused_and_what_is_small_goes_on() {
    let limit = 256 << 10;
    let server = DeviceServer::new("everything/test")
        .with_device(DEVICE, Arc::new(Everything::default()))
        .with_memory_limit(limit);
    let server = server.start().await.expect("starts");
    let device = open(&server).await;
    let mut raw = Raw::connect(server.address()).await;
    let text = |length| Value::String("x".repeat(length));
    // the request has room, its answer does not
    send_command(&mut raw, "EchoDevString", &text(200 << 10)).await;
    assert_eq!(exception(&mut raw).await.as_deref(), Some("NO_RESOURCES"));
    // and it is not kept once it is answered
    send_command(&mut raw, "EchoDevString", &text(100 << 10)).await;
    assert_eq!(exception(&mut raw).await, None);

    // half of a large request takes the room of others that are large, not that of small ones
    let mut half = b"GIOP\x01\x02\x01\x00".to_vec();
    half.extend((1u32 << 20).to_le_bytes());
    half.resize(limit - 1000, 0);
    let mut stalled = stall(server.address(), &half).await;
    let taken = async {
        loop {
            send_command(&mut raw, "EchoDevString", &text(60 << 10)).await;
            device.ping().await.expect("small");
            let echoed = device.command("EchoDevString", text(20 << 10)).await;
            echoed.expect("small");
            if exception(&mut raw).await.is_some() {
                return;
            }
        }
    };
    timeout(SOON, taken).await.expect("the memory is taken");
    // one octet too many, and it is gone
    let _ = stalled.write_all(&half).await;
    let mut rest = Vec::new();
    let gone = timeout(SOON, stalled.read_to_end(&mut rest)).await;
    let _ = gone.expect("the server hangs up");
    let free = async {
        loop {
            send_command(&mut raw, "EchoDevString", &text(100 << 10)).await;
            if exception(&mut raw).await.is_none() {
                return;
            }
        }
    };
    timeout(SOON, free).await.expect("the memory is free again");
}

#[tokio::test]
async fn a_device_that_never_answers_stops_itself_only() {
    let server = serve_both().await;
    let device = open(&server).await;
    let mut stuck = Raw::connect(server.address()).await;
    for _ in 0..100 {
        send_command(&mut stuck, "Hold", &Value::Void).await;
    }
    let other = open_other(&server).await;
    for _ in 0..50 {
        device.ping().await.expect("pings wait for nothing");
        other
            .command("EchoLate", Value::String("x".into()))
            .await
            .expect("done");
        other
            .write("power", Value::Double(1.0))
            .await
            .expect("done");
    }
}

#[tokio::test]
async fn calls_that_wait_for_ever_run_out_before_the_server_does() {
    let servant = Arc::new(Everything::default());
    let server = DeviceServer::new("everything/test")
        .with_device(DEVICE, servant.clone())
        .with_device(OTHER_DEVICE, Arc::new(Everything::default()))
        .with_serialization(Serialization::None);
    let server = server.start().await.expect("starts");
    let (all, of_connection) = (16_384, 64);
    for _ in 0..all / of_connection {
        // it does not wait for what it asked
        let mut raw = Raw::connect(server.address()).await;
        for _ in 0..of_connection {
            send_command(&mut raw, "Hold", &Value::Void).await;
        }
    }
    let taken = async {
        while servant.running.load(Ordering::SeqCst) < all {
            yield_now().await;
        }
    };
    timeout(3 * SOON, taken).await.expect("all have begun");
    let mut raw = Raw::connect(server.address()).await;
    send_command(&mut raw, "Hold", &Value::Void).await;
    assert_eq!(exception(&mut raw).await.as_deref(), Some("NO_RESOURCES"));
    let device = open_other(&server).await;
    device.read("power").await.expect("needs no waiting");
    servant.held.notify_waiters();
    let free = async {
        // the refused one had begun, and was dropped
        while servant.running.load(Ordering::SeqCst) > 1 {
            yield_now().await;
        }
        let late = Value::String("x".into());
        while device.command("EchoLate", late.clone()).await.is_err() {}
    };
    timeout(3 * SOON, free).await.expect("free again");
}
