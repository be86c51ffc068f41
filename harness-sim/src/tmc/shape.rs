//! What must stand in the JSON of the telescope manager, below its first level, and of which form.

use std::fmt;

use serde_json::Value as Json;

use super::input::Telescope;
use crate::model::Job;

/// The form of a value.
#[derive(Clone, Copy, Debug)]
enum Form {
    Object,
    List,
    Texts,
    Text,
    /// A text that begins so, as the ids of blocks do.
    Begins(&'static str),
    /// One of `1`, `2`, `3`, `4`, `5a` and `5b`.
    Band,
    Number,
    /// A whole number in a range, both ends included.
    Whole(u64, u64),
}

use Form::{Band, Begins, List, Number, Object, Text, Texts, Whole};

/// A key in the objects at a path; a path leads into all elements of a list. Where the objects
/// are, the key must be, unless it is optional.
#[derive(Clone, Copy, Debug)]
struct Rule {
    at: &'static str,
    key: &'static str,
    form: Form,
    required: bool,
}

const fn must(at: &'static str, key: &'static str, form: Form) -> Rule {
    let required = true;
    Rule {
        at,
        key,
        form,
        required,
    }
}

const fn may(at: &'static str, key: &'static str, form: Form) -> Rule {
    let required = false;
    Rule {
        at,
        key,
        form,
        required,
    }
}

const ANY: u64 = i64::MAX as u64;
const STATIONS: u64 = 512;
const SUBARRAYS: u64 = 16;

const ALL: &[Rule] = &[
    may("", "interface", Begins("http")),
    may("", "transaction_id", Text),
    may("", "csp", Object),
    may("", "sdp", Object),
    may("", "mccs", Object),
    may("", "dish", Object),
    may("", "pointing", Object),
    may("", "tmc", Object),
    may("", "subarray_id", Whole(1, SUBARRAYS)),
    may("csp", "interface", Begins("http")),
    may("sdp", "interface", Begins("http")),
    may("mccs", "interface", Begins("http")),
];

const ASSIGN: &[Rule] = &[
    may("dish", "receptor_ids", Texts),
    may("sdp", "resources", Object),
    must("sdp.resources", "receptors", Texts),
    may("sdp.resources", "receive_nodes", Whole(0, ANY)),
    may("sdp", "execution_block", Object),
    must("sdp.execution_block", "eb_id", Begins("eb-")),
    may("sdp.execution_block", "max_length", Number),
    may("sdp.execution_block", "context", Object),
    may("sdp.execution_block", "beams", List),
    must("sdp.execution_block.beams", "beam_id", Text),
    must("sdp.execution_block.beams", "function", Text),
    may("sdp.execution_block", "scan_types", List),
    must("sdp.execution_block.scan_types", "scan_type_id", Text),
    must("sdp.execution_block.scan_types", "beams", Object),
    may("sdp.execution_block", "channels", List),
    must("sdp.execution_block.channels", "channels_id", Text),
    must("sdp.execution_block.channels", "spectral_windows", List),
    must(
        "sdp.execution_block.channels.spectral_windows",
        "spectral_window_id",
        Text,
    ),
    must(
        "sdp.execution_block.channels.spectral_windows",
        "count",
        Whole(1, ANY),
    ),
    must(
        "sdp.execution_block.channels.spectral_windows",
        "start",
        Whole(0, ANY),
    ),
    may(
        "sdp.execution_block.channels.spectral_windows",
        "stride",
        Whole(1, ANY),
    ),
    must(
        "sdp.execution_block.channels.spectral_windows",
        "freq_min",
        Number,
    ),
    must(
        "sdp.execution_block.channels.spectral_windows",
        "freq_max",
        Number,
    ),
    may(
        "sdp.execution_block.channels.spectral_windows",
        "link_map",
        List,
    ),
    may("sdp.execution_block", "polarisations", List),
    must(
        "sdp.execution_block.polarisations",
        "polarisations_id",
        Text,
    ),
    must("sdp.execution_block.polarisations", "corr_type", Texts),
    may("sdp.execution_block", "fields", List),
    must("sdp.execution_block.fields", "field_id", Text),
    must("sdp.execution_block.fields", "phase_dir", Object),
    may("sdp", "processing_blocks", List),
    must("sdp.processing_blocks", "pb_id", Begins("pb-")),
    must("sdp.processing_blocks", "script", Object),
    must("sdp.processing_blocks.script", "kind", Text),
    must("sdp.processing_blocks.script", "name", Text),
    must("sdp.processing_blocks.script", "version", Text),
    may("sdp.processing_blocks", "sbi_ids", Texts),
    may("sdp.processing_blocks", "parameters", Object),
    may("mccs", "subarray_beams", List),
    must("mccs.subarray_beams", "subarray_beam_id", Whole(1, ANY)),
    must("mccs.subarray_beams", "apertures", List),
    may("mccs.subarray_beams", "number_of_channels", Whole(1, ANY)),
    must(
        "mccs.subarray_beams.apertures",
        "station_id",
        Whole(1, STATIONS),
    ),
    must("mccs.subarray_beams.apertures", "aperture_id", Begins("AP")),
    may("csp.pss", "pss_beam_ids", List),
    may("csp.pst", "pst_beam_ids", List),
];

const CONFIGURE: &[Rule] = &[
    must("sdp", "scan_type", Text),
    may("csp", "common", Object),
    must("csp.common", "config_id", Text),
    may("csp.common", "eb_id", Begins("eb-")),
    may("csp.common", "frequency_band", Band),
    may("csp", "lowcbf", Object),
    must("csp.lowcbf", "stations", Object),
    must("csp.lowcbf.stations", "stns", List),
    must("csp.lowcbf.stations", "stn_beams", List),
    must("csp.lowcbf.stations.stn_beams", "beam_id", Whole(1, ANY)),
    must("csp.lowcbf.stations.stn_beams", "freq_ids", List),
    must("csp.lowcbf", "vis", Object),
    must("csp.lowcbf.vis", "stn_beams", List),
    may("csp.lowcbf", "timing_beams", Object),
    may("csp", "midcbf", Object),
    may("csp.midcbf", "correlation", Object),
    may("mccs", "subarray_beams", List),
    must("mccs.subarray_beams", "subarray_beam_id", Whole(1, ANY)),
    must("mccs.subarray_beams", "apertures", List),
    must("mccs.subarray_beams.apertures", "aperture_id", Begins("AP")),
    may("mccs.subarray_beams", "update_rate", Number),
    may("mccs.subarray_beams", "sky_coordinates", Object),
    may("mccs.subarray_beams", "logical_bands", List),
    must(
        "mccs.subarray_beams.logical_bands",
        "start_channel",
        Whole(0, ANY),
    ),
    must(
        "mccs.subarray_beams.logical_bands",
        "number_of_channels",
        Whole(1, ANY),
    ),
    must("dish", "receiver_band", Band),
    may("pointing", "target", Object),
    may("pointing.target", "reference_frame", Text),
    may("pointing.target", "target_name", Text),
];

const SCAN: &[Rule] = &[must("", "scan_id", Whole(0, ANY))];

const RELEASE: &[Rule] = &[may("", "receptor_ids", Texts)];

/// What is wrong with a value.
#[derive(Debug, PartialEq)]
pub(super) enum Flaw<'a> {
    Missing(&'static str),
    Wrong(&'static str, &'a Json),
}

impl fmt::Display for Flaw<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Flaw::Missing(key) => write!(formatter, "Missing key: '{key}'"),
            Flaw::Wrong(key, value) => write!(formatter, "Wrong value of '{key}': {value}"),
        }
    }
}

/// The first flaw of a command's JSON. What is not there needs nothing in it.
pub(super) fn flaw(telescope: Telescope, job: Job, json: &Json) -> Option<Flaw<'_>> {
    let own = match job {
        Job::Assign => ASSIGN,
        Job::Configure => CONFIGURE,
        Job::Scan => SCAN,
        Job::Release => RELEASE,
        _ => return None,
    };
    // Low has no dishes, and Mid no stations: what is not theirs is not looked at
    let foreign = match telescope {
        Telescope::Low => ["dish", "pointing"],
        Telescope::Mid => ["mccs", "mccs"],
    };
    let rules = ALL.iter().chain(own);
    rules
        .filter(|rule| !foreign.iter().any(|key| rule.at.starts_with(key)))
        .find_map(|rule| rule.flaw(json))
}

impl Rule {
    fn flaw<'a>(&self, json: &'a Json) -> Option<Flaw<'a>> {
        let mut objects = vec![json];
        for key in self.at.split('.').filter(|key| !key.is_empty()) {
            objects = objects
                .into_iter()
                .filter_map(|object| object.get(key))
                .flat_map(each)
                .collect();
        }
        objects
            .into_iter()
            .find_map(|object| match object.get(self.key) {
                None if self.required => Some(Flaw::Missing(self.key)),
                Some(value) if !self.form.fits(value) => Some(Flaw::Wrong(self.key, value)),
                _ => None,
            })
    }
}

fn each(json: &Json) -> Vec<&Json> {
    match json {
        Json::Array(elements) => elements.iter().collect(),
        other => vec![other],
    }
}

impl Form {
    fn fits(self, value: &Json) -> bool {
        let text = value.as_str();
        match self {
            Object => value.is_object(),
            List => value.is_array(),
            Texts => value
                .as_array()
                .is_some_and(|elements| elements.iter().all(Json::is_string)),
            Text => text.is_some_and(|text| !text.is_empty()),
            Begins(start) => text.is_some_and(|text| text.starts_with(start)),
            Band => text.is_some_and(|band| {
                let known = ["1", "2", "3", "4", "5a", "5b"];
                known.iter().any(|known| known.eq_ignore_ascii_case(band))
            }),
            Number => value.as_f64().is_some_and(|number| number >= 0.0),
            Whole(first, last) => value
                .as_u64()
                .is_some_and(|number| (first..=last).contains(&number)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::{Job, Telescope, flaw};

    fn told(job: Job, json: &Json) -> Option<String> {
        flaw(Telescope::Low, job, json).map(|flaw| flaw.to_string())
    }

    #[test]
    fn what_is_there_must_be_whole_and_what_is_not_needs_nothing() {
        assert_eq!(told(Job::Assign, &json!({"sdp": {}, "mccs": {}})), None);
        let json = json!({"sdp": {"processing_blocks": [
            {"pb_id": "pb-1", "script": {"kind": "a", "name": "b", "version": "c"}},
            {"script": {}},
        ]}});
        let missing = told(Job::Assign, &json);
        assert_eq!(missing.as_deref(), Some("Missing key: 'pb_id'"));
    }

    #[test]
    fn values_of_the_wrong_form_are_told() {
        for (job, json, words) in [
            (Job::Scan, json!({"scan_id": "1"}), r#"'scan_id': "1""#),
            (Job::Scan, json!({"scan_id": -1}), "'scan_id': -1"),
            (
                Job::Configure,
                json!({"sdp": {"scan_type": ""}}),
                r#"'scan_type': """#,
            ),
            (Job::Configure, json!({"sdp": 5}), "'sdp': 5"),
            (Job::Assign, json!({"subarray_id": 17}), "'subarray_id': 17"),
            (
                Job::Assign,
                json!({"sdp": {"execution_block": {"eb_id": "pb-1"}}}),
                r#"'eb_id': "pb-1""#,
            ),
        ] {
            assert_eq!(told(job, &json), Some(format!("Wrong value of {words}")));
        }
    }

    #[test]
    fn what_belongs_to_the_other_telescope_is_not_looked_at() {
        let json = json!({"dish": {"receiver_band": "7"}});
        assert_eq!(told(Job::Configure, &json), None);
        let mid = flaw(Telescope::Mid, Job::Configure, &json).map(|flaw| flaw.to_string());
        assert_eq!(
            mid.as_deref(),
            Some(r#"Wrong value of 'receiver_band': "7""#)
        );
    }
}
