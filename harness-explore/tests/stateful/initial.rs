//! Rules that run first, once, in every program.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use harness_explore::{Explorer, Machine, Produced, Rule, bundle, ensure};

use crate::machines::{Notes, found};

#[test]
fn all_run_once_before_the_others_in_any_order() {
    let orders: Rc<RefCell<BTreeSet<String>>> = Rc::default();
    let seen = Rc::clone(&orders);
    let note = |name: &'static str, rule: Rule<Notes, ()>| {
        rule.run(async move |notes: &mut Notes, _| {
            notes.borrow_mut().push(name.to_owned());
            Ok(Produced::nothing())
        })
    };
    let machine = Machine::new("Initial", async || Ok(Notes::default()))
        .rule(note("a", Rule::initial("a")))
        .rule(note("b", Rule::initial("b")))
        .rule(note("c", Rule::initial("c")))
        .rule(note("go", Rule::new("go")))
        .teardown(async move |notes: &mut Notes| {
            let notes = notes.borrow();
            let (first, rest) = notes.split_at(3);
            let all: BTreeSet<&str> = first.iter().map(String::as_str).collect();
            ensure(
                all == BTreeSet::from(["a", "b", "c"]),
                format!("began with {first:?}"),
            )?;
            ensure(
                rest.iter().all(|name| name == "go"),
                "an initial rule ran again",
            )?;
            seen.borrow_mut().insert(first.concat());
            Ok(())
        });
    let report = Explorer::new(machine)
        .with_seed(5)
        .with_steps(5)
        .run()
        .expect("it runs");
    assert!(report.is_clean(), "{report}");
    assert_eq!(orders.borrow().len(), 6, "{:?}", orders.borrow());
}

#[test]
fn they_fill_bundles_and_stay_in_the_shrunk_program() {
    let machine = Machine::new("Populate", async || Ok(()))
        .rule(
            Rule::initial("begin")
                .into_bundle("a")
                .into_bundle("b")
                .run(async |(), _| Ok(Produced::one("dry"))),
        )
        .rule(Rule::initial("also").run(async |(), _| Ok(Produced::nothing())))
        .rule(
            Rule::new("fail")
                .argument("from", bundle("b"))
                .run(async |(), call| {
                    ensure(call.variable("from")? != &"dry", "dry")?;
                    Ok(Produced::nothing())
                }),
        );
    let script = found(machine).script();
    let mut lines: Vec<&str> = script.lines().collect();
    assert_eq!(lines.remove(0), "state = Populate()");
    assert_eq!(lines.pop(), Some("state.teardown()"));
    assert_eq!(lines.pop(), Some("state.fail(from=b_0)"));
    lines.sort_unstable();
    assert_eq!(lines, ["a_0 = b_0 = state.begin()", "state.also()"]);
}
