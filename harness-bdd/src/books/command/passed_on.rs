//! What the telescope manager passes on to subsystems, as they tell it.

use harness_core::{Event, Timeout, Value, failure::Failure};
use serde_json::Value as Json;

use super::{issue::CALLS, name::CommandName};
use crate::{
    BoxError, Context, HasTelescope, SessionError,
    books::observed::AccountError,
    phrase::words,
    world::{Act, Aspect},
};

/// A subsystem was sent the command since the last When, with that key in its JSON.
pub(super) async fn passed_on<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let command: CommandName = words.needed("command")?;
    let key = words.text("key").map(str::to_owned);
    let session = world.session();
    let when = session.last_command()?.clone();
    when.act.check_accepted()?;
    let Act::Sent(sent) = &when.act else {
        return Err(SessionError::NoCommand.into());
    };
    let timeout = Timeout::new(session.telescope()?.config().timeouts().command);
    for target in session.targets(words.who("on"), Aspect::Observation)? {
        let device = &target.device;
        if !device.watch_if_pushed(CALLS).await? {
            return Err(format!(
                "{} does not tell what commands it got ({CALLS})",
                device.name()
            )
            .into());
        }
        let (name, wanted) = (command.as_str().to_owned(), key.clone());
        let found = sent
            .device
            .tracer()
            .events_since(&when.mark)
            .from(device.name())
            .of(CALLS)
            .matching(move |event| is_call(event, &name, wanted.as_deref()))
            .first(1)
            .within(timeout.clone())
            .await;
        if found.is_empty() {
            let what = key
                .map(|key| format!(" with `{key}` in its JSON"))
                .unwrap_or_default();
            let headline = format!("{} got no {command}{what} since then", device.name());
            return Err(AccountError(Failure::new(headline).with_timeline(&when.mark)).into());
        }
    }
    Ok(())
}

/// Whether the newest command that the event tells of is this one, with the key.
fn is_call(event: &Event, command: &str, key: Option<&str>) -> bool {
    let Some(reading) = event.reading() else {
        return false;
    };
    let mut texts = Vec::new();
    flatten(&reading.value, &mut texts);
    let [.., name, argument] = texts.as_slice() else {
        return false;
    };
    let stem = command.trim_end_matches("Resources");
    let is_it =
        name.eq_ignore_ascii_case(command) || name.to_lowercase().contains(&stem.to_lowercase());
    is_it && key.is_none_or(|key| has_key(argument, key))
}

fn flatten(value: &Value, texts: &mut Vec<String>) {
    match (value.as_list(), value.as_str()) {
        (Some(list), _) => list.iter().for_each(|item| flatten(item, texts)),
        (None, Some(text)) => texts.push(text.to_owned()),
        _ => {}
    }
}

/// Whether the key, or one that says the same in the words of beams (`pst_beam_ids` for `beams_id`),
/// stands in the JSON.
fn has_key(argument: &str, key: &str) -> bool {
    fn any(json: &Json, wanted: &dyn Fn(&str) -> bool) -> bool {
        match json {
            Json::Object(members) => members
                .iter()
                .any(|(key, value)| wanted(key) || any(value, wanted)),
            Json::Array(items) => items.iter().any(|item| any(item, wanted)),
            _ => false,
        }
    }
    let plain = |key: &str| {
        key.to_lowercase()
            .replace("ids", "id")
            .replace("beams", "beam")
    };
    let wanted = plain(key);
    serde_json::from_str::<Json>(argument).is_ok_and(|json| {
        any(&json, &|known| {
            plain(known) == wanted || plain(known).ends_with(&format!("_{wanted}"))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_however_deep_and_in_the_words_of_beams() {
        let json = r#"{"pst": {"pst_beam_ids": [1]}, "common": {"subarray_id": 1}}"#;
        assert!(has_key(json, "beams_id") && has_key(json, "subarray_id"));
        assert!(!has_key(json, "pss") && !has_key("no json", "beams_id"));
    }
}
