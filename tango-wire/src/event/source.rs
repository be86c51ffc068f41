//! Where a server sends events, as its admin device tells.

use crate::types::Value;

/// What the admin device answers to `ZmqEventSubscriptionChange`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EventSource {
    /// Pairs of addresses (host:port) for heartbeat and events; each is as good as the others,
    /// seen from other networks.
    pub(super) places: Vec<(String, String)>,
    pub(super) event_topic: String,
    /// The start of the heartbeat's topic.
    pub(super) heartbeat_topic: String,
}

impl EventSource {
    /// Takes the answer apart. The numbers in it are not used: some of them are garbage.
    pub(super) fn read(answer: &Value) -> Option<EventSource> {
        let Value::LongStrings(_, texts) = answer else {
            return None;
        };
        let [places @ .., event_topic, heartbeat_topic] = texts.as_slice() else {
            return None;
        };
        let (pairs, _) = places.as_chunks::<2>();
        let place = |endpoint: &String| endpoint.strip_prefix("tcp://").map(str::to_owned);
        let places = pairs
            .iter()
            .filter_map(|[heartbeat, events]| Some((place(heartbeat)?, place(events)?)));
        let places: Vec<_> = places.collect();
        let (event_topic, heartbeat_topic) = (event_topic.clone(), heartbeat_topic.clone());
        (!places.is_empty()).then_some(EventSource {
            places,
            event_topic,
            heartbeat_topic,
        })
    }

    /// Names the server's event connection.
    pub(super) fn endpoint(&self) -> &str {
        self.places.first().map_or("", |(_, events)| events)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(texts: &[&str]) -> Value {
        let texts = texts.iter().map(|&text| text.to_owned()).collect();
        Value::LongStrings(
            vec![1033, 6, 1000, 1_931_505_524, -1_877_208_320, 435],
            texts,
        )
    }

    #[test]
    fn topics_stand_at_the_end_behind_any_number_of_addresses() {
        let short = answer(&[
            "tcp://10.0.0.1:1",
            "tcp://10.0.0.1:2",
            "t.idl5_change",
            "hb",
        ]);
        let source = EventSource::read(&short).unwrap();
        assert_eq!(source.endpoint(), "10.0.0.1:2");
        assert_eq!(
            (source.event_topic.as_str(), source.heartbeat_topic.as_str()),
            ("t.idl5_change", "hb")
        );
        let long = answer(&[
            "tcp://a:1",
            "tcp://a:2",
            "tcp://b:3",
            "tcp://b:4",
            "t",
            "hb",
        ]);
        assert_eq!(
            EventSource::read(&long).unwrap().places[1],
            ("b:3".into(), "b:4".into())
        );
    }

    #[test]
    fn other_answers_are_none() {
        for value in [
            Value::Void,
            answer(&[]),
            answer(&["t", "hb"]),
            answer(&["udp://a:1", "udp://a:2", "t", "hb"]),
        ] {
            assert_eq!(EventSource::read(&value), None);
        }
    }
}
