//! Steps about telescopes over a World that has none: the compiler says what is missing.

use cucumber::World;
use harness_bdd::{StepBook, books::telescope_steps};

#[derive(Debug, Default, World)]
struct Observatory;

fn main() {
    let book = StepBook::<Observatory>::new().merge(telescope_steps);
    drop(book);
}
