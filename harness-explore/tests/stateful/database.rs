//! Programs that failed are kept, and replayed first.

use std::cell::Cell;
use std::fs;
use std::path::Path;
use std::rc::Rc;

use harness_explore::{Explorer, Machine, Produced, Report, Rule, ensure};

use crate::machines::{counter, idle};

/// A machine that fails at the third step, unless it is mended; it counts its systems.
fn machine(started: &Rc<Cell<u32>>, mended: bool) -> Machine<u32> {
    let started = Rc::clone(started);
    Machine::new("Kept Counter", async move || {
        started.set(started.get() + 1);
        Ok(0)
    })
    .rule(Rule::new("add").run(async move |count: &mut u32, _| {
        *count += 1;
        ensure(mended || *count < 3, "three")?;
        Ok(Produced::nothing())
    }))
}

fn explore(machine: Machine<u32>, folder: &Path) -> Report {
    Explorer::new(machine)
        .with_database(folder)
        .run()
        .expect("it runs")
}

#[test]
fn the_second_run_replays_the_failure_first() {
    let folder = tempfile::tempdir().expect("a folder");
    let started = Rc::new(Cell::new(0));
    let first = explore(machine(&started, false), folder.path());
    assert!(started.get() > 2);
    let file = first.findings[0].kept_in.clone().expect("it is kept");
    assert!(
        file.starts_with(folder.path().join("kept_counter")),
        "{file:?}"
    );

    started.set(0);
    let second = explore(machine(&started, false), folder.path());
    assert!(started.get() <= 2, "{} systems", started.get());
    assert_eq!((second.programs, second.replayed), (0, 1), "{second}");
    assert_eq!(second.findings[0].program, first.findings[0].program);
    assert_eq!(second.findings[0].kept_in.as_ref(), Some(&file));
}

#[test]
fn a_file_survives_new_rules() {
    let folder = tempfile::tempdir().expect("a folder");
    let started = Rc::new(Cell::new(0));
    explore(machine(&started, false), folder.path());
    let larger = Machine::rules(machine(&started, false), [idle("new"), idle("newer")]);
    let report = explore(larger, folder.path());
    assert_eq!((report.programs, report.findings.len()), (0, 1), "{report}");
}

#[test]
fn what_passes_now_is_forgotten_and_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let started = Rc::new(Cell::new(0));
    let first = explore(machine(&started, false), folder.path());
    let file = first.findings[0].kept_in.clone().expect("it is kept");
    let report = explore(machine(&started, true), folder.path());
    assert!(report.is_clean(), "{report}");
    assert!(
        report.to_string().contains("passes now, forgotten"),
        "{report}"
    );
    assert!(!file.exists());
}

#[test]
fn a_file_that_can_not_be_read_is_told_and_does_no_harm() {
    let folder = tempfile::tempdir().expect("a folder");
    let kept = folder.path().join("counter");
    fs::create_dir(&kept).expect("a folder");
    fs::write(kept.join("bad.json"), "{").expect("a file");
    let report = explore(counter(), folder.path());
    assert!(report.is_clean() && report.programs == 100, "{report}");
    assert!(report.notes[0].contains("bad.json"), "{report}");
}

#[test]
fn without_a_folder_nothing_is_kept() {
    let started = Rc::new(Cell::new(0));
    let report = Explorer::new(machine(&started, false))
        .run()
        .expect("it runs");
    assert_eq!(report.findings[0].kept_in, None);
}
