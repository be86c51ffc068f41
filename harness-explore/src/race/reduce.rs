//! The fewest commands that show what a race has shown.

use harness_core::state_machine::State;

use super::contest::Contest;
use super::declaration::{Race, RaceError};
use super::finding::RaceFinding;
use super::history::History;
use super::verdict::Violation;
use crate::lifecycle::SystemUnderTest;
use crate::machine::RuleError;

/// How many heats a smaller contest gets to show the same.
const CHANCES: u32 = 10;

/// Leaves out commands as long as the rest shows the same kind of violation in some heats, and says how
/// often what is left shows it.
pub(super) async fn reduce<S: State, T: SystemUnderTest<S>>(
    race: &Race<S>,
    mut contest: Contest<S>,
    (mut history, mut violation): (History<S>, Violation),
    start: &mut impl AsyncFnMut(usize) -> Result<Vec<T>, RuleError>,
) -> Result<RaceFinding<S>, RaceError> {
    let before = contest.entrants.len();
    // halves and quarters first: of many commands most are not needed
    let mut size = before / 2;
    while size > 0 {
        let mut place = 0;
        while contest.entrants.len() > 1 && place < contest.entrants.len() {
            let smaller = without(&contest, place, size);
            match shows(race, &smaller, violation.kind, start).await? {
                Some(shown) if !smaller.entrants.is_empty() => {
                    (history, violation) = shown;
                    contest = smaller;
                }
                _ => place += size,
            }
        }
        size /= 2;
    }
    let (mut hits, mut heats) = (0, 0);
    while heats < CHANCES && !race.is_to_end() {
        heats += 1;
        let (_, found) = race.heat(&contest, start).await?;
        hits += u32::from(found.is_some_and(|found| found.kind == violation.kind));
    }
    Ok(RaceFinding {
        contest,
        violation,
        history,
        before,
        again: (hits, heats),
    })
}

/// The contest without so many commands from this place on.
fn without<S: State>(contest: &Contest<S>, place: usize, size: usize) -> Contest<S> {
    let mut smaller = contest.clone();
    for _ in 0..size {
        if place < smaller.entrants.len() {
            smaller = smaller.without(place);
        }
    }
    smaller
}

async fn shows<S: State, T: SystemUnderTest<S>>(
    race: &Race<S>,
    contest: &Contest<S>,
    kind: &str,
    start: &mut impl AsyncFnMut(usize) -> Result<Vec<T>, RuleError>,
) -> Result<Option<(History<S>, Violation)>, RaceError> {
    if contest.entrants.is_empty() {
        return Ok(None);
    }
    for _ in 0..CHANCES {
        if race.is_to_end() {
            break;
        }
        let (history, violation) = race.heat(contest, start).await?;
        if let Some(violation) = violation.filter(|it| it.kind == kind) {
            return Ok(Some((history, violation)));
        }
    }
    Ok(None)
}
