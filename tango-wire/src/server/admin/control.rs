//! Restarts of devices, and the end of the server.

use super::{AdminDevice, failure};
use crate::{
    server::{
        device::{Device, Written},
        panic::contain_panic,
    },
    types::{DevFailed, Value},
};

impl AdminDevice {
    /// Puts a device back to where it started. What clients have written to the configurations of
    /// its attributes is forgotten, as with real servers that have no database to keep it.
    pub(super) async fn restart(&self, device: &str) -> Result<Value, DevFailed> {
        restart(self.device(device)?).await?;
        Ok(Value::Void)
    }

    /// Restarts all devices, one after another. One that fails does not spare the others.
    pub(super) async fn restart_all(&self) -> Result<Value, DevFailed> {
        let mut outcome = Ok(Value::Void);
        for device in self.devices.devices() {
            if let Err(failure) = restart(device).await {
                outcome = outcome.and(Err(failure));
            }
        }
        outcome
    }

    pub(super) fn kill(&self) -> Result<Value, DevFailed> {
        match &self.kill {
            Some(kill) => {
                kill.notify_one();
                Ok(Value::Void)
            }
            None => Err(failure(
                "API_CommandNotAllowed",
                "this server does not let clients stop it: stop it where it was started, or build \
                 it with_remote_kill"
                    .to_owned(),
            )),
        }
    }
}

async fn restart(device: &Device) -> Result<(), DevFailed> {
    // a place each for what may wait for ever: no call of any device could wait if all were taken
    let Ok(_place) = device.restarts.try_acquire() else {
        return Err(failure(
            "API_CommandNotAllowed",
            format!(
                "too many restarts of device {} wait already for a call that does not end",
                device.name()
            ),
        ));
    };
    let _turn = device.turn().await;
    contain_panic(Box::pin(async {
        device.servant.init().await?;
        device.renew(Written::Forgotten);
        Ok(())
    }))
    .await
}
