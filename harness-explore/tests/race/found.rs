//! What is not sound is found, with the fewest commands and the interval of offsets.

use std::sync::atomic::{AtomicU32, Ordering};

use harness_explore::race::{Contest, Entrant, Race, RaceReport};
use tokio::task::LocalSet;

use crate::device::{Bug, Line, Obs, clients, ms, race};

async fn report(race: &Race<Obs>, contest: &Contest<Obs>, bug: Bug) -> RaceReport<Obs> {
    LocalSet::new()
        .run_until(async {
            let start = async |systems| Ok(clients(Some(bug), vec![Line::default(); systems]));
            race.run(contest, start).await.unwrap()
        })
        .await
}

fn entrant(client: usize, command: &str, input: Option<&str>, offset: u64) -> Entrant {
    Entrant {
        client,
        command: command.to_owned(),
        input: input.map(str::to_owned),
        offset: ms(offset),
    }
}

#[tokio::test(start_paused = true)]
async fn an_update_that_gets_lost_is_found_at_the_barrier() {
    let contest = Contest::from(Obs::Idle)
        .with_entrant(entrant(0, "Add", Some("A"), 0))
        .with_entrant(entrant(1, "Add", Some("B"), 0));
    let report = report(&race().with_heats(200), &contest, Bug::LostUpdate).await;
    assert_eq!(report.hits(), 200, "{report}");
    let finding = report.finding.unwrap();
    assert_eq!(finding.again, (10, 10));
    let words = finding.violation.to_string();
    assert!(
        words.starts_with("it ends otherwise than any order would"),
        "{words}"
    );
    assert!(
        words.contains(r#"should hold ["A","B","first"], and holds"#),
        "{words}"
    );
}

#[tokio::test(start_paused = true)]
async fn what_was_seen_before_the_end_was_wanted_is_told() {
    let contest = Contest::from(Obs::Idle)
        .with_entrant(entrant(0, "Add", Some("A"), 0))
        .with_entrant(entrant(1, "Add", Some("B"), 0));
    // it is asked before each heat
    let asked = AtomicU32::new(0);
    let race = race().with_heats(200);
    let race = race.ending_when(move || asked.fetch_add(1, Ordering::Relaxed) >= 3);
    let report = report(&race, &contest, Bug::LostUpdate).await;
    assert_eq!((report.heats(), report.hits()), (3, 3), "{report}");
    assert_eq!(report.finding.as_ref().unwrap().again, (0, 0));
    assert!(report.to_string().contains("not raced again"), "{report}");
}

#[tokio::test(start_paused = true)]
async fn a_double_accept_is_found_with_the_interval_of_its_offsets() {
    let contest = Contest::from(Obs::Idle).with("Configure").with("Configure");
    let race = race().with_offsets(ms(20), ms(1)).with_heats(2);
    let report = report(&race, &contest, Bug::DoubleAccept).await;
    assert_eq!(report.interval(), Some((-10, 10)), "{report}");
    let words = report.to_string();
    assert!(
        words.contains("the second command -10 to 10 ms after the first"),
        "{words}"
    );
    assert!(
        words.contains("Configure of client 1 was accepted, which CONFIGURING does not allow")
            || words
                .contains("Configure of client 0 was accepted, which CONFIGURING does not allow"),
        "{words}"
    );
    // both timelines
    assert!(
        words.contains("client 0 -> Configure") && words.contains("told: READY"),
        "{words}"
    );
}

#[tokio::test(start_paused = true)]
async fn of_twenty_commands_two_are_left() {
    let mut contest = Contest::from(Obs::Idle);
    for place in 0..18 {
        let command = ["End", "AssignResources", "Restart"][place % 3];
        contest = contest.with_entrant(entrant(2 + place % 2, command, None, 0));
    }
    contest.entrants.insert(5, entrant(0, "Configure", None, 3));
    contest
        .entrants
        .insert(12, entrant(1, "Configure", None, 8));
    assert_eq!(contest.entrants.len(), 20);
    let report = report(&race().with_heats(1), &contest, Bug::DoubleAccept).await;
    let finding = report.finding.unwrap();
    assert_eq!(finding.before, 20);
    assert_eq!(
        finding.contest.to_string(),
        "in IDLE: 0 Configure after 3ms, 1 Configure after 8ms"
    );
    assert_eq!(finding.again, (10, 10));
}

#[tokio::test(start_paused = true)]
async fn what_an_abort_does_not_end_is_found() {
    let contest = Contest::from(Obs::Idle)
        .with_entrant(entrant(0, "Configure", None, 0))
        .with_entrant(entrant(1, "Abort", None, 10));
    let report = report(&race().with_heats(1), &contest, Bug::AbortForgets).await;
    let words = report.to_string();
    assert!(words.contains("no order explains it"), "{words}");
}

#[tokio::test(start_paused = true)]
async fn a_state_that_is_not_left_and_an_end_that_is_not_told_are_found() {
    let contest = Contest::from(Obs::Idle).with("End").with("Restart");
    let stuck = report(&race().with_heats(1), &contest, Bug::StuckByRefusals).await;
    let words = stuck.finding.unwrap().violation.to_string();
    assert_eq!(words, "stuck: CONFIGURING is not left within 1s");
    let contest = Contest::from(Obs::Idle)
        .with_entrant(entrant(0, "End", None, 0))
        .with_entrant(entrant(1, "Configure", None, 1));
    let hushed = report(&race().with_heats(1), &contest, Bug::Hushed).await;
    let words = hushed.finding.unwrap().violation.to_string();
    assert_eq!(words, "stuck: the end of 2_Configure is never told");
}

/// A race of one command, which the one that listens hears of so much later.
async fn observed_late(contest: Contest<Obs>, takes: u64, lag: u64) -> RaceReport<Obs> {
    let start = async |systems: usize| {
        let mut lines = vec![Line::default(); systems];
        lines[systems - 1].takes = ms(takes);
        Ok(clients(None, lines))
    };
    let race = race().with_heats(1).with_lag(ms(lag));
    let running = race.run(&contest, start);
    LocalSet::new().run_until(running).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn where_states_are_only_told_too_late_the_finding_says_how_late() {
    let report = observed_late(Contest::from(Obs::Idle).with("Configure"), 12, 5).await;
    let words = report.finding.unwrap().violation.to_string();
    let hint = "some order explains it if states are told up to 20ms late, and the lag is 5ms";
    assert!(words.contains(hint), "{words}");
}

#[tokio::test(start_paused = true)]
async fn a_state_that_is_read_before_it_is_told_is_waited_for() {
    // told long after it is read, and after the longest glance
    let report = observed_late(Contest::from(Obs::Ready).with("End"), 60, 100).await;
    assert_eq!(report.hits(), 0, "{report}");
}
