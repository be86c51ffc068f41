//! The protocol of `lrcFinished`, `lrcExecuting` and `lrcQueue`.

use std::fmt;

use harness_core::Value;
use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;

use super::protocol::{Completion, LrcProtocol, LrcReport};
use crate::control_model::{ResultCode, TaskStatus};

pub(super) const FINISHED: &str = "lrcFinished";
pub(super) const EXECUTING: &str = "lrcExecuting";
pub(super) const QUEUE: &str = "lrcQueue";

/// The attributes `lrcFinished`, `lrcExecuting` and `lrcQueue` of newer devices: lists of JSON
/// objects, one for each command.
///
/// Only `uid`, the id, can be relied upon in such an object. A result of the form
/// `[0, "Command Completed"]` tells the result code and the message. Where it has another form, or
/// is not there, the code follows from the status: COMPLETED is OK; ABORTED, REJECTED and FAILED
/// are the codes of the same name. A command is in `lrcFinished` once it has ended, and stays there
/// for the next hundred.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListsProtocol;

impl LrcProtocol for ListsProtocol {
    fn result_attribute(&self) -> &str {
        FINISHED
    }

    fn progress_attributes(&self) -> &[&str] {
        &[EXECUTING, QUEUE]
    }

    fn report(&self, attribute: &str, value: &Value, id: &str) -> Option<LrcReport> {
        let texts = value.as_list()?.iter().filter_map(Value::as_str);
        // a list holds a hundred commands: no more of them are parsed than need be
        let mut candidates = texts.filter(|text| is_escaped(id) || text.contains(id));
        let listed = candidates.find_map(|text| Listed::parse(text).filter(|it| it.uid == id))?;
        listed.report(attribute)
    }
}

/// Whether JSON may write the text in another way than it is.
fn is_escaped(text: &str) -> bool {
    !text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"._-: ".contains(&byte))
}

/// One command in one of the lists.
#[derive(Debug, Deserialize)]
pub(super) struct Listed {
    pub(super) uid: String,
    #[serde(default, deserialize_with = "text_or_none")]
    pub(super) name: Option<String>,
    #[serde(default, deserialize_with = "status_or_none")]
    status: Option<TaskStatus>,
    #[serde(default)]
    progress: Option<Json>,
    #[serde(default)]
    result: Option<Json>,
}

/// A text; what is something else must not cost the whole object.
fn text_or_none<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(match Json::deserialize(from)? {
        Json::String(text) => Some(text),
        _ => None,
    })
}

/// A status by its word, or by its number.
fn status_or_none<'de, D: Deserializer<'de>>(from: D) -> Result<Option<TaskStatus>, D::Error> {
    Ok(match Json::deserialize(from)? {
        Json::String(word) => word.parse().ok(),
        Json::Number(number) => number.as_i64().and_then(TaskStatus::from_number),
        _ => None,
    })
}

impl Listed {
    pub(super) fn parse(text: &str) -> Option<Listed> {
        serde_json::from_str(text).ok()
    }

    /// What its place in this list, and what is said of it there, tell.
    pub(super) fn report(&self, attribute: &str) -> Option<LrcReport> {
        let status = self.status;
        if attribute.eq_ignore_ascii_case(FINISHED) {
            let completion = self.completion(status)?;
            return Some(
                LrcReport::completion(completion)
                    .with_status(status.unwrap_or(TaskStatus::Completed)),
            );
        }
        let place = match attribute {
            _ if attribute.eq_ignore_ascii_case(EXECUTING) => TaskStatus::InProgress,
            _ if attribute.eq_ignore_ascii_case(QUEUE) => TaskStatus::Queued,
            _ => return None,
        };
        let report = LrcReport::status(status.unwrap_or(place));
        Some(match &self.progress {
            None | Some(Json::Null) => report,
            Some(progress) => report.with_progress(Plain(progress).to_string()),
        })
    }

    fn completion(&self, status: Option<TaskStatus>) -> Option<Completion> {
        let of_status = match status {
            Some(TaskStatus::Completed) => Some(ResultCode::Ok),
            Some(TaskStatus::Aborted) => Some(ResultCode::Aborted),
            Some(TaskStatus::Rejected) => Some(ResultCode::Rejected),
            Some(TaskStatus::Failed) => Some(ResultCode::Failed),
            _ => None,
        };
        let result = self.result.as_ref().filter(|result| !result.is_null());
        let coded = result.and_then(code_and_message);
        let (code, message) = match (coded, of_status) {
            // a command that did not complete did not succeed, whatever it left behind
            (Some((ResultCode::Ok, message)), Some(code)) => (code, message),
            (Some((code, message)), _) => (code, message),
            (None, code) => {
                let message = result.map_or_else(String::new, |json| Plain(json).to_string());
                // it ended, in a way that nobody knows: better told than waited for
                (code.unwrap_or(ResultCode::Unknown), message)
            }
        };
        Some(Completion::new(&self.uid, code, message))
    }
}

fn code_and_message(result: &Json) -> Option<(ResultCode, String)> {
    let elements = result.as_array()?;
    let code = ResultCode::from_number(elements.first()?.as_i64()?)?;
    let message = elements.get(1).map(|json| Plain(json).to_string());
    Some((code, message.unwrap_or_default()))
}

/// JSON as people read it: text without quotes.
pub(super) struct Plain<'a>(pub(super) &'a Json);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Json::String(text) => formatter.write_str(text),
            Json::Null => Ok(()),
            other => write!(formatter, "{other}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use harness_core::Value;

    use super::{EXECUTING, FINISHED, ListsProtocol, QUEUE};
    use crate::control_model::{ResultCode, TaskStatus};
    use crate::lrc::{LrcProtocol, LrcReport};

    fn reported(attribute: &str, elements: &[&str]) -> Option<LrcReport> {
        let value: Value = elements.iter().copied().collect();
        ListsProtocol.report(attribute, &value, "17.1_4_Scan")
    }

    /// The words of the end in an object with these further members.
    fn ended(members: &str) -> String {
        let object = format!(r#"{{"uid": "17.1_4_Scan", "name": "Scan"{members}}}"#);
        let report = reported(FINISHED, &[&object]).unwrap();
        report.completion.unwrap().to_string()
    }

    #[test]
    fn the_result_tells_code_and_message() {
        let all = r#", "submitted_time": 1.5, "started_time": 2.5, "finished_time": 3.5,
                     "status": "COMPLETED", "result": [0, "Command Completed"]"#;
        assert_eq!(ended(all), "OK: Command Completed");
        let failed = r#", "status": "COMPLETED", "result": [3, "no beams left"]"#;
        assert_eq!(ended(failed), "FAILED: no beams left");
        assert_eq!(ended(r#", "result": [7]"#), "ABORTED");
        assert_eq!(
            ended(r#", "result": [0, {"beams": 2}]"#),
            r#"OK: {"beams":2}"#
        );
        let contradiction = r#", "status": "FAILED", "result": [0, "half done"]"#;
        assert_eq!(ended(contradiction), "FAILED: half done");
    }

    #[test]
    fn without_a_result_code_the_status_tells_it() {
        for (status, told) in [
            ("COMPLETED", "OK"),
            ("ABORTED", "ABORTED"),
            ("REJECTED", "REJECTED"),
            ("FAILED", "FAILED"),
            ("DANCING", "UNKNOWN"),
        ] {
            assert_eq!(ended(&format!(r#", "status": "{status}""#)), told);
            let other = format!(r#", "status": "{status}", "result": "in words""#);
            assert_eq!(ended(&other), format!("{told}: in words"));
        }
        let numbers = r#", "status": "COMPLETED", "result": [1234, 5]"#;
        assert_eq!(ended(numbers), "OK: [1234,5]");
        assert_eq!(ended(r#", "status": "COMPLETED", "result": null"#), "OK");
        assert_eq!(ended(""), "UNKNOWN");
    }

    #[test]
    fn other_commands_and_what_is_no_object_are_passed_over() {
        for other in [
            &[r#"{"uid": "17.1_5_Scan", "result": [3, "after 17.1_4_Scan"]}"#][..],
            &[r#"{"name": "17.1_4_Scan"}"#],
            &["17.1_4_Scan"],
            &[""],
            &[],
        ] {
            assert_eq!(reported(FINISHED, other), None, "{other:?}");
        }
        let among = [r#"{"uid": "17.1_5_Scan"}"#, r#"{"uid": "17.1_4_Scan"}"#];
        assert!(reported(FINISHED, &among).is_some());
        let escaped: Value = [r#"{"uid": "a\/b"}"#].into_iter().collect();
        assert!(ListsProtocol.report(FINISHED, &escaped, "a/b").is_some());
    }

    #[test]
    fn the_other_lists_tell_where_a_command_is() {
        let object = r#"{"uid": "17.1_4_Scan", "name": "Scan", "progress": 33}"#;
        let running = reported(EXECUTING, &[object]).unwrap();
        assert_eq!(running.to_string(), "IN_PROGRESS, 33 %");
        let queued = reported(QUEUE, &[r#"{"uid": "17.1_4_Scan"}"#]).unwrap();
        assert_eq!(queued, LrcReport::status(TaskStatus::Queued));
        let said = r#"{"uid": "17.1_4_Scan", "status": "STAGING", "progress": "slewing"}"#;
        let said = reported("LRCEXECUTING", &[said]).unwrap();
        assert_eq!(said.to_string(), "STAGING, slewing");
        assert_eq!(said.completion, None);
        assert_eq!(
            ended(r#", "result": [1, "Command Started"]"#),
            "STARTED: Command Started"
        );
        assert_eq!(ResultCode::from_number(1), Some(ResultCode::Started));
    }

    /// Only the id can be relied upon, and an end must not be missed for the sake of the rest.
    #[test]
    fn members_of_another_kind_than_usual_do_not_hide_the_end() {
        assert_eq!(ended(r#", "status": 7, "result": null"#), "FAILED");
        assert_eq!(ended(r#", "status": 5, "result": [0, "done"]"#), "OK: done");
        assert_eq!(ended(r#", "status": ["COMPLETED"]"#), "UNKNOWN");
        assert_eq!(ended(r#", "status": 99"#), "UNKNOWN");
        let named = r#"{"uid": "17.1_4_Scan", "name": 4, "status": "COMPLETED"}"#;
        assert!(reported(FINISHED, &[named]).is_some());
        let place = r#"{"uid": "17.1_4_Scan", "status": 2, "name": null}"#;
        let place = reported(EXECUTING, &[place]).unwrap();
        assert_eq!(place.status, Some(TaskStatus::InProgress));
    }
}
