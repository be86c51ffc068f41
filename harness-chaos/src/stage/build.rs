//! The stage of a condition.

use tokio::time::Instant;

use super::Stage;
use super::bandwidth::BandwidthStage;
use super::close::{AnswerStage, HangStage, LimitStage, TimeStage};
use super::coalesce::CoalesceStage;
use super::corrupt::CorruptStage;
use super::delay::DelayStage;
use super::duplicate::DuplicateStage;
use super::hold::{HoldStage, SwallowStage};
use super::late_end::LateEndStage;
use super::loss::LossStage;
use super::reorder::ReorderStage;
use super::replace::ReplaceStage;
use super::rewrite::RewriteStage;
use super::slice::SliceStage;
use super::truncate::TruncateStage;
use crate::condition::{Condition, Manner, When};
use crate::datagram::DatagramCondition;
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
        Condition::Stall(stall) => Box::new(DelayStage::stalling(*stall, draws)),
        Condition::Bandwidth(bandwidth) => Box::new(BandwidthStage::of_stream(bandwidth.clone())),
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
            When::Answer(time) => Box::new(AnswerStage::new(time, close.ending)),
            When::Hanging(time) => Box::new(HangStage::new(time, close.ending, now)),
            When::Since(window) => {
                Box::new(TimeStage::new(window, close.ending, opened, now, draws))
            }
        },
        Condition::LateEnd(end) => Box::new(LateEndStage::new(*end)),
        Condition::Rewrite(rewrite) => Box::new(RewriteStage::new(rewrite)),
    }
}

/// What the condition does with the datagrams of one session in one direction.
pub(crate) fn build_for_datagrams(
    condition: &DatagramCondition,
    setting: Setting,
) -> Box<dyn Stage> {
    let draws = setting.draws;
    match condition {
        DatagramCondition::Loss(loss) => Box::new(LossStage::new(loss.rate, draws)),
        DatagramCondition::Duplicate(duplicate) => {
            Box::new(DuplicateStage::new(duplicate.rate, draws))
        }
        DatagramCondition::Reorder(reorder) => Box::new(ReorderStage::new(*reorder, draws)),
        DatagramCondition::Truncate(truncate) => Box::new(TruncateStage::new(truncate.octets)),
        DatagramCondition::Hold(_) => Box::new(HoldStage),
        DatagramCondition::Delay(delay) => Box::new(DelayStage::new(*delay, draws)),
        DatagramCondition::Bandwidth(bandwidth) => {
            Box::new(BandwidthStage::of_datagrams(bandwidth.clone()))
        }
        DatagramCondition::Corrupt(corrupt) => {
            let within = corrupt.within.clone();
            match &corrupt.manner {
                Manner::Bits { rate } => Box::new(CorruptStage::flipping(*rate, within, draws)),
                Manner::Inverted => Box::new(CorruptStage::inverting(within)),
                Manner::Replaced { find, by } => {
                    Box::new(ReplaceStage::within_each(find.clone(), by.clone()))
                }
            }
        }
        DatagramCondition::Rewrite(rewrite) => Box::new(RewriteStage::new(rewrite)),
    }
}
