//! A lifecycle: what a state graph says of a system, and what it does not say.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use harness_core::fault::Fault;
use harness_core::state_machine::{Sources, State, StateGraph};

use super::input::Input;
use super::record::Record;
use super::routes::{Routes, cheapest};
use super::way::{Way, ways_of};

/// How long a system may say nothing while something is expected of it, where nothing else is said.
const PATIENCE: Duration = Duration::from_secs(10);

/// How much later than the end of a command its state may be told, where nothing else is said.
const LAG: Duration = Duration::from_secs(1);

/// All that exploring and covering know of a system: its state graph, the state it calls home, and
/// what its commands may be given.
///
/// The graph says what is allowed: a command that it does not lead anywhere from a state must be
/// refused there. A graph that is made for navigating may leave out what it has no use for; declare
/// that first. Transitions with [`transient`](harness_core::state_machine::Transition::transient)
/// targets say through which states a command leads, in the order of their declaration; a command
/// that declares none must lead to its target directly. Where a command has only a transient target,
/// it leads on by the transitions that are named with [`spontaneous`](Self::spontaneous), and where
/// there are none the system stays there. Where several targets that are not transient are declared
/// for a command and a state, it may lead to any of them; the first is the one that is planned with.
///
/// ```
/// use harness_core::state_machine::{StateGraph, Transition};
/// use harness_explore::lifecycle::{Input, Lifecycle};
///
/// let graph = StateGraph::new()
///     .with(Transition::to("READY").named("Configure").from(["IDLE", "READY"]))?
///     .with(Transition::to("CONFIGURING").named("Configure").from(["IDLE", "READY"]).transient())?
///     .with(Transition::to("IDLE").named("End").from(["READY"]))?;
/// let lifecycle = Lifecycle::new(&graph, "IDLE")
///     .with_inputs("Configure", [Input::valid("one beam"), Input::broken("no beam")]);
/// let way = lifecycle.way(&"IDLE", "Configure").ok_or("not allowed")?;
/// assert_eq!((way.via.as_slice(), way.to), (&["CONFIGURING"][..], "READY"));
/// assert_eq!(lifecycle.way(&"IDLE", "End"), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Lifecycle<S: State> {
    graph: StateGraph<S>,
    home: S,
    spontaneous: Vec<String>,
    ending_later: Vec<String>,
    inputs: HashMap<String, Vec<Input>>,
    patience: Duration,
    lag: Duration,
    quiet: Duration,
    faults: Vec<Arc<dyn Fault>>,
    ways: Vec<Way<S>>,
    routes: Routes<S>,
    record: Rc<RefCell<Record<S>>>,
}

impl<S: State> Lifecycle<S> {
    /// The lifecycle of a graph. Home is the state in which every program begins and ends.
    #[must_use]
    pub fn new(graph: &StateGraph<S>, home: S) -> Self {
        Lifecycle {
            ways: Vec::new(),
            routes: Routes::of(&[], &[]),
            graph: graph.clone(),
            home,
            spontaneous: Vec::new(),
            ending_later: Vec::new(),
            inputs: HashMap::new(),
            patience: PATIENCE,
            lag: LAG,
            quiet: Duration::ZERO,
            faults: Vec::new(),
            record: Rc::default(),
        }
        .derived()
    }

    /// Says that transitions of this name are no command: the system goes them by itself.
    #[must_use]
    pub fn spontaneous(mut self, name: impl Into<String>) -> Self {
        self.spontaneous.push(name.into());
        self.derived()
    }

    /// Says that this command ends some time after its state was reached, by itself or with another
    /// command, so that its end is not waited for. At home it must have ended.
    #[must_use]
    pub fn ends_later(mut self, command: impl Into<String>) -> Self {
        self.ending_later.push(command.into());
        self
    }

    /// Says what a command can be given, the simplest first. Without it, it is sent as it is.
    #[must_use]
    pub fn with_inputs(
        mut self,
        command: impl Into<String>,
        inputs: impl IntoIterator<Item = Input>,
    ) -> Self {
        self.inputs
            .insert(command.into(), inputs.into_iter().collect());
        self
    }

    /// How long the system may say nothing while something is expected of it: a state that is not
    /// left in this time counts as left no more. 10 s without it.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// How much later than the end of its command a state may be told: what is read already and not
    /// told in this time comes late. 1 s without it.
    #[must_use]
    pub fn with_lag(mut self, lag: Duration) -> Self {
        self.lag = lag;
        self
    }

    /// Listens so much longer after each command, for what should not be told any more. Without
    /// it, what is told late is noticed when the next command is sent.
    #[must_use]
    pub fn listening_for(mut self, quiet: Duration) -> Self {
        self.quiet = quiet;
        self
    }

    /// Lets programs start and heal a fault: two rules more, `start ..` and `heal ..`, after what the
    /// fault [says of itself](Fault::describe), by which it is told from others.
    ///
    /// While any fault is on, nothing is judged that commands do: they may be refused, fail, be done
    /// or be lost, and what is told may be missing; only, no call may panic, and each must return
    /// within the patience. When the last one has healed, and every program ends with that, the
    /// system must rest within the patience, and from there on everything is judged again.
    #[must_use]
    pub fn with_fault(mut self, fault: impl Fault + 'static) -> Self {
        self.faults.push(Arc::new(fault));
        self
    }

    /// The state in which every program begins and ends.
    #[must_use]
    pub fn home(&self) -> &S {
        &self.home
    }

    /// All states of the graph.
    pub fn states(&self) -> impl Iterator<Item = &S> {
        self.graph.states()
    }

    /// All commands, in the order in which they were first declared.
    #[must_use]
    pub fn commands(&self) -> Vec<&str> {
        let mut commands = Vec::new();
        for way in &self.ways {
            if !commands.contains(&way.command.as_str()) {
                commands.push(&way.command);
            }
        }
        commands
    }

    /// What each command does in each state where it is allowed.
    #[must_use]
    pub fn ways(&self) -> &[Way<S>] {
        &self.ways
    }

    /// What a command does in a state, if it is allowed there.
    #[must_use]
    pub fn way(&self, from: &S, command: &str) -> Option<&Way<S>> {
        self.ways
            .iter()
            .find(|way| way.from == *from && way.command == command)
    }

    /// The changes of state that the system makes by itself.
    pub(crate) fn spontaneous_steps(&self) -> Vec<(S, S)> {
        let is_spontaneous = |name: &String| self.spontaneous.contains(name);
        let transitions = self.graph.transitions();
        let steps = transitions.iter().filter(|it| is_spontaneous(&it.name()));
        steps
            .flat_map(|transition| {
                let sources: Vec<&S> = match transition.sources() {
                    Sources::Any => self.graph.states().collect(),
                    Sources::Only(sources) => sources.iter().collect(),
                };
                let to = transition.target();
                sources
                    .into_iter()
                    .map(move |from| (from.clone(), to.clone()))
            })
            .collect()
    }

    /// Whether the system is in this state only in passing.
    #[must_use]
    pub fn is_transient(&self, state: &S) -> bool {
        *state != self.home
            && self.ways.iter().all(|way| way.to != *state)
            && self.ways.iter().any(|way| way.via.contains(state))
    }

    /// What a command can be given.
    #[must_use]
    pub fn inputs(&self, command: &str) -> &[Input] {
        self.inputs.get(command).map_or(&[], Vec::as_slice)
    }

    /// The cheapest way home from a state in which the system stays.
    pub(super) fn way_home(&self, from: &S) -> Option<Vec<&Way<S>>> {
        cheapest(&self.ways, from, &self.home)
    }

    /// The states in which the system stays, to which commands lead from home, and from which none lead
    /// back: what goes there strands. None, if the commands are enough to come home by.
    #[must_use]
    pub fn strands(&self) -> Vec<&S> {
        let mut strands = Vec::new();
        for way in &self.ways {
            for to in [&way.to].into_iter().chain(&way.others) {
                let comes_there = self.routes.distance(&self.home, &way.from).is_some();
                if comes_there && self.way_home(to).is_none() && !strands.contains(&to) {
                    strands.push(to);
                }
            }
        }
        strands
    }

    /// Each command with each that can come after it, where the system stays before, between and
    /// after, and can be.
    pub(crate) fn successions(&self) -> Vec<(&Way<S>, &Way<S>)> {
        let reachable = |way: &&Way<S>| {
            !self.is_transient(&way.from) && self.routes.distance(&self.home, &way.from).is_some()
        };
        let ways: Vec<&Way<S>> = self.ways.iter().filter(reachable).collect();
        let firsts = ways.iter();
        let pairs = firsts.flat_map(|first| {
            let after = ways.iter().filter(|second| second.from == first.to);
            after.map(|second| (*first, *second))
        });
        pairs.collect()
    }

    /// The cheapest way from home to a state in which the system stays.
    pub(crate) fn way_to(&self, to: &S) -> Option<Vec<&Way<S>>> {
        cheapest(&self.ways, &self.home, to)
    }

    pub(crate) fn routes(&self) -> &Routes<S> {
        &self.routes
    }

    pub(crate) fn record(&self) -> &Rc<RefCell<Record<S>>> {
        &self.record
    }

    pub(super) fn is_ending_later(&self, command: &str) -> bool {
        self.ending_later.iter().any(|later| later == command)
    }

    pub(crate) fn patience(&self) -> Duration {
        self.patience
    }

    pub(super) fn faults(&self) -> &[Arc<dyn Fault>] {
        &self.faults
    }

    pub(crate) fn lag(&self) -> Duration {
        self.lag
    }

    pub(crate) fn quiet(&self) -> Duration {
        self.quiet
    }

    fn derived(mut self) -> Self {
        self.ways = ways_of(&self.graph, &self.spontaneous);
        let resting: Vec<S> = self
            .states()
            .filter(|state| !self.is_transient(state))
            .cloned()
            .collect();
        self.routes = Routes::of(&self.ways, &resting);
        self
    }
}
