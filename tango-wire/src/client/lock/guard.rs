use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use super::administrator::Administrator;
use crate::error::Error;
use crate::types::Value;

/// The shortest validity that Tango's own clients ask for.
const SHORTEST: u64 = 2;

/// Keeps a device locked, until dropped or told to [`unlock`](DeviceLock::unlock) it.
///
/// A task of its own renews the lock three times in each validity. Locks of one process nest: the
/// device is free when the last of them is gone. Dropping it unlocks the device in the
/// background, if a runtime is left to do so; else the lock ends with its validity, as it does
/// when the program ends.
#[must_use = "the device is unlocked when this is dropped"]
pub struct DeviceLock {
    lock: Arc<Lock>,
    /// When the server may give the lock to another client, unless it is renewed.
    valid_until: watch::Receiver<Instant>,
    /// Ends by itself only when the lock is lost, with the server's words.
    renewing: JoinHandle<Error>,
    is_over: bool,
}

/// What is locked, and through whom.
struct Lock {
    admin: Box<dyn Administrator>,
    device: String,
    validity: Duration,
}

impl fmt::Debug for DeviceLock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DeviceLock")
            .field("device", &self.lock.device)
            .field("validity", &self.lock.validity)
            .field("is_held", &self.is_held())
            .finish()
    }
}

impl DeviceLock {
    /// Locks a device, and goes on doing so.
    pub(in crate::client) async fn take(
        admin: impl Administrator,
        device: &str,
        validity: Duration,
    ) -> Result<DeviceLock, Error> {
        let seconds = validity.as_secs() + u64::from(validity.subsec_nanos() > 0);
        let seconds = i32::try_from(seconds.max(SHORTEST)).unwrap_or(i32::MAX);
        let lock = Arc::new(Lock {
            admin: Box::new(admin),
            device: device.to_owned(),
            validity: Duration::from_secs(seconds.unsigned_abs().into()),
        });
        let asked = Instant::now();
        lock.numbered("LockDevice", seconds).await?;
        let (renewed, valid_until) = watch::channel(asked + lock.validity);
        Ok(DeviceLock {
            renewing: tokio::spawn(renew(Arc::clone(&lock), renewed)),
            lock,
            valid_until,
            is_over: false,
        })
    }

    /// The device's name.
    #[must_use]
    pub fn device(&self) -> &str {
        &self.lock.device
    }

    /// False if the lock was lost: somebody has broken it, the server was started again, or it
    /// could not be renewed before its validity was over.
    #[must_use]
    pub fn is_held(&self) -> bool {
        !self.renewing.is_finished() && Instant::now() < *self.valid_until.borrow()
    }

    /// Unlocks the device. If this is dropped midway, the lock ends with its validity at the
    /// latest.
    ///
    /// # Errors
    /// The lock was lost before: the error says how. Or the call failed; the lock then ends with
    /// its validity.
    pub async fn unlock(mut self) -> Result<(), Error> {
        self.is_over = true;
        if self.renewing.is_finished()
            && let Ok(loss) = (&mut self.renewing).await
        {
            return Err(loss);
        }
        self.renewing.abort();
        self.lock.numbered("UnLockDevice", 0).await
    }
}

impl Drop for DeviceLock {
    fn drop(&mut self) {
        let is_lost = self.renewing.is_finished();
        self.renewing.abort();
        if !self.is_over
            && !is_lost
            && let Ok(runtime) = Handle::try_current()
        {
            let lock = Arc::clone(&self.lock);
            runtime.spawn(async move {
                if let Err(error) = lock.numbered("UnLockDevice", 0).await {
                    tracing::debug!(device = lock.device, %error, "could not unlock a device");
                }
            });
        }
    }
}

impl Lock {
    /// Runs one of the commands that take a number and a device.
    async fn numbered(&self, command: &'static str, number: i32) -> Result<(), Error> {
        let argument = Value::LongStrings(vec![number], vec![self.device.clone()]);
        self.admin.run(command, argument).await.map(|_| ())
    }

    async fn renew(&self) -> Result<(), Error> {
        let argument = Value::Strings(vec![self.device.clone()]);
        self.admin.run("ReLockDevices", argument).await.map(|_| ())
    }
}

/// Renews a lock until the server says that it is gone.
async fn renew(lock: Arc<Lock>, renewed: watch::Sender<Instant>) -> Error {
    let period = lock.validity / 3;
    loop {
        sleep(period).await;
        let asked = Instant::now();
        // a call that hangs leaves time for another
        match timeout(period, lock.renew()).await {
            Ok(Ok(())) => {
                renewed.send_replace(asked + lock.validity);
            }
            Ok(Err(loss @ Error::DevFailed { .. })) => {
                tracing::warn!(device = lock.device, error = %loss, "lost the lock of a device");
                return loss;
            }
            Ok(Err(error)) => {
                tracing::debug!(device = lock.device, %error, "could not renew a lock");
            }
            Err(_) => tracing::debug!(device = lock.device, "a lock was not renewed in time"),
        }
    }
}

#[cfg(test)]
mod tests;
