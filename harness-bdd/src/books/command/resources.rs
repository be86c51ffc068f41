//! What subarrays have, as they show it.

use std::collections::BTreeSet;

use harness_core::{Event, Timeout, Value, failure::Failure};
use harness_tango::{inputs::InputList, telescope::System};
use serde_json::Value as Json;

use super::result::failure;
use crate::{
    BoxError, Context, HasTelescope, TelescopeSession,
    books::observed::AccountError,
    phrase::words,
    world::{Act, Aspect, Target, When},
};

const ASSIGNED: &str = "assignedResources";
const SCAN_TYPE: &str = "scanType";

/// The resources that the line names, or the last AssignResources did, are assigned.
pub(super) async fn assigned<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let session = world.session();
    let when = session.last_command()?.clone();
    when.act.check_accepted()?;
    let timeout = Timeout::new(session.telescope()?.config().timeouts().command);
    went_well(&when, &timeout).await?;
    let targets = session.targets(words.who("who"), Aspect::Observation)?;
    for target in &targets {
        let wanted = match words.text("resources") {
            Some(list) => InputList::parse(list),
            None => requested(session, target)?,
        };
        if wanted.is_empty() {
            return Err("this line names no resources".into());
        }
        let device = &target.device;
        // what the command caused may be told a little later than what the line before looked at
        let found = wait_until(target, ASSIGNED, &timeout, |value| has_all(value, &wanted)).await?;
        if !has_all(&found, &wanted) {
            let headline = format!(
                "{}: {} has {found}, and not {}",
                context.step.value,
                device.name(),
                wanted.join(", ")
            );
            return Err(AccountError(Failure::new(headline).with_timeline(&when.mark)).into());
        }
    }
    Ok(())
}

/// The last command is over, and has not failed: what is there may be from before it. A scan's is over
/// long after it has begun.
async fn went_well(when: &When, timeout: &Timeout) -> Result<(), BoxError> {
    let Act::Sent(sent) = &when.act else {
        return Ok(());
    };
    let Some(accepted) = sent.accepted().filter(|_| sent.command != "Scan") else {
        return Ok(());
    };
    let refusal = accepted
        .refusal(&Timeout::new(timeout.initial()))
        .await
        .map_err(AccountError)?;
    match refusal {
        Some(refusal) => Err(failure(refusal.to_string(), &when.mark)),
        None => Ok(()),
    }
}

/// The keys under which the receptors of a subarray stand in the input of AssignResources.
const KEYS: [&str; 4] = ["receptor_ids", "aperture_id", "station_ids", "receptors"];

/// What the last AssignResources asked for, as far as it concerns this subarray.
fn requested(session: &TelescopeSession, target: &Target) -> Result<Vec<String>, BoxError> {
    let number = target.number;
    let sent = session
        .commands()
        .find(|(when, sent)| sent.command == "AssignResources" && when.number == number);
    let Some((_, sent)) = sent else {
        return Err(
            "no resources were asked for yet: this line needs a When that assigns some".into(),
        );
    };
    let text = sent.argument.as_deref().unwrap_or_default();
    let json: Json = serde_json::from_str(text)?;
    let part = match target.system {
        Some(System::Sdp) => json.get("sdp").unwrap_or(&json),
        Some(System::Mccs) => json.get("mccs").unwrap_or(&json),
        _ => &json,
    };
    for key in KEYS {
        let mut names = Vec::new();
        collect(part, key, &mut names);
        if !names.is_empty() {
            return Ok(names);
        }
    }
    Err("the input of AssignResources names no receptors".into())
}

fn collect(json: &Json, key: &str, names: &mut Vec<String>) {
    match json {
        Json::Object(members) => {
            for (known, value) in members {
                match known == key {
                    true => names.extend(InputList::parse(&match value {
                        Json::String(text) => text.clone(),
                        other => other.to_string(),
                    })),
                    false => collect(value, key, names),
                }
            }
        }
        Json::Array(items) => items.iter().for_each(|item| collect(item, key, names)),
        _ => {}
    }
}

/// Whether all are among what is assigned, and no dish besides. A station may be told by its number or
/// by its apertures.
fn has_all(value: &Value, wanted: &[String]) -> bool {
    let text = value.to_string();
    let found: BTreeSet<&str> = text
        .split(|letter: char| {
            !letter.is_ascii_alphanumeric()
                && letter != '.'
                && letter != '_'
                && letter != '-'
                && letter != ':'
        })
        .filter(|word| !word.is_empty())
        .collect();
    let is_there = |name: &String| match name.parse::<u32>() {
        Ok(station) => {
            let aperture = format!("AP{station:03}.");
            found
                .iter()
                .any(|word| word == name || word.starts_with(&aperture))
        }
        Err(_) => found.contains(name.as_str()),
    };
    let is_dish = |word: &str| {
        let number = word
            .strip_prefix("SKA")
            .or_else(|| word.strip_prefix("MKT"));
        number.is_some_and(|digits| {
            !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit())
        })
    };
    let asks_for_dishes = wanted.iter().any(|name| is_dish(name));
    let surplus = |word: &&&str| is_dish(word) && !wanted.iter().any(|name| name == **word);
    wanted.iter().all(is_there) && !(asks_for_dishes && found.iter().any(|word| surplus(&word)))
}

/// The scan type that the subarray shows is the one that the line says, since the last When.
pub(super) async fn scan_type<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let wanted: String = words.needed("value")?;
    let session = world.session();
    let when = session.last_command()?.clone();
    when.act.check_accepted()?;
    let timeout = Timeout::new(session.telescope()?.config().timeouts().command);
    went_well(&when, &timeout).await?;
    for target in session.targets(words.who("who"), Aspect::Observation)? {
        let is_it = |value: &Value| value.as_str() == Some(wanted.as_str());
        let found = wait_until(&target, SCAN_TYPE, &timeout, is_it).await?;
        if !is_it(&found) {
            let headline = format!(
                "{}: {SCAN_TYPE} of {} is {found}",
                context.step.value,
                target.device.name()
            );
            return Err(AccountError(Failure::new(headline).with_timeline(&when.mark)).into());
        }
    }
    Ok(())
}

/// Reads the attribute; if it is not as wanted, waits for an event by which it is. What it is in the end.
async fn wait_until(
    target: &Target,
    attribute: &str,
    timeout: &Timeout,
    is_wanted: impl Fn(&Value) -> bool,
) -> Result<Value, BoxError> {
    let device = &target.device;
    let mark = device.tracer().mark();
    let is_pushed = device.watch_if_pushed(attribute).await.unwrap_or(false);
    let mut now = device.read(attribute).await?.value;
    let mut entries = device.tracer().follow(&mark);
    let waiting = async {
        while is_pushed && !is_wanted(&now) {
            let entry = entries.next().await;
            let event = entry
                .event()
                .filter(|event| event.is_from(device.name(), attribute));
            if let Some(reading) = event.and_then(Event::reading) {
                now = reading.value.clone();
            }
        }
    };
    timeout.start();
    // it is the value that decides
    tokio::time::timeout(timeout.remaining(), waiting)
        .await
        .ok();
    Ok(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn resources_are_there_by_name_or_number_and_no_dish_is_there_besides() {
        let assigned = Value::from(["SKA001", "SKA036"]);
        assert!(has_all(&assigned, &wanted(&["SKA001", "SKA036"])));
        assert!(!has_all(&assigned, &wanted(&["SKA001"])));
        assert!(!has_all(&assigned, &wanted(&["SKA001", "SKA063"])));
        let assigned = Value::from(["AP001.01", "AP015.02", "C10"]);
        assert!(has_all(&assigned, &wanted(&["1", "15"])));
        assert!(has_all(&assigned, &wanted(&["C10"])));
        assert!(!has_all(&assigned, &wanted(&["5"])));
        let json = Value::from(r#"{"station_ids": [[1, 1], [22, 1]]}"#);
        assert!(has_all(&json, &wanted(&["22"])) && !has_all(&json, &wanted(&["2"])));
    }
}
