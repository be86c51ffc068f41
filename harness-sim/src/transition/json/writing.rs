//! Writes settings, each in one form.

use std::time::Duration;

use serde::ser::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use crate::transition::dwell::Law;
use crate::transition::{
    Dwell, Effective, Outcome, Progression, Rejection, Setting, Then, Transition, Uses,
};

impl Setting {
    /// The setting as JSON, in the form that [`from_json`](Self::from_json) reads.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut object = Map::new();
        match self.transitions() {
            [one] if self.end() == Then::RepeatLast => write_transition(&mut object, one),
            several => {
                let sequence: Vec<_> = several
                    .iter()
                    .map(|transition| {
                        let mut item = Map::new();
                        write_transition(&mut item, transition);
                        Value::Object(item)
                    })
                    .collect();
                let then = match self.end() {
                    Then::RepeatLast => "repeat_last",
                    Then::Cycle => "cycle",
                    Then::FallBack => "fall_back",
                };
                object.insert("sequence".to_owned(), sequence.into());
                object.insert("then".to_owned(), then.into());
            }
        }
        match self.uses() {
            Uses::Always => None,
            Uses::Next(uses) => object.insert("next".to_owned(), uses.get().into()),
            Uses::FirstOfEach(uses) => object.insert("first_of_each".to_owned(), uses.get().into()),
        };
        Value::Object(object)
    }
}

impl Serialize for Setting {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl Effective {
    /// As JSON: the transition, and the names of the layers that it comes from.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let transition = Transition::new()
            .with_progression(self.progression.clone())
            .with_outcome(self.outcome.clone())
            .with_probability(self.probability);
        json!({
            "transition": Setting::from(transition).to_json(),
            "progression_from": self.progression_layer.name(),
            "outcome_from": self.outcome_layer.name(),
        })
    }
}

fn write_transition(object: &mut Map<String, Value>, transition: &Transition) {
    let mut put = |key: &str, value: Value| object.insert(key.to_owned(), value);
    match transition.progression() {
        None => {}
        Some(Progression::Immediate) => {
            put("progression", "immediate".into());
        }
        Some(Progression::Time(dwell)) => {
            put("progression", "time".into());
            put("seconds", dwell_to_json(dwell));
        }
        Some(Progression::Manual(times)) => {
            put("progression", "manual".into());
            put("times", times.get().into());
        }
        Some(Progression::Held(gate)) => {
            put("progression", "held".into());
            if let Some(name) = &gate.name {
                put("gate", name.as_str().into());
            }
            if gate.remembers {
                put("remembers", true.into());
            }
        }
        Some(Progression::Never) => {
            put("progression", "never".into());
        }
    }
    if let Some(outcome) = transition.outcome() {
        put("outcome", outcome_to_json(outcome));
        if let Some(probability) = transition.probability().filter(|p| *p < 1.0) {
            put("probability", probability.into());
        }
    }
}

fn outcome_to_json(outcome: &Outcome) -> Value {
    match outcome {
        Outcome::Succeed => "succeed".into(),
        Outcome::Fail { message, result } => {
            json!({"fail": {"message": message, "result": result.label()}})
        }
        Outcome::Reject { message, when } => {
            let when = match when {
                Rejection::AtOnce => "at_once",
                Rejection::AtItsTurn => "at_its_turn",
            };
            json!({"reject": {"message": message, "when": when}})
        }
        Outcome::Stuck { state: None } => "stuck".into(),
        Outcome::Stuck { state: Some(state) } => json!({"stuck": state}),
        Outcome::Fault { message } => json!({"fault": {"message": message}}),
    }
}

fn dwell_to_json(dwell: &Dwell) -> Value {
    match &dwell.0 {
        Law::Constant(time) => seconds(*time),
        Law::Uniform { from, to } => json!({"uniform": [seconds(*from), seconds(*to)]}),
        Law::Normal {
            mean,
            deviation,
            from,
            to,
        } => json!({"normal": {
            "mean": seconds(*mean), "deviation": seconds(*deviation),
            "from": seconds(*from), "to": seconds(*to),
        }}),
        Law::Exponential { mean, to } => {
            json!({"exponential": {"mean": seconds(*mean), "to": seconds(*to)}})
        }
        Law::List(times) => {
            json!({"list": times.iter().copied().map(seconds).collect::<Vec<_>>()})
        }
    }
}

/// Whole seconds as a whole number, as the tester wrote them.
fn seconds(time: Duration) -> Value {
    if time.subsec_nanos() == 0 {
        time.as_secs().into()
    } else {
        time.as_secs_f64().into()
    }
}
