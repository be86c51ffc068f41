//! A fault that starts and heals is two rules.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use harness_core::BoxFuture;
use harness_core::fault::{Fault, FaultError, FaultGuard};
use harness_explore::{Machine, Produced, Rule, ensure};

use crate::machines::found;

/// A line that is cut for as long as the fault goes on.
#[derive(Clone, Debug, Default)]
struct Cut(Arc<AtomicBool>);

impl Fault for Cut {
    fn describe(&self) -> String {
        "the line is cut".to_owned()
    }

    fn start(&self) -> BoxFuture<'_, Result<FaultGuard, FaultError>> {
        let cut = Arc::clone(&self.0);
        cut.store(true, Ordering::Relaxed);
        let heal = async move {
            cut.store(false, Ordering::Relaxed);
            Ok(())
        };
        Box::pin(std::future::ready(Ok(FaultGuard::new(
            self.describe(),
            heal,
        ))))
    }
}

/// A sender that counts what it sent, also while nothing arrives.
struct Line {
    cut: Cut,
    going_on: Option<FaultGuard>,
    sent: u32,
    arrived: u32,
}

#[test]
fn a_fault_that_starts_and_heals_is_part_of_the_program_and_ends_with_it() {
    let left_over = Rc::new(Cell::new(0));
    let counted = Rc::clone(&left_over);
    let start = async || {
        Ok(Line {
            cut: Cut::default(),
            going_on: None,
            sent: 0,
            arrived: 0,
        })
    };
    let machine = Machine::<Line>::new("Line", start)
        .rule(Rule::new("send").run(async |line: &mut Line, _| {
            line.sent += 1;
            line.arrived += u32::from(!line.cut.0.load(Ordering::Relaxed));
            Ok(Produced::nothing())
        }))
        .rule(
            Rule::new("cut")
                .when("it is whole", |line: &Line| line.going_on.is_none())
                .run(async |line: &mut Line, _| {
                    line.going_on = Some(line.cut.start().await?);
                    Ok(Produced::nothing())
                }),
        )
        .rule(
            Rule::new("heal")
                .when("it is cut", |line: &Line| line.going_on.is_some())
                .run(async |line: &mut Line, _| {
                    if let Some(guard) = line.going_on.take() {
                        guard.stop().await?;
                    }
                    Ok(Produced::nothing())
                }),
        )
        .rule(
            Rule::new("count")
                .when("it is whole", |line: &Line| line.going_on.is_none())
                .run(async |line: &mut Line, _| {
                    ensure(line.sent == line.arrived, "something was lost for good")?;
                    Ok(Produced::nothing())
                }),
        )
        .teardown(async move |line: &mut Line| {
            if let Some(guard) = line.going_on.take() {
                guard.stop().await?;
            }
            let cut = u32::from(line.cut.0.load(Ordering::Relaxed));
            counted.set(counted.get() + cut);
            Ok(())
        });
    let expected = "\
state = Line()
state.cut()
state.send()
state.heal()
state.count()
state.teardown()
";
    assert_eq!(found(machine).script(), expected);
    assert_eq!(left_over.get(), 0, "faults that outlived their programs");
}
