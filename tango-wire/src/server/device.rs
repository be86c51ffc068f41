//! A servant with all that the server has to know about it.

use std::{
    fmt,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{
    EventPublisher, Servant,
    black_box::BlackBox,
    device_lock::DeviceLock,
    interface::{Attribute, Interface},
    locking::Locking,
    serialization::{MONITOR_TIMEOUT, Monitor, Turn},
};
use crate::types::{AttributeConfig, AttributeFormat, CommandInfo, DataType, DevFailed, EventKind};

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

/// The shape of a value for an attribute of this format: columns and rows.
///
/// # Errors
/// The value has another type than the attribute, or a shape that the format does not have.
pub(super) fn dimension(
    config: &AttributeConfig,
    value: &crate::types::Value,
    columns: Option<u32>,
) -> Result<(u32, u32), DevFailed> {
    use crate::types::Value;
    if *value == Value::Void {
        return Ok((0, 0));
    }
    let refusal = |problem: String| {
        Err(DevFailed::new(
            "API_IncompatibleAttrDataType",
            format!("attribute {} {problem}", config.name),
            "tango_wire::server",
        ))
    };
    let (declared, found) = (config.data_type, value.element_type());
    if !same_type(declared, found) {
        return refusal(format!("is of {declared}, not of {found}"));
    }
    let count = value
        .item_count()
        .map(|count| u32::try_from(count).unwrap_or(u32::MAX));
    match (config.format, count) {
        (AttributeFormat::Scalar | AttributeFormat::Unknown, None | Some(1)) => Ok((1, 0)),
        (AttributeFormat::Scalar | AttributeFormat::Unknown, Some(count)) => {
            refusal(format!("is a scalar, the value has {count} items"))
        }
        (AttributeFormat::Spectrum, count) => Ok((count.unwrap_or(1), 0)),
        (AttributeFormat::Image, count) => {
            let count = count.unwrap_or(1);
            match columns {
                Some(columns) if columns > 0 && count % columns == 0 => {
                    Ok((columns, count / columns))
                }
                Some(columns) => refusal(format!(
                    "is an image: {count} items are no rows of {columns}"
                )),
                None if count == 0 => Ok((0, 0)),
                None => refusal("is an image: how long are its rows?".to_owned()),
            }
        }
    }
}

/// True if a value of type `found` may stand where `declared` is declared: an enumerated value
/// travels as a short.
pub(super) fn same_type(declared: DataType, found: DataType) -> bool {
    match declared {
        DataType::Enum => found == DataType::Short,
        DataType::ConstString => found == DataType::String,
        declared => declared == found,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        server::{BoxFuture, ReadingToServe},
        types::{DevState, Value},
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

    #[test]
    fn values_must_fit_the_declaration() {
        let scalar = AttributeConfig::new("obsState", DataType::Enum);
        let spectrum = AttributeConfig::new("lrc", DataType::String).spectrum(10);
        let image = AttributeConfig::new("beam", DataType::Double).image(10, 10);
        let strings = Value::Strings(vec!["a".into(), "b".into()]);
        let doubles = Value::Doubles(vec![0.0; 6]);
        assert_eq!(dimension(&scalar, &Value::Short(1), None), Ok((1, 0)));
        assert_eq!(dimension(&scalar, &Value::Void, None), Ok((0, 0)));
        assert!(dimension(&scalar, &Value::Long(1), None).is_err());
        assert!(dimension(&scalar, &Value::Shorts(vec![1, 2]), None).is_err());
        assert_eq!(dimension(&spectrum, &strings, None), Ok((2, 0)));
        assert_eq!(dimension(&image, &doubles, Some(3)), Ok((3, 2)));
        assert!(dimension(&image, &doubles, Some(4)).is_err());
        assert!(dimension(&image, &doubles, None).is_err());
    }
}
