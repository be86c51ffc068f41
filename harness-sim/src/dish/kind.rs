//! A dish: it goes from mode to mode, is configured for a band, and follows a target.

use harness_tango::control_model::DevState;

use super::{Band, DishMode, PointingState};
use crate::attribute::{Attribute, AttributeValue};
use crate::device::{Base, Kind, Order, Refusal};
use crate::model::{CommandRule, Job};

/// A dish, as the dish manager shows it.
#[derive(Debug)]
pub(crate) struct Dish {
    mode: DishMode,
    pointing: PointingState,
    band: Band,
    /// The mode to go back to after a band was configured.
    before_config: Option<DishMode>,
}

impl Dish {
    /// A dish on standby with low power.
    pub(crate) const fn new() -> Dish {
        Dish {
            mode: DishMode::StandbyLp,
            pointing: PointingState::Ready,
            band: Band::None,
            before_config: None,
        }
    }

    /// The device state of a new dish.
    pub(crate) const fn state_at_first() -> DevState {
        Dish::state_in(DishMode::StandbyLp)
    }

    /// The device state of a dish in a mode.
    const fn state_in(mode: DishMode) -> DevState {
        match mode {
            DishMode::StandbyLp | DishMode::StandbyFp => DevState::Standby,
            DishMode::Maintenance | DishMode::Stow => DevState::Disable,
            DishMode::Startup => DevState::Init,
            DishMode::Shutdown => DevState::Off,
            DishMode::Unknown => DevState::Unknown,
            DishMode::Config | DishMode::Operate => DevState::On,
        }
    }

    fn set_mode(&mut self, base: &Base, mode: DishMode) {
        if self.mode != mode {
            base.record_hop(self.mode.label(), mode.label());
            self.mode = mode;
            base.tell(Attribute::DishMode, || AttributeValue::DishMode(mode));
        }
    }

    fn set_pointing(&mut self, base: &Base, pointing: PointingState) {
        if self.pointing != pointing {
            base.record_hop(self.pointing.label(), pointing.label());
            self.pointing = pointing;
            let value = || AttributeValue::PointingState(pointing);
            base.tell(Attribute::PointingState, value);
        }
    }

    fn set_band(&mut self, base: &Base, band: Band) {
        if self.band != band {
            self.band = band;
            base.tell(Attribute::ConfiguredBand, || AttributeValue::Band(band));
        }
    }

    /// Leaves CONFIG, however the command ended that went there.
    fn end_config(&mut self, base: &Base) {
        if let Some(before) = self.before_config.take()
            && self.mode == DishMode::Config
        {
            self.set_mode(base, before);
        }
    }
}

impl Kind for Dish {
    fn class(&self) -> &'static str {
        "SimulatedDish"
    }

    fn attributes(&self) -> &'static [Attribute] {
        &[
            Attribute::DishMode,
            Attribute::PointingState,
            Attribute::ConfiguredBand,
        ]
    }

    fn value(&self, attribute: Attribute) -> Option<AttributeValue> {
        Some(match attribute {
            Attribute::DishMode => AttributeValue::DishMode(self.mode),
            Attribute::PointingState => AttributeValue::PointingState(self.pointing),
            Attribute::ConfiguredBand => AttributeValue::Band(self.band),
            _ => return None,
        })
    }

    fn permits(&self, _: &Base, rule: &'static CommandRule) -> Result<(), Refusal> {
        use DishMode::{Operate, StandbyFp, StandbyLp, Stow};

        let command = rule.command;
        let allowed = match rule.job {
            Job::ConfigureBand(_) => matches!(self.mode, StandbyFp | Operate | Stow),
            Job::SetDishMode(Operate) => {
                self.band != Band::None && matches!(self.mode, StandbyFp | Operate)
            }
            Job::SetDishMode(StandbyLp) => !matches!(self.mode, DishMode::Config),
            Job::Track | Job::Scan | Job::EndScan => matches!(self.mode, Operate),
            _ => true,
        };
        let mode = self.mode;
        allowed
            .then_some(())
            .ok_or(Refusal::NotInMode { command, mode })
    }

    fn command(&mut self, base: &Base, job: Job) {
        match job {
            Job::ConfigureBand(_) => {
                self.before_config = Some(self.mode);
                self.set_mode(base, DishMode::Config);
            }
            Job::Track => self.set_pointing(base, PointingState::Slew),
            _ => {}
        }
    }

    fn perform(&mut self, base: &mut Base, order: &Order) -> Result<(), String> {
        match order.job() {
            Job::SetDishMode(mode) => {
                self.set_mode(base, mode);
                if mode != DishMode::Operate {
                    self.set_pointing(base, PointingState::Ready);
                }
                base.set_state(Dish::state_in(mode));
            }
            Job::ConfigureBand(band) => {
                self.set_band(base, band);
                self.end_config(base);
            }
            Job::Track | Job::EndScan => self.set_pointing(base, PointingState::Track),
            Job::Scan => self.set_pointing(base, PointingState::Scan),
            Job::TrackStop => self.set_pointing(base, PointingState::Ready),
            Job::Abort => {
                self.end_config(base);
                self.set_pointing(base, PointingState::Ready);
            }
            _ => {}
        }
        Ok(())
    }

    fn fail(&mut self, base: &Base, order: &Order) {
        match order.job() {
            Job::ConfigureBand(_) => self.end_config(base),
            Job::Track => self.set_pointing(base, PointingState::Ready),
            _ => {}
        }
    }

    fn set(&mut self, base: &Base, attribute: Attribute, value: &AttributeValue) -> bool {
        match (attribute, value) {
            (Attribute::DishMode, AttributeValue::DishMode(mode)) => self.set_mode(base, *mode),
            (Attribute::PointingState, AttributeValue::PointingState(pointing)) => {
                self.set_pointing(base, *pointing);
            }
            (Attribute::ConfiguredBand, AttributeValue::Band(band)) => self.set_band(base, *band),
            _ => return false,
        }
        true
    }
}
