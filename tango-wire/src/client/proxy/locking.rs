//! Locking a device: only one client may command and write it.

use std::time::Duration;

use super::DeviceProxy;
use crate::client::lock::{DeviceLock, LockHolder, PinnedAdmin};
use crate::error::Error;
use crate::types::Value;

impl DeviceProxy {
    /// Locks the device: until the returned guard is dropped, no other client can run its
    /// commands or write its attributes. Reading stays free.
    ///
    /// While the lock is held, calls of the device and of the admin device run one after another,
    /// over one connection, by whichever proxy of this [`Client`](crate::client::Client) they are
    /// made, and so do those of other devices that it has locked on the same server. The time
    /// that a call waits for the others counts towards its timeout. Renewals wait as well:
    /// choose a validity of at least twice the longest call. A call that times out or is
    /// dropped midway takes the connection with it, and at a server in C++ or Python the lock:
    /// [`DeviceLock::is_held`] tells. Calls that are under way when the lock is taken may be
    /// refused.
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
        // a server that refers to another one does so now: both objects are called where they are
        admin.ping().await?;
        let places = (self.find().await?.target, admin.find().await?.target);
        let admin = PinnedAdmin::new(admin, [&places.0, &places.1]);
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
