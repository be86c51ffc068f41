//! A chain on a bench: a clock that the test turns.

use std::time::Duration;

use harness_sim::transition::{
    CatchUp, ManagedState, Model, Scope, Setting, Transition, TransitionController,
};
use tokio::time::Instant;

pub(super) const SECOND: Duration = Duration::from_secs(1);

pub(super) struct Bench {
    pub(super) controller: TransitionController,
    pub(super) chain: ManagedState,
    pub(super) now: Instant,
}

impl Bench {
    /// A chain of this model, which is registered and set so before the chain begins.
    pub(super) fn new(model: Model, setting: Option<Setting>) -> Bench {
        let controller = TransitionController::new();
        let name = model.name().to_owned();
        controller.register(model);
        if let Some(setting) = setting {
            controller
                .set(&Scope::model(&name), setting)
                .expect("the setting fits the model");
        }
        let now = Instant::now();
        let chain =
            ManagedState::new(&controller, "one", &name, now).expect("the model has states");
        Bench {
            controller,
            chain,
            now,
        }
    }

    pub(super) fn set(model: Model, setting: impl Into<Setting>) -> Bench {
        Bench::new(model, Some(setting.into()))
    }

    pub(super) fn like_moto(mut self) -> Bench {
        self.chain = self.chain.with_catch_up(CatchUp::One);
        self
    }

    /// Another chain of the same model.
    pub(super) fn another(&self, name: &str) -> ManagedState {
        ManagedState::new(&self.controller, name, self.chain.model().name(), self.now)
            .expect("the model has states")
    }

    pub(super) fn elapse(&mut self, time: Duration) {
        self.now += time;
    }

    pub(super) fn state(&self) -> String {
        self.chain.state(self.now).to_string()
    }

    pub(super) fn read(&self) -> String {
        self.chain.read(self.now).to_string()
    }

    /// What so many reads get.
    pub(super) fn reads(&self, times: usize) -> Vec<String> {
        (0..times).map(|_| self.read()).collect()
    }

    pub(super) fn command(&self, command: &str) -> String {
        self.chain
            .command(command, self.now)
            .expect("the command is allowed")
            .to_string()
    }

    pub(super) fn scope(&self) -> Scope {
        Scope::model(self.chain.model().name())
    }

    /// The states that were entered.
    pub(super) fn entered(&self) -> Vec<String> {
        let hops = self.chain.history().into_iter();
        hops.map(|hop| hop.to.to_string()).collect()
    }
}

/// Five states in a row.
pub(super) fn row() -> Model {
    Model::new("example::model")
        .spontaneous("first", "second")
        .spontaneous("second", "third")
        .spontaneous("third", "fourth")
        .spontaneous("fourth", "fifth")
}

/// Three states in a circle.
pub(super) fn circle() -> Model {
    Model::new("example::circle")
        .spontaneous("a", "b")
        .spontaneous("b", "c")
        .spontaneous("c", "a")
}

/// A cluster as the mission's examples have it.
pub(super) fn cluster() -> Model {
    Model::new("dax::cluster")
        .spontaneous("creating", "available")
        .on("delete", "available", "deleting")
        .spontaneous("deleting", "deleted")
        .with_default(Transition::after_reads(4))
}
