//! The device that is tried, and what is known of the server behind it.

use std::error::Error;
use std::fmt;

use tango_wire::{Client, DeviceProxy, Value};

/// A device, its server's name and version, and what that cannot do.
#[derive(Debug)]
pub(crate) struct Peer {
    pub(crate) address: String,
    pub(crate) device: DeviceProxy,
    /// "PyTango", "tango-wire", or "" where the device has no command `Peer`.
    pub(crate) name: String,
    pub(crate) version: String,
    below: String,
    lacks: Vec<String>,
}

impl Peer {
    pub(crate) async fn find(address: &str) -> Result<Peer, Box<dyn Error>> {
        let device = Client::new().device(address).await?;
        let told = match device.command("Peer", Value::Void).await {
            Ok(Value::Strings(words)) => words,
            _ => Vec::new(),
        };
        let lacks = match device.command("Lacks", Value::Void).await {
            Ok(Value::Strings(words)) => words,
            _ => Vec::new(),
        };
        let mut told = told.into_iter();
        let mut next = || told.next().unwrap_or_default();
        Ok(Peer {
            address: address.to_owned(),
            device,
            name: next(),
            version: next(),
            below: next(),
            lacks,
        })
    }

    pub(crate) fn is_pytango(&self) -> bool {
        self.name == "PyTango"
    }

    /// True of a PyTango of this version or later.
    pub(crate) fn is_pytango_from(&self, major: u32, minor: u32) -> bool {
        let mut numbers = self
            .version
            .split('.')
            .map(|number| number.parse().unwrap_or(0));
        let mut next = || numbers.next().unwrap_or(0);
        self.is_pytango() && (next(), next()) >= (major, minor)
    }

    /// True if the server numbers its events. cppTango 9 does so with a database only.
    pub(crate) fn numbers_events(&self) -> bool {
        !self.is_pytango() || self.is_pytango_from(10, 0) || self.has_database()
    }

    /// False of what the peer says that it lacks.
    pub(crate) fn can(&self, what: &str) -> bool {
        !self.lacks.iter().any(|lacked| lacked == what)
    }

    pub(crate) fn has_database(&self) -> bool {
        !self.address.contains("#dbase=no")
    }

    /// False of servers that crash when a configuration is written: cppTango 9 without a database.
    pub(crate) fn takes_configurations(&self) -> bool {
        self.has_database() || !self.is_pytango() || self.is_pytango_from(10, 0)
    }

    /// False of servers that end when an attribute is removed: PyTango before 9.5 without a
    /// database, which it cannot be told to leave alone.
    pub(crate) fn removes_attributes(&self) -> bool {
        self.has_database() || !self.is_pytango() || self.is_pytango_from(9, 5)
    }

    /// The device, found anew by a client that knows nothing yet.
    pub(crate) async fn found_anew(&self) -> Result<DeviceProxy, tango_wire::Error> {
        Client::new().device(&self.address).await
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {} {}", self.name, self.version, self.below)?;
        if !self.lacks.is_empty() {
            write!(formatter, " without {}", self.lacks.join(", "))?;
        }
        Ok(())
    }
}
