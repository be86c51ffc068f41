//! Edits in the words of an observation, wherever a telescope's JSON has them.

use serde_json::{Value as Json, json};

use super::document::InputDocument;
use super::error::EditError;
use super::place::{Place, Token};
use super::unique_id::unique_id;

/// The keys of what must differ between executions, and how its ids begin.
const BLOCK_IDS: [(&str, &str); 2] = [("eb_id", "eb"), ("pb_id", "pb")];

impl InputDocument {
    /// Replaces every `eb_id` and `pb_id` by one never used before in this process, the same one
    /// by the same one. Where there is none, nothing changes.
    pub fn with_unique_ids(mut self) -> InputDocument {
        let mut replaced: Vec<(String, String)> = Vec::new();
        for (key, prefix) in BLOCK_IDS {
            for place in self.everywhere(&Place::default(), key).unwrap_or_default() {
                let Some(old) = place.get(self.json()).and_then(Json::as_str) else {
                    continue;
                };
                let old = old.to_owned();
                let known = replaced.iter().find(|(known, _)| *known == old);
                let new = known.map_or_else(|| unique_id(prefix), |(_, new)| new.clone());
                self.note_id(&old, &new);
                self.put(&place, Json::from(new.as_str()));
                replaced.push((old, new));
            }
        }
        self
    }

    /// Takes the ids of the last AssignResources before this one, for one key (`eb_id` or
    /// `pb_id`): what a telescope refuses as a duplicate.
    ///
    /// # Errors
    /// When nothing with such an id was assigned before, or the document has no such key.
    pub fn duplicate_id(mut self, word: &str) -> Result<InputDocument, EditError> {
        let key = self.key_like(word)?;
        let places = self.everywhere(&Place::default(), &key)?;
        let before = self.previous().under(&key).to_vec();
        let Some(first) = before.first().cloned() else {
            return Err(EditError::NothingAssigned { key });
        };
        let mut replaced: Vec<(String, String)> = Vec::new();
        for place in places {
            let old = place.get(self.json()).and_then(Json::as_str);
            let old = old.unwrap_or_default().to_owned();
            let known = replaced.iter().find(|(known, _)| *known == old);
            let next = before.get(replaced.len()).unwrap_or(&first);
            let new = known.map_or(next, |(_, new)| new).clone();
            self.note_id(&old, &new);
            self.put(&place, Json::from(new.as_str()));
            if known.is_none() {
                replaced.push((old, new));
            }
        }
        Ok(self)
    }

    /// Sets the `scan_id`.
    ///
    /// # Errors
    /// When the document has none.
    pub fn with_scan_id(self, id: i64) -> Result<InputDocument, EditError> {
        self.set_anywhere("scan_id", id)
    }

    /// Sets the `scan_type` of Configure. Which ones the last AssignResources defined is in
    /// [`AssignedIds::scan_types`](super::AssignedIds::scan_types).
    ///
    /// # Errors
    /// When the document has none.
    pub fn with_scan_type(self, name: &str) -> Result<InputDocument, EditError> {
        self.set_anywhere("scan_type", name)
    }

    /// Sees to it that the execution block of AssignResources defines a scan type: one that is new
    /// is made from the last one.
    ///
    /// # Errors
    /// When the document defines no scan types.
    pub fn with_defined_scan_type(mut self, name: &str) -> Result<InputDocument, EditError> {
        for place in self.everywhere(&Place::default(), "scan_types")? {
            let Some(Json::Array(types)) = place.get(self.json()) else {
                return Err(self.wrong_kind(&place.to_string(), "list"));
            };
            let is_it = |known: &Json| known.get("scan_type_id").is_some_and(|id| id == name);
            if types.iter().any(is_it) {
                continue;
            }
            let mut new = types.last().cloned().unwrap_or_else(|| json!({}));
            if let Json::Object(members) = &mut new {
                members.insert("scan_type_id".to_owned(), name.into());
            }
            let end = place.with(Token::Index(types.len()));
            if let Some(Json::Array(types)) = place.get_mut(self.json_mut()) {
                types.push(new.clone());
            }
            self.changed(&end, None, Some(new));
        }
        Ok(self)
    }

    /// Sets the receptors: the dishes of Mid (`receptor_ids` and the `receptors` of the SDP), or
    /// what the SDP of Low receives from.
    ///
    /// # Errors
    /// When the document has neither.
    pub fn with_receptors<S: AsRef<str>>(mut self, names: &[S]) -> Result<Self, EditError> {
        let names: Json = names.iter().map(|name| Json::from(name.as_ref())).collect();
        let mut places = self.everywhere(&Place::default(), "receptor_ids");
        if let Ok(receptors) = self.everywhere(&Place::default(), "receptors") {
            places = places
                .map(|ids| [ids, receptors.clone()].concat())
                .or(Ok(receptors));
        }
        for place in places? {
            self.put(&place, names.clone());
        }
        Ok(self)
    }

    /// Sets the stations of Low: one aperture for each, in AssignResources and in Configure, and
    /// the stations of the correlator.
    ///
    /// # Errors
    /// When the document has no `apertures`.
    pub fn with_stations(mut self, stations: &[u32]) -> Result<InputDocument, EditError> {
        for place in self.everywhere(&Place::default(), "apertures")? {
            let model = place.with(Token::Index(0));
            let model = model.get(self.json()).cloned().unwrap_or_else(|| json!({}));
            let apertures: Json = stations.iter().map(|id| aperture(&model, *id)).collect();
            self.put(&place, apertures);
        }
        for place in self
            .everywhere(&Place::default(), "stns")
            .unwrap_or_default()
        {
            let stations: Json = stations.iter().map(|id| json!([id, 1])).collect();
            self.put(&place, stations);
        }
        Ok(self)
    }

    /// Sets the `subarray_id`.
    ///
    /// # Errors
    /// When the document has none.
    pub fn with_subarray(self, number: u32) -> Result<InputDocument, EditError> {
        self.set_anywhere("subarray_id", number)
    }

    /// Sets the `scan_duration` of Configure, in seconds.
    ///
    /// # Errors
    /// When the document has none.
    pub fn with_scan_duration(self, seconds: f64) -> Result<InputDocument, EditError> {
        self.set_anywhere("scan_duration", seconds)
    }

    /// Sets the band of Mid, for the dishes and the correlator: `1`, `5a`.
    ///
    /// # Errors
    /// When the document has no `receiver_band`.
    pub fn with_receiver_band(self, band: &str) -> Result<InputDocument, EditError> {
        let document = self.set_anywhere("receiver_band", band)?;
        match document.values_anywhere("frequency_band").is_empty() {
            true => Ok(document),
            false => document.set_anywhere("frequency_band", band),
        }
    }
}

/// An aperture like another one, of a station.
fn aperture(model: &Json, station: u32) -> Json {
    let mut aperture = model.clone();
    if let Json::Object(members) = &mut aperture {
        if members.contains_key("station_id") {
            members.insert("station_id".to_owned(), station.into());
        }
        if let Some(id) = members.get_mut("aperture_id") {
            *id = format!("AP{station:03}.01").into();
        }
    }
    aperture
}

#[cfg(test)]
mod tests {
    use crate::inputs::Inputs;
    use crate::telescope::TelescopeKind;

    #[test]
    fn receptors_are_those_of_the_dishes_and_of_the_sdp() {
        let mid = Inputs::mid().assign_resources_document();
        let mid = mid.with_receptors(&["SKA063", "SKA100"]).unwrap();
        for path in ["dish.receptor_ids", "sdp.resources.receptors"] {
            assert_eq!(
                mid.values(path)[0],
                &serde_json::json!(["SKA063", "SKA100"])
            );
        }
        let low = Inputs::low().assign_resources_document();
        let low = low.with_receptors(&["C10"]).unwrap();
        assert_eq!(
            low.values("sdp.resources.receptors")[0],
            &serde_json::json!(["C10"])
        );
        let error = Inputs::low().scan_document().with_receptors(&["C10"]);
        assert!(error.unwrap_err().to_string().contains("receptor_ids"));
    }

    #[test]
    fn stations_are_apertures_in_all_commands() {
        let inputs = Inputs::low();
        let assign = inputs
            .assign_resources_document()
            .with_stations(&[3, 15])
            .unwrap();
        assert_eq!(assign.values_anywhere("station_id"), [3, 15]);
        assert_eq!(
            assign.values_anywhere("aperture_id"),
            ["AP003.01", "AP015.01"]
        );
        let configure = inputs.configure_document().with_stations(&[7]).unwrap();
        assert_eq!(configure.values_anywhere("aperture_id"), ["AP007.01"]);
        assert_eq!(
            configure.values_anywhere("stns")[0],
            &serde_json::json!([[7, 1]])
        );
    }

    #[test]
    fn bands_durations_and_scans_are_set_where_they_stand() {
        let configure = Inputs::mid().configure_document();
        let configure = configure.with_receiver_band("5a").unwrap();
        let configure = configure.with_scan_duration(2.5).unwrap();
        assert_eq!(configure.values("dish.receiver_band"), ["5a"]);
        assert_eq!(configure.values("csp.common.frequency_band"), ["5a"]);
        assert_eq!(configure.values("tmc.scan_duration"), [2.5]);
        let scan = Inputs::mid().scan_document().with_scan_id(12).unwrap();
        assert_eq!(scan.values("scan_id"), [12]);
        assert!(
            Inputs::low()
                .configure_document()
                .with_receiver_band("1")
                .is_err()
        );
    }

    #[test]
    fn a_scan_type_can_be_defined_where_resources_are_assigned() {
        for kind in [TelescopeKind::Low, TelescopeKind::Mid] {
            let inputs = Inputs::for_telescope(kind);
            let assign = inputs.assign_resources_document();
            let assign = assign.with_defined_scan_type("mosaic:c").unwrap();
            let once = assign.clone().with_defined_scan_type("mosaic:c").unwrap();
            assert_eq!(once.text(), assign.text());
            let types = inputs.last_assigned_ids();
            assert_eq!(types.scan_types().last().unwrap(), "mosaic:c");
            assert_eq!(types.scan_types().len(), 4);
        }
    }

    #[test]
    fn ids_of_the_last_assignment_come_again_when_asked_for() {
        let inputs = Inputs::low();
        let first = inputs.assign_resources_document();
        assert!(
            first.duplicate_id("eb_id").is_err(),
            "nothing was assigned before"
        );
        let assigned = inputs.last_assigned_ids();
        let again = inputs.assign_resources_document();
        let fresh_block = inputs.last_assigned_ids().pb_ids()[0].clone();
        let again = again.duplicate_id("eb-id").unwrap();
        assert_eq!(again.values_anywhere("eb_id"), [assigned.eb_id().unwrap()]);
        assert_eq!(again.values_anywhere("pb_id"), [fresh_block.as_str()]);
        let configure = inputs.configure_document();
        assert_eq!(
            configure.values_anywhere("eb_id"),
            [assigned.eb_id().unwrap()]
        );
    }
}
