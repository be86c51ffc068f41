//! Listening to the log of one device.

use std::sync::Arc;

use tango_wire::types::Value;
use tango_wire::{Client, DeviceProxy};
use tokio::runtime::Handle;

use super::LogError;
use super::listened::{Levels, Listened, ListenedDevices};

pub use tango_wire::server::LogLevel;

/// The log of a device, which comes for as long as this lives. Dropped, it ends in the background;
/// [`stop`](Self::stop) waits until it has ended.
#[derive(Debug)]
#[must_use = "the log comes only as long as this lives"]
pub struct DeviceLog {
    /// Taken when it ends.
    added: Option<Added>,
}

/// What was done on the admin device, and is to be undone.
#[derive(Debug)]
struct Added {
    admin: DeviceProxy,
    device: String,
    target: String,
    level: i32,
    listened: Listened,
}

impl DeviceLog {
    pub(super) async fn begin(
        client: &Client,
        address: &str,
        target: &str,
        listened: &ListenedDevices,
        level: LogLevel,
    ) -> Result<DeviceLog, LogError> {
        let unreachable = |source| LogError::Unreachable {
            device: address.to_owned(),
            source,
        };
        let found = async {
            let proxy = client.device(address).await?;
            let admin = proxy.admin().await?;
            Ok((proxy.name().to_owned(), admin))
        };
        let (device, admin): (String, DeviceProxy) = found.await.map_err(unreachable)?;
        let refused = |source| LogError::Refused {
            device: address.to_owned(),
            collector: target.to_owned(),
            source,
        };
        // also if it is listened to already: its server may have given up, or been restarted
        let pair = strings([&device, target]);
        let listened = listened.of(&device);
        let mut levels = listened.lock().await;
        admin
            .command("AddLoggingTarget", pair)
            .await
            .map_err(refused)?;
        let mut added = Added {
            admin,
            device,
            target: target.to_owned(),
            level: level.number(),
            listened: Arc::clone(&listened),
        };
        let raised = added.raise(&mut levels).await;
        drop(levels);
        let log = DeviceLog { added: Some(added) };
        raised.map_err(unreachable)?;
        Ok(log)
    }

    /// The device.
    #[must_use]
    pub fn device(&self) -> &str {
        self.added.as_ref().map_or("", |added| &added.device)
    }

    /// Ends it, and waits until the device's server knows.
    ///
    /// # Errors
    ///
    /// [`LogError::Unreachable`] if the server cannot be told; it gives up by itself when the
    /// collector is gone.
    pub async fn stop(mut self) -> Result<(), LogError> {
        let Some(added) = self.added.take() else {
            return Ok(());
        };
        added.undo().await.map_err(|source| LogError::Unreachable {
            device: added.device.clone(),
            source,
        })
    }
}

impl Drop for DeviceLog {
    fn drop(&mut self) {
        if let (Some(added), Ok(runtime)) = (self.added.take(), Handle::try_current()) {
            runtime.spawn(async move {
                if let Err(error) = added.undo().await {
                    // the server drops a consumer that is gone
                    tracing::debug!(device = %added.device, %error, "its log could not be ended");
                }
            });
        }
    }
}

impl Added {
    /// Makes the device say at least so much.
    async fn raise(&mut self, levels: &mut Levels) -> Result<(), tango_wire::Error> {
        let asked = strings([self.device.as_str()]);
        let told = self.admin.command("GetLoggingLevel", asked).await;
        let present = match &told {
            Ok(Value::LongStrings(levels, _)) => levels.first().copied(),
            _ => None,
        };
        levels.add(self.level, present.unwrap_or(self.level));
        told?;
        match present {
            Some(present) if present < levels.wanted() => self.set_level(levels.wanted()).await,
            _ => Ok(()),
        }
    }

    async fn set_level(&self, level: i32) -> Result<(), tango_wire::Error> {
        let level = Value::LongStrings(vec![level], vec![self.device.clone()]);
        let set = self.admin.command("SetLoggingLevel", level).await;
        set.map(drop)
    }

    async fn undo(&self) -> Result<(), tango_wire::Error> {
        let mut levels = self.listened.lock().await;
        let before = levels.wanted();
        levels.remove(self.level);
        let removed = if levels.is_unheard() {
            let pair = strings([self.device.as_str(), &self.target]);
            self.admin.command("RemoveLoggingTarget", pair).await
        } else {
            Ok(Value::Void)
        };
        if levels.wanted() != before {
            self.set_level(levels.wanted()).await?;
        }
        removed.map(drop)
    }
}

fn strings<const N: usize>(texts: [&str; N]) -> Value {
    Value::Strings(texts.map(str::to_owned).to_vec())
}
