//! A servant with all that the server has to know about it.

use std::{
    fmt,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::sync::Semaphore;

use super::{
    EventPublisher, Servant,
    black_box::BlackBox,
    device_lock::DeviceLock,
    interface::{Attribute, Interface},
    locking::Locking,
    serialization::{MONITOR_TIMEOUT, Monitor, Turn},
};
use crate::types::{AttributeConfig, CommandInfo, DevFailed, EventKind};

/// Restarts of a device that may wait for it at the same time.
const RESTARTS_WAITING: usize = 16;

/// One device as it is served.
pub(super) struct Device {
    name: String,
    class: String,
    pub(super) servant: Arc<dyn Servant>,
    /// Read in every call, and then held by the call: nothing waits for it.
    interface: RwLock<Answered>,
    /// How often the servant was asked for its interface.
    questions: AtomicU64,
    events: EventPublisher,
    pub(super) monitor: Monitor,
    pub(super) lock: DeviceLock,
    pub(super) black_box: BlackBox,
    /// Places for restarts, which wait for as long as it takes.
    pub(super) restarts: Semaphore,
    /// Of the admin device.
    pub(super) locking: Option<Locking>,
}

/// An interface, and the number of the question that it answered.
struct Answered {
    question: u64,
    interface: Arc<Interface>,
}

/// What becomes of configurations that clients have written, when a servant is asked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    Kept,
    Forgotten,
}

impl Device {
    pub(super) fn new(name: &str, servant: Arc<dyn Servant>, events: EventPublisher) -> Self {
        let interface = Arc::new(Interface::of(&*servant));
        Self {
            name: name.to_owned(),
            class: servant.class(),
            servant,
            interface: RwLock::new(Answered {
                question: 0,
                interface,
            }),
            questions: AtomicU64::new(0),
            events,
            monitor: Monitor::new(name, MONITOR_TIMEOUT),
            lock: DeviceLock::default(),
            black_box: BlackBox::default(),
            restarts: Semaphore::new(RESTARTS_WAITING),
            locking: None,
        }
    }

    /// Lets its commands run beside each other: the admin device waits for other devices, and
    /// must answer everybody else meanwhile.
    pub(super) fn without_turns(mut self) -> Self {
        self.monitor = Monitor::open(&self.name);
        self
    }

    /// Lets its calls wait for each other at this monitor.
    pub(super) fn with_monitor(mut self, monitor: Monitor) -> Self {
        self.monitor = monitor;
        self
    }

    /// Lets it lock and unlock other devices.
    pub(super) fn with_locking(mut self, locking: Locking) -> Self {
        self.locking = Some(locking);
        self
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn class(&self) -> &str {
        &self.class
    }

    /// Its commands and attributes, as they are now.
    pub(super) fn interface(&self) -> Arc<Interface> {
        let answered = self
            .interface
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&answered.interface)
    }

    pub(super) fn find_command(&self, name: &str) -> Result<Arc<CommandInfo>, DevFailed> {
        let command = self.interface().command(name).map(Arc::clone);
        command.ok_or_else(|| {
            DevFailed::new(
                "API_CommandNotFound",
                format!("Command {name} not found on device {}", self.name),
                "tango_wire::server",
            )
        })
    }

    pub(super) fn find_attribute(&self, name: &str) -> Result<Arc<Attribute>, DevFailed> {
        let attribute = self.interface().attribute(name).map(Arc::clone);
        attribute.ok_or_else(|| self.no_attribute(name))
    }

    fn no_attribute(&self, name: &str) -> DevFailed {
        DevFailed::new(
            "API_AttrNotFound",
            format!("{name} attribute not found on device {}", self.name),
            "tango_wire::server",
        )
    }

    /// True if an attribute has events of this kind: the servant's word, but for those that the
    /// server sends itself.
    pub(super) fn sends(&self, attribute: &AttributeConfig, kind: EventKind) -> bool {
        match kind {
            EventKind::AttributeConfig | EventKind::InterfaceChange => true,
            kind => self.servant.sends(&attribute.name, kind),
        }
    }

    /// Puts a client's configuration of an attribute in force, and tells the subscribers.
    /// `complete` adds to the present configuration what the client could not say.
    pub(super) fn configure(
        &self,
        name: &str,
        complete: impl FnOnce(&AttributeConfig) -> AttributeConfig,
    ) -> Result<(), DevFailed> {
        let name = {
            let mut answered = self
                .interface
                .write()
                .unwrap_or_else(PoisonError::into_inner);
            let interface = &answered.interface;
            let attribute = interface
                .attribute(name)
                .ok_or_else(|| self.no_attribute(name))?;
            let wanted = complete(attribute.config());
            let configured = Arc::new(attribute.configured(&self.name, &wanted)?);
            answered.interface = Arc::new(interface.with_attribute(Arc::clone(&configured)));
            configured.config().name.clone()
        };
        self.events.attribute_configured(self, &name);
        Ok(())
    }

    /// Asks the servant again what it has; true if that is something else than before. Then, the
    /// subscribers are told.
    pub(super) fn renew(&self, written: Written) -> bool {
        let question = self.questions.fetch_add(1, Ordering::Relaxed) + 1;
        let fresh = Interface::of(&*self.servant);
        let (old, fresh) = {
            let mut answered = self
                .interface
                .write()
                .unwrap_or_else(PoisonError::into_inner);
            if question < answered.question {
                // who asked later has told already, and knows more
                return false;
            }
            let fresh = Arc::new(match written {
                Written::Kept => fresh.keeping(&answered.interface),
                Written::Forgotten => fresh,
            });
            answered.question = question;
            let old = std::mem::replace(&mut answered.interface, Arc::clone(&fresh));
            (old, fresh)
        };
        let changed = fresh.differs(&old);
        if changed {
            self.events.interface_renewed(self);
        }
        if written == Written::Forgotten {
            // as after a restart of a real one: who watches a configuration is told what it is now
            for attribute in fresh.attributes() {
                self.events
                    .attribute_configured(self, &attribute.config().name);
            }
        }
        changed
    }

    /// Waits until no other call runs on this device, however long that takes; what is returned
    /// keeps others out.
    pub(super) async fn turn(&self) -> Turn<'_> {
        self.monitor.wait().await
    }
}

impl fmt::Debug for Device {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Device")
            .field("name", &self.name)
            .field("class", &self.class)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        server::{BoxFuture, ReadingToServe},
        types::{DataType, DevState, Value},
    };
    use std::sync::{
        atomic::AtomicUsize,
        mpsc::{self, Receiver, Sender},
    };

    /// Has as many attributes as its count says; may be held up while it tells them.
    #[derive(Default)]
    struct Growing {
        count: AtomicUsize,
        held: std::sync::Mutex<Option<(Sender<()>, Receiver<()>)>>,
    }

    impl Servant for Growing {
        fn class(&self) -> String {
            "Growing".to_owned()
        }

        fn commands(&self) -> Vec<CommandInfo> {
            Vec::new()
        }

        fn attributes(&self) -> Vec<AttributeConfig> {
            let count = self.count.load(Ordering::SeqCst);
            let held = self.held.lock().expect("not poisoned").take();
            if let Some((asked, go_on)) = held {
                asked.send(()).expect("waited for");
                go_on.recv().expect("let go");
            }
            let name = |number| format!("a{number}");
            (0..count)
                .map(|number| AttributeConfig::new(name(number), DataType::Long))
                .collect()
        }

        fn state(&self) -> DevState {
            DevState::On
        }

        fn command<'a>(
            &'a self,
            _: &'a str,
            argument: Value,
        ) -> BoxFuture<'a, Result<Value, DevFailed>> {
            Box::pin(std::future::ready(Ok(argument)))
        }

        fn read<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<ReadingToServe, DevFailed>> {
            Box::pin(std::future::ready(Ok(Value::Long(0).into())))
        }
    }

    #[test]
    fn an_answer_that_comes_late_does_not_undo_a_newer_one() {
        let servant = Arc::new(Growing::default());
        let device = Device::new("a/b/c", servant.clone(), EventPublisher::new());
        let (asked, was_asked) = mpsc::channel();
        let (let_go, go_on) = mpsc::channel();
        *servant.held.lock().expect("not poisoned") = Some((asked, go_on));
        std::thread::scope(|threads| {
            let late = threads.spawn(|| device.renew(Written::Kept));
            was_asked.recv().expect("asked");
            servant.count.store(1, Ordering::SeqCst);
            assert!(device.renew(Written::Kept));
            let_go.send(()).expect("waits");
            assert!(!late.join().expect("no panic"));
        });
        assert!(device.find_attribute("a0").is_ok());
        assert!(!device.renew(Written::Kept), "nothing has changed");
    }
}
