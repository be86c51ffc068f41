//! Clients of a subarray, and bringing it home.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use harness_core::Timeout;
use harness_core::Value;
use harness_core::state_machine::{StateGraph, StepMoment};
use harness_tango::control_model::ObsState;
use harness_tango::lrc::{ClassicProtocol, ListsProtocol, LrcProtocol};
use harness_tango::subarray::Subarray;

use super::error::ClientsError;
use super::ledger::Ledger;
use super::system::{SubarrayUnderTest, tells_resources};
use crate::machine::RuleError;

/// What steps are called that send nothing.
const WAIT: &str = "wait";

/// How many clients it takes to explore: one that sends and hears.
const ALONE: usize = 1;

/// Clients of one subarray, each with connections of its own, that are put under test again and again.
///
/// ```no_run
/// use harness_explore::Explorer;
/// use harness_explore::tango::{SubarrayClients, SubarrayRules, subarray_lifecycle};
/// use harness_tango::subarray::Subarray;
///
/// # async fn clients(subarray: Subarray) -> Result<SubarrayClients, Box<dyn std::error::Error>> {
/// let clients = SubarrayClients::of([subarray]).await?;
/// # Ok(clients)
/// # }
/// # fn explore(clients: SubarrayClients, runtime: &tokio::runtime::Runtime) -> Result<(), Box<dyn std::error::Error>> {
/// let lifecycle = subarray_lifecycle(SubarrayRules::TelescopeManager, |_| true);
/// let machine = lifecycle.machine("Subarray", async move || clients.start_one().await);
/// let report = Explorer::new(machine).run_on(runtime)?;
/// println!("{report}");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct SubarrayClients {
    subarrays: Rc<[Subarray]>,
    arguments: Rc<HashMap<(String, String), Value>>,
    ledger: Rc<RefCell<Ledger>>,
    allowed: Option<Arc<[String]>>,
    believes_queued: bool,
    holds_resources: bool,
}

impl SubarrayClients {
    /// These, which are all the same subarray, seen by different clients. One is enough to explore; a
    /// race takes one for each client and one more that listens.
    ///
    /// # Errors
    /// When there is none, or its events can't be heard.
    pub async fn of(
        subarrays: impl IntoIterator<Item = Subarray>,
    ) -> Result<SubarrayClients, ClientsError> {
        let subarrays: Rc<[Subarray]> = subarrays.into_iter().collect();
        let Some(first) = subarrays.first() else {
            return Err(ClientsError::NoSubarray);
        };
        for subarray in subarrays.iter() {
            listen(subarray).await?;
        }
        Ok(SubarrayClients {
            holds_resources: tells_resources(first).await,
            arguments: Rc::default(),
            ledger: Rc::default(),
            allowed: None,
            believes_queued: false,
            subarrays,
        })
    }

    /// Says what an input of a command is; what no input says is what the telescope's inputs say.
    #[must_use]
    pub fn with_argument(
        mut self,
        command: impl Into<String>,
        input: impl Into<String>,
        argument: impl Into<Value>,
    ) -> Self {
        let arguments = Rc::make_mut(&mut self.arguments);
        arguments.insert((command.into(), input.into()), argument.into());
        self
    }

    /// Brings the subarray home by these commands only, named as in the graph. Without them: by whatever
    /// leads there, by Abort and Restart if it must.
    #[must_use]
    pub fn sending_only<C: Into<String>>(mut self, commands: impl IntoIterator<Item = C>) -> Self {
        self.allowed = Some(commands.into_iter().map(Into::into).collect());
        self
    }

    /// Takes a command for accepted when the reply says that it was queued. Without it that is known
    /// only when the device says more: one that looks at commands when their turn comes queues all.
    #[must_use]
    pub fn believing_queued(mut self) -> Self {
        self.believes_queued = true;
        self
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.subarrays.len()
    }

    /// Whether the subarray answers: it may have gone while it was looked into.
    pub async fn is_reached(&self) -> bool {
        match self.subarrays.first() {
            Some(subarray) => subarray.obs_state().await.is_ok(),
            None => false,
        }
    }

    /// Brings the subarray to EMPTY, and puts it under test by one client.
    ///
    /// # Errors
    /// When it does not come to EMPTY.
    pub async fn start_one(&self) -> Result<SubarrayUnderTest, RuleError> {
        let started = self.start(ALONE).await?.into_iter().next();
        started.ok_or_else(|| RuleError::failed("there is no client"))
    }

    /// Brings the subarray to EMPTY, and puts it under test by so many clients.
    ///
    /// # Errors
    /// When it does not come to EMPTY, or there are fewer clients.
    pub async fn start(&self, clients: usize) -> Result<Vec<SubarrayUnderTest>, RuleError> {
        let Some(used) = self.subarrays.get(..clients) else {
            let there = self.count();
            let words = format!("{clients} clients are asked for, and {there} are there");
            return Err(RuleError::failed(words));
        };
        self.ledger.borrow_mut().forget_all();
        let mut started: Vec<SubarrayUnderTest> = used
            .iter()
            .map(|subarray| {
                SubarrayUnderTest::new(
                    subarray,
                    &self.arguments,
                    &self.ledger,
                    self.believes_queued,
                    self.holds_resources,
                )
            })
            .collect();
        if let Some(subarray) = used.last() {
            self.bring_home(subarray).await?;
        }
        if let Some(observer) = started.last_mut() {
            self.clear(observer).await?;
        }
        for (client, subarray) in started.iter_mut().zip(used) {
            hears_of_home(subarray).await?;
            client.begin_in(ObsState::Empty);
        }
        Ok(started)
    }

    /// Sees to it that nothing is held in EMPTY: what an earlier program has left behind goes with Init, if
    /// any command may be sent.
    async fn clear(&self, observer: &mut SubarrayUnderTest) -> Result<(), RuleError> {
        let holds = observer.resources().await?;
        if holds.is_empty() {
            return Ok(());
        }
        if self.allowed.is_none() {
            observer.initialize().await?;
            if observer.resources().await?.is_empty() {
                return Ok(());
            }
        }
        let words = format!("{} in EMPTY, before anything was sent", holds.join(", "));
        Err(RuleError::failed(format!("leftovers: {words}")).of_kind("leftovers before"))
    }

    async fn bring_home(&self, subarray: &Subarray) -> Result<(), RuleError> {
        let Some(allowed) = &self.allowed else {
            subarray.reach_or_recover(ObsState::Empty).await?;
            return Ok(());
        };
        let allowed = Arc::clone(allowed);
        let only = move |moment: StepMoment<ObsState>| {
            let refused = match &moment {
                StepMoment::Before(step) => {
                    let command = step.name();
                    let is_command = command != WAIT && !allowed.iter().any(|it| it == command);
                    is_command.then(|| format!("{command} is not among the commands to be sent"))
                }
                _ => None,
            };
            std::future::ready(refused.map_or(Ok(()), Err))
        };
        let stops = self.stops(subarray).await?;
        let reach = subarray.reach(ObsState::Empty).passing_through(stops);
        reach.with_step_hook(only).await?;
        Ok(())
    }

    /// The states on the cheapest way home by the commands that may be sent.
    async fn stops(&self, subarray: &Subarray) -> Result<Vec<ObsState>, RuleError> {
        let allowed = self.allowed.as_deref().unwrap_or_default();
        let machine = subarray.machine();
        let mut graph = StateGraph::new();
        for transition in machine.graph().transitions() {
            let name = transition.name();
            if name == WAIT || allowed.contains(&name) {
                graph.declare(transition.clone())?;
            }
        }
        let from = machine.current_state().await?;
        let Some(plan) = graph.plan(&from, &ObsState::Empty) else {
            let (allowed, words) = (allowed.join(", "), "none of the commands that may be sent");
            let failed = format!("from {from} {words} leads to EMPTY: {allowed}");
            return Err(RuleError::failed(failed).of_kind("no way home"));
        };
        let steps = plan.steps().iter().filter(|step| !step.is_transient());
        Ok(steps.map(|step| *step.to()).collect())
    }
}

/// Waits until the client has heard that the subarray is in EMPTY: what comes later is news then.
async fn hears_of_home(subarray: &Subarray) -> Result<(), RuleError> {
    let timeout = Timeout::new(subarray.timeouts().command);
    subarray.wait_for(ObsState::Empty, timeout).await?;
    Ok(())
}

/// Listens to the obsState, and to what tells how commands end and where they are: by the first protocol
/// that the device has, since the lists of the other are long.
async fn listen(subarray: &Subarray) -> Result<(), ClientsError> {
    let traced = subarray.traced();
    traced.watch("obsState").await?;
    let protocols: [&dyn LrcProtocol; 2] = [&ClassicProtocol, &ListsProtocol];
    for protocol in protocols {
        if traced.watch_if_pushed(protocol.result_attribute()).await? {
            for attribute in protocol.progress_attributes() {
                traced.watch_if_pushed(attribute).await?;
            }
            return Ok(());
        }
    }
    Err(ClientsError::NoResults {
        device: traced.name().to_string(),
    })
}
