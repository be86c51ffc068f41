//! Faults are steps of a program: nothing is judged while one is on, and everything after that.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use harness_core::BoxFuture;
use harness_core::fault::{Fault, FaultError, FaultGuard};
use harness_explore::lifecycle::{Lifecycle, Reply, SystemUnderTest, Told};
use harness_explore::{Explorer, Finding, Report, RuleError};
use serde_json::Value;
use tokio::time::{Instant, sleep};

use crate::paused;
use crate::subarray::{Bug, Obs, Pace, Subarray, lifecycle};

/// What a line does to what goes over it while it is bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Harm {
    /// Nothing arrives, in neither direction.
    Dead,
    /// Commands arrive, and their replies do not.
    Mute,
    /// What is told does not arrive, which is noticed when something does.
    Deaf,
    /// What is told arrives when the line is good again.
    Late,
    /// Nothing at all.
    Harmless,
    /// Calls never return.
    Endless,
    /// Calls panic.
    Panics,
}

/// A line that is bad for as long as the fault is on.
#[derive(Clone, Debug)]
struct Line {
    name: &'static str,
    harm: Harm,
    bad: Arc<AtomicBool>,
    starts: Arc<AtomicU32>,
    refuses: Option<&'static str>,
}

impl Line {
    fn new(harm: Harm) -> Line {
        Line {
            name: "the line is bad",
            harm,
            bad: Arc::default(),
            starts: Arc::default(),
            refuses: None,
        }
    }

    fn is_bad(&self) -> bool {
        self.bad.load(Ordering::Relaxed)
    }

    fn starts(&self) -> u32 {
        self.starts.load(Ordering::Relaxed)
    }

    /// The harm that it does now.
    fn harm(&self) -> Harm {
        if self.is_bad() {
            self.harm
        } else {
            Harm::Harmless
        }
    }
}

impl Fault for Line {
    fn describe(&self) -> String {
        self.name.to_owned()
    }

    fn start(&self) -> BoxFuture<'_, Result<FaultGuard, FaultError>> {
        let line = self.clone();
        Box::pin(async move {
            if line.refuses == Some("start") {
                return Err(FaultError::start(line.name, "no hands"));
            }
            line.bad.store(true, Ordering::Relaxed);
            line.starts.fetch_add(1, Ordering::Relaxed);
            Ok(FaultGuard::new(line.name, async move {
                line.bad.store(false, Ordering::Relaxed);
                match line.refuses {
                    Some("stop") => Err(FaultError::stop(line.name, "no hands")),
                    _ => Ok(()),
                }
            }))
        })
    }
}

/// What a fault leaves behind for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scar {
    None,
    /// This command is accepted, and not done.
    Stuck(&'static str),
    /// The state can not be read any more.
    Unreadable,
    /// It stays in a transient state.
    Restless,
    /// Nothing, as with none, but there may be something else to find.
    Harmless,
}

/// A subarray at the other end of a line.
struct Far {
    subarray: Subarray,
    line: Line,
    scar: Scar,
    starts_before: u32,
    late: VecDeque<Told<Obs>>,
    missed: bool,
}

impl Far {
    fn new(subarray: Subarray, line: &Line, scar: Scar) -> Far {
        Far {
            subarray,
            starts_before: line.starts(),
            line: line.clone(),
            scar,
            late: VecDeque::new(),
            missed: false,
        }
    }

    /// Whether there was a fault in this program, which has healed.
    fn is_scarred(&self) -> bool {
        self.line.starts() > self.starts_before && !self.line.is_bad()
    }
}

impl SystemUnderTest<Obs> for Far {
    async fn send(&mut self, command: &str, input: Option<&str>) -> Result<Reply, RuleError> {
        let stays = matches!(self.subarray.state().await?, Obs::Idle | Obs::Ready);
        let is_stuck = matches!(self.scar, Scar::Stuck(stuck) if stuck == command);
        if self.is_scarred() && is_stuck && stays && input != Some("no beam") {
            return Ok(Reply::Accepted { command: None });
        }
        match self.line.harm() {
            Harm::Dead => return Err(RuleError::failed("no connection")),
            Harm::Endless => sleep(Duration::from_secs(1_000_000)).await,
            Harm::Panics => panic!("the line is bad, and nobody thought of it"),
            _ => {}
        }
        let reply = self.subarray.send(command, input).await?;
        match self.line.harm() {
            Harm::Mute => Err(RuleError::failed("no reply")),
            _ => Ok(reply),
        }
    }

    async fn next(&mut self, within: Duration) -> Result<Option<Told<Obs>>, RuleError> {
        let deadline = Instant::now() + within;
        let harm = self.line.harm();
        let bad = self.line.is_bad();
        if !bad && std::mem::take(&mut self.missed) {
            return Err(RuleError::failed("something was told and not heard"));
        }
        if !bad && let Some(told) = self.late.pop_front() {
            return Ok(Some(told));
        }
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let Some(told) = self.subarray.next(left).await? else {
                return Ok(None);
            };
            match harm {
                Harm::Dead | Harm::Deaf => self.missed = true,
                Harm::Late => self.late.push_back(told),
                _ => return Ok(Some(told)),
            }
        }
    }

    async fn state(&mut self) -> Result<Obs, RuleError> {
        let unreadable = self.is_scarred() && self.scar == Scar::Unreadable;
        if unreadable || matches!(self.line.harm(), Harm::Dead | Harm::Mute) {
            return Err(RuleError::failed("it can not be read"));
        }
        if self.is_scarred() && self.scar == Scar::Restless {
            return Ok(Obs::Configuring);
        }
        self.subarray.state().await
    }

    async fn holdings(&mut self) -> Result<Value, RuleError> {
        self.subarray.holdings().await
    }
}

/// Explores a subarray at the other end of a line.
fn explore(
    lifecycle: &Lifecycle<Obs>,
    line: &Line,
    seed: u64,
    scar: Scar,
    start: impl Fn() -> Subarray + 'static,
) -> Report {
    let lifecycle = lifecycle.clone().with_fault(line.clone());
    let line = line.clone();
    let machine = lifecycle.machine("Subarray", async move || {
        assert!(!line.is_bad(), "the fault has outlived its program");
        Ok(Far::new(start(), &line, scar))
    });
    Explorer::new(machine)
        .with_seed(seed)
        .with_programs(if scar == Scar::None { 40 } else { 500 })
        .run_on(&paused())
        .expect("it runs")
}

/// The rules of a finding's steps, in any order.
fn rules(finding: &Finding) -> Vec<&str> {
    let mut rules: Vec<&str> = finding.program.steps.iter().map(|it| &*it.rule).collect();
    rules.sort_unstable();
    rules
}

fn found(report: &Report) -> &Finding {
    let finding = report.findings.first();
    finding.unwrap_or_else(|| panic!("nothing was found: {report}"))
}

#[test]
fn no_fault_is_taken_for_a_defect_of_a_sound_system() {
    let harms = [Harm::Dead, Harm::Mute, Harm::Deaf, Harm::Late];
    for seed in 0..20 {
        for (place, harm) in harms.into_iter().enumerate() {
            let line = Line::new(harm);
            let pace = [Pace::Usual, Pace::Quick, Pace::Lagging][(seed as usize + place) % 3];
            let start = move || Subarray::at_pace(pace);
            let report = explore(&lifecycle(), &line, seed, Scar::None, start);
            assert!(report.is_clean(), "{harm:?}, {pace:?}: {report}");
            assert!(line.starts() > 5, "{harm:?}: {} starts", line.starts());
        }
    }
}

#[test]
fn a_command_that_was_under_way_when_a_fault_began_may_end_after_it() {
    let later = || lifecycle().ends_later("Scan");
    for seed in 0..10 {
        for harm in [Harm::Mute, Harm::Deaf] {
            let start = || Subarray::new(Some(Bug::LongScan));
            let report = explore(&later(), &Line::new(harm), seed, Scar::None, start);
            assert!(report.is_clean(), "{harm:?}: {report}");
        }
    }
}

#[test]
fn most_programs_of_a_few_steps_have_no_fault() {
    let line = Line::new(Harm::Dead);
    let lifecycle = lifecycle().with_fault(line.clone());
    let far = line.clone();
    let before = Rc::new(RefCell::new(Vec::new()));
    let noted = Rc::clone(&before);
    let machine = lifecycle.machine("Subarray", async move || {
        noted.borrow_mut().push(far.starts());
        Ok(Far::new(Subarray::new(None), &far, Scar::None))
    });
    let explorer = Explorer::new(machine).with_seed(1).with_programs(200);
    let report = explorer.with_steps(20).run_on(&paused()).expect("it runs");
    assert!(report.is_clean(), "{report}");
    let before = before.borrow();
    let without = before.windows(2).filter(|pair| pair[0] == pair[1]).count();
    assert!((101..195).contains(&without), "{without} programs without");
}

#[test]
fn a_bug_that_only_shows_after_a_fault_is_found_and_shrunk_to_the_fault_and_two_commands() {
    for seed in 0..5 {
        let line = Line::new(Harm::Dead);
        let scar = Scar::Stuck("Configure");
        let report = explore(&lifecycle(), &line, seed, scar, || Subarray::new(None));
        let finding = found(&report);
        assert_eq!(finding.violation.kind, "Configure: stuck", "{finding}");
        let expected = [
            "AssignResources",
            "Configure",
            "heal the line is bad",
            "start the line is bad",
        ];
        assert_eq!(rules(finding), expected, "{finding}");
        assert!(finding.shrinking.one_minimal, "{finding}");
    }
}

#[test]
fn what_shows_on_the_way_home_needs_no_healing_since_every_program_ends_with_it() {
    for seed in 0..5 {
        let line = Line::new(Harm::Mute);
        let scar = Scar::Stuck("ReleaseAllResources");
        let report = explore(&lifecycle(), &line, seed, scar, || Subarray::new(None));
        let finding = found(&report);
        let expected = ["AssignResources", "start the line is bad"];
        assert_eq!(rules(finding), expected, "{finding}");
    }
}

#[test]
fn a_fault_that_has_nothing_to_do_with_it_shrinks_away() {
    let mut starts = 0;
    for seed in 0..10 {
        // many, so that programs that fail have had one
        let names = ["red", "green", "blue", "white", "black"];
        let lines = names.map(|name| Line {
            name,
            ..Line::new(Harm::Harmless)
        });
        let faulty = lines
            .iter()
            .cloned()
            .fold(lifecycle(), Lifecycle::with_fault);
        let start = || Subarray::new(Some(Bug::StuckTransient));
        let report = explore(&faulty, &Line::new(Harm::Deaf), seed, Scar::Harmless, start);
        let finding = found(&report);
        starts += lines.iter().map(Line::starts).sum::<u32>();
        let expected = ["AssignResources", "Configure", "Configure"];
        assert_eq!(rules(finding), expected, "{finding}");
    }
    assert!(starts > 20, "{starts} starts");
}

#[test]
fn a_system_that_does_not_recover_is_found() {
    let scars = [
        (Scar::Unreadable, "it can not be read"),
        (Scar::Restless, "it was in CONFIGURING"),
    ];
    for seed in 0..5 {
        for (scar, words) in scars {
            let line = Line::new(Harm::Deaf);
            let report = explore(&lifecycle(), &line, seed, scar, || Subarray::new(None));
            let finding = found(&report);
            assert_eq!(finding.violation.kind, "no recovery", "{finding}");
            assert!(finding.to_string().contains(words), "{finding}");
            assert_eq!(rules(finding), ["start the line is bad"], "{finding}");
        }
    }
}

#[test]
fn a_fault_that_does_not_start_or_stop_is_found() {
    for refuses in ["start", "stop"] {
        let line = Line {
            refuses: Some(refuses),
            ..Line::new(Harm::Deaf)
        };
        let scar = Scar::Harmless;
        let report = explore(&lifecycle(), &line, 1, scar, || Subarray::new(None));
        let finding = found(&report);
        assert_eq!(finding.violation.kind, "fault", "{finding}");
        assert_eq!(rules(finding), ["start the line is bad"], "{finding}");
        assert!(finding.to_string().contains("no hands"), "{finding}");
    }
}

#[test]
fn calls_that_do_not_return_or_panic_while_a_fault_is_on_are_found() {
    for (harm, end) in [(Harm::Endless, "hangs"), (Harm::Panics, "panic")] {
        let line = Line::new(harm);
        let scar = Scar::Harmless;
        let report = explore(&lifecycle(), &line, 1, scar, || Subarray::new(None));
        let finding = found(&report);
        assert!(finding.violation.kind.ends_with(end), "{finding}");
        assert_eq!(finding.program.steps.len(), 2, "{finding}");
    }
}
