//! Answers that would be too large for anybody.

use std::{
    future::ready,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use tango_wire::{
    Error,
    giop::{Message, Reply, ReplyBody},
    server::{BoxFuture, DeviceServer, ReadingToServe, RunningServer, Servant},
    types::{
        AttributeConfig, AttributeWrite, ClientIdentity, CommandInfo, DevFailed, DevState, Source,
        Value,
    },
};

use crate::{
    raw::{Raw, key, result},
    support::{DEVICE, open, reason},
};

/// A device with an image of 1 MiB.
#[derive(Debug, Default)]
struct Camera {
    reads: AtomicUsize,
    writes: AtomicUsize,
}

impl Servant for Camera {
    fn class(&self) -> String {
        "Camera".to_owned()
    }

    fn commands(&self) -> Vec<CommandInfo> {
        Vec::new()
    }

    fn attributes(&self) -> Vec<AttributeConfig> {
        let image = AttributeConfig::new("image", tango_wire::types::DataType::UChar);
        vec![image.image(1024, 1024).read_write()]
    }

    fn state(&self) -> DevState {
        DevState::On
    }

    fn command<'a>(&'a self, _: &'a str, _: Value) -> BoxFuture<'a, Result<Value, DevFailed>> {
        Box::pin(ready(Ok(Value::Void)))
    }

    fn read<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<ReadingToServe, DevFailed>> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        let image = ReadingToServe::new(Value::Chars(vec![7; 1 << 20]));
        Box::pin(ready(Ok(image.with_columns(1024))))
    }

    fn write<'a>(&'a self, _: &'a str, _: Value) -> BoxFuture<'a, Result<(), DevFailed>> {
        self.writes.fetch_add(1, Ordering::SeqCst);
        Box::pin(ready(Ok(())))
    }
}

async fn serve(servant: Arc<Camera>, memory: usize) -> RunningServer {
    DeviceServer::new("camera/test")
        .with_device(DEVICE, servant)
        .with_memory_limit(memory)
        .start()
        .await
        .expect("starts")
}

fn images(count: usize) -> Vec<String> {
    vec!["image".to_owned(); count]
}

/// Asks for the image so many times at once, which our own client never does.
async fn read_images(raw: &mut Raw, count: usize) -> Message {
    raw.call(&key(), "read_attributes_5", |body| {
        body.strings(&images(count));
        Source::Device.write(body);
        ClientIdentity::own(6).write(body);
    })
    .await
}

#[tokio::test]
async fn one_large_image_asked_for_many_times_is_not_copied_as_often() {
    let camera = Arc::new(Camera::default());
    let server = serve(camera.clone(), 512 << 20).await;
    let mut raw = Raw::connect(server.address()).await;
    let message = read_images(&mut raw, 4096).await;
    let failure = result(&message, |_| ()).expect_err("too much");
    assert_eq!(failure.reason(), "SERVANT_AnswerTooLarge");
    assert!(failure.to_string().contains("less at a time"), "{failure}");
    assert!(camera.reads.load(Ordering::SeqCst) <= 65);

    let message = raw
        .call(&key(), "write_read_attributes_5", |body| {
            let dark = AttributeWrite::new("image", Value::Chars(vec![0])).with_columns(1);
            body.sequence(&[dark], |body, write| write.write(body));
            body.strings(&images(4096));
            ClientIdentity::own(6).write(body);
        })
        .await;
    let failure = result(&message, |_| ()).expect_err("too much");
    assert_eq!(failure.reason(), "SERVANT_AnswerTooLarge");
    assert!(failure.to_string().contains("has been done"), "{failure}");
    assert_eq!(camera.writes.load(Ordering::SeqCst), 1);

    let message = read_images(&mut raw, 10).await;
    assert_eq!(result(&message, |body| body.u32()), Ok(Ok(10)));
}

#[tokio::test]
async fn readings_count_as_memory_of_the_server() {
    let camera = Arc::new(Camera::default());
    let server = serve(camera.clone(), 8 << 20).await;
    let mut raw = Raw::connect(server.address()).await;
    let message = read_images(&mut raw, 2).await;
    assert_eq!(result(&message, |body| body.u32()), Ok(Ok(2)));
    let message = read_images(&mut raw, 40).await;
    let Ok(ReplyBody::SystemException(exception)) = Reply::read(&message).map(|reply| reply.body)
    else {
        panic!("there was room for {} octets", message.length());
    };
    assert_eq!(exception.name(), "NO_RESOURCES");
    assert!(camera.reads.load(Ordering::SeqCst) <= 12);
    let message = read_images(&mut raw, 1).await;
    assert_eq!(result(&message, |body| body.u32()), Ok(Ok(1)), "free again");
}

#[tokio::test]
async fn configurations_asked_for_many_times_are_bounded_as_well() {
    let server = serve(Arc::default(), 512 << 20).await;
    let device = open(&server).await;
    let mut config = device.attribute_config("image").await.expect("has one");
    config.description = "x".repeat(60_000);
    device.set_attribute_configs(&[config]).await.expect("set");
    let configs = device.attribute_configs(&["image"; 4096]).await;
    assert_eq!(reason(configs), "SERVANT_AnswerTooLarge");
    assert!(matches!(device.ping().await, Ok::<_, Error>(())));
}
