//! Devices that one client keeps for itself.

use tango_wire::types::{AttributeWrite, ClientIdentity, DevFailed, Value};

use crate::{
    raw::{Raw, key, result},
    support::{DEVICE, reason, serve},
};

const ADMIN: &str = "dserver/everything/test";
const OWN: ClientIdentity = ClientIdentity::Cpp { process: 1001 };
const OTHER: ClientIdentity = ClientIdentity::Cpp { process: 2002 };

fn with(number: i32) -> Value {
    Value::LongStrings(vec![number], vec![DEVICE.to_owned()])
}

async fn admin(
    raw: &mut Raw,
    name: &str,
    argument: Value,
    client: &ClientIdentity,
) -> Result<Value, DevFailed> {
    raw.command(ADMIN, name, argument, client).await
}

async fn scan(raw: &mut Raw, client: &ClientIdentity) -> Result<Value, DevFailed> {
    let word = Value::String("x".into());
    raw.command(&key(), "EchoDevString", word, client).await
}

fn why<T: std::fmt::Debug>(outcome: Result<T, DevFailed>) -> String {
    outcome.expect_err("refused").reason().to_owned()
}

#[tokio::test]
async fn a_lock_keeps_others_from_changing_anything() {
    let served = serve().await;
    let mut raw = Raw::connect(served.server.address()).await;
    let locked = admin(&mut raw, "LockDevice", with(10), &OWN).await;
    assert_eq!(locked, Ok(Value::Void));
    scan(&mut raw, &OWN).await.expect("its own device");
    assert_eq!(why(scan(&mut raw, &OTHER).await), "API_DeviceLocked");

    // the client of this test is another process than the one that was said to lock
    let device = &served.device;
    let locked = "API_DeviceLocked";
    assert_eq!(reason(device.command("Init", Value::Void).await), locked);
    assert_eq!(reason(device.command("Unheard", Value::Void).await), locked);
    assert_eq!(
        reason(device.write("power", Value::Double(1.0)).await),
        locked
    );
    device
        .command("state", Value::Void)
        .await
        .expect("harmless");
    device
        .command("Status", Value::Void)
        .await
        .expect("harmless");
    device.read("power").await.expect("harmless");
    device.state().await.expect("harmless");
    device.ping().await.expect("harmless");

    let unlocking = admin(&mut raw, "UnLockDevice", with(0), &OTHER).await;
    let unlocking = unlocking.expect_err("not its own");
    assert_eq!(
        unlocking.to_string(),
        format!("API_DeviceLocked: Device {DEVICE} is locked by another client, can't unlock it")
    );
    let restart = Value::String(DEVICE.to_owned());
    let level = admin(&mut raw, "SetLoggingLevel", with(5), &OTHER).await;
    assert_eq!(why(level), "API_DeviceLocked");
    let level = admin(&mut raw, "SetLoggingLevel", with(5), &OWN).await;
    assert_eq!(level, Ok(Value::Void));
    let restart = admin(&mut raw, "DevRestart", restart, &OTHER).await;
    assert_eq!(why(restart), "API_DeviceLocked");
    let left = admin(&mut raw, "UnLockDevice", with(0), &OWN).await;
    assert_eq!(left, Ok(Value::Long(0)));
    device
        .write("power", Value::Double(1.0))
        .await
        .expect("free");
}

#[tokio::test]
async fn a_lock_belongs_to_one_connection_of_one_process() {
    let served = serve().await;
    let mut first = Raw::connect(served.server.address()).await;
    let mut second = Raw::connect(served.server.address()).await;
    admin(&mut first, "LockDevice", with(10), &OWN)
        .await
        .expect("free");
    let names = Value::Strings(vec![DEVICE.to_owned()]);
    for refused in [
        scan(&mut second, &OWN).await,
        admin(&mut second, "LockDevice", with(10), &OWN).await,
        admin(&mut second, "ReLockDevices", names, &OWN).await,
        admin(&mut second, "UnLockDevice", with(0), &OWN).await,
    ] {
        assert_eq!(why(refused), "API_DeviceLocked");
    }
    scan(&mut first, &OWN).await.expect("its own");
    // it holds when its connection is gone, until its validity is over
    drop(first);
    assert_eq!(why(scan(&mut second, &OWN).await), "API_DeviceLocked");
}

#[tokio::test]
async fn a_java_client_has_its_lock_on_all_connections() {
    let served = serve().await;
    let mut first = Raw::connect(served.server.address()).await;
    let mut second = Raw::connect(served.server.address()).await;
    let java = |number| ClientIdentity::Java {
        class: "Main".to_owned(),
        id: [1, number],
    };
    admin(&mut first, "LockDevice", with(10), &java(1))
        .await
        .expect("free");
    scan(&mut second, &java(1)).await.expect("its own");
    assert_eq!(why(scan(&mut second, &java(2)).await), "API_DeviceLocked");
}

#[tokio::test]
async fn writing_and_reading_at_once_is_writing() {
    let served = serve().await;
    let mut raw = Raw::connect(served.server.address()).await;
    admin(&mut raw, "LockDevice", with(10), &OWN)
        .await
        .expect("free");
    for (client, refused) in [(&OWN, false), (&OTHER, true)] {
        let message = raw
            .call(&key(), "write_read_attributes_5", |body| {
                body.sequence(&[()], |body, ()| {
                    AttributeWrite::new("power", Value::Double(1.0)).write(body);
                });
                body.strings(&["power"]);
                client.write(body);
            })
            .await;
        assert_eq!(result(&message, |_| ()).is_err(), refused);
    }
    // who does not say who it is cannot be the owner, nor become it
    for (object, name, argument) in [
        (key(), "EchoDevString", Value::String("x".into())),
        (ADMIN.to_owned(), "LockDevice", with(10)),
        (ADMIN.to_owned(), "UnLockDevice", with(1)),
    ] {
        let message = raw
            .call(&object, "command_inout", |body| {
                body.string(name);
                tango_wire::any::write_any(body, &argument);
            })
            .await;
        let expected = if object == ADMIN {
            "API_ClientTooOld"
        } else {
            "API_DeviceLocked"
        };
        assert_eq!(why(result(&message, |_| ())), expected);
    }
}

#[tokio::test]
async fn locks_are_counted_renewed_and_broken() {
    let served = serve().await;
    let mut raw = Raw::connect(served.server.address()).await;
    let names = || Value::Strings(vec![DEVICE.to_owned()]);
    let renewed = admin(&mut raw, "ReLockDevices", names(), &OWN).await;
    assert_eq!(
        renewed.expect_err("not locked").to_string(),
        format!("API_DeviceNotLocked: {DEVICE}: Device {DEVICE} is not locked. Can't re-lock it")
    );
    for _ in 0..2 {
        admin(&mut raw, "LockDevice", with(10), &OWN)
            .await
            .expect("its own");
    }
    let again = admin(&mut raw, "LockDevice", with(10), &OTHER).await;
    assert_eq!(why(again), "API_DeviceLocked");
    let renewed = admin(&mut raw, "ReLockDevices", names(), &OTHER).await;
    assert_eq!(why(renewed), "API_DeviceLocked");
    let renewed = admin(&mut raw, "ReLockDevices", names(), &OWN).await;
    assert_eq!(renewed, Ok(Value::Void));
    let status = Value::String(DEVICE.to_uppercase());
    let Ok(Value::LongStrings(numbers, words)) =
        admin(&mut raw, "DevLockStatus", status, &OTHER).await
    else {
        panic!("no status");
    };
    assert_eq!(numbers, [1, 1001, 0, 0, 0, 0]);
    assert_eq!(
        words[0],
        format!(
            "Device {DEVICE} is locked by CPP or Python client with PID 1001 from host localhost"
        )
    );
    assert!(words[1].starts_with("giop:tcp:127.0.0.1:"), "{}", words[1]);
    assert_eq!(words[2], "Not defined");
    let left = admin(&mut raw, "UnLockDevice", with(0), &OWN).await;
    assert_eq!(left, Ok(Value::Long(1)));
    let left = admin(&mut raw, "UnLockDevice", with(1), &OTHER).await;
    assert_eq!(left, Ok(Value::Long(0)));
    assert_eq!(why(scan(&mut raw, &OWN).await), "API_DeviceUnlocked");
    scan(&mut raw, &OTHER).await.expect("free");
    scan(&mut raw, &OWN).await.expect("free");
}

#[tokio::test]
async fn what_cannot_be_locked_is_refused() {
    let served = serve().await;
    let mut raw = Raw::connect(served.server.address()).await;
    let lock = |numbers: Vec<i32>, names: &[&str]| {
        Value::LongStrings(numbers, names.iter().map(|&name| name.to_owned()).collect())
    };
    for (command, argument, expected) in [
        (
            "LockDevice",
            lock(vec![10], &[ADMIN]),
            "API_DeviceUnlockable",
        ),
        (
            "LockDevice",
            lock(vec![10], &["no/such/device"]),
            "API_DeviceNotFound",
        ),
        ("LockDevice", lock(vec![10], &[]), "API_WrongNumberOfArgs"),
        (
            "LockDevice",
            lock(vec![], &[DEVICE]),
            "API_WrongNumberOfArgs",
        ),
        (
            "UnLockDevice",
            lock(vec![], &[DEVICE]),
            "API_WrongNumberOfArgs",
        ),
        (
            "UnLockDevice",
            lock(vec![0], &["no/such/device"]),
            "API_DeviceNotFound",
        ),
        (
            "ReLockDevices",
            Value::Strings(vec!["no/such/device".into()]),
            "API_DeviceNotFound",
        ),
        (
            "DevLockStatus",
            Value::String("no/such/device".into()),
            "API_DeviceNotFound",
        ),
    ] {
        let outcome = admin(&mut raw, command, argument.clone(), &OWN).await;
        assert_eq!(why(outcome), expected, "{command} {argument:?}");
    }
    // it never holds
    let outcome = admin(&mut raw, "LockDevice", with(-5), &OWN).await;
    assert_eq!(outcome, Ok(Value::Void));
    scan(&mut raw, &OTHER).await.expect("free");
}
