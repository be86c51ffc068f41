//! Commands, defects and forced states in any order: what must hold whatever happens.

use std::collections::HashMap;
use std::time::Duration;

use harness_tango::control_model::{ObsState, ResultCode, TaskStatus};

use super::bench::Bench;
use crate::attribute::{Attribute, AttributeValue};
use crate::defect::{Defect, DefectKind};
use crate::device::Reply;

/// A generator of numbers that are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        // xorshift64
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap()
    }

    fn one_of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}

/// What clients know from events alone.
#[derive(Default)]
struct Client {
    values: HashMap<Attribute, AttributeValue>,
    accepted: Vec<String>,
    finished: HashMap<String, TaskStatus>,
}

impl Client {
    fn follow(&mut self, bench: &Bench) {
        for (attribute, value) in bench.changes.take() {
            if let (Attribute::LongRunningCommandStatus, AttributeValue::Texts(texts)) =
                (attribute, &value)
            {
                for [id, status] in texts.as_chunks().0 {
                    self.check_status(id, status);
                }
            }
            self.values.insert(attribute, value);
        }
    }

    /// What has ended stays ended.
    fn check_status(&mut self, id: &str, status: &str) {
        let status = TaskStatus::ALL
            .iter()
            .find(|known| known.label() == status)
            .unwrap();
        if let Some(finished) = self.finished.get(id) {
            assert_eq!(finished, status, "{id}");
        }
        if matches!(
            status,
            TaskStatus::Aborted | TaskStatus::Completed | TaskStatus::Rejected | TaskStatus::Failed
        ) {
            self.finished.insert(id.to_owned(), *status);
        }
    }
}

#[test]
fn events_tell_all_there_is_and_every_command_ends() {
    let mut numbers = Numbers(0x5eed_5eed_5eed_5eed);
    for _ in 0..200 {
        let dwell = numbers.one_of(&[0, 1, 30]);
        let mut bench = Bench::with_dwell(Duration::from_millis(dwell));
        let mut client = Client::default();
        let mut story = Vec::new();
        let attributes: Vec<_> = bench.subarray.attributes().collect();
        for attribute in &attributes {
            let value = bench.subarray.value(*attribute);
            client.values.insert(*attribute, value);
        }
        let commands: Vec<_> = bench.subarray.commands().rules().iter().collect();
        for _ in 0..100 {
            match numbers.below(10) {
                0 => {
                    let mut defect = Defect::new(numbers.one_of(DefectKind::ALL)).times(1);
                    if numbers.below(2) == 0 {
                        defect = defect.stuck_in(numbers.one_of(ObsState::ALL));
                        defect = defect.going_through([numbers.one_of(ObsState::ALL)]);
                    }
                    story.push(defect.to_string());
                    bench.subarray.add_defect(defect).unwrap();
                }
                1 => {
                    let state = numbers.one_of(ObsState::ALL);
                    story.push(format!("forced {state}"));
                    bench.subarray.force_obs_state(state, bench.now);
                }
                2 | 3 => {
                    let time = numbers.one_of(&[1, 10, 100, 11_000]);
                    story.push(format!("{time} ms"));
                    bench.elapse(Duration::from_millis(time));
                }
                _ => {
                    let allowed: Vec<_> = commands
                        .iter()
                        .filter(|rule| rule.is_allowed_in(bench.obs_state()))
                        .collect();
                    let command = numbers.one_of(&allowed).command;
                    let reply = bench.try_send(command);
                    story.push(format!("{command}: {reply:?}"));
                    if let Ok(Reply {
                        code: ResultCode::Queued | ResultCode::Started,
                        text: id,
                    }) = reply
                    {
                        client.accepted.push(id);
                    }
                }
            }
            client.follow(&bench);
            for attribute in &attributes {
                // like the base class, it does not tell that progress is over, and has nothing
                // to read where it has events only
                if matches!(
                    attribute,
                    Attribute::LongRunningCommandProgress | Attribute::LrcEvent
                ) {
                    continue;
                }
                assert_eq!(
                    client.values[attribute],
                    bench.subarray.value(*attribute),
                    "{attribute} after {story:#?}"
                );
            }
            let empty = bench.obs_state() == ObsState::Empty;
            let assigned = bench.subarray.value(Attribute::AssignedResources);
            assert!(
                !empty || assigned == AttributeValue::Texts(vec![]),
                "{assigned:?} in EMPTY after {story:#?}"
            );
        }
        bench
            .subarray
            .set_defective(r#"{"enabled": false}"#)
            .unwrap();
        bench.subarray.force_obs_state(ObsState::Ready, bench.now);
        for command in ["Abort", "Restart"] {
            bench.send(command);
            bench.elapse(Duration::from_secs(1));
        }
        assert_eq!(bench.obs_state(), ObsState::Empty, "{story:#?}");
        client.follow(&bench);
        for id in &client.accepted {
            let finished = client.finished.contains_key(id);
            assert!(finished, "{id} never ended after {story:#?}");
        }
    }
}
