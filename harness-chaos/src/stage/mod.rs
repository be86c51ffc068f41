//! What conditions do, as machines without sockets and clocks: [`Stage`] takes what comes, is told the
//! time, and hands on what shall go on. A [`Chain`] of them stands in each direction of each
//! connection.

mod bandwidth;
mod build;
mod chain;
mod chunk;
mod close;
mod coalesce;
mod contract;
mod corrupt;
mod delay;
mod duplicate;
mod hold;
mod late_end;
mod loss;
mod queue;
mod reorder;
mod replace;
mod rewrite;
mod slice;
#[cfg(test)]
mod tests;
mod truncate;

pub(crate) use build::{Setting, build, build_for_datagrams};
pub(crate) use chain::{Chain, StageId};
pub(crate) use chunk::Chunk;
pub(crate) use contract::{Item, Stage, later};
pub(crate) use queue::Queue;
