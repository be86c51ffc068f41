//! The attributes of simulated devices, their values, and where changes of them go.

mod name;
mod port;
mod value;

pub use name::Attribute;
pub use port::AttributePort;
pub use value::AttributeValue;

#[cfg(test)]
pub(crate) use port::tests::RecordedChanges;
