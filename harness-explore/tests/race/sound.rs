//! What is sound: whatever the order, some order explains it.

use harness_explore::race::{Contest, Entrant, Race};
use tokio::task::LocalSet;

use crate::device::{Line, Obs, clients, ms, race};

async fn sound(race: &Race<Obs>, contest: &Contest<Obs>, line: Line) -> (u32, u32, u32) {
    let start = async |systems| Ok(clients(None, vec![line.clone(); systems]));
    let report = race.run(contest, start).await.unwrap();
    assert_eq!(report.hits(), 0, "{report}");
    (report.accepted, report.refused, report.unknown)
}

#[tokio::test(start_paused = true)]
async fn every_pair_of_commands_in_every_state_with_every_offset_is_explained() {
    LocalSet::new()
        .run_until(async {
            let race = race().with_offsets(ms(60), ms(5)).with_heats(1);
            let pairs = race.pairs();
            // four states that stay; of the 21 pairs of six commands, those with one that is allowed
            assert_eq!(pairs.len(), 6 + 15 + 15 + 6);
            for pair in pairs {
                let (accepted, _, unknown) = sound(&race, &pair, Line::default()).await;
                assert!(accepted > 0, "{pair}");
                assert_eq!(unknown, 0);
            }
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn of_two_that_exclude_each_other_exactly_one_is_accepted() {
    LocalSet::new()
        .run_until(async {
            let pair = Contest::from(Obs::Idle).with("Configure").with("Configure");
            let counts = sound(&race(), &pair, Line::default()).await;
            assert_eq!(counts, (10, 10, 0));
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn what_nobody_knows_may_have_been_done_or_be_done_later_or_never() {
    LocalSet::new()
        .run_until(async {
            // one that ends it, and one that lets it end by itself
            for second in ["Abort", "Restart"] {
                let mut pair = Contest::from(Obs::Idle).with("Configure").with(second);
                // not at the very start: what is unknown must not be taken for what was told then
                for entrant in &mut pair.entrants {
                    entrant.offset = ms(3);
                }
                for late in [0, 5, 40, 55, 200] {
                    let line = Line {
                        timeout: ms(2),
                        late: ms(late),
                        ..Line::default()
                    };
                    let start = async |systems: usize| {
                        let mut lines = vec![Line::default(); systems];
                        lines[0] = line.clone();
                        Ok(clients(None, lines))
                    };
                    let race = race().with_heats(2);
                    let report = race.run(&pair, start).await.unwrap();
                    assert_eq!((report.hits(), report.unknown), (0, 2), "{late} {report}");
                }
            }
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn two_masters_that_command_what_they_like_leave_what_some_order_leaves() {
    LocalSet::new()
        .run_until(async {
            let commands = [
                "Add",
                "Configure",
                "End",
                "Abort",
                "Restart",
                "AssignResources",
            ];
            for seed in 0..40_u64 {
                // any numbers that differ
                let mut number = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
                let mut next = |below: u64| {
                    number = number
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1);
                    (number >> 33) % below
                };
                let mut contest = Contest::from(Obs::Idle);
                for _ in 0..12 {
                    let command = commands[usize::try_from(next(6)).unwrap()];
                    contest = contest.with_entrant(Entrant {
                        client: usize::try_from(next(2)).unwrap(),
                        command: command.to_owned(),
                        input: (command == "Add")
                            .then(|| ["A", "B"][usize::try_from(next(2)).unwrap()].to_owned()),
                        offset: ms(next(200)),
                    });
                }
                sound(&race().with_heats(1), &contest, Line::default()).await;
            }
        })
        .await;
}
