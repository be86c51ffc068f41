//! The obsState that follows from those of the parts.

use harness_tango::control_model::ObsState;

/// What the obsStates of the parts say about the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aggregate {
    /// One of them has a fault, or is on its way: so has, or is, the whole.
    Decisive(ObsState),
    /// All of them are in this stable state.
    Unanimous(ObsState),
    /// They are in different stable states, which says nothing.
    Mixed,
}

/// The transient states, the most urgent first.
const TRANSIENT: &[ObsState] = &[
    ObsState::Aborting,
    ObsState::Restarting,
    ObsState::Resetting,
    ObsState::Resourcing,
    ObsState::Configuring,
];

/// What the obsStates of the parts say about the whole.
pub(super) fn aggregate(parts: impl Iterator<Item = ObsState> + Clone) -> Aggregate {
    let any = |state: ObsState| parts.clone().any(|part| part == state);
    if any(ObsState::Fault) {
        return Aggregate::Decisive(ObsState::Fault);
    }
    if let Some(transient) = TRANSIENT.iter().find(|state| any(**state)) {
        return Aggregate::Decisive(*transient);
    }
    let mut rest = parts.clone();
    match rest.next() {
        Some(first) if rest.all(|part| part == first) => Aggregate::Unanimous(first),
        _ => Aggregate::Mixed,
    }
}

#[cfg(test)]
mod tests {
    use super::{Aggregate, ObsState, aggregate};

    #[test]
    fn a_fault_is_stronger_than_a_transient_state_and_that_is_stronger_than_stable_ones() {
        use ObsState::{Aborting, Configuring, Empty, Fault, Idle, Ready, Resourcing};

        for (parts, expected) in [
            (vec![Idle, Fault, Aborting], Aggregate::Decisive(Fault)),
            (vec![Ready, Configuring], Aggregate::Decisive(Configuring)),
            (vec![Resourcing, Aborting], Aggregate::Decisive(Aborting)),
            (vec![Idle, Idle], Aggregate::Unanimous(Idle)),
            (vec![Idle, Empty], Aggregate::Mixed),
            (vec![], Aggregate::Mixed),
        ] {
            assert_eq!(aggregate(parts.iter().copied()), expected, "{parts:?}");
        }
    }
}
