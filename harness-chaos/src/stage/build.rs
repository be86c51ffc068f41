//! The stage of a condition.

use tokio::time::Instant;

use super::Stage;
use super::bandwidth::BandwidthStage;
use super::close::{LimitStage, TimeStage};
use super::coalesce::CoalesceStage;
use super::corrupt::CorruptStage;
use super::delay::DelayStage;
use super::hold::{HoldStage, SwallowStage};
use super::late_end::LateEndStage;
use super::replace::ReplaceStage;
use super::rewrite::RewriteStage;
use super::slice::SliceStage;
use crate::condition::{Condition, Manner, When};
use crate::seed::Draws;

/// Where and when a stage begins.
#[derive(Clone, Debug)]
pub(crate) struct Setting {
    /// When the connection was opened.
    pub(crate) opened: Instant,
    /// When the condition begins for it.
    pub(crate) now: Instant,
    /// What the stage draws from.
    pub(crate) draws: Draws,
}

/// What the condition does on one connection in one direction.
pub(crate) fn build(condition: &Condition, setting: Setting) -> Box<dyn Stage> {
    let Setting { opened, now, draws } = setting;
    match condition {
        Condition::Hold(_) => Box::new(HoldStage),
        Condition::Swallow(_) => Box::new(SwallowStage),
        Condition::Delay(delay) => Box::new(DelayStage::new(*delay, draws)),
        Condition::Bandwidth(bandwidth) => Box::new(BandwidthStage::new(bandwidth.clone())),
        Condition::Corrupt(corrupt) => {
            let within = corrupt.within.clone();
            match &corrupt.manner {
                Manner::Bits { rate } => Box::new(CorruptStage::flipping(*rate, within, draws)),
                Manner::Inverted => Box::new(CorruptStage::inverting(within)),
                Manner::Replaced { find, by } => {
                    Box::new(ReplaceStage::new(find.clone(), by.clone()))
                }
            }
        }
        Condition::Slice(slice) => Box::new(SliceStage::new(*slice, draws)),
        Condition::Coalesce(coalesce) => Box::new(CoalesceStage::new(*coalesce)),
        Condition::Close(close) => match close.when {
            When::Octets(limit) => Box::new(LimitStage::new(limit, close.ending)),
            When::Since(window) => {
                Box::new(TimeStage::new(window, close.ending, opened, now, draws))
            }
        },
        Condition::LateEnd(end) => Box::new(LateEndStage::new(*end)),
        Condition::Rewrite(rewrite) => Box::new(RewriteStage::new(rewrite)),
    }
}
