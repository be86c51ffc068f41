//! Which stations can be assigned.

use serde_json::Value as Json;

/// The numbers that stations of Low have.
const STATIONS: std::ops::RangeInclusive<u64> = 1..=512;

/// What is wrong with the stations that are to be assigned, of which some are absent.
pub(super) fn absent_station(json: &Json, absent: &[u64]) -> Option<String> {
    let wrong = find(json, &|id| !STATIONS.contains(&id) || absent.contains(&id))?;
    Some(format!(
        "MCCS controller: Invalid station_id: {wrong}; there is no such station"
    ))
}

/// The first station, however deep, for which that is true. JSON that was read is 128 levels deep
/// at most.
fn find(json: &Json, is_wrong: &impl Fn(u64) -> bool) -> Option<u64> {
    match json {
        Json::Object(members) => members.iter().find_map(|(key, value)| match key.as_str() {
            "station_id" => value.as_u64().filter(|id| is_wrong(*id)),
            "station_ids" => {
                let ids = value.as_array().into_iter().flatten();
                let mut ids = ids.filter_map(Json::as_u64);
                ids.find(|id| is_wrong(*id))
            }
            _ => find(value, is_wrong),
        }),
        Json::Array(items) => items.iter().find_map(|item| find(item, is_wrong)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::absent_station;

    #[test]
    fn a_station_that_is_not_there_is_named() {
        let assign = |id: u64| json!({"subarray_beams": [{"apertures": [{"station_id": id, "aperture_id": "AP001.01"}]}]});
        for id in [1, 14, 345, 512] {
            assert_eq!(absent_station(&assign(id), &[15]), None, "{id}");
        }
        for id in [0, 15, 513] {
            let words = absent_station(&assign(id), &[15]).unwrap();
            assert!(words.contains(&format!("station_id: {id};")), "{words}");
        }
        assert!(absent_station(&json!({"station_ids": [1, 15]}), &[15]).is_some());
    }
}
