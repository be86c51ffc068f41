//! Machines that Hypothesis' own tests know to be bad: each must fail, at its minimum.

use std::rc::Rc;

use harness_explore::{Call, Machine, Produced, Rule, bundle, ensure};

use crate::machines::found;

/// How many wrappings a charge has.
type Depth = u32;

#[test]
fn what_is_wrapped_too_often_is_found() {
    let machine = Machine::new("Depth", async || Ok(()))
        .rule(
            Rule::new("none")
                .into_bundle("charges")
                .run(async |(), _| Ok(Produced::<Depth>::one(0))),
        )
        .rule(
            Rule::new("charge")
                .argument("child", bundle("charges"))
                .into_bundle("charges")
                .run(async |(), call: Call<Depth>| Ok(Produced::one(call.variable("child")? + 1))),
        )
        .rule(
            Rule::new("check")
                .argument("charge", bundle("charges"))
                .run(async |(), call: Call<Depth>| {
                    ensure(*call.variable("charge")? < 3, "too deep")?;
                    Ok(Produced::nothing())
                }),
        );
    let expected = "\
state = Depth()
charges_0 = state.none()
charges_1 = state.charge(child=charges_0)
charges_2 = state.charge(child=charges_1)
charges_3 = state.charge(child=charges_2)
state.check(charge=charges_3)
state.teardown()
";
    assert_eq!(found(machine).script(), expected);
}

/// A tree of any number of branches.
#[derive(Debug)]
struct Rose(Vec<Rc<Rose>>);

impl Rose {
    fn depth(&self) -> u32 {
        let below = self.0.iter().map(|branch| branch.depth() + 1).max();
        below.unwrap_or_default()
    }
}

#[test]
fn a_tree_of_any_branches_shrinks_to_one_branch() {
    let machine = Machine::new("Roses", async || Ok(()))
        .rule(
            Rule::new("bunch")
                .argument("branches", bundle("roses").several(0..=3))
                .into_bundle("roses")
                .run(async |(), call: Call<Rc<Rose>>| {
                    let branches = call.variables("branches")?.to_vec();
                    Ok(Produced::one(Rc::new(Rose(branches))))
                }),
        )
        .rule(Rule::new("shallow").argument("rose", bundle("roses")).run(
            async |(), call: Call<Rc<Rose>>| {
                ensure(call.variable("rose")?.depth() <= 3, "too deep")?;
                Ok(Produced::nothing())
            },
        ));
    let expected = "\
state = Roses()
roses_0 = state.bunch(branches=[])
roses_1 = state.bunch(branches=[roses_0])
roses_2 = state.bunch(branches=[roses_1])
roses_3 = state.bunch(branches=[roses_2])
roses_4 = state.bunch(branches=[roses_3])
state.shallow(rose=roses_4)
state.teardown()
";
    assert_eq!(found(machine).script(), expected);
}

#[test]
fn an_older_value_than_the_last_is_taken_where_it_matters() {
    let machine = Machine::new("NotTheLast", async || Ok(0_u32))
        .rule(
            Rule::new("add")
                .into_bundle("things")
                .run(async |last: &mut u32, _| {
                    *last += 1;
                    Ok(Produced::one(*last))
                }),
        )
        .rule(Rule::new("bye").argument("thing", bundle("things")).run(
            async |last: &mut u32, call: Call<u32>| {
                ensure(call.variable("thing")? == last, "not the last")?;
                Ok(Produced::nothing())
            },
        ));
    let expected = "\
state = NotTheLast()
things_0 = state.add()
things_1 = state.add()
state.bye(thing=things_0)
state.teardown()
";
    assert_eq!(found(machine).script(), expected);
}

#[test]
fn one_step_fills_all_the_bundles_that_another_needs() {
    let machine = Machine::new("TwoTargets", async || Ok(()))
        .rule(
            Rule::new("fill")
                .into_bundle("a")
                .into_bundle("b")
                .run(async |(), _| Ok(Produced::one(1))),
        )
        .rule(
            Rule::new("fail")
                .argument("one", bundle("a"))
                .argument("other", bundle("b"))
                .run(async |(), _: Call<i32>| {
                    ensure(false, "both are there")?;
                    Ok(Produced::nothing())
                }),
        );
    let expected = "\
state = TwoTargets()
a_0 = b_0 = state.fill()
state.fail(one=a_0, other=b_0)
state.teardown()
";
    assert_eq!(found(machine).script(), expected);
}

#[test]
fn sixteen_ladders_without_a_snake_are_found() {
    let machine = Machine::new("Ladders", async || Ok(0_u32))
        .rule(
            Rule::<u32, ()>::new("ladder").run(async |height: &mut u32, _| {
                *height += 1;
                ensure(*height < 16, "at the top")?;
                Ok(Produced::nothing())
            }),
        )
        .rule(Rule::new("snake").run(async |height: &mut u32, _| {
            *height = 0;
            Ok(Produced::nothing())
        }));
    let finding = found(machine);
    assert_eq!(finding.program.steps.len(), 16, "{finding}");
}

#[test]
fn equal_values_keep_names_of_their_own() {
    let machine = Machine::new("Equals", async || Ok(()))
        .rule(
            Rule::new("make")
                .into_bundle("things")
                .run(async |(), _| Ok(Produced::one(Rc::new(0)))),
        )
        .rule(
            Rule::new("compare")
                .argument("one", bundle("things"))
                .argument("other", bundle("things"))
                .run(async |(), call: Call<Rc<i32>>| {
                    let same = Rc::ptr_eq(call.variable("one")?, call.variable("other")?);
                    ensure(same, "equal, but not the same")?;
                    Ok(Produced::nothing())
                }),
        );
    let script = found(machine).script();
    assert!(
        script.contains("state.compare(one=things_1, other=things_0)")
            || script.contains("state.compare(one=things_0, other=things_1)"),
        "{script}"
    );
}
