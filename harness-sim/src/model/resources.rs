//! The resources that a subarray holds.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value as Json;

/// The resources that a subarray holds, as far as a simulated one can tell from its commands.
///
/// The argument `{"resources": ["BEAM1", "BEAM2"]}` of the base class names them one by one. In other
/// objects receptors, stations, apertures and beams are looked for under the keys of the telescopes'
/// schemas. An object that has none counts as one resource, named by its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resources {
    names: Vec<Arc<str>>,
}

impl Resources {
    /// Adds what the argument of AssignResources names; what is held already is not added twice.
    pub fn assign(&mut self, argument: &str) {
        let mut held: HashSet<Arc<str>> = self.names.iter().cloned().collect();
        for name in named_in(argument) {
            if held.insert(Arc::clone(&name)) {
                self.names.push(name);
            }
        }
    }

    /// Takes away what the argument of ReleaseResources names, as far as it is held; all if it says
    /// `"release_all": true`.
    pub fn release(&mut self, argument: &str) {
        let json = serde_json::from_str::<Json>(argument).unwrap_or_default();
        if json.get("release_all").and_then(Json::as_bool) == Some(true) {
            return self.release_all();
        }
        let released: HashSet<Arc<str>> = named_in(argument).into_iter().collect();
        self.names.retain(|name| !released.contains(name));
    }

    /// Takes all away.
    pub fn release_all(&mut self) {
        self.names.clear();
    }

    /// Whether nothing is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// What is held, in the order in which it was assigned.
    #[must_use]
    pub fn names(&self) -> &[Arc<str>] {
        &self.names
    }
}

/// The keys under which the JSON of telescopes names what is assigned.
const KEYS: &[&str] = &[
    "receptor_ids",
    "receptors",
    "station_ids",
    "station_id",
    "aperture_id",
    "subarray_beam_id",
    "pss_beam_ids",
    "pst_beam_ids",
];

fn named_in(argument: &str) -> Vec<Arc<str>> {
    let Ok(json) = serde_json::from_str::<Json>(argument) else {
        return vec![argument.into()];
    };
    let listed = json
        .get("resources")
        .and_then(Json::as_array)
        .and_then(|names| names.iter().map(Json::as_str).collect::<Option<Vec<_>>>());
    if let Some(names) = listed {
        return names.into_iter().map(Arc::from).collect();
    }
    let mut names = Vec::new();
    collect(&json, &mut names);
    if names.is_empty() {
        names.push(json.to_string().into());
    }
    names
}

/// Finds what stands under one of the keys, however deep. JSON that was read is 128 levels deep at
/// most.
fn collect(json: &Json, names: &mut Vec<Arc<str>>) {
    match json {
        Json::Object(members) => {
            for (key, value) in members {
                if KEYS.contains(&key.as_str()) {
                    collect_names(value, names);
                } else {
                    collect(value, names);
                }
            }
        }
        Json::Array(items) => items.iter().for_each(|item| collect(item, names)),
        _ => {}
    }
}

fn collect_names(json: &Json, names: &mut Vec<Arc<str>>) {
    match json {
        Json::Array(items) => items.iter().for_each(|item| collect_names(item, names)),
        Json::String(name) => names.push(name.as_str().into()),
        Json::Number(number) => names.push(number.to_string().into()),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::Resources;

    #[test]
    fn listed_resources_come_and_go_one_by_one() {
        let mut resources = Resources::default();
        resources.assign(r#"{"resources": ["BEAM1", "BEAM2"]}"#);
        resources.assign(r#"{"resources": ["BEAM2", "BEAM3"]}"#);
        assert_eq!(resources.names().len(), 3);
        resources.release(r#"{"resources": ["BEAM1", "BEAM3", "BEAM9"]}"#);
        assert_eq!(resources.names(), ["BEAM2".into()]);
    }

    #[test]
    fn very_many_resources_do_not_hold_others_up() {
        let names: Vec<_> = (0..100_000).map(|number| number.to_string()).collect();
        let argument = serde_json::json!({ "resources": names }).to_string();
        let mut resources = Resources::default();
        let start = std::time::Instant::now();
        resources.assign(&argument);
        assert_eq!(resources.names().len(), 100_000);
        resources.release(&argument);
        assert!(resources.is_empty());
        // comparing each with all others takes the better part of a minute
        assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
    }

    #[test]
    fn any_other_object_is_one_resource() {
        let mut resources = Resources::default();
        resources.assign(r#"{"subarray_id": 1,  "mccs": {}}"#);
        assert_eq!(resources.names().len(), 1);
        resources.release(r#"{"subarray_id": 2}"#);
        assert!(!resources.is_empty());
        resources.release(r#"{"subarray_id":1,"mccs":{}}"#);
        assert!(resources.is_empty());
    }

    #[test]
    fn an_empty_list_assigns_nothing() {
        let mut resources = Resources::default();
        resources.assign(r#"{"resources": []}"#);
        assert!(resources.is_empty());
    }

    #[test]
    fn receptors_and_beams_are_found_wherever_they_are() {
        let mut resources = Resources::default();
        resources.assign(r#"{"dish": {"receptor_ids": ["SKA001", "SKA036"]}, "sdp": {}}"#);
        assert_eq!(resources.names(), ["SKA001".into(), "SKA036".into()]);
        resources.release(r#"{"receptor_ids": ["SKA001"], "release_all": false}"#);
        assert_eq!(resources.names(), ["SKA036".into()]);
        resources.assign(
            r#"{"mccs": {"subarray_beams": [{"apertures": [{"aperture_id": "AP001.01"}]}]}}"#,
        );
        assert_eq!(resources.names(), ["SKA036".into(), "AP001.01".into()]);
        resources.release(r#"{"release_all": true, "receptor_ids": []}"#);
        assert!(resources.is_empty());
    }
}
