//! Lets the calls of one device run one after another.

use std::{collections::HashMap, sync::Arc, time::Duration};

use tokio::{
    sync::{Mutex, MutexGuard},
    time::timeout,
};

use crate::types::DevFailed;

/// How long a call waits for others unless told otherwise: as long as in cppTango.
pub(super) const MONITOR_TIMEOUT: Duration = Duration::from_millis(3200);

/// Which calls of a server wait for each other.
///
/// What waits are commands, reads and writes of attributes, and the CORBA attributes `state` and
/// `status`; the admin device and all other questions (`ping`, `info`, the black box,
/// configurations, names) never do. Who comes first is served first. A call that has waited for
/// longer than the monitor timeout is refused with `API_CommandTimedOut`; the CORBA attribute
/// `state` then fails with the system exception `IMP_LIMIT`, and `status` says that the monitor
/// could not be had, all as in cppTango.
///
/// A device that calls itself over the network waits for itself, and is refused like that. What a
/// device does without a call, such as pushing events, waits for nobody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Serialization {
    /// Those of one device. The default.
    #[default]
    ByDevice,
    /// Those of all devices of one class.
    ByClass,
    /// Those of all devices of the server.
    ByProcess,
    /// None: the devices see to it themselves.
    None,
}

/// What calls wait for each other at. Clones are the same monitor.
#[derive(Clone, Debug)]
pub(super) struct Monitor {
    turn: Option<Arc<Mutex<()>>>,
    /// Whose it is, for those who cannot have it.
    name: Arc<str>,
    limit: Duration,
}

/// A call's turn; the next call's begins when it is dropped. Without a monitor there is none.
#[must_use = "the turn ends when this is dropped"]
#[derive(Debug)]
pub(super) struct Turn<'a> {
    _guard: Option<MutexGuard<'a, ()>>,
}

impl Monitor {
    /// One for nobody else.
    pub(super) fn new(name: &str, limit: Duration) -> Self {
        Self {
            turn: Some(Arc::default()),
            name: name.into(),
            limit,
        }
    }

    /// One that lets everybody pass.
    pub(super) fn open(name: &str) -> Self {
        Self {
            turn: None,
            name: name.into(),
            limit: Duration::ZERO,
        }
    }

    /// Waits for its turn, however long that takes.
    pub(super) async fn wait(&self) -> Turn<'_> {
        let guard = match &self.turn {
            Some(turn) => Some(turn.lock().await),
            None => None,
        };
        Turn { _guard: guard }
    }

    /// Waits for its turn, and not for too long. Costs no more than a lock if nobody else is there.
    pub(super) async fn enter(&self) -> Result<Turn<'_>, DevFailed> {
        let Some(turn) = &self.turn else {
            return Ok(Turn { _guard: None });
        };
        // this does not overtake: a turn is handed from one to the next, never free between them
        let guard = match turn.try_lock() {
            Ok(guard) => guard,
            Err(_) => timeout(self.limit, turn.lock())
                .await
                .map_err(|_| self.refusal())?,
        };
        Ok(Turn {
            _guard: Some(guard),
        })
    }

    fn refusal(&self) -> DevFailed {
        DevFailed::new(
            "API_CommandTimedOut",
            format!(
                "Not able to acquire serialization monitor \"{}\" within {:?}: it is held by \
                 another call",
                self.name, self.limit
            ),
            "tango_wire::server",
        )
    }
}

/// Gives each device of a server its monitor.
#[derive(Debug)]
pub(super) struct Monitors {
    serialization: Serialization,
    limit: Duration,
    shared: HashMap<String, Monitor>,
}

impl Monitors {
    pub(super) fn new(serialization: Serialization, limit: Duration) -> Self {
        Self {
            serialization,
            limit,
            shared: HashMap::new(),
        }
    }

    /// The monitor of a device of this name and class.
    pub(super) fn of_device(&mut self, device: &str, class: &str) -> Monitor {
        let shared = match self.serialization {
            Serialization::ByDevice => return Monitor::new(device, self.limit),
            Serialization::None => return Monitor::open(device),
            Serialization::ByClass => class,
            Serialization::ByProcess => "process",
        };
        let limit = self.limit;
        let monitor = self.shared.entry(shared.to_owned());
        monitor
            .or_insert_with(|| Monitor::new(shared, limit))
            .clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::Future;
    use tokio::{task::yield_now, time::Instant};

    #[tokio::test(start_paused = true)]
    async fn who_waits_for_too_long_is_refused() {
        let monitor = Monitor::new("a/b/c", MONITOR_TIMEOUT);
        let turn = monitor.enter().await.expect("free");
        let start = Instant::now();
        let failure = monitor.enter().await.expect_err("taken");
        assert_eq!(start.elapsed(), MONITOR_TIMEOUT);
        assert_eq!(failure.reason(), "API_CommandTimedOut");
        assert!(
            failure
                .to_string()
                .contains("monitor \"a/b/c\" within 3.2s")
        );
        drop(turn);
        let _turn = monitor.enter().await.expect("free again");
    }

    #[tokio::test(start_paused = true)]
    async fn turns_are_given_in_the_order_of_asking() {
        let monitor = Monitor::new("a/b/c", MONITOR_TIMEOUT);
        let order = std::sync::Mutex::new(Vec::new());
        let turn = monitor.enter().await.expect("free");
        let asking = |number: u32| {
            let (monitor, order) = (&monitor, &order);
            async move {
                let _turn = monitor.enter().await.expect("in time");
                order.lock().expect("sound").push(number);
                yield_now().await;
            }
        };
        let opening = async {
            yield_now().await;
            drop(turn);
            // the first in the queue has it already: nobody gets in between
            assert!(monitor.turn.as_ref().expect("there").try_lock().is_err());
        };
        tokio::join!(asking(1), asking(2), asking(3), opening);
        assert_eq!(*order.lock().expect("sound"), [1, 2, 3]);
    }

    #[tokio::test]
    async fn monitors_are_shared_as_asked() {
        for (serialization, shared) in [
            (Serialization::ByDevice, [false, false]),
            (Serialization::ByClass, [true, false]),
            (Serialization::ByProcess, [true, true]),
            (Serialization::None, [false, false]),
        ] {
            let mut monitors = Monitors::new(serialization, MONITOR_TIMEOUT);
            let first = monitors.of_device("a/b/1", "A");
            let _turn = first.enter().await.expect("free");
            for (class, shared) in [("A", shared[0]), ("B", shared[1])] {
                let other = monitors.of_device("a/b/2", class);
                assert_eq!(is_taken(&other).await, shared, "{serialization:?} {class}");
            }
            assert_eq!(is_taken(&first).await, serialization != Serialization::None);
        }
    }

    async fn is_taken(monitor: &Monitor) -> bool {
        let mut entering = std::pin::pin!(monitor.enter());
        std::future::poll_fn(|context| {
            std::task::Poll::Ready(entering.as_mut().poll(context).is_pending())
        })
        .await
    }
}
