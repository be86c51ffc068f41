//! The JSON that the telescope manager takes: what must be in it, and whose part is whose.

use serde_json::Value as Json;

use super::shape::flaw;
use crate::model::Job;

/// Which telescope it is: they differ in what commands must say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Telescope {
    /// The stations.
    Low,
    /// The dishes.
    Mid,
}

impl Telescope {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Telescope::Low => "Low",
            Telescope::Mid => "Mid",
        }
    }

    /// Why a subarray node does not take this; `None` if it does. `keys` are those of the
    /// subsystems that the telescope has.
    pub(super) fn objection(self, job: Job, json: &Json, keys: &[&'static str]) -> Option<String> {
        let missing = self.missing(job, json, keys);
        if let Some(key) = missing {
            return Some(format!(
                "{} Missing key: '{key}'",
                self.validation(job, json)
            ));
        }
        if job == Job::Scan && self == Telescope::Low && json.get("subarray_id").is_some() {
            let validation = self.validation(job, json);
            return Some(format!("{validation} Wrong key: 'subarray_id'"));
        }
        if job == Job::Configure
            && let Some(duration) = json.pointer("/tmc/scan_duration")
            && !duration
                .as_f64()
                .is_some_and(|seconds| (0.0..1e9).contains(&seconds))
        {
            let validation = self.validation(job, json);
            return Some(format!(
                "{validation} scan_duration is no number of seconds: {duration}"
            ));
        }
        flaw(self, job, json).map(|flaw| format!("{} {flaw}", self.validation(job, json)))
    }

    fn missing(self, job: Job, json: &Json, keys: &[&'static str]) -> Option<&'static str> {
        let absent = |key: &&&'static str| json.get(**key).is_none();
        let subsystem = || keys.iter().find(absent).copied();
        match (job, self) {
            (Job::Assign, Telescope::Low) => subsystem(),
            (Job::Assign, Telescope::Mid) => {
                let dishes = (json.pointer("/dish/receptor_ids"), json.get("dish"));
                match dishes {
                    (_, None) => Some("dish"),
                    (None, Some(_)) => Some("receptor_ids"),
                    // the CSP of Mid is told its receptors, and nothing else
                    _ => keys
                        .iter()
                        .filter(|key| **key != "csp")
                        .find(absent)
                        .copied(),
                }
            }
            (Job::Configure, Telescope::Mid) if is_partial(json) => {
                json.get("pointing").is_none().then_some("pointing")
            }
            (Job::Configure, _) => {
                let own: &[&'static str] = match self {
                    Telescope::Low => &["tmc"],
                    Telescope::Mid => &["pointing", "dish", "tmc"],
                };
                let own = own.iter().find(absent).copied();
                let duration = || {
                    let given = json.pointer("/tmc/scan_duration").is_some();
                    (!given).then_some("scan_duration")
                };
                subsystem().or(own).or_else(duration)
            }
            (Job::Scan, _) => json.get("scan_id").is_none().then_some("scan_id"),
            _ => None,
        }
    }

    /// How the telescope manager begins what it says about an input.
    fn validation(self, job: Job, json: &Json) -> String {
        let what = match job {
            Job::Assign => "assignresources",
            Job::Release => "releaseresources",
            Job::Configure => "configure",
            _ => "scan",
        };
        let interface = json.get("interface").and_then(Json::as_str);
        let version = interface.and_then(|interface| interface.rsplit('/').next());
        match version {
            Some(version) => format!("Validation '{} TMC {what} {version}'", self.name()),
            None => format!("Validation '{} TMC {what}'", self.name()),
        }
    }
}

/// Whether a configuration of Mid changes the pointing only.
pub(super) fn is_partial(json: &Json) -> bool {
    let partial = json.pointer("/tmc/partial_configuration");
    partial.and_then(Json::as_bool) == Some(true)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Job, Telescope};

    const KEYS: &[&str] = &["csp", "sdp", "mccs"];

    #[test]
    fn a_missing_key_is_named() {
        let configure = json!({
            "interface": "https://schema.skao.int/ska-low-tmc-configure/4.1",
            "csp": {}, "sdp": {"scan_type": "a"}, "mccs": {}, "tmc": {"scan_duration": 1.0},
        });
        let objection = |without: &str| {
            let mut json = configure.clone();
            json.as_object_mut().unwrap().remove(without);
            Telescope::Low.objection(Job::Configure, &json, KEYS)
        };
        assert_eq!(objection("nothing"), None);
        for key in ["csp", "sdp", "mccs", "tmc"] {
            let expected = format!("Validation 'Low TMC configure 4.1' Missing key: '{key}'");
            assert_eq!(objection(key), Some(expected));
        }
        let json = json!({"csp": {}, "sdp": {}, "mccs": {}, "tmc": {}});
        assert_eq!(
            Telescope::Low
                .objection(Job::Configure, &json, KEYS)
                .as_deref(),
            Some("Validation 'Low TMC configure' Missing key: 'scan_duration'")
        );
    }

    #[test]
    fn a_scan_needs_its_id_and_on_low_no_subarray() {
        let objection = |json| Telescope::Low.objection(Job::Scan, &json, KEYS);
        assert_eq!(objection(json!({"scan_id": 1})), None);
        assert!(
            objection(json!({}))
                .unwrap()
                .ends_with("Missing key: 'scan_id'")
        );
        let json = json!({"scan_id": 1, "subarray_id": 1});
        assert!(
            objection(json)
                .unwrap()
                .ends_with("Wrong key: 'subarray_id'")
        );
    }

    #[test]
    fn mid_needs_dishes_and_takes_partial_configurations() {
        let keys = &["csp", "sdp"];
        let objection = |job, json| Telescope::Mid.objection(job, &json, keys);
        let dishes = json!({"dish": {"receptor_ids": []}, "sdp": {}});
        assert_eq!(objection(Job::Assign, dishes), None);
        let json = json!({"dish": {}, "sdp": {}});
        assert!(
            objection(Job::Assign, json)
                .unwrap()
                .contains("'receptor_ids'")
        );
        let partial = json!({"pointing": {}, "tmc": {"partial_configuration": true}});
        assert_eq!(objection(Job::Configure, partial), None);
    }

    #[test]
    fn a_duration_that_is_none_is_refused() {
        for duration in [json!(-1), json!("10"), json!(1e300)] {
            let json =
                json!({"csp": {}, "sdp": {}, "mccs": {}, "tmc": {"scan_duration": duration}});
            let objection = Telescope::Low
                .objection(Job::Configure, &json, KEYS)
                .unwrap();
            assert!(objection.contains("no number of seconds"), "{objection}");
        }
    }

    #[test]
    fn what_is_wrong_further_down_is_told_in_the_same_words() {
        let json = json!({
            "interface": "https://schema.skao.int/ska-low-tmc-configure/4.1",
            "csp": {}, "sdp": {}, "mccs": {}, "tmc": {"scan_duration": 1.0},
        });
        assert_eq!(
            Telescope::Low
                .objection(Job::Configure, &json, KEYS)
                .as_deref(),
            Some("Validation 'Low TMC configure 4.1' Missing key: 'scan_type'")
        );
    }
}
