//! Values that steps hand on to others.

use std::cell::Cell;
use std::rc::Rc;

use harness_explore::strategy::integers;
use harness_explore::{Call, Explorer, Machine, Produced, Rule, bundle, ensure};

use crate::machines::{explored, found};

fn numbers() -> Machine<(), i64> {
    Machine::new("Numbers", async || Ok(())).rule(
        Rule::new("make")
            .argument("value", integers(0..=99))
            .into_bundle("numbers")
            .run(async |(), call: Call<i64>| Ok(Produced::one(call.argument("value")?))),
    )
}

#[test]
fn what_a_rule_produces_can_be_used_by_others() {
    let machine = numbers().rule(
        Rule::new("compare")
            .argument("one", bundle("numbers"))
            .argument("other", bundle("numbers"))
            .run(async |(), call: Call<i64>| {
                let (one, other) = (*call.variable("one")?, *call.variable("other")?);
                ensure(one.abs_diff(other) < 50, "far apart")?;
                Ok(Produced::nothing())
            }),
    );
    let finding = found(machine);
    assert_eq!(finding.program.steps.len(), 3, "{finding}");
    assert!(finding.script().contains("value=0)"), "{finding}");
    assert!(finding.script().contains("value=50)"), "{finding}");
}

#[test]
fn what_is_consumed_is_gone() {
    let machine = numbers().rule(
        Rule::new("take_both")
            .argument("one", bundle("numbers").consumed())
            .argument("other", bundle("numbers").consumed())
            .run(async |(), call: Call<i64>| {
                call.variable("one")?;
                call.variable("other")?;
                Ok(Produced::nothing())
            }),
    );
    let taken = Rc::new(Cell::new(0));
    let counted = Rc::clone(&taken);
    let machine = machine.rule(
        Rule::new("take")
            .argument("one", bundle("numbers").consumed())
            .into_bundle("taken")
            .run(async move |(), call: Call<i64>| {
                counted.set(counted.get() + 1);
                Ok(Produced::one(*call.variable("one")?))
            }),
    );
    let report = explored(machine);
    assert!(report.is_clean(), "{report}");
    assert!(taken.get() > 0, "nothing was ever taken");
    let of = |name: &str| {
        let rule = report.rules.iter().find(|rule| rule.rule == name);
        rule.expect("it is listed").run
    };
    assert!(of("take") + 2 * of("take_both") <= of("make"), "{report}");
}

#[test]
fn a_filter_takes_only_what_it_accepts_and_the_rest_stays() {
    let machine = numbers()
        .rule(
            Rule::new("take_even")
                .argument(
                    "even",
                    bundle("numbers")
                        .filtered(|number| number % 2 == 0)
                        .consumed(),
                )
                .run(async |(), call: Call<i64>| {
                    ensure(call.variable("even")? % 2 == 0, "an odd one was taken")?;
                    Ok(Produced::nothing())
                }),
        )
        .rule(
            Rule::new("take_odd")
                .argument("odd", bundle("numbers").filtered(|number| number % 2 == 1))
                .run(async |(), call: Call<i64>| {
                    ensure(call.variable("odd")? % 2 == 1, "an even one was taken")?;
                    Ok(Produced::nothing())
                }),
        );
    let report = explored(machine);
    assert!(report.is_clean(), "{report}");
    assert!(report.rules.iter().all(|rule| rule.run > 0), "{report}");
}

#[test]
fn any_number_of_values_can_be_produced_and_each_goes_into_every_bundle() {
    let machine = Machine::new("Several", async || Ok(()))
        .rule(
            Rule::new("make")
                .argument("count", integers(0..=3))
                .into_bundle("ones")
                .into_bundle("others")
                .run(async |(), call: Call<i64>| {
                    let count: i64 = call.argument("count")?;
                    Ok(Produced::many(0..count))
                }),
        )
        .rule(
            Rule::new("use")
                .argument("one", bundle("ones"))
                .argument("other", bundle("others"))
                .run(async |(), call: Call<i64>| {
                    let both = call.variable("one")? + call.variable("other")?;
                    ensure(both < 4, "two of the third")?;
                    Ok(Produced::nothing())
                }),
        );
    let finding = found(machine);
    let expected = "\
state = Several()
ones_0, ones_1, ones_2 = state.make(count=3)
others_0, others_1, others_2 = ones_0, ones_1, ones_2
state.use(one=ones_2, other=others_2)
state.teardown()
";
    assert_eq!(finding.script(), expected);
}

#[test]
fn several_different_values_can_be_taken_at_once() {
    let machine = numbers().rule(
        Rule::new("look")
            .argument("all", bundle("numbers").several(2..=3))
            .run(async |(), call: Call<i64>| {
                let count = call.variables("all")?.len();
                ensure((2..=3).contains(&count), "too many or too few")?;
                ensure(count < 3, "three")?;
                Ok(Produced::nothing())
            }),
    );
    let finding = found(machine);
    assert_eq!(finding.program.steps.len(), 4, "{finding}");
    let last = finding.program.steps.last().expect("there are steps");
    let mut taken = last.arguments[0].1.variables().to_vec();
    taken.sort_by_key(|variable| variable.number);
    taken.dedup();
    assert_eq!(taken.len(), 3, "{finding}");
}

#[test]
fn values_without_a_bundle_are_a_failure() {
    let machine = Machine::new("Lost", async || Ok(()))
        .rule(Rule::new("make").run(async |(), _| Ok(Produced::one(1))));
    let finding = found(machine);
    assert_eq!(
        finding.violation.message,
        "it produces values, but fills no bundle"
    );
}

#[test]
fn needless_values_are_not_made() {
    let pairs = Machine::new("Pairs", async || Ok(Vec::<(i64, i64)>::new()))
        .rule(
            Rule::new("key")
                .argument("k", integers(0..=1000))
                .into_bundle("keys")
                .run(async |_: &mut Vec<(i64, i64)>, call: Call<i64>| {
                    Ok(Produced::one(call.argument("k")?))
                }),
        )
        .rule(
            Rule::new("value")
                .argument("v", integers(0..=1000))
                .into_bundle("values")
                .run(async |_: &mut Vec<(i64, i64)>, call: Call<i64>| {
                    Ok(Produced::one(call.argument("v")?))
                }),
        )
        .rule(
            Rule::new("store")
                .argument("k", bundle("keys"))
                .argument("v", bundle("values"))
                .run(async |pairs: &mut Vec<(i64, i64)>, call: Call<i64>| {
                    let pair = (*call.variable("k")?, *call.variable("v")?);
                    ensure(!pairs.contains(&pair), "stored twice")?;
                    pairs.push(pair);
                    Ok(Produced::nothing())
                }),
        );
    let finding = found(pairs);
    let rules: Vec<&str> = finding
        .program
        .steps
        .iter()
        .map(|step| &*step.rule)
        .collect();
    assert_eq!(rules.len(), 4, "{finding}");
    for rule in ["key", "value"] {
        assert_eq!(
            rules.iter().filter(|other| **other == rule).count(),
            1,
            "{finding}"
        );
    }
    let explorer = Explorer::new(numbers());
    assert!(explorer.replay(&finding.program).expect("it runs").passed());
}
