//! Locking a device, through an admin device written by hand: its answers are those of PyTango
//! 10.3.1 and 9.5.1.

use std::time::Duration;

use tango_wire::Value;
use tango_wire::any::{read_any, write_any};
use tango_wire::giop::write_user_exception;
use tango_wire::types::{ClientIdentity, DevFailed};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::peer::{Peer, done};

const DEVICE: &str = "low/sub/1";

/// What the admin device was asked to run.
type Commands = mpsc::UnboundedReceiver<(String, Value)>;

/// A server whose device is locked by others, or free.
async fn start(is_locked: bool) -> (Peer, Commands) {
    let (sender, commands) = mpsc::unbounded_channel();
    let peer = Peer::start(6, move |request| {
        if request.operation == "ping" {
            return Some(done(request, |_| ()));
        }
        if request.operation == "_get_adm_name" {
            return Some(done(request, |body| body.string("dserver/subarray/1")));
        }
        assert_eq!(request.object_key, b"dserver/subarray/1");
        let mut body = request.body.clone();
        let command = body.string().unwrap();
        let argument = read_any(&mut body).unwrap();
        sender.send((command.clone(), argument)).unwrap();
        if is_locked && command == "LockDevice" {
            let words = "Device low/sub/1 is already locked by another client";
            let failure = DevFailed::new("API_DeviceLocked", words, "here");
            let (version, id) = (request.version, request.id);
            let answer = write_user_exception(version, id, DevFailed::ID, |body| {
                failure.write(body);
            });
            return Some(answer.unwrap());
        }
        let reply = match command.as_str() {
            "DevLockStatus" if is_locked => status(
                [1, 22_739, 0, 0, 0, 0],
                "Device low/sub/1 is locked by CPP or Python client with PID 22739 from host x",
                "giop:tcp:127.0.0.1:50612",
            ),
            "DevLockStatus" => status([0; 6], "Device low/sub/1 is not locked", "Not defined"),
            "UnLockDevice" => Value::Long(0),
            _ => Value::Void,
        };
        Some(done(request, |body| write_any(body, &reply)))
    });
    (peer.await, commands)
}

fn status(numbers: [i32; 6], words: &str, address: &str) -> Value {
    let texts = [words, address, "Not defined"].map(str::to_owned);
    Value::LongStrings(numbers.to_vec(), texts.to_vec())
}

fn numbered(number: i32) -> Value {
    Value::LongStrings(vec![number], vec![DEVICE.to_owned()])
}

async fn next(commands: &mut Commands) -> (String, Value) {
    let next = timeout(Duration::from_secs(20), commands.recv()).await;
    next.unwrap().unwrap()
}

#[tokio::test]
async fn a_device_is_locked_and_unlocked_through_its_admin_device() {
    let (peer, mut commands) = start(false).await;
    let device = peer.device().await;
    let lock = device.lock(Duration::from_secs(600)).await.unwrap();
    assert_eq!((lock.device(), lock.is_held()), (DEVICE, true));
    let asked = ("LockDevice".to_owned(), numbered(600));
    assert_eq!(next(&mut commands).await, asked);
    lock.unlock().await.unwrap();
    assert_eq!(next(&mut commands).await.0, "ReLockDevices");
    let asked = ("UnLockDevice".to_owned(), numbered(0));
    assert_eq!(next(&mut commands).await, asked);
}

#[tokio::test]
async fn a_lock_that_goes_out_of_scope_is_given_back() {
    let (peer, mut commands) = start(false).await;
    let lock = peer.device().await.lock(Duration::from_secs(600)).await;
    drop(lock.unwrap());
    assert_eq!(next(&mut commands).await.0, "LockDevice");
    assert_eq!(next(&mut commands).await.0, "ReLockDevices");
    let asked = ("UnLockDevice".to_owned(), numbered(0));
    assert_eq!(next(&mut commands).await, asked);
}

#[tokio::test]
async fn who_holds_a_lock_is_told_and_the_lock_broken_by_force() {
    let (peer, mut commands) = start(true).await;
    let device = peer.device().await;
    let error = device.lock(Duration::from_secs(600)).await.unwrap_err();
    assert_eq!(error.dev_failed().unwrap().reason(), "API_DeviceLocked");
    assert_eq!(next(&mut commands).await.0, "LockDevice");
    let holder = device.locking_status().await.unwrap().unwrap();
    assert_eq!(holder.host, "127.0.0.1");
    assert_eq!(holder.client, ClientIdentity::Cpp { process: 22_739 });
    let asked = ("DevLockStatus".to_owned(), Value::String(DEVICE.to_owned()));
    assert_eq!(next(&mut commands).await, asked);
    device.unlock_by_force().await.unwrap();
    let asked = ("UnLockDevice".to_owned(), numbered(1));
    assert_eq!(next(&mut commands).await, asked);

    let (peer, _commands) = start(false).await;
    assert_eq!(peer.device().await.locking_status().await.unwrap(), None);
}
