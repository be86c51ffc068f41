//! What is known about one device.

use std::time::SystemTime;

use super::weight::Weigh;

/// The class of every server's admin device.
pub(crate) const ADMIN_CLASS: &str = "DServer";
/// What stands before the server's name in the name of its admin device.
pub(crate) const ADMIN_PREFIX: &str = "dserver/";

/// True if this reads `domain/family/member`, without a `*`. The member may hold more slashes
/// (DataBaseds 9.3.4).
pub(crate) fn is_device_name(name: &str) -> bool {
    name.matches('/').count() >= 2 && !name.starts_with('/') && !name.contains('*')
}

/// A device that is defined, whether it runs or not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Device {
    /// `executable/instance`
    pub(crate) server: String,
    pub(crate) class: String,
    /// Where it runs, or ran last.
    pub(crate) export: Option<Export>,
    pub(crate) exported: bool,
    pub(crate) started: Option<SystemTime>,
    pub(crate) stopped: Option<SystemTime>,
}

impl Device {
    /// A device that does not run.
    pub(crate) fn new(server: &str, class: &str) -> Self {
        Self {
            server: server.to_owned(),
            class: class.to_owned(),
            ..Self::default()
        }
    }

    /// The host where it runs, or ran last.
    pub(crate) fn host(&self) -> &str {
        self.export.as_ref().map_or(NOWHERE, |export| &export.host)
    }

    /// Notes that it does not run any more.
    pub(crate) fn stop(&mut self, now: SystemTime) {
        self.exported = false;
        self.stopped = Some(now);
    }
}

impl Weigh for Device {
    fn weight(&self) -> usize {
        let export = self.export.as_ref().map_or(0, Weigh::weight);
        size_of::<Self>() + self.server.len() + self.class.len() + export
    }
}

/// What the database says of a device that has never run (DataBaseds 9.3.4).
pub(crate) const NOWHERE: &str = "nada";

/// What a server says about a device when it starts it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Export {
    /// The stringified object reference.
    pub(crate) reference: String,
    pub(crate) host: String,
    pub(crate) process: i32,
    /// The version of the interface, as "6".
    pub(crate) version: String,
}

impl Default for Export {
    /// That of a device that has never run.
    fn default() -> Self {
        Self {
            reference: NOWHERE.to_owned(),
            host: NOWHERE.to_owned(),
            process: 0,
            version: "0".to_owned(),
        }
    }
}

impl Weigh for Export {
    fn weight(&self) -> usize {
        self.reference.len() + self.host.len() + self.version.len()
    }
}

/// An event channel of Tango 7 and before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct EventChannel {
    pub(crate) export: Export,
    pub(crate) exported: bool,
}

impl Weigh for EventChannel {
    fn weight(&self) -> usize {
        size_of::<Self>() + self.export.weight()
    }
}

/// Where the starter should run a server, and when.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Placement {
    pub(crate) host: String,
    /// 1 if the starter looks after it.
    pub(crate) mode: i32,
    /// When it is started: 1 first, 0 never.
    pub(crate) level: i32,
}

impl Weigh for Placement {
    fn weight(&self) -> usize {
        size_of::<Self>() + self.host.len()
    }
}
