use std::fmt;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use super::administrator::Administrator;
use crate::error::Error;
use crate::types::Value;

/// The shortest validity that Tango's own clients ask for.
const SHORTEST: u64 = 2;
/// Renewals are no rarer than this: servers close connections that were idle for three minutes.
const LONGEST_PERIOD: Duration = Duration::from_secs(60);
/// Time between a renewal that failed and the next one, at most.
const PATIENCE: Duration = Duration::from_secs(1);

/// Keeps a device locked, until dropped or told to [`unlock`](DeviceLock::unlock) it.
///
/// A task of its own renews the lock three times in each validity, and at least once a minute.
/// Locks of one client nest: the device is free when the last of them is gone. Dropping it unlocks
/// the device in the background, if a runtime is left to do so; else the lock ends with its
/// validity, as it does when the program ends.
#[must_use = "the device is unlocked when this is dropped"]
pub struct DeviceLock {
    device: String,
    validity: Duration,
    /// When the server may give the lock to another client, unless it is renewed. The keeping task
    /// ends when this is dropped.
    valid_until: watch::Receiver<Instant>,
    /// Ends by itself only when the lock is lost, with the server's words.
    keeping: JoinHandle<Result<(), Error>>,
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
            .field("device", &self.device)
            .field("validity", &self.validity)
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
        let seconds = validity
            .as_secs()
            .saturating_add(u64::from(validity.subsec_nanos() > 0));
        let seconds = i32::try_from(seconds.max(SHORTEST)).unwrap_or(i32::MAX);
        let lock = Lock {
            admin: Box::new(admin),
            device: device.to_owned(),
            validity: Duration::from_secs(seconds.unsigned_abs().into()),
        };
        let asked = Instant::now();
        lock.numbered("LockDevice", seconds).await?;
        let (renewed, valid_until) = watch::channel(asked + lock.validity);
        Ok(DeviceLock {
            device: device.to_owned(),
            validity: lock.validity,
            valid_until,
            keeping: tokio::spawn(lock.keep(renewed)),
        })
    }

    /// The device's name.
    #[must_use]
    pub fn device(&self) -> &str {
        &self.device
    }

    /// False if the lock was lost: somebody has broken it, the server was started again, it could
    /// not be renewed before its validity was over, or the connection was lost that it was tied
    /// to. It takes a renewal to learn that, which the loss of the connection brings about at once.
    #[must_use]
    pub fn is_held(&self) -> bool {
        !self.keeping.is_finished() && Instant::now() < *self.valid_until.borrow()
    }

    /// Unlocks the device. If this is dropped midway, that goes on in the background.
    ///
    /// # Errors
    /// The lock was lost before: the error says how. Or the call failed; the lock then ends with
    /// its validity.
    pub async fn unlock(self) -> Result<(), Error> {
        let DeviceLock {
            valid_until,
            keeping,
            ..
        } = self;
        drop(valid_until);
        // a task that was cancelled has lost its runtime, as this future has then
        keeping.await.unwrap_or(Ok(()))
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

    /// Renews the lock until nobody wants it any more, then gives it back. Fails if the server says
    /// that it is lost, or cannot be told.
    ///
    /// A renewal is never cut short by that: it would take the connection with it, and the lock.
    async fn keep(self, renewed: watch::Sender<Instant>) -> Result<(), Error> {
        let period = (self.validity / 3).min(LONGEST_PERIOD);
        let mut losses = self.admin.losses();
        let mut pause = period;
        loop {
            let is_wanted = tokio::select! {
                biased;
                () = renewed.closed() => false,
                Ok(()) = losses.changed() => true,
                () = sleep(pause) => true,
            };
            let asked = Instant::now();
            // a call that hangs leaves time for another
            let outcome = timeout(period, self.renew()).await;
            // what got lost meanwhile was lost before this call, or by it
            losses.mark_unchanged();
            pause = match outcome {
                Ok(Ok(())) => {
                    renewed.send_replace(asked + self.validity);
                    period
                }
                Ok(Err(loss @ Error::DevFailed { .. })) => {
                    let device = &self.device;
                    tracing::warn!(device, error = %loss, "lost the lock of a device");
                    return Err(loss);
                }
                Ok(Err(error)) => {
                    tracing::debug!(device = self.device, %error, "could not renew a lock");
                    period.min(PATIENCE)
                }
                Err(_) => {
                    tracing::debug!(device = self.device, "a lock was not renewed in time");
                    period.min(PATIENCE)
                }
            };
            if !is_wanted {
                // asked before, since a server takes back what is not locked without a word
                let given_back = self.numbered("UnLockDevice", 0).await;
                if let Err(error) = &given_back {
                    tracing::debug!(device = self.device, %error, "could not unlock a device");
                }
                return given_back;
            }
        }
    }
}

#[cfg(test)]
mod tests;
