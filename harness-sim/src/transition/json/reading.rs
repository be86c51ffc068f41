//! Reads settings.

use harness_tango::control_model::ResultCode;
use serde::de::{Deserialize, Deserializer, Error};
use serde_json::Value;

use super::InvalidSetting;
use super::fields::{Field, Fields, LONGEST};
use crate::transition::{
    Dwell, DwellError, Gate, Outcome, Progression, Rejection, Setting, Then, Transition,
};

/// What a device says where the setting does not.
const NO_MESSAGE: &str = "as the tester asked for";

const PROGRESSIONS: &str = "immediate, time, manual, held, never";
const OUTCOMES: &str = "succeed, fail, reject, stuck, fault";

impl Setting {
    /// Reads a setting: the bodies that moto takes, and the fuller form.
    ///
    /// | key | value |
    /// |---|---|
    /// | `progression` | `immediate`, `time`, `manual`, `held` or `never`; left out: what is set more widely |
    /// | `seconds` or `duration` | of `time`: a number, `{"uniform": [from, to]}`, `{"normal": {"mean", "deviation", "from", "to"}}`, `{"exponential": {"mean", "to"}}` or `{"list": [..]}` |
    /// | `jitter` | of `time`: give or take so many seconds |
    /// | `times` | of `manual`: how many reads |
    /// | `gate`, `remembers` | of `held`: the name that releases, and whether a release counts that came before |
    /// | `outcome` | `succeed`, `fail`, `reject`, `stuck`, `fault`, or an object: `{"fail": "message"}`, `{"fail": {"message", "result"}}`, `{"reject": {"message", "when": "at_once" or "at_its_turn"}}`, `{"stuck": "STATE"}`, `{"fault": "message"}` |
    /// | `probability` | of an outcome, from 0 to 1 |
    /// | `next`, `first_of_each` | for how many uses it holds; left out: always |
    /// | `sequence`, `then` | instead of a single transition: a list of them, and after the last `repeat_last`, `cycle` or `fall_back` |
    ///
    /// # Errors
    ///
    /// [`InvalidSetting`] with the path of the field that is wrong, which begins with `transition`.
    pub fn from_json(value: &Value) -> Result<Setting, InvalidSetting> {
        let whole = Field::new("transition".to_owned(), value);
        let mut fields =
            whole.object("an object, as {\"progression\": \"time\", \"seconds\": 5}")?;
        let next = fields.get("next");
        let first_of_each = fields.get("first_of_each");
        let setting = match fields.get("sequence") {
            Some(sequence) => read_sequence(&sequence, &mut fields)?,
            None => Setting::from(read_transition(&mut fields)?),
        };
        let setting = match (next, first_of_each) {
            (Some(_), Some(first)) => {
                return Err(InvalidSetting::new(
                    first.path,
                    "cannot be given together with next; give one of them",
                ));
            }
            (Some(next), None) => setting.next(next.count()?.get()),
            (None, Some(first)) => setting.first_of_each(first.count()?.get()),
            (None, None) => setting,
        };
        fields.close()?;
        Ok(setting)
    }

    /// Reads a setting from a text that holds JSON.
    ///
    /// # Errors
    ///
    /// [`InvalidSetting`] with the path of the field that is wrong.
    pub fn from_json_text(text: &str) -> Result<Setting, InvalidSetting> {
        let value = serde_json::from_str(text)
            .map_err(|error| InvalidSetting::new("transition", format!("is no JSON: {error}")))?;
        Setting::from_json(&value)
    }
}

impl<'de> Deserialize<'de> for Setting {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Setting, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Setting::from_json(&value).map_err(D::Error::custom)
    }
}

fn read_sequence(sequence: &Field<'_>, fields: &mut Fields<'_>) -> Result<Setting, InvalidSetting> {
    let items = sequence.list()?;
    if items.is_empty() {
        return Err(sequence.wrong("a sequence; give at least one transition"));
    }
    let transitions = items
        .iter()
        .map(|item| {
            let mut fields = item.object("an object")?;
            let transition = read_transition(&mut fields)?;
            fields.close()?;
            Ok(transition)
        })
        .collect::<Result<Vec<_>, InvalidSetting>>()?;
    let then = match fields.get("then") {
        None => Then::RepeatLast,
        Some(then) => match then.value.as_str() {
            Some("repeat_last") => Then::RepeatLast,
            Some("cycle") => Then::Cycle,
            Some("fall_back") => Then::FallBack,
            _ => return Err(then.wrong("known; known: repeat_last, cycle, fall_back")),
        },
    };
    Ok(Setting::sequence(transitions).then(then))
}

fn read_transition(fields: &mut Fields<'_>) -> Result<Transition, InvalidSetting> {
    let mut transition = Transition::new();
    if let Some(progression) = fields.get("progression") {
        transition = transition.with_progression(read_progression(&progression, fields)?);
    }
    let outcome = fields.get("outcome");
    if let Some(outcome) = &outcome {
        transition = transition.with_outcome(read_outcome(outcome)?);
        if let Some(probability) = fields.get("probability") {
            transition = transition.with_probability(probability.probability()?);
        }
    }
    if transition == Transition::new() {
        return Err(InvalidSetting::new(
            fields.path_of("progression"),
            format!("is missing; give one of {PROGRESSIONS}, or an outcome"),
        ));
    }
    Ok(transition)
}

fn read_progression(
    progression: &Field<'_>,
    fields: &mut Fields<'_>,
) -> Result<Progression, InvalidSetting> {
    match progression.value.as_str() {
        Some("immediate") => Ok(Progression::Immediate),
        Some("time") => {
            let duration = fields.get("duration");
            let seconds = match (fields.get("seconds"), duration) {
                (Some(_), Some(duration)) => {
                    return Err(InvalidSetting::new(
                        duration.path,
                        "is another word for seconds; give one of them",
                    ));
                }
                (Some(seconds), None) | (None, Some(seconds)) => seconds,
                (None, None) => fields.need("seconds", "a number of seconds, as 2.5")?,
            };
            let dwell = match fields.get("jitter") {
                None => read_dwell(&seconds)?,
                Some(jitter) => read_jittered(&seconds, &jitter)?,
            };
            Ok(Progression::Time(dwell))
        }
        Some("manual") => {
            let times = fields.need("times", "how many reads, 1 or more")?;
            Ok(Progression::Manual(times.count()?))
        }
        Some("held") => {
            let gate = fields
                .get("gate")
                .map(|gate| gate.name().map(str::to_owned));
            let remembers = fields.get("remembers").map(|field| field.flag());
            Ok(Progression::Held(Gate {
                name: gate.transpose()?,
                remembers: remembers.transpose()?.unwrap_or(false),
            }))
        }
        Some("never") => Ok(Progression::Never),
        _ => Err(progression.wrong(&format!("known; known: {PROGRESSIONS}"))),
    }
}

fn read_jittered(seconds: &Field<'_>, jitter: &Field<'_>) -> Result<Dwell, InvalidSetting> {
    let (time, give) = (seconds.time()?, jitter.time()?);
    if time.saturating_add(give) > LONGEST {
        return Err(jitter.wrong("within a year of seconds together with the time itself"));
    }
    Ok(Dwell::jittered(time, give))
}

fn read_dwell(seconds: &Field<'_>) -> Result<Dwell, InvalidSetting> {
    if !seconds.value.is_object() {
        return seconds.time().map(Dwell::constant);
    }
    let mut laws = seconds.object("an object")?;
    let impossible = |error: DwellError| InvalidSetting::new(&seconds.path, error.to_string());
    let dwell = if let Some(bounds) = laws.get("uniform") {
        match bounds.list()?.as_slice() {
            [from, to] => Dwell::uniform(from.time()?, to.time()?).map_err(impossible)?,
            _ => return Err(bounds.wrong("a pair of times; give [from, to]")),
        }
    } else if let Some(normal) = laws.get("normal") {
        let mut fields = normal.object("an object")?;
        let mut time = |key| fields.need(key, "a number of seconds")?.time();
        let (mean, deviation) = (time("mean")?, time("deviation")?);
        let (from, to) = (time("from")?, time("to")?);
        fields.close()?;
        Dwell::normal(mean, deviation, from, to).map_err(impossible)?
    } else if let Some(exponential) = laws.get("exponential") {
        let mut fields = exponential.object("an object")?;
        let mut time = |key| fields.need(key, "a number of seconds")?.time();
        let (mean, to) = (time("mean")?, time("to")?);
        fields.close()?;
        Dwell::exponential(mean, to).map_err(impossible)?
    } else if let Some(list) = laws.get("list") {
        let times = list.list()?;
        let times = times.iter().map(Field::time);
        Dwell::list(times.collect::<Result<Vec<_>, _>>()?).map_err(impossible)?
    } else {
        return Err(seconds.wrong("known; known: a number, uniform, normal, exponential, list"));
    };
    laws.close()?;
    Ok(dwell)
}

fn read_outcome(outcome: &Field<'_>) -> Result<Outcome, InvalidSetting> {
    let unknown = || outcome.wrong(&format!("known; known: {OUTCOMES}"));
    if let Some(word) = outcome.value.as_str() {
        return match word {
            "succeed" => Ok(Outcome::Succeed),
            "fail" => Ok(Outcome::fail(NO_MESSAGE)),
            "reject" => Ok(Outcome::reject(NO_MESSAGE)),
            "stuck" => Ok(Outcome::Stuck { state: None }),
            "fault" => Ok(Outcome::Fault {
                message: NO_MESSAGE.to_owned(),
            }),
            _ => Err(unknown()),
        };
    }
    let mut kinds = outcome.object(&format!("known; known: {OUTCOMES}"))?;
    let read = if let Some(fail) = kinds.get("fail") {
        let (message, mut details) = read_message(&fail)?;
        let result = details.as_mut().and_then(|details| details.get("result"));
        let result = result.map_or(Ok(ResultCode::Failed), |result| read_result(&result))?;
        close(details)?;
        Outcome::Fail { message, result }
    } else if let Some(reject) = kinds.get("reject") {
        let (message, mut details) = read_message(&reject)?;
        let when = details.as_mut().and_then(|details| details.get("when"));
        let when = match when {
            None => Rejection::AtOnce,
            Some(when) => match when.value.as_str() {
                Some("at_once") => Rejection::AtOnce,
                Some("at_its_turn") => Rejection::AtItsTurn,
                _ => return Err(when.wrong("known; known: at_once, at_its_turn")),
            },
        };
        close(details)?;
        Outcome::Reject { message, when }
    } else if let Some(stuck) = kinds.get("stuck") {
        let state = stuck.name()?.to_owned();
        Outcome::Stuck { state: Some(state) }
    } else if let Some(fault) = kinds.get("fault") {
        let (message, details) = read_message(&fault)?;
        close(details)?;
        Outcome::Fault { message }
    } else {
        return Err(unknown());
    };
    kinds.close()?;
    Ok(read)
}

/// A message alone, or as a field of an object with more to ask for.
fn read_message<'a>(field: &Field<'a>) -> Result<(String, Option<Fields<'a>>), InvalidSetting> {
    if let Some(message) = field.value.as_str() {
        return Ok((message.to_owned(), None));
    }
    let mut details = field.object("a message or an object with one")?;
    let message = details.get("message").map(|message| message.text());
    let message = message.transpose()?.unwrap_or(NO_MESSAGE).to_owned();
    Ok((message, Some(details)))
}

fn read_result(field: &Field<'_>) -> Result<ResultCode, InvalidSetting> {
    let result = match field.value {
        Value::String(word) => word.parse().ok(),
        number => number.as_i64().and_then(ResultCode::from_number),
    };
    result.ok_or_else(|| field.wrong("a result code; give its number or its name, as FAILED"))
}

fn close(details: Option<Fields<'_>>) -> Result<(), InvalidSetting> {
    details.map_or(Ok(()), Fields::close)
}
