//! Locking a device: only one client may command and write it.

use std::time::Duration;

use super::DeviceProxy;
use crate::client::lock::{DeviceLock, LockHolder};
use crate::error::Error;
use crate::types::Value;

impl DeviceProxy {
    /// Locks the device: until the returned guard is dropped, no other client can run its
    /// commands or write its attributes. Reading stays free.
    ///
    /// Without this client's renewals, which go on by themselves, the lock ends after `validity`:
    /// whole seconds, rounded up, at least 2 s. Tango's own clients use 10 s. If this future is
    /// dropped midway, the device may stay locked for that long.
    ///
    /// # Errors
    /// [`Error::DevFailed`] with the reason `API_DeviceLocked` if another client has locked it;
    /// and as for any call.
    pub async fn lock(&self, validity: Duration) -> Result<DeviceLock, Error> {
        let (admin, device) = self.administration().await?;
        DeviceLock::take(admin, &device, validity).await
    }

    /// Who has locked the device, if anybody has. A server forgets a lock whose validity is over
    /// only when somebody else wants the device, so this may tell of one that is out of date.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn locking_status(&self) -> Result<Option<LockHolder>, Error> {
        let command = "DevLockStatus";
        let (admin, device) = self.administration().await?;
        let reply = admin.command(command, Value::String(device)).await?;
        LockHolder::from_reply(&reply)
            .map_err(|words| Error::protocol(admin.name(), command, words))
    }

    /// Breaks whatever locks the device has, whoever holds them.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn unlock_by_force(&self) -> Result<(), Error> {
        let (admin, device) = self.administration().await?;
        let argument = Value::LongStrings(vec![1], vec![device]);
        admin.command("UnLockDevice", argument).await?;
        Ok(())
    }

    /// The admin device, and what it calls this one.
    async fn administration(&self) -> Result<(DeviceProxy, String), Error> {
        let admin = self.admin().await?;
        let name = self.find().await?.name.to_string();
        Ok((admin, name))
    }
}
