//! The protocol of `longRunningCommandResult`.

use harness_core::Value;
use serde_json::Value as Json;

use super::lists::Plain;
use super::protocol::{Completion, LrcProtocol, LrcReport};
use crate::control_model::ResultCode;

pub(super) const RESULT: &str = "longRunningCommandResult";
pub(super) const STATUS: &str = "longRunningCommandStatus";
pub(super) const PROGRESS: &str = "longRunningCommandProgress";

/// The attribute `longRunningCommandResult`: pairs of an id and a JSON text such as
/// `[0, "Command Completed"]`; with `longRunningCommandStatus` and `longRunningCommandProgress`,
/// which are pairs of an id and a word or a number of percent.
///
/// The first element of the JSON list is the result code, the second the message; a bare code, as
/// some devices send, is understood too. Devices tell only the last result, so pairs of other
/// commands, and texts that are no result, are passed over. A status alone is never taken for the
/// end: the device's words come with the result.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClassicProtocol;

impl LrcProtocol for ClassicProtocol {
    fn result_attribute(&self) -> &str {
        RESULT
    }

    fn progress_attributes(&self) -> &[&str] {
        &[STATUS, PROGRESS]
    }

    fn report(&self, attribute: &str, value: &Value, id: &str) -> Option<LrcReport> {
        let pairs = value.as_list()?.windows(2);
        let mut texts = pairs
            .filter(|pair| pair[0].as_str() == Some(id))
            .filter_map(|pair| pair[1].as_str());
        texts.find_map(|text| report_of(attribute, id, text))
    }
}

/// What the second half of a pair tells.
pub(super) fn report_of(attribute: &str, id: &str, text: &str) -> Option<LrcReport> {
    if attribute.eq_ignore_ascii_case(STATUS) {
        return text.parse().ok().map(LrcReport::status);
    }
    if attribute.eq_ignore_ascii_case(PROGRESS) {
        return (!text.is_empty()).then(|| LrcReport::default().with_progress(text));
    }
    result(id, text).map(LrcReport::completion)
}

fn result(id: &str, text: &str) -> Option<Completion> {
    let json: Json = serde_json::from_str(text).ok()?;
    let (number, message) = match &json {
        Json::Array(elements) => {
            let message = elements.get(1).map(|json| Plain(json).to_string());
            (elements.first()?.as_i64()?, message.unwrap_or_default())
        }
        Json::Number(number) => (number.as_i64()?, String::new()),
        Json::String(text) => (text.parse().ok()?, String::new()),
        _ => return None,
    };
    Some(match ResultCode::from_number(number) {
        Some(code) => Completion::new(id, code, message),
        // It ended, in a way that nobody knows: better told than waited for.
        None => Completion::new(
            id,
            ResultCode::Unknown,
            format!("the result code {number} does not exist; {message}"),
        ),
    })
}

#[cfg(test)]
mod tests {
    use harness_core::Value;

    use super::super::protocol::{Completion, LrcProtocol, LrcReport};
    use super::{ClassicProtocol, PROGRESS, RESULT, STATUS};
    use crate::control_model::{ResultCode, TaskStatus};

    fn reported(attribute: &str, elements: &[&str]) -> Option<LrcReport> {
        let value: Value = elements.iter().copied().collect();
        ClassicProtocol.report(attribute, &value, "id1")
    }

    fn told(elements: &[&str]) -> Option<Completion> {
        reported(RESULT, elements)?.completion
    }

    #[test]
    fn results_are_understood() {
        let ok = |message: &str| Some(Completion::new("id1", ResultCode::Ok, message));
        assert_eq!(
            told(&["id1", r#"[0, "Command Completed"]"#]),
            ok("Command Completed")
        );
        assert_eq!(told(&["id1", "[0]"]), ok(""));
        assert_eq!(told(&["id1", r#"[0,"a","b",1]"#]), ok("a"));
        assert_eq!(told(&["id1", "0"]), ok(""));
        assert_eq!(told(&["id1", r#""0""#]), ok(""));
        let object = told(&["id1", r#"[0, {"beams": 2}]"#]).unwrap();
        assert_eq!(object.to_string(), r#"OK: {"beams":2}"#);
        assert_eq!(told(&["id1", "[0, null]"]), ok(""));
        let failed = told(&["id1", r#"[3, "Exception"]"#]).unwrap();
        assert_eq!(failed.to_string(), "FAILED: Exception");
    }

    #[test]
    fn the_id_may_stand_at_any_index() {
        assert!(told(&["id0", "[0]", "id1", "[3]"]).is_some_and(|c| c.code == ResultCode::Failed));
        assert!(told(&["odd", "id1", "[0]"]).is_some());
        assert!(told(&["id1", "not yet", "id1", "[0]"]).is_some());
    }

    #[test]
    fn what_is_no_result_of_this_command_is_passed_over() {
        for other in [
            &["id2", "[0]"][..],
            &["", ""],
            &["id1", ""],
            &["id1", "OK"],
            &["id1", r#"{"a":1}"#],
            &["id1", r#"["0","x"]"#],
            &["id1", r#"[0.0,"x"]"#],
            &["id1", r#"[true,"x"]"#],
            &["id1", "[]"],
            &["id1"],
            &[],
        ] {
            assert_eq!(told(other), None, "{other:?}");
        }
        let other = |value: Value| ClassicProtocol.report(RESULT, &value, "id1");
        assert_eq!(other(Value::Void), None);
        assert_eq!(other(Value::from("id1")), None);
    }

    #[test]
    fn status_and_progress_are_told_beside_those_of_others_and_are_no_end() {
        let all = ["id0", "COMPLETED", "id1", "IN_PROGRESS", "id2", "QUEUED"];
        let running = LrcReport::status(TaskStatus::InProgress);
        assert_eq!(reported(STATUS, &all), Some(running));
        let progress = reported("longrunningcommandprogress", &["id0", "5", "id1", "33"]);
        assert_eq!(progress, Some(LrcReport::default().with_progress("33")));
        assert_eq!(reported(STATUS, &["id1", "DANCING"]), None);
        assert_eq!(reported(STATUS, &["id2", "QUEUED"]), None);
        assert_eq!(reported(PROGRESS, &["id1", ""]), None);
        let ended = reported(STATUS, &["id1", "COMPLETED"]).unwrap();
        assert_eq!(ended.completion, None);
    }

    #[test]
    fn a_code_that_does_not_exist_ends_the_command_all_the_same() {
        let completion = told(&["id1", r#"[99, "x"]"#]).unwrap();
        assert_eq!(completion.code, ResultCode::Unknown);
        assert_eq!(completion.message, "the result code 99 does not exist; x");
    }
}
