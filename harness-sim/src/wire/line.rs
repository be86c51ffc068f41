//! What lies between a device and its clients, and can be disturbed.

use std::sync::{Arc, OnceLock, Weak};

use tango_wire::server::EventPublisher;

use super::{EventLine, Serving, Silence};

/// What lies between a device and its clients, and can be disturbed.
#[derive(Debug)]
pub(crate) struct Line {
    events: Arc<EventLine>,
    silence: Silence,
    /// The device server, which holds the devices and so must not be held by them.
    serving: OnceLock<Weak<Serving>>,
}

impl Line {
    /// In the present tokio runtime.
    pub(crate) fn new(device: Arc<str>, events: EventPublisher) -> Line {
        Line {
            events: Arc::new(EventLine::new(device, events)),
            silence: Silence::default(),
            serving: OnceLock::new(),
        }
    }

    pub(crate) const fn events(&self) -> &Arc<EventLine> {
        &self.events
    }

    pub(crate) const fn silence(&self) -> &Silence {
        &self.silence
    }

    /// The device is served from now on.
    pub(super) fn serve(&self, serving: Weak<Serving>) {
        // it is served once; its server may be started several times
        self.serving.set(serving).ok();
    }

    /// Its server, if it is served and its telescope still runs.
    pub(crate) fn serving(&self) -> Option<Arc<Serving>> {
        self.serving.get()?.upgrade()
    }
}
