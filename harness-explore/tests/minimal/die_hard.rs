//! Two jugs, of three and of five litres, and the wish for four.

use harness_explore::{Explorer, Invariant, Machine, Produced, Rule, ensure};

use crate::with_fifty_seeds;

#[derive(Clone, Copy)]
struct Jugs {
    small: u32,
    large: u32,
}

fn pour(name: &'static str, pour: fn(&mut Jugs)) -> Rule<Jugs, ()> {
    Rule::new(name).run(async move |jugs: &mut Jugs, _| {
        pour(jugs);
        Ok(Produced::nothing())
    })
}

fn die_hard() -> Machine<Jugs> {
    Machine::new("DieHard", async || Ok(Jugs { small: 0, large: 0 }))
        .rule(pour("fill_small", |jugs| jugs.small = 3))
        .rule(pour("fill_large", |jugs| jugs.large = 5))
        .rule(pour("empty_small", |jugs| jugs.small = 0))
        .rule(pour("empty_large", |jugs| jugs.large = 0))
        .rule(pour("small_into_large", |jugs| {
            let both = jugs.small + jugs.large;
            jugs.large = both.min(5);
            jugs.small = both - jugs.large;
        }))
        .rule(pour("large_into_small", |jugs| {
            let both = jugs.small + jugs.large;
            jugs.small = both.min(3);
            jugs.large = both - jugs.small;
        }))
        .invariant(Invariant::new("not_solved", async |jugs: &mut Jugs| {
            ensure(jugs.large != 4, "four litres")
        }))
        .model(|jugs| format!("{}+{}", jugs.small, jugs.large))
}

#[test]
fn four_litres_take_six_steps() {
    with_fifty_seeds(
        || Explorer::new(die_hard()),
        |seed, finding| {
            let expected = "\
state = DieHard()
state.fill_large()
state.large_into_small()
state.empty_small()
state.large_into_small()
state.fill_large()
state.large_into_small()
state.not_solved()
state.teardown()
";
            assert_eq!(finding.script(), expected, "seed {seed}");
        },
    );
}
