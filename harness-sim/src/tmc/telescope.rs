//! The state and the health of a whole, from those of its parts.

use harness_tango::control_model::{DevState, HealthState};

use crate::dish::DishMode;

/// The health of a whole: it is as well as the worst of its parts.
pub(super) fn worst(parts: impl Iterator<Item = HealthState>) -> HealthState {
    let badness = |health: &HealthState| match health {
        HealthState::Ok => 0,
        HealthState::Unknown => 1,
        HealthState::Degraded => 2,
        HealthState::Failed => 3,
    };
    parts.max_by_key(badness).unwrap_or(HealthState::Ok)
}

/// The state of a telescope: that of all its controllers, and its dishes agree.
pub(super) fn telescope_state(
    controllers: impl Iterator<Item = DevState>,
    dishes: impl Iterator<Item = DishMode> + Clone,
) -> DevState {
    let mut controllers = controllers.peekable();
    let Some(first) = controllers.peek().copied() else {
        return DevState::Unknown;
    };
    let mut agreed = Some(first);
    for state in controllers {
        if state == DevState::Fault {
            return DevState::Fault;
        }
        agreed = agreed.filter(|agreed| *agreed == state);
    }
    let mut dishes = dishes;
    let dishes_agree = match agreed {
        Some(DevState::On) => dishes.all(|mode| mode != DishMode::StandbyLp),
        Some(DevState::Off | DevState::Standby) => dishes.all(|mode| mode == DishMode::StandbyLp),
        _ => true,
    };
    agreed.filter(|_| dishes_agree).unwrap_or(DevState::Unknown)
}

#[cfg(test)]
mod tests {
    use super::{DevState, DishMode, HealthState, telescope_state, worst};

    #[test]
    fn a_telescope_is_as_well_as_the_worst_of_its_parts() {
        use HealthState::{Degraded, Failed, Ok, Unknown};

        for (parts, expected) in [
            (vec![Ok, Ok], Ok),
            (vec![Ok, Unknown], Unknown),
            (vec![Unknown, Degraded, Ok], Degraded),
            (vec![Degraded, Failed], Failed),
            (vec![], Ok),
        ] {
            assert_eq!(worst(parts.iter().copied()), expected, "{parts:?}");
        }
    }

    #[test]
    fn a_telescope_is_in_a_state_when_all_of_it_is() {
        use DevState::{Fault, Off, On, Standby, Unknown};
        use DishMode::{Operate, StandbyFp, StandbyLp};

        for (controllers, dishes, expected) in [
            (vec![On, On], vec![], On),
            (vec![On, Off], vec![], Unknown),
            (vec![On, Fault], vec![], Fault),
            (vec![On, On], vec![StandbyFp, Operate], On),
            (vec![On, On], vec![StandbyFp, StandbyLp], Unknown),
            (vec![Off, Off], vec![StandbyLp], Off),
            (vec![Standby], vec![StandbyLp], Standby),
            (vec![], vec![], Unknown),
        ] {
            let state = telescope_state(controllers.iter().copied(), dishes.iter().copied());
            assert_eq!(state, expected, "{controllers:?} {dishes:?}");
        }
    }
}
