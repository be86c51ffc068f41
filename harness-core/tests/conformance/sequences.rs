//! Several actions under one timeout.

use std::sync::{Arc, Mutex};

use harness_core::action::{Action, ActionError, CommandAction, Sequence};
use harness_core::{BoxFuture, Failure, Mark, Timeout, Tracer};

use crate::bench::{Bench, steps};

/// Writes down which of its steps are taken, and fails at one of them.
struct Failing {
    name: &'static str,
    tracer: Tracer,
    taken: Arc<Mutex<Vec<String>>>,
    at: &'static str,
}

impl Failing {
    fn take(&self, step: &'static str) -> BoxFuture<'static, Result<(), ActionError>> {
        let Self { name, taken, .. } = self;
        taken.lock().unwrap().push(format!("{name} {step}"));
        let outcome = match step == self.at {
            true => Err(ActionError::procedure(*name, Failure::new("as asked"))),
            false => Ok(()),
        };
        Box::pin(std::future::ready(outcome))
    }
}

impl Action for Failing {
    fn name(&self) -> String {
        self.name.to_owned()
    }

    fn tracer(&self) -> &Tracer {
        &self.tracer
    }

    fn setup(&mut self) -> BoxFuture<'_, Result<(), ActionError>> {
        self.take("setup")
    }

    fn verify_preconditions<'a>(
        &'a mut self,
        _mark: &'a Mark,
    ) -> BoxFuture<'a, Result<(), ActionError>> {
        self.take("before")
    }

    fn procedure<'a>(
        &'a mut self,
        _timeout: &'a Timeout,
    ) -> BoxFuture<'a, Result<(), ActionError>> {
        self.take("procedure")
    }

    fn verify_postconditions<'a>(
        &'a mut self,
        _mark: &'a Mark,
        _timeout: &'a Timeout,
    ) -> BoxFuture<'a, Result<(), ActionError>> {
        self.take("after")
    }
}

#[tokio::test(start_paused = true)]
async fn whichever_step_fails_nothing_after_it_is_begun() {
    let steps = ["setup", "before", "procedure", "after"];
    for (index, at) in steps.into_iter().enumerate() {
        let tracer = Tracer::default();
        let taken: Arc<Mutex<Vec<String>>> = Arc::default();
        let action = |name, at| Failing {
            name,
            tracer: tracer.clone(),
            taken: Arc::clone(&taken),
            at,
        };
        let error = Sequence::new(&tracer, "both")
            .then(action("first", at))
            .then(action("second", ""))
            .execute(Timeout::seconds(1))
            .await
            .unwrap_err();
        assert_eq!(error.action(), "first");
        let expected: Vec<_> = steps[..=index]
            .iter()
            .map(|step| format!("first {step}"))
            .collect();
        assert_eq!(*taken.lock().unwrap(), expected, "{at}");
    }
}

#[tokio::test(start_paused = true)]
async fn every_step_of_every_action_is_taken_in_turn() {
    let tracer = Tracer::default();
    let taken: Arc<Mutex<Vec<String>>> = Arc::default();
    let action = |name| Failing {
        name,
        tracer: tracer.clone(),
        taken: Arc::clone(&taken),
        at: "",
    };
    Sequence::new(&tracer, "both")
        .then(action("first"))
        .then(action("second"))
        .execute(Timeout::seconds(1))
        .await
        .unwrap();
    let expected: Vec<_> = ["first", "second"]
        .iter()
        .flat_map(|name| {
            ["setup", "before", "procedure", "after"].map(|step| format!("{name} {step}"))
        })
        .collect();
    assert_eq!(*taken.lock().unwrap(), expected);
}

#[tokio::test(start_paused = true)]
async fn is_on_record_with_its_parts() {
    let bench = Bench::new(1);
    let mark = bench.tracer.mark();
    let go = || CommandAction::new(&bench.traced[0], "Go", "IDLE");
    let mut both = Sequence::new(&bench.tracer, "both").then(go()).then(go());
    assert_eq!(
        both.description(),
        "in sequence: Go on t/subarray/01, Go on t/subarray/01"
    );
    both.execute(Timeout::seconds(1)).await.unwrap();
    assert_eq!(
        steps(&bench.tracer.journal().since(&mark)),
        [
            "both started",
            "Go on t/subarray/01 started",
            "Go on t/subarray/01 finished",
            "Go on t/subarray/01 started",
            "Go on t/subarray/01 finished",
            "both finished",
        ]
    );
}
