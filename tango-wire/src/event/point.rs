//! The admin device's answer to a subscription: where the events are.

use super::SubscribeError;
use crate::types::Value;

/// Places of a server that are tried: one for each of its addresses, and hosts have a few.
const PLACES: usize = 16;

/// Where a server publishes the events of one attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SubscriptionPoint {
    /// The places to try, in this order: a server with several addresses names several.
    pub(crate) endpoints: Vec<Endpoints>,
    /// The topic of the attribute's events.
    pub(crate) topic: Vec<u8>,
    /// What the topics of the server's heartbeats begin with.
    pub(crate) heartbeat_topic: Vec<u8>,
}

/// The two sockets of a server, as `host:port`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Endpoints {
    pub(crate) heartbeats: String,
    pub(crate) events: String,
}

impl SubscriptionPoint {
    /// Reads the answer to `ZmqEventSubscriptionChange`.
    ///
    /// Its strings are pairs of heartbeat and event endpoint, then the two topics (cppTango 9.3.4
    /// and 10.3.3); its numbers are versions and, in part, uninitialised memory: not used.
    pub(crate) fn from_reply(reply: Value) -> Result<Self, SubscribeError> {
        let Value::LongStrings(_, mut strings) = reply else {
            return Err(SubscribeError::Reply("it is not a DevVarLongStringArray"));
        };
        let (Some(heartbeat_topic), Some(topic)) = (strings.pop(), strings.pop()) else {
            return Err(SubscribeError::Reply("it names no topics"));
        };
        let endpoints: Vec<_> = strings
            .chunks_exact(2)
            .filter_map(|pair| {
                Some(Endpoints {
                    heartbeats: pair[0].strip_prefix("tcp://")?.to_owned(),
                    events: pair[1].strip_prefix("tcp://")?.to_owned(),
                })
            })
            .take(PLACES)
            .collect();
        if endpoints.is_empty() {
            return Err(SubscribeError::Reply("it names no tcp:// endpoints"));
        }
        Ok(Self {
            endpoints,
            topic: topic.into_bytes(),
            heartbeat_topic: heartbeat_topic.into_bytes(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(strings: &[&str]) -> Result<SubscriptionPoint, SubscribeError> {
        SubscriptionPoint::from_reply(Value::LongStrings(
            vec![1033, 6, 1000, 1_931_505_524, -1_877_208_320, 435],
            strings.iter().map(|&text| text.to_owned()).collect(),
        ))
    }

    #[test]
    fn topics_are_taken_from_the_end() {
        let point = reply(&[
            "tcp://10.0.0.1:1111",
            "tcp://10.0.0.1:2222",
            "tcp://10.1.0.1:1111",
            "tcp://10.1.0.1:2222",
            "tango://h:1/low/sub/1/obsstate#dbase=no.idl5_change",
            "tango://h:1/dserver/sub/1",
        ])
        .unwrap();
        assert_eq!(point.endpoints.len(), 2);
        assert_eq!(point.endpoints[1].heartbeats, "10.1.0.1:1111");
        assert_eq!(point.endpoints[1].events, "10.1.0.1:2222");
        assert!(point.topic.ends_with(b".idl5_change"));
        assert!(point.heartbeat_topic.ends_with(b"dserver/sub/1"));
    }

    #[test]
    fn a_server_has_a_few_places() {
        let mut strings = ["tcp://h:1", "tcp://h:2"].repeat(1000);
        strings.extend(["event topic", "heartbeat topic"]);
        assert_eq!(reply(&strings).unwrap().endpoints.len(), PLACES);
    }

    #[test]
    fn an_answer_without_endpoints_or_topics_is_refused() {
        assert!(reply(&[]).is_err());
        assert!(reply(&["topic"]).is_err());
        assert!(reply(&["event topic", "heartbeat topic"]).is_err());
        assert!(reply(&["udp://h:1", "udp://h:2", "event topic", "heartbeat topic"]).is_err());
        assert!(SubscriptionPoint::from_reply(Value::Void).is_err());
    }
}
