//! What a device holds of the controller.

use std::sync::Arc;

use tokio::sync::watch;
use tokio::time::Instant;

use super::history::{Cause, History};
use super::scope::normal;
use super::settings::rejection;
use super::{Execution, Hop, Hops, Rejected, Rejection, TransitionController};

/// What does not change about an instance, its bell and its history.
#[derive(Debug)]
pub(super) struct Core {
    pub(super) name: String,
    pub(super) key: String,
    /// The normal name of the model.
    pub(super) model: String,
    pub(super) bell: watch::Sender<u64>,
    pub(super) history: Arc<History>,
}

impl Core {
    pub(super) fn new(name: &str, model: &str) -> Core {
        Core {
            name: name.to_owned(),
            key: normal(name),
            model: normal(model),
            bell: watch::Sender::new(0),
            history: Arc::new(History::new()),
        }
    }

    pub(super) fn ring(&self) {
        // whoever begins to listen later looks first
        if self.bell.receiver_count() > 0 {
            self.bell.send_modify(|rung| *rung += 1);
        }
    }
}

/// An instance that lives: what a device holds of the controller, for as long as it can be
/// controlled. Clones are the same instance.
///
/// ```
/// use std::time::Duration;
/// use harness_sim::transition::{Model, Outcome, Scope, Transition, TransitionController};
/// use tokio::time::Instant;
///
/// let controller = TransitionController::new();
/// controller.register(Model::new("csp::subarray").with_commands(["Configure", "Scan"]));
/// let device = controller.instance("mid-csp/subarray/01", "csp::subarray")?;
///
/// let five = Duration::from_secs(5);
/// controller.set(
///     &Scope::model("csp::subarray").command("Configure"),
///     Transition::after(five).failing("no beam"),
/// )?;
///
/// // the device accepts Configure, and is looked at now and then
/// let now = Instant::now();
/// let mut execution = device.begin("Configure", now)?;
/// assert_eq!(execution.next_due(now), Some(now + five));
/// assert!(execution.ending(now).is_none());
/// let ending = execution.ending(now + five).expect("it is due");
/// assert_eq!(ending.outcome, Outcome::fail("no beam"));
///
/// // the device refuses Scan, because a tester wants it so
/// controller.set(
///     &Scope::instance("mid-csp/subarray/01").command("Scan"),
///     Transition::new().rejecting("not today").next(1),
/// )?;
/// assert_eq!(device.begin("Scan", now).unwrap_err().to_string(), "not today");
/// assert!(device.begin("Scan", now).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Instance {
    handle: Arc<Handle>,
}

#[derive(Debug)]
struct Handle {
    core: Arc<Core>,
    controller: TransitionController,
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.controller.forget_handle(&self.core);
    }
}

impl Instance {
    pub(super) fn new(controller: TransitionController, core: Arc<Core>) -> Instance {
        Instance {
            handle: Arc::new(Handle { core, controller }),
        }
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.handle.core.name
    }

    /// The controller that it belongs to.
    #[must_use]
    pub fn controller(&self) -> &TransitionController {
        &self.handle.controller
    }

    pub(super) fn core(&self) -> &Core {
        &self.handle.core
    }

    /// A command is accepted: draws how it goes, which counts as a use of the setting.
    ///
    /// For a command that has to wait for its turn, call [`Execution::start`] when that has come.
    ///
    /// # Errors
    ///
    /// [`Rejected`] if the device is to refuse the command by its reply.
    pub fn begin(&self, command: &str, now: Instant) -> Result<Execution, Rejected> {
        let execution = self.enter(command, now);
        match rejection(execution.outcome()) {
            Some((message, Rejection::AtOnce)) => Err(Rejected {
                message: message.to_owned(),
            }),
            _ => Ok(execution),
        }
    }

    /// A state is entered that will be left without a command: draws how that goes. Settings for
    /// one command concern it by the name of the state. There is nobody to reply to, so a
    /// rejection is one [at its turn](Rejection::AtItsTurn).
    pub fn enter(&self, state: &str, now: Instant) -> Execution {
        Execution::begin(self.clone(), state, now)
    }

    /// Notices what testers do from now on that may concern the instance: a task that sleeps until
    /// something is due wakes up by it and looks again.
    #[must_use]
    pub fn changes(&self) -> Changes {
        Changes::of(&self.handle.core.bell)
    }

    /// Writes a change of the state into the history.
    pub fn record(
        &self,
        at: Instant,
        from: impl Into<Arc<str>>,
        to: impl Into<Arc<str>>,
        cause: Cause,
    ) -> Hop {
        let history = &self.handle.core.history;
        history.record(at, from.into(), to.into(), cause)
    }

    /// What happened to it, the last thousand changes, oldest first.
    #[must_use]
    pub fn history(&self) -> Vec<Hop> {
        self.handle.core.history.all()
    }

    /// What happens to it from now on.
    #[must_use]
    pub fn hops(&self) -> Hops {
        Hops::of(Arc::clone(&self.handle.core.history))
    }
}

/// Notices what testers do that may concern an instance.
#[derive(Debug)]
pub struct Changes {
    bell: watch::Receiver<u64>,
}

impl Changes {
    pub(super) fn of(bell: &watch::Sender<u64>) -> Changes {
        Changes {
            bell: bell.subscribe(),
        }
    }

    /// Waits until a tester has done something since the last call, or since this was made.
    ///
    /// Cancel safe. When the instance is gone it waits for ever.
    pub async fn changed(&mut self) {
        if self.bell.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
