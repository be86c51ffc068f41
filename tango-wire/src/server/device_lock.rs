//! A device that one client keeps for itself.

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::time::Instant;

use super::{
    caller::{Caller, Program},
    interface::builtin,
    operation::Operation,
};
use crate::types::DevFailed;

/// What stands where a lock's status has nothing to say.
const NOT_DEFINED: &str = "Not defined";

/// The lock of one device. What it answers, and what it lets through, is what cppTango does.
#[derive(Debug, Default)]
pub(super) struct DeviceLock {
    /// True if the state has anything in it: nearly no device is ever locked.
    used: AtomicBool,
    state: Mutex<LockState>,
}

#[derive(Debug, Default)]
struct LockState {
    holder: Option<Holder>,
    /// Whose lock was broken by force. It is told so with its next calls, until another client's
    /// call.
    expelled: Option<Caller>,
}

#[derive(Debug)]
struct Holder {
    caller: Caller,
    since: Instant,
    validity: Duration,
    /// How many times it has locked the device, less how many times unlocked.
    count: i32,
}

impl LockState {
    /// Whoever holds the lock, if it has not fallen.
    fn holder(&mut self) -> Option<&mut Holder> {
        if let Some(holder) = &self.holder
            && holder.since.elapsed() >= holder.validity
        {
            self.holder = None;
        }
        self.holder.as_mut()
    }
}

impl DeviceLock {
    /// Lets a call to this device pass, or not.
    ///
    /// # Errors
    /// Another client holds the lock, or the caller's own was broken.
    pub(super) fn check(
        &self,
        device: &str,
        operation: &Operation,
        caller: &Caller,
    ) -> Result<(), DevFailed> {
        if !self.used.load(Ordering::Acquire) {
            return Ok(());
        }
        match origin(operation) {
            Some(origin) => self.check_change(device, origin, caller),
            None => Ok(()),
        }
    }

    fn check_change(&self, device: &str, origin: &str, caller: &Caller) -> Result<(), DevFailed> {
        let mut state = self.state();
        if let Some(holder) = state.holder() {
            if holder.caller.is_same_client(caller) {
                return Ok(());
            }
            let words = format!("Device {device} is locked by another client");
            return Err(DevFailed::new("API_DeviceLocked", words, origin));
        }
        if let Some(expelled) = &state.expelled {
            if expelled.is_same_client(caller) {
                let words =
                    format!("Device {device} has been unlocked by an administrative client!!!");
                return Err(DevFailed::new("API_DeviceUnlocked", words, origin));
            }
            state.expelled = None;
        }
        Ok(())
    }

    /// True if a client other than this one holds the lock.
    pub(super) fn is_held_against(&self, caller: &Caller) -> bool {
        let mut state = self.state();
        state
            .holder()
            .is_some_and(|holder| !holder.caller.is_same_client(caller))
    }

    /// Forgets whose lock was broken: the device starts anew. A lock that holds stays.
    pub(super) fn restart(&self) {
        self.state().expelled = None;
    }

    /// Locks the device for this client, from now on for so long. Whoever holds the lock already
    /// has to unlock once more.
    pub(super) fn lock(
        &self,
        device: &str,
        caller: &Caller,
        validity: Duration,
    ) -> Result<(), DevFailed> {
        let mut state = self.state();
        self.used.store(true, Ordering::Release);
        let count = match state.holder() {
            Some(holder) if holder.caller.is_same_client(caller) => holder.count,
            Some(_) => return Err(already_locked(device, "DeviceImpl::lock")),
            None => 0,
        };
        state.holder = Some(Holder {
            caller: caller.clone(),
            since: Instant::now(),
            validity,
            count: count.saturating_add(1),
        });
        Ok(())
    }

    /// Takes back one lock of this client, or all of whoever holds it; how many are left.
    pub(super) fn unlock(
        &self,
        device: &str,
        caller: &Caller,
        by_force: bool,
    ) -> Result<i32, DevFailed> {
        let mut state = self.state();
        let Some(holder) = state.holder() else {
            return Ok(0);
        };
        if by_force {
            state.expelled = state.holder.take().map(|holder| holder.caller);
            return Ok(0);
        }
        if !holder.caller.is_same_client(caller) {
            let words = format!("Device {device} is locked by another client, can't unlock it");
            return Err(DevFailed::new(
                "API_DeviceLocked",
                words,
                "DeviceImpl::unlock",
            ));
        }
        holder.count -= 1;
        let left = holder.count;
        if left <= 0 {
            state.holder = None;
        }
        Ok(left)
    }

    /// Lets the time of this client's lock begin anew.
    pub(super) fn relock(&self, device: &str, caller: &Caller) -> Result<(), DevFailed> {
        const ORIGIN: &str = "DeviceImpl::relock";
        match self.state().holder() {
            Some(holder) if holder.caller.is_same_client(caller) => {
                holder.since = Instant::now();
                Ok(())
            }
            Some(_) => Err(already_locked(device, ORIGIN)),
            None => {
                let words = format!("Device {device} is not locked. Can't re-lock it");
                Err(DevFailed::new("API_DeviceNotLocked", words, ORIGIN))
            }
        }
    }

    /// The numbers and words of the command `DevLockStatus`: locked or not, the process, the four
    /// quarters of a Java client's identity; a sentence, the client's address, its Java class.
    pub(super) fn status(&self, device: &str) -> (Vec<i32>, Vec<String>) {
        let mut state = self.state();
        let Some(Holder { caller, .. }) = state.holder() else {
            let words = [
                format!("Device {device} is not locked"),
                NOT_DEFINED.to_owned(),
                NOT_DEFINED.to_owned(),
            ];
            return (vec![0; 6], words.into());
        };
        let mut numbers = vec![1, 0, 0, 0, 0, 0];
        let mut main_class = NOT_DEFINED;
        let client = match &caller.program {
            Some(Program::Java { class, id }) => {
                let quarters = id.iter().flat_map(|half| [half >> 32, *half]);
                for (number, quarter) in numbers.iter_mut().skip(2).zip(quarters) {
                    *number = low_half(quarter);
                }
                main_class = class;
                format!("JAVA client class {class}")
            }
            Some(Program::Process(process)) => {
                if let Some(number) = numbers.get_mut(1) {
                    *number = process.cast_signed();
                }
                format!("CPP or Python client with PID {process}")
            }
            None => "an unknown client".to_owned(),
        };
        let words = [
            format!(
                "Device {device} is locked by {client} from host {}",
                caller.host()
            ),
            format!("giop:tcp:{}", caller.address),
            main_class.to_owned(),
        ];
        (numbers, words.into())
    }

    fn state(&self) -> MutexGuard<'_, LockState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn low_half(number: u64) -> i32 {
    let [a, b, c, d, ..] = number.to_le_bytes();
    i32::from_le_bytes([a, b, c, d])
}

fn already_locked(device: &str, origin: &str) -> DevFailed {
    let words = format!("Device {device} is already locked by another client");
    DevFailed::new("API_DeviceLocked", words, origin)
}

/// What a refusal of this operation names as its origin; `None` for what a lock lets through:
/// reads, questions, and the commands `State` and `Status`.
fn origin(operation: &Operation) -> Option<&'static str> {
    match operation {
        Operation::Command { name, .. } => {
            let harmless = [builtin::STATE, builtin::STATUS];
            let harmless = harmless.iter().any(|own| own.eq_ignore_ascii_case(name));
            (!harmless).then_some("Device_Impl::command_inout4")
        }
        Operation::Write(_) => Some("Device_Impl::write_attributes_4"),
        Operation::WriteAndRead { .. } => Some("Device_Impl::write_read_attributes_5"),
        Operation::Configure(..) => Some("Device_Impl::set_attribute_config"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        server::old_configs::AttributeConfigVersion,
        types::{AttributeVersion, Value},
    };

    const TEN: Duration = Duration::from_secs(10);

    fn client(process: u32) -> Caller {
        Caller {
            address: "127.0.0.1:4000".parse().expect("an address"),
            program: Some(Program::Process(process)),
            source: None,
        }
    }

    fn command(name: &str) -> Operation {
        Operation::Command {
            name: name.to_owned(),
            argument: Value::Void,
        }
    }

    fn reason<T: std::fmt::Debug>(outcome: Result<T, DevFailed>) -> String {
        outcome.expect_err("refused").reason().to_owned()
    }

    #[test]
    fn a_locked_device_lets_others_look_only() {
        let (lock, own, other) = (DeviceLock::default(), client(1), client(2));
        let passes = |operation, caller| lock.check("a/b/c", &operation, caller).is_ok();
        assert!(passes(command("Scan"), &other));
        lock.lock("a/b/c", &own, TEN).expect("free");
        assert!(passes(command("Scan"), &own));
        assert!(passes(Operation::Write(Vec::new()), &own));
        for harmless in [command("state"), command("Status"), Operation::Ping] {
            assert!(passes(harmless, &other));
        }
        let nobody = Caller::at(own.address);
        for change in [command("Scan"), command("Init"), command("Nothing")] {
            assert!(!passes(command("Scan"), &nobody));
            assert_eq!(
                reason(lock.check("a/b/c", &change, &other)),
                "API_DeviceLocked"
            );
        }
        let write_and_read = Operation::WriteAndRead {
            writes: Vec::new(),
            names: Vec::new(),
            version: AttributeVersion::Five,
        };
        for change in [
            Operation::Write(Vec::new()),
            write_and_read,
            Operation::Configure(Vec::new(), AttributeConfigVersion::Five),
        ] {
            assert!(!passes(change, &other));
        }
    }

    #[test]
    fn locks_are_counted_and_taken_back_by_their_owner() {
        let (lock, own, other) = (DeviceLock::default(), client(1), client(2));
        assert_eq!(lock.unlock("a/b/c", &own, false), Ok(0));
        lock.lock("a/b/c", &own, TEN).expect("free");
        lock.lock("a/b/c", &own, TEN).expect("its own");
        assert_eq!(reason(lock.lock("a/b/c", &other, TEN)), "API_DeviceLocked");
        assert_eq!(
            reason(lock.unlock("a/b/c", &other, false)),
            "API_DeviceLocked"
        );
        assert_eq!(lock.unlock("a/b/c", &own, false), Ok(1));
        assert!(lock.is_held_against(&other) && !lock.is_held_against(&own));
        assert_eq!(lock.unlock("a/b/c", &own, false), Ok(0));
        assert!(!lock.is_held_against(&other));
    }

    #[test]
    fn whoever_was_expelled_is_told_until_another_comes() {
        let (lock, own, other) = (DeviceLock::default(), client(1), client(2));
        lock.lock("a/b/c", &own, TEN).expect("free");
        assert_eq!(lock.unlock("a/b/c", &other, true), Ok(0));
        for _ in 0..2 {
            let told = lock.check("a/b/c", &command("Scan"), &own);
            assert_eq!(reason(told), "API_DeviceUnlocked");
        }
        lock.check("a/b/c", &command("Scan"), &other).expect("free");
        lock.check("a/b/c", &command("Scan"), &own).expect("over");
        lock.lock("a/b/c", &own, TEN).expect("free");
        lock.unlock("a/b/c", &other, true).expect("by force");
        lock.restart();
        lock.check("a/b/c", &command("Scan"), &own).expect("over");
    }

    #[tokio::test(start_paused = true)]
    async fn a_lock_falls_unless_it_is_renewed() {
        let (lock, own, other) = (DeviceLock::default(), client(1), client(2));
        assert_eq!(reason(lock.relock("a/b/c", &own)), "API_DeviceNotLocked");
        lock.lock("a/b/c", &own, TEN).expect("free");
        tokio::time::advance(TEN - Duration::from_millis(1)).await;
        assert_eq!(reason(lock.relock("a/b/c", &other)), "API_DeviceLocked");
        lock.relock("a/b/c", &own).expect("still its own");
        tokio::time::advance(TEN - Duration::from_millis(1)).await;
        assert!(lock.is_held_against(&other));
        tokio::time::advance(Duration::from_millis(1)).await;
        assert_eq!(lock.status("a/b/c").0, [0; 6]);
        assert_eq!(reason(lock.relock("a/b/c", &own)), "API_DeviceNotLocked");
        lock.lock("a/b/c", &other, TEN).expect("free again");
    }

    #[test]
    fn its_status_says_who_holds_it() {
        let lock = DeviceLock::default();
        let java = Caller {
            program: Some(Program::Java {
                class: "Main".into(),
                id: [0x1111_2222_3333_4444, 0xffff_ffff_0000_0007],
            }),
            ..client(1)
        };
        lock.lock("a/b/c", &java, TEN).expect("free");
        let (numbers, words) = lock.status("a/b/c");
        assert_eq!(numbers, [1, 0, 0x1111_2222, 0x3333_4444, -1, 7]);
        assert_eq!(
            words,
            [
                "Device a/b/c is locked by JAVA client class Main from host localhost",
                "giop:tcp:127.0.0.1:4000",
                "Main"
            ]
        );
        lock.unlock("a/b/c", &java, true).expect("by force");
        lock.lock("a/b/c", &client(77), TEN).expect("free");
        let (numbers, words) = lock.status("a/b/c");
        assert_eq!(numbers, [1, 77, 0, 0, 0, 0]);
        assert_eq!(
            words[0],
            "Device a/b/c is locked by CPP or Python client with PID 77 from host localhost"
        );
        assert_eq!(words[2], "Not defined");
    }
}
