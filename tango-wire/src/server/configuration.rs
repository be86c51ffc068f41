//! The calls about the configurations of attributes.

use std::sync::Arc;

use super::{
    calls::{check_count, stands_for_all},
    device::Device,
    interface::Attribute,
    old_configs::{self, AttributeConfigVersion},
};
use crate::types::{AttributeConfig, DevFailed};

/// The attributes that a client asks about.
pub(super) fn configs(device: &Device, names: &[String]) -> Result<Vec<Arc<Attribute>>, DevFailed> {
    check_count(names.len())?;
    if stands_for_all(names) {
        return Ok(device.interface().attributes().to_vec());
    }
    let names = names.iter();
    names.map(|name| device.find_attribute(name)).collect()
}

/// Writes configurations, one after another; the first that is refused ends it, as in cppTango.
pub(super) async fn configure(
    device: &Device,
    wanted: Vec<AttributeConfig>,
    version: AttributeConfigVersion,
) -> Result<(), DevFailed> {
    let count = wanted.len();
    check_count(count)?;
    let _turn = device.monitor.enter().await?;
    for (index, wanted) in wanted.into_iter().enumerate() {
        let name = wanted.name.clone();
        let configured = device.configure(&name, |present| {
            old_configs::complete(wanted, present, version)
        });
        if let Err(mut failure) = configured {
            if count > 1
                && let Some(error) = failure.0.first_mut()
            {
                let others = format!(" ({index} of {count} attributes were updated before it)");
                error.description.push_str(&others);
            }
            return Err(failure);
        }
    }
    Ok(())
}
