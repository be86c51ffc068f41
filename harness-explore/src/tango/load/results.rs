//! Which long running commands have ended.

use harness_core::Value;
use harness_tango::lrc::{ClassicProtocol, ListsProtocol, LrcProtocol};
use serde_json::Value as Json;

use super::replies::class_of;
use crate::load::{Ending, Endings};

/// Which long running commands have ended, as `longRunningCommandResult` or `lrcFinished` tells it.
#[derive(Clone, Copy, Debug, Default)]
pub struct SkaResults;

impl Endings for SkaResults {
    fn ended(&self, attribute: &str, value: &Value) -> Vec<Ending> {
        let texts = value.as_list().unwrap_or_default().iter();
        let mut texts = texts.filter_map(Value::as_str);
        if attribute.eq_ignore_ascii_case(ClassicProtocol.result_attribute()) {
            // the latest one only
            let id = texts.next().unwrap_or_default();
            return ending(&ClassicProtocol, attribute, value, id)
                .into_iter()
                .collect();
        }
        texts
            .filter_map(|text| {
                let listed: Json = serde_json::from_str(text).ok()?;
                let alone: Value = [text].into();
                ending(&ListsProtocol, attribute, &alone, listed["uid"].as_str()?)
            })
            .collect()
    }
}

fn ending(protocol: &dyn LrcProtocol, attribute: &str, value: &Value, id: &str) -> Option<Ending> {
    let completion = protocol.report(attribute, value, id)?.completion?;
    // that it was accepted is no end
    (!completion.code.is_accepted()).then(|| Ending {
        id: id.to_owned(),
        class: class_of(completion.code),
        words: completion.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::ResultClass;

    fn ended(attribute: &str, texts: &[&str]) -> Vec<(String, ResultClass)> {
        let value = texts.iter().copied().collect();
        let ended = SkaResults.ended(attribute, &value).into_iter();
        ended.map(|it| (it.id, it.class)).collect()
    }

    #[test]
    fn both_protocols_tell_who_has_ended_and_how() {
        let classic = "longRunningCommandResult";
        let one = |id: &str, class| vec![(id.to_owned(), class)];
        assert_eq!(
            ended(classic, &["17", r#"[0,"done"]"#]),
            one("17", ResultClass::Ok)
        );
        assert_eq!(
            ended(classic, &["17", r#"[6,"not now"]"#]),
            one("17", ResultClass::Rejected)
        );
        assert_eq!(
            ended(classic, &["17", r#"[7,"aborted"]"#]),
            one("17", ResultClass::Interrupted)
        );
        for nothing in [&["", ""][..], &[], &["17"], &["17", r#"[2,"queued"]"#]] {
            assert_eq!(ended(classic, nothing), []);
        }
        let lists = [
            r#"{"uid": "a", "status": "COMPLETED", "result": [0, "done"]}"#,
            "no JSON",
            r#"{"uid": "b", "status": "ABORTED"}"#,
        ];
        let expected = [
            ("a".to_owned(), ResultClass::Ok),
            ("b".to_owned(), ResultClass::Interrupted),
        ];
        assert_eq!(ended("lrcFinished", &lists), expected);
    }
}
