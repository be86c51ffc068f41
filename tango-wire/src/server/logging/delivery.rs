//! Brings the log of a device to a consumer.

use std::{sync::Weak, time::Duration};

use tokio::{sync::mpsc, time::sleep};

use super::{logs::Shared, record::LogRecord};
use crate::client::DeviceProxy;

/// How many lines wait for a consumer; those beyond are lost.
const WAITING: usize = 4096;

/// How often a line is sent before its consumer counts as gone.
const TRIES: u32 = 3;

/// Between two tries.
const PAUSE: Duration = Duration::from_millis(200);

/// Brings the lines of one device to one consumer, in order, in a task of the present runtime.
/// The task ends when the sender is dropped and all is sent, or when the consumer is gone: then
/// it is taken out of the device's targets.
pub(super) fn deliver(
    consumer: DeviceProxy,
    target: String,
    logs: Weak<Shared>,
) -> mpsc::Sender<LogRecord> {
    let (sender, mut lines) = mpsc::channel::<LogRecord>(WAITING);
    tokio::spawn(async move {
        while let Some(line) = lines.recv().await {
            if let Err(error) = send(&consumer, &line).await {
                tracing::warn!(device = %line.device, %target, %error, "the log consumer is gone");
                break;
            }
        }
        drop(lines);
        if let Some(logs) = logs.upgrade() {
            logs.remove_gone();
        }
    });
    sender
}

async fn send(consumer: &DeviceProxy, line: &LogRecord) -> Result<(), crate::Error> {
    let mut tries = 1;
    loop {
        match consumer.command("Log", line.to_wire()).await {
            Ok(_) => return Ok(()),
            Err(error) if tries >= TRIES => return Err(error),
            Err(_) => sleep(PAUSE).await,
        }
        tries += 1;
    }
}
