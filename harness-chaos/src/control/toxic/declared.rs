//! A toxic: read from JSON, changed by it, and written.

use serde_json::{Map, Value, json};

use super::attribute::Attribute;
use super::kind::{KINDS, Kind};
use crate::condition::Condition;
use crate::connection::Direction;
use crate::control::problem::{Problem, Result};
use crate::control::request::{shown, text};

/// A toxic: what goes wrong, in which direction, and for how many of the connections.
#[derive(Clone, Debug)]
pub(in crate::control) struct Toxic {
    pub(in crate::control) name: String,
    pub(in crate::control) direction: Direction,
    pub(in crate::control) toxicity: f64,
    kind: &'static Kind,
    values: Vec<f64>,
}

impl Toxic {
    /// A toxic that a body declares. What is missing is as with Toxiproxy: downstream, all connections, a
    /// name of type and stream.
    pub(in crate::control) fn read(body: &Map<String, Value>) -> Result<Toxic> {
        let direction = match text(body, "stream")?.unwrap_or_default() {
            stream if stream.is_empty() || stream.eq_ignore_ascii_case("downstream") => {
                Direction::Replies
            }
            stream if stream.eq_ignore_ascii_case("upstream") => Direction::Requests,
            _ => {
                return Err(Problem::bad(
                    "stream was invalid, can be either upstream or downstream",
                ));
            }
        };
        let kind = text(body, "type")?.unwrap_or_default();
        let kind = Kind::named(kind).ok_or_else(|| {
            let known: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
            let (kind, known) = (shown(&kind.into()), known.join(", "));
            Problem::bad(format!("invalid toxic type: {kind}; known: {known}"))
        })?;
        let name = match text(body, "name")?.unwrap_or_default() {
            "" => format!("{}_{}", kind.name, stream(direction)),
            name => name.to_owned(),
        };
        Ok(Toxic {
            name,
            direction,
            toxicity: toxicity(body)?.unwrap_or(1.0),
            values: values(kind, attributes(body)?)?,
            kind,
        })
    }

    /// The same toxic with what a body changes: attributes, and the toxicity. Attributes that are not
    /// named stay.
    pub(in crate::control) fn changed(&self, body: &Map<String, Value>) -> Result<Toxic> {
        for (member, value) in [
            ("name", self.name.as_str()),
            ("type", self.kind.name),
            ("stream", stream(self.direction)),
        ] {
            if text(body, member)?.is_some_and(|given| !given.eq_ignore_ascii_case(value)) {
                return Err(Problem::bad(format!(
                    "the {member} of a toxic cannot be changed; remove it and add another one"
                )));
            }
        }
        let mut all = self.attributes();
        if let Some(attributes) = attributes(body)? {
            all.extend(attributes.clone());
        }
        Ok(Toxic {
            toxicity: toxicity(body)?.unwrap_or(self.toxicity),
            values: values(self.kind, Some(&all))?,
            ..self.clone()
        })
    }

    /// What it does; nothing, if it does nothing.
    pub(in crate::control) fn condition(&self) -> Option<Condition> {
        self.kind.condition(&self.values)
    }

    fn attributes(&self) -> Map<String, Value> {
        let attributes = self.kind.attributes.iter().zip(&self.values);
        attributes
            .map(|(attribute, value)| (attribute.name.to_owned(), attribute.json(*value)))
            .collect()
    }

    pub(in crate::control) fn json(&self) -> Value {
        json!({
            "name": self.name,
            "type": self.kind.name,
            "stream": stream(self.direction),
            "toxicity": self.toxicity,
            "attributes": self.attributes(),
        })
    }
}

/// What Toxiproxy calls a direction.
const fn stream(direction: Direction) -> &'static str {
    match direction {
        Direction::Requests => "upstream",
        Direction::Replies => "downstream",
    }
}

fn toxicity(body: &Map<String, Value>) -> Result<Option<f64>> {
    let given = body.get("toxicity").filter(|given| !given.is_null());
    let Some(given) = given else {
        return Ok(None);
    };
    let toxicity = given.as_f64().filter(|it| (0.0..=1.0).contains(it));
    let problem = || {
        Problem::bad(format!(
            "toxicity is {}: give a number from 0 to 1",
            shown(given)
        ))
    };
    toxicity.map(Some).ok_or_else(problem)
}

fn attributes(body: &Map<String, Value>) -> Result<Option<&Map<String, Value>>> {
    match body.get("attributes") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(attributes)) => Ok(Some(attributes)),
        Some(other) => Err(Problem::bad(format!(
            "attributes is {}: give an object",
            shown(other)
        ))),
    }
}

/// The values of all attributes that a type has.
fn values(kind: &Kind, given: Option<&Map<String, Value>>) -> Result<Vec<f64>> {
    let none = Map::new();
    let given = given.unwrap_or(&none);
    let is_known = |name: &str| kind.attributes.iter().any(|known| known.name == name);
    if let Some(name) = given.keys().find(|name| !is_known(name)) {
        let known: Vec<&str> = kind.attributes.iter().map(|known| known.name).collect();
        let (name, of) = (shown(&name.as_str().into()), kind.name);
        return Err(Problem::bad(match known.is_empty() {
            true => format!("attribute {name} is unknown: {of} has none"),
            false => format!("attribute {name} is unknown: {of} has {}", known.join(", ")),
        }));
    }
    let read = |attribute: &Attribute| attribute.read(kind.name, given.get(attribute.name));
    let values: Vec<f64> = kind.attributes.iter().map(read).collect::<Result<_>>()?;
    if let ("slicer", [size, variation, ..]) = (kind.name, &values[..])
        && variation > size
    {
        return Err(Problem::bad(format!(
            "attribute size_variation of slicer is {variation}: give at most average_size, which is \
             {size}"
        )));
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: Value) -> Result<Toxic> {
        Toxic::read(body.as_object().unwrap())
    }

    #[test]
    fn what_is_missing_is_as_with_toxiproxy() {
        let toxic = read(json!({"type": "latency"})).unwrap();
        let expected = json!({"name": "latency_downstream", "type": "latency", "toxicity": 1.0,
            "stream": "downstream", "attributes": {"latency": 0, "jitter": 0}});
        assert_eq!(toxic.json(), expected);
        // what is told can be sent back
        assert_eq!(read(toxic.json()).unwrap().json(), expected);
    }

    #[test]
    fn a_change_leaves_what_it_does_not_name() {
        let toxic = json!({"type": "latency", "toxicity": 0.5, "attributes": {"latency": 5}});
        let toxic = read(toxic).unwrap();
        let change = json!({"attributes": {"jitter": 3}, "stream": "downstream"});
        let changed = toxic.changed(change.as_object().unwrap()).unwrap();
        let attributes = json!({"latency": 5, "jitter": 3});
        assert_eq!(changed.json()["attributes"], attributes);
        assert_eq!(changed.json()["toxicity"], 0.5);
        for other in [
            json!({"type": "timeout"}),
            json!({"stream": "upstream"}),
            json!({"name": "other"}),
            json!({"attributes": {"jitter": -1}}),
            json!({"attributes": {"latncy": 1}}),
            json!({"toxicity": 2}),
        ] {
            toxic.changed(other.as_object().unwrap()).unwrap_err();
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (body, words) in [
            (json!({}), "invalid toxic type"),
            (json!({"type": "packet_loss"}), "known: latency, bandwidth"),
            (json!({"type": 5}), "type is 5"),
            (
                json!({"type": "noop", "stream": "sideways"}),
                "stream was invalid",
            ),
            (
                json!({"type": "noop", "toxicity": -0.1}),
                "toxicity is -0.1",
            ),
            (
                json!({"type": "noop", "attributes": []}),
                "attributes is []",
            ),
            (
                json!({"type": "noop", "attributes": {"x": 1}}),
                "noop has none",
            ),
            (
                json!({"type": "slicer"}),
                "average_size of slicer is missing",
            ),
            (
                json!({"type": "slicer", "attributes": {"average_size": 5, "size_variation": 6}}),
                "size_variation of slicer is 6",
            ),
            (
                json!({"type": "latency", "attributes": {"latncy": 1}}),
                "latency has latency, jitter",
            ),
        ] {
            let problem = read(body.clone()).unwrap_err().to_string();
            assert!(problem.contains(words), "{body}: {problem}");
        }
    }
}
