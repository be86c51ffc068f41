//! The names under which events are published.

use super::device::Device;
use crate::types::EventKind;

/// Makes the topics of one server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Topics {
    /// `tango://host:port`
    base: String,
    /// What is put behind the name when there is no database.
    suffix: &'static str,
    admin: String,
}

impl Topics {
    /// With a database, everything is named after it; without one, after the server itself.
    pub(super) fn new(database: Option<&str>, server: &str, admin: &str) -> Self {
        let (host, suffix) = match database {
            Some(database) => (database, ""),
            None => (server, "#dbase=no"),
        };
        Self {
            base: format!("tango://{}", host.to_lowercase()),
            suffix,
            admin: admin.to_lowercase(),
        }
    }

    /// The address of a device, as clients may write it.
    pub(super) fn url(&self, device: &Device) -> String {
        format!("{}/{}{}", self.base, device.name(), self.suffix)
    }

    /// Where heartbeats are published.
    ///
    /// Without a database, clients of cppTango 9.3 leave the suffix out, hear nothing, and crash
    /// (9.3.4): they get a topic of their own.
    pub(super) fn heartbeats(&self) -> Vec<String> {
        let prefix = self.heartbeat_prefix();
        let mut topics = vec![format!("{prefix}{}.heartbeat", self.suffix)];
        if !self.suffix.is_empty() {
            topics.push(format!("{prefix}.heartbeat"));
        }
        topics
    }

    /// What clients subscribe to for heartbeats.
    pub(super) fn heartbeat_prefix(&self) -> String {
        format!("{}/{}", self.base, self.admin)
    }

    /// The topic of one kind of event of one attribute. `idl5` stands for all that is not older;
    /// kinds whose data are the same for all clients go without it.
    pub(super) fn event(&self, device: &str, attribute: &str, kind: EventKind) -> String {
        let Self { base, suffix, .. } = self;
        let device = device.to_lowercase();
        let attribute = attribute.to_lowercase();
        match kind {
            EventKind::InterfaceChange => format!("{base}/{device}{suffix}.{kind}"),
            EventKind::Alarm | EventKind::DataReady => {
                format!("{base}/{device}/{attribute}{suffix}.{kind}")
            }
            kind => format!("{base}/{device}/{attribute}{suffix}.idl5_{kind}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_are_those_of_a_real_server() {
        let admin = "dserver/Sub/test";
        let alone = Topics::new(None, "Host:45450", admin);
        assert_eq!(
            alone.event("Low/sub/3", "obsState", EventKind::Change),
            "tango://host:45450/low/sub/3/obsstate#dbase=no.idl5_change"
        );
        assert_eq!(
            alone.heartbeats(),
            [
                "tango://host:45450/dserver/sub/test#dbase=no.heartbeat",
                "tango://host:45450/dserver/sub/test.heartbeat"
            ]
        );
        let prefix = alone.heartbeat_prefix();
        assert!(
            alone
                .heartbeats()
                .iter()
                .all(|topic| topic.starts_with(&prefix))
        );
        let known = Topics::new(Some("db:10000"), "host:45450", admin);
        assert_eq!(
            known.event("low/sub/3", "obsState", EventKind::Change),
            "tango://db:10000/low/sub/3/obsstate.idl5_change"
        );
        assert_eq!(
            known.event("low/sub/3", "", EventKind::InterfaceChange),
            "tango://db:10000/low/sub/3.intr_change"
        );
        assert_eq!(
            alone.event("low/sub/3", "obsState", EventKind::AttributeConfig),
            "tango://host:45450/low/sub/3/obsstate#dbase=no.idl5_attr_conf"
        );
        // seen from servers of 9.5.1 and 10.3.1
        for kind in [EventKind::Alarm, EventKind::DataReady] {
            assert_eq!(
                known.event("low/sub/3", "obsState", kind),
                format!("tango://db:10000/low/sub/3/obsstate.{kind}")
            );
        }
        assert_eq!(
            known.heartbeats(),
            ["tango://db:10000/dserver/sub/test.heartbeat"]
        );
    }
}
