//! What is to be done, by how many, and when.

#[expect(
    clippy::module_inception,
    reason = "the plan itself, beside what it is made of"
)]
mod plan;
mod profile;
mod shard;
mod stage;

pub use plan::{Model, Plan, PlanError};
pub use shard::{Shard, ShardError};
pub use stage::{Stage, StageError, TimeError, read_time};

pub(crate) use profile::Profile;
