//! An order that is forced is the same each time.

use std::sync::Arc;

use harness_core::fault::Fault;
use harness_explore::race::Contest;
use tokio::task::LocalSet;

use crate::device::{Hold, Line, Obs, clients, ms, race};

/// Races Configure of a near client with End of a far one, in this order; how many of a hundred heats
/// accepted both.
async fn accepted_in(turns: [usize; 2]) -> u32 {
    LocalSet::new()
        .run_until(async {
            let holds = [Hold::new(), Hold::new()];
            let faults = holds.clone().map(|hold| Arc::new(hold) as Arc<dyn Fault>);
            let start = async |systems: usize| {
                let mut lines = vec![Line::default(); systems];
                for (line, hold) in lines.iter_mut().zip(&holds) {
                    line.gate = Some(hold.clone());
                }
                lines[1].takes = ms(7);
                Ok(clients(None, lines))
            };
            let race = race().with_heats(100).in_order(faults, turns);
            let contest = Contest::from(Obs::Ready).with("Configure").with("End");
            let report = race.run(&contest, start).await.unwrap();
            assert_eq!(report.hits(), 0, "{report}");
            assert_eq!(report.accepted + report.refused, 200);
            report.accepted
        })
        .await
}

#[tokio::test(start_paused = true)]
async fn the_one_that_is_let_go_first_comes_first_a_hundred_times_of_a_hundred() {
    // End is allowed in READY and then Configure in IDLE, but End not in CONFIGURING
    assert_eq!(accepted_in([1, 0]).await, 200);
    assert_eq!(accepted_in([0, 1]).await, 100);
}
