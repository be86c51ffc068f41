use harness_core::action::{ACTION_TARGET, Action, Parallel, ProcedureAction, Sequence};
use harness_core::assertion::is_in_state;
use harness_core::{InMemoryDevice, Timeout, Tracer};

use std::sync::Arc;

use crate::collector::Collector;

fn nothing(tracer: &Tracer, name: &str) -> ProcedureAction {
    ProcedureAction::new(tracer, name, || async { Ok::<_, std::io::Error>(()) })
}

#[tokio::test(start_paused = true)]
async fn an_action_tells_its_beginning_its_procedure_and_its_end() {
    let (told, _guard) = Collector::of(ACTION_TARGET);
    let tracer = Tracer::default();
    let mut both = Sequence::new(&tracer, "both").then(nothing(&tracer, "one"));
    both.execute(Timeout::seconds(5)).await.unwrap();
    assert_eq!(
        told.take(),
        [
            "INFO started action=both description=in sequence: one",
            "INFO started action=one description=one",
            "INFO procedure done action=one left=5s",
            "INFO finished action=one took=0s",
            "INFO procedure done action=both left=5s",
            "INFO finished action=both took=0s",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_told_as_a_warning_with_its_reason() {
    let (told, _guard) = Collector::of(ACTION_TARGET);
    let tracer = Tracer::default();
    let mut stuck = ProcedureAction::new(&tracer, "open", || async { Err::<(), _>("stuck") });
    stuck.execute(Timeout::seconds(5)).await.unwrap_err();
    assert_eq!(
        told.take()[1..],
        ["WARN failed action=open took=0s reason=open could not be done"]
    );
}

#[tokio::test(start_paused = true)]
async fn one_action_can_be_silenced_with_all_it_consists_of_and_no_other() {
    let (told, _guard) = Collector::of(ACTION_TARGET);
    let tracer = Tracer::default();
    let quiet = Sequence::new(&tracer, "quiet")
        .then(nothing(&tracer, "inner"))
        .without_logging();
    let mut parallel = Parallel::new(&tracer, "all")
        .and(nothing(&tracer, "quiet, too").without_logging())
        .and(quiet)
        .and(nothing(&tracer, "loud"));
    parallel.execute(Timeout::seconds(5)).await.unwrap();
    let told = told.take();
    assert!(!told.iter().any(|line| line.contains("action=inner")));
    assert!(!told.iter().any(|line| line.contains("action=quiet")));
    let loud = |line: &&String| line.contains("action=loud");
    assert_eq!(told.iter().filter(loud).count(), 2, "{told:?}");
    // and one made later tells as ever
    let mut later = nothing(&tracer, "inner");
    later.execute(Timeout::seconds(5)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn each_condition_is_told_with_the_time_left_for_it_at_every_execution() {
    let (told, _guard) = Collector::of(ACTION_TARGET);
    let tracer = Tracer::default();
    let dish = InMemoryDevice::new("t/dish/1").with_attribute("mode", "STOW");
    let dish = tracer.device(Arc::new(dish));
    let mut rest = nothing(&tracer, "rest")
        .precondition(is_in_state([&dish], "mode", "STOW"))
        .postcondition(is_in_state([&dish], "mode", "STOW"));
    for seconds in [5, 7] {
        rest.execute(Timeout::seconds(seconds)).await.unwrap();
        let lines = told.take();
        let debug: Vec<_> = lines.iter().filter(|it| it.starts_with("DEBUG")).collect();
        let verifying = "DEBUG verifying action=rest condition=t/dish/1 mode is STOW";
        assert_eq!(debug, [verifying, &format!("{verifying} left={seconds}s")]);
    }
    let mut quiet = rest.without_logging();
    quiet.execute(Timeout::seconds(5)).await.unwrap();
    assert_eq!(told.take(), [""; 0]);
}
