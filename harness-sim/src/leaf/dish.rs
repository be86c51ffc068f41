//! The leaf node before a dish.

use std::sync::Arc;

use serde_json::Value as Json;

use super::Part;
use super::part::blame;
use crate::attribute::{Attribute, AttributeValue};
use crate::device::{Base, DeviceId, Errand, Kind, Objection, Order};
use crate::dish::{Band, DishMode, PointingState};
use crate::model::{CommandRule, Job};

/// The leaf node before a dish: Configure takes the dish to its band, to OPERATE and to its target.
#[derive(Debug)]
pub(crate) struct DishLeaf {
    part: Part,
    mode: DishMode,
    pointing: PointingState,
    band: Band,
}

impl DishLeaf {
    pub(crate) const fn new(part: Part) -> DishLeaf {
        DishLeaf {
            part,
            mode: DishMode::Unknown,
            pointing: PointingState::Unknown,
            band: Band::Unknown,
        }
    }

    /// The stages of Configure.
    fn configure(&self, order: &Order) -> Vec<Vec<Errand>> {
        let json = order.json();
        let mut stages = Vec::new();
        let mut stage =
            |job, argument: Arc<str>| stages.push(vec![self.part.errand(job, argument)]);
        if !matches!(self.mode, DishMode::StandbyFp | DishMode::Operate) {
            stage(Job::SetDishMode(DishMode::StandbyFp), "".into());
        }
        let band = receiver_band(&json).and_then(Band::from_name);
        if let Some(band) = band.filter(|band| *band != self.band) {
            stage(Job::ConfigureBand(band), "".into());
        }
        stage(Job::SetDishMode(DishMode::Operate), "".into());
        stage(Job::Track, json["pointing"].to_string().into());
        stages
    }
}

fn receiver_band(json: &Json) -> Option<&str> {
    json.pointer("/dish/receiver_band")?.as_str()
}

impl Kind for DishLeaf {
    fn class(&self) -> &'static str {
        "SimulatedDishLeafNode"
    }

    fn attributes(&self) -> &'static [Attribute] {
        &[Attribute::DishMode, Attribute::PointingState]
    }

    fn value(&self, attribute: Attribute) -> Option<AttributeValue> {
        Some(match attribute {
            Attribute::DishMode => AttributeValue::DishMode(self.mode),
            Attribute::PointingState => AttributeValue::PointingState(self.pointing),
            _ => return None,
        })
    }

    fn objection(&self, _: &Base, rule: &'static CommandRule, json: &Json) -> Option<Objection> {
        if rule.job != Job::Configure {
            return None;
        }
        let band = receiver_band(json)?;
        Band::from_name(band)
            .is_none()
            .then(|| Objection::Reject(format!("receiver_band {band} is not known")))
    }

    fn begin(&mut self, _: &mut Base, order: &Order) -> Vec<Vec<Errand>> {
        match order.job() {
            Job::Configure => self.configure(order),
            job => vec![vec![self.part.errand(job, Arc::clone(&order.argument))]],
        }
    }

    fn perform(&mut self, _: &mut Base, _: &Order) -> Result<(), String> {
        Ok(())
    }

    fn blame(&self, failures: &[(Arc<str>, Arc<str>)]) -> String {
        blame(failures)
    }

    fn hear(&mut self, base: &mut Base, _: DeviceId, attribute: Attribute, value: &AttributeValue) {
        match value {
            AttributeValue::DishMode(mode) => self.mode = *mode,
            AttributeValue::PointingState(pointing) => self.pointing = *pointing,
            AttributeValue::Band(band) => {
                self.band = *band;
                return;
            }
            _ => return,
        }
        base.tell(attribute, || value.clone());
    }
}
