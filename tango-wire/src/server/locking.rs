//! The admin device's commands about locks. They depend on who calls, which no servant is told.

use std::{sync::Arc, time::Duration};

use super::{caller::Caller, device::Device, device_table::DeviceTable, logging::fits};
use crate::types::{CommandInfo, DataType, DevFailed, Value};

const LOCK: &str = "LockDevice";
const UNLOCK: &str = "UnLockDevice";
const RELOCK: &str = "ReLockDevices";
const STATUS: &str = "DevLockStatus";
const RESTART: &str = "DevRestart";
const LEVEL: &str = "SetLoggingLevel";

/// Locks and unlocks the devices of a server.
#[derive(Debug)]
pub(super) struct Locking {
    devices: Arc<DeviceTable>,
}

/// The commands that [`Locking`] runs, described as in cppTango.
pub(super) fn commands() -> [CommandInfo; 4] {
    use DataType::{Long, String, VarLongStringArray, VarStringArray, Void};
    let command = |name, (input, of_input): (_, &str), (output, of_output): (_, &str)| {
        let mut command = CommandInfo::new(name, input, output);
        of_input.clone_into(&mut command.input_description);
        of_output.clone_into(&mut command.output_description);
        command
    };
    let nothing = (Void, "Uninitialised");
    let validity = "Str[0] = Device name. Lg[0] = Lock validity";
    let force = "Str[x] = Device name(s). Lg[0] = Force flag";
    [
        command(LOCK, (VarLongStringArray, validity), nothing),
        command(
            UNLOCK,
            (VarLongStringArray, force),
            (Long, "Device global lock counter"),
        ),
        command(RELOCK, (VarStringArray, "Device(s) name"), nothing),
        command(
            STATUS,
            (String, "Device name"),
            (VarLongStringArray, "Device locking status"),
        ),
    ]
}

/// A lock of another client forbids it.
fn forbidden(device: &Device, origin: &str) -> DevFailed {
    DevFailed::new(
        "API_DeviceLocked",
        format!(
            "Device {} is locked by another client. Your request is not allowed while a device is \
             locked.",
            device.name()
        ),
        origin,
    )
}

impl Locking {
    /// For these devices; the admin device itself cannot be locked.
    pub(super) fn new(devices: Arc<DeviceTable>) -> Self {
        Self { devices }
    }

    /// Runs a command of the admin device if it is about locks, or if a lock forbids it; `None` if
    /// it is the admin device's own business.
    pub(super) fn command(
        &self,
        admin: &Device,
        name: &str,
        argument: &Value,
        caller: &Caller,
    ) -> Option<Result<Value, DevFailed>> {
        Some(match (name, argument) {
            (LOCK, Value::LongStrings(numbers, names)) => self.lock(admin, numbers, names, caller),
            (UNLOCK, Value::LongStrings(numbers, names)) => {
                self.unlock(admin, numbers, names, caller)
            }
            (RELOCK, Value::Strings(names)) => self.relock(names, caller),
            (STATUS, Value::String(name)) => self.find(admin, name).map(|device| {
                let (numbers, words) = device.lock.status(device.name());
                Value::LongStrings(numbers, words)
            }),
            (RESTART, Value::String(name)) => {
                let device = self.devices.find(name)?;
                if !device.lock.is_held_against(caller) {
                    device.lock.restart();
                    return None;
                }
                Err(forbidden(device, "DServer::restart"))
            }
            (LEVEL, Value::LongStrings(_, names)) => {
                let devices = self.devices.devices().iter();
                let mut locked = devices.filter(|device| device.lock.is_held_against(caller));
                let locked =
                    locked.find(|device| names.iter().any(|name| fits(name, device.name())))?;
                Err(forbidden(locked, "DServer::set_logging_level"))
            }
            _ => return None,
        })
    }

    /// Arguments: for how many seconds; one device.
    fn lock(
        &self,
        admin: &Device,
        numbers: &[i32],
        names: &[String],
        caller: &Caller,
    ) -> Result<Value, DevFailed> {
        check_program(caller, "lock", "DServer::lock_device")?;
        let (Some(&validity), Some(name)) = (numbers.first(), names.first()) else {
            return Err(too_few("a number of seconds and a device", LOCK));
        };
        let device = self.find(admin, name)?;
        if std::ptr::eq(device, admin) {
            return Err(DevFailed::new(
                "API_DeviceUnlockable",
                "Impossible to lock device server administration device",
                "DServer::lock_device",
            ));
        }
        let validity = Duration::from_secs(u64::try_from(validity).unwrap_or(0));
        device.lock.lock(device.name(), caller, validity)?;
        Ok(Value::Void)
    }

    /// Arguments: 1 for "by force"; devices. The answer is how many locks the caller still has on
    /// the one device, 0 if it named several.
    fn unlock(
        &self,
        admin: &Device,
        numbers: &[i32],
        names: &[String],
        caller: &Caller,
    ) -> Result<Value, DevFailed> {
        check_program(caller, "un-lock", "DServer::un_lock_device")?;
        let mut left = 0;
        for name in names {
            let Some(by_force) = numbers.first().map(|&number| number != 0) else {
                return Err(too_few("a number (1: by force) and devices", UNLOCK));
            };
            let device = self.find(admin, name)?;
            left = device.lock.unlock(device.name(), caller, by_force)?;
        }
        let left = if names.len() == 1 { left } else { 0 };
        Ok(Value::Long(left))
    }

    /// Argument: devices. All are tried, and the failure names all that failed.
    fn relock(&self, names: &[String], caller: &Caller) -> Result<Value, DevFailed> {
        check_program(caller, "re_lock", "DServer::re_lock_devices")?;
        let mut errors = Vec::new();
        for name in names {
            let outcome = match self.devices.find(name) {
                Some(device) => device.lock.relock(device.name(), caller),
                None => Err(not_found(name)),
            };
            let failed = outcome.err().map(|failure| failure.0).unwrap_or_default();
            errors.extend(failed.into_iter().map(|mut error| {
                error.description = format!("{name}: {}", error.description);
                error
            }));
        }
        if errors.is_empty() {
            Ok(Value::Void)
        } else {
            Err(DevFailed(errors))
        }
    }

    fn find<'a>(&'a self, admin: &'a Device, name: &str) -> Result<&'a Device, DevFailed> {
        if admin.name().eq_ignore_ascii_case(name) {
            return Ok(admin);
        }
        let device = self.devices.find(name);
        device
            .map(|device| &**device)
            .ok_or_else(|| not_found(name))
    }
}

fn check_program(caller: &Caller, verb: &str, origin: &str) -> Result<(), DevFailed> {
    if caller.program.is_some() {
        return Ok(());
    }
    Err(DevFailed::new(
        "API_ClientTooOld",
        format!(
            "Your client cannot {verb} devices. You are using a too old Tango release. Please, \
             update to tango V7 or more"
        ),
        origin,
    ))
}

fn not_found(name: &str) -> DevFailed {
    DevFailed::new(
        "API_DeviceNotFound",
        format!("Device {name} not found"),
        "DServer",
    )
}

fn too_few(expected: &str, command: &str) -> DevFailed {
    DevFailed::new(
        "API_WrongNumberOfArgs",
        format!("{command} takes {expected}"),
        "DServer",
    )
}
