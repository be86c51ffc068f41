//! The leaf node before a controller.

use std::sync::Arc;

use harness_tango::control_model::AdminMode;

use super::Part;
use super::part::blame;
use crate::attribute::{Attribute, AttributeValue};
use crate::device::{Base, DeviceId, Errand, Kind, Order};

/// The leaf node before a controller.
#[derive(Debug)]
pub(crate) struct MasterLeaf {
    part: Part,
    available: bool,
}

impl MasterLeaf {
    pub(crate) const fn new(part: Part) -> MasterLeaf {
        MasterLeaf {
            part,
            available: true,
        }
    }
}

impl Kind for MasterLeaf {
    fn class(&self) -> &'static str {
        "SimulatedMasterLeafNode"
    }

    fn attributes(&self) -> &'static [Attribute] {
        &[Attribute::IsSubsystemAvailable]
    }

    fn value(&self, attribute: Attribute) -> Option<AttributeValue> {
        let available = || AttributeValue::Flag(self.available);
        (attribute == Attribute::IsSubsystemAvailable).then(available)
    }

    fn begin(&mut self, _: &mut Base, order: &Order) -> Vec<Vec<Errand>> {
        vec![vec![
            self.part.errand(order.job(), Arc::clone(&order.argument)),
        ]]
    }

    fn perform(&mut self, _: &mut Base, _: &Order) -> Result<(), String> {
        Ok(())
    }

    fn blame(&self, failures: &[(Arc<str>, Arc<str>)]) -> String {
        blame(failures)
    }

    fn hear(&mut self, base: &mut Base, _: DeviceId, attribute: Attribute, value: &AttributeValue) {
        if let (Attribute::AdminMode, AttributeValue::AdminMode(mode)) = (attribute, value) {
            let available = matches!(mode, AdminMode::Online | AdminMode::Engineering);
            let available = AttributeValue::Flag(available);
            self.set(base, Attribute::IsSubsystemAvailable, &available);
        }
    }

    fn set(&mut self, base: &Base, attribute: Attribute, value: &AttributeValue) -> bool {
        let (Attribute::IsSubsystemAvailable, AttributeValue::Flag(available)) = (attribute, value)
        else {
            return false;
        };
        if self.available != *available {
            self.available = *available;
            base.tell(attribute, || value.clone());
        }
        true
    }
}
