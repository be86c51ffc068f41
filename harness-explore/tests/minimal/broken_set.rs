//! The set of the documentation of Hypothesis that is made of a list, in both forms.

use harness_explore::strategy::{Strategy, choice, constant, integers, one_of, tuples};
use harness_explore::{Explorer, Machine, Produced, Rule, RuleError, StepMachine, ensure};

use crate::with_fifty_seeds;

#[derive(Default)]
struct BrokenSet {
    data: Vec<i64>,
}

impl BrokenSet {
    fn delete(&mut self, value: i64) -> Result<(), RuleError> {
        if let Some(place) = self.data.iter().position(|other| *other == value) {
            self.data.remove(place);
        }
        ensure(!self.data.contains(&value), "it is still there")
    }
}

impl StepMachine for BrokenSet {
    type Step = (String, i64);

    fn steps(&self) -> Strategy {
        let add = tuples([constant("add"), integers(i64::MIN..=i64::MAX)]);
        if self.data.is_empty() {
            return add;
        }
        let delete = tuples([constant("delete"), choice(self.data.clone())]);
        one_of([add, delete])
    }

    async fn execute_step(&mut self, (action, value): (String, i64)) -> Result<(), RuleError> {
        if action == "delete" {
            return self.delete(value);
        }
        self.data.push(value);
        ensure(self.data.contains(&value), "it is not there")
    }
}

#[test]
fn steps_shrink_to_two_equal_values_of_which_one_is_deleted() {
    with_fifty_seeds(
        || {
            Explorer::new(Machine::from_steps("BrokenSet", async || {
                Ok(BrokenSet::default())
            }))
        },
        |seed, finding| {
            let expected = "\
Step #1: [\"add\", 0]
Step #2: [\"add\", 0]
Step #3: [\"delete\", 0]
";
            assert_eq!(finding.script(), expected, "seed {seed}");
        },
    );
}

#[test]
fn rules_shrink_to_two_equal_values_of_which_one_is_deleted() {
    let machine = || {
        Machine::new("BrokenSet", async || Ok(BrokenSet::default()))
            .rule(
                Rule::new("add")
                    .argument("value", integers(i64::MIN..=i64::MAX))
                    .run(async |set: &mut BrokenSet, call| {
                        set.data.push(call.argument("value")?);
                        Ok(Produced::<()>::nothing())
                    }),
            )
            .rule(
                Rule::new("delete")
                    .argument_by("value", |set: &BrokenSet| choice(set.data.clone()))
                    .when("it is not empty", |set| !set.data.is_empty())
                    .run(async |set, call| {
                        set.delete(call.argument("value")?)?;
                        Ok(Produced::nothing())
                    }),
            )
    };
    with_fifty_seeds(
        || Explorer::new(machine()),
        |seed, finding| {
            let expected = "\
state = BrokenSet()
state.add(value=0)
state.add(value=0)
state.delete(value=0)
state.teardown()
";
            assert_eq!(finding.script(), expected, "seed {seed}");
        },
    );
}
