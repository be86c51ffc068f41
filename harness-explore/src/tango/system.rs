//! A subarray as a system under test.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;
use std::time::Duration;

use harness_core::event::{Event, Signal};
use harness_core::journal::Follower;
use harness_core::{Entry, Value};
use harness_tango::control_model::ObsState;
use harness_tango::lrc::{LrcReply, Refusal};
use harness_tango::subarray::Subarray;
use serde_json::Value as Json;
use tokio::time::{Instant, timeout_at};

use super::ledger::{FirstWord, Ledger, Results};
use crate::lifecycle::{Reply, SystemUnderTest, Told};
use crate::machine::RuleError;

const OBS_STATE: &str = "obsState";
const RESOURCES: &str = "assignedResources";

/// How long a device may take to say more of a command than that it was queued. One that tells nothing
/// of where commands are counts as having taken it then.
const FIRST_WORD: Duration = Duration::from_secs(2);

/// A subarray over Tango as a system under test: its obsState is the state, and what it holds are its
/// assigned resources, sorted, if it tells them.
///
/// An event that may have been missed is a failure, since each change of the state must be told.
/// [`SubarrayClients`](super::SubarrayClients) makes them.
#[derive(Debug)]
pub struct SubarrayUnderTest {
    subarray: Subarray,
    arguments: Rc<HashMap<(String, String), Value>>,
    ledger: Rc<RefCell<Ledger>>,
    /// Whether that a command was queued is taken for its acceptance.
    believes_queued: bool,
    events: Follower,
    results: Results,
    told: VecDeque<Told<ObsState>>,
    last: Option<ObsState>,
    /// Whether what was missed before the next event is no error.
    forgives: bool,
    holds_resources: bool,
}

impl SubarrayUnderTest {
    pub(super) fn new(
        subarray: &Subarray,
        arguments: &Rc<HashMap<(String, String), Value>>,
        ledger: &Rc<RefCell<Ledger>>,
        believes_queued: bool,
        holds_resources: bool,
    ) -> SubarrayUnderTest {
        let journal = subarray.traced().tracer().journal();
        SubarrayUnderTest {
            subarray: subarray.clone(),
            arguments: Rc::clone(arguments),
            ledger: Rc::clone(ledger),
            believes_queued,
            events: journal.follow(&journal.mark()),
            results: Results::default(),
            told: VecDeque::new(),
            last: None,
            forgives: false,
            holds_resources,
        }
    }

    /// Begins with nothing told, in this state.
    pub(super) fn begin_in(&mut self, state: ObsState) {
        self.forget();
        self.last = Some(state);
    }

    /// Forgets all that was told; that events are missing is told only with the next one.
    fn forget(&mut self) {
        while self.events.try_next().is_some() {}
        self.results.forget_all();
        self.told.clear();
        self.last = None;
        self.forgives = true;
    }

    /// What is assigned, sorted; nothing if that is not told.
    pub(super) async fn resources(&self) -> Result<Vec<String>, RuleError> {
        if !self.holds_resources {
            return Ok(Vec::new());
        }
        let reading = self.subarray.traced().read(RESOURCES).await?;
        let names = reading.value.as_list().unwrap_or_default().iter();
        let mut names: Vec<String> = names.map(ToString::to_string).collect();
        names.sort();
        Ok(names)
    }

    /// Has the device begin anew, as Tango's Init does.
    pub(super) async fn initialize(&self) -> Result<(), RuleError> {
        self.subarray.traced().command("Init", ()).await?;
        Ok(())
    }

    /// Takes over what an entry of the record tells.
    fn take(&mut self, entry: &Entry) -> Result<(), RuleError> {
        let device = self.subarray.traced().name();
        let Some(event) = entry.event().filter(|event| event.device == *device) else {
            return Ok(());
        };
        if event.attribute.eq_ignore_ascii_case(OBS_STATE) {
            return self.take_state(event);
        }
        self.results.hear(event.clone());
        Ok(())
    }

    fn take_state(&mut self, event: &Event) -> Result<(), RuleError> {
        match &event.signal {
            Signal::Gap { .. } | Signal::Lost { .. } if !self.forgives => {
                let words = format!("changes of the state may have been missed: {event}");
                return Err(RuleError::failed(words).of_kind("events lost"));
            }
            _ => {}
        }
        let Some(reading) = event.reading() else {
            return Ok(());
        };
        self.forgives = false;
        let state = ObsState::try_from(&reading.value)?;
        if self.last.replace(state) != Some(state) {
            self.told.push_back(Told::State(state));
        }
        Ok(())
    }

    /// Takes over what was told by now.
    fn look(&mut self) -> Result<(), RuleError> {
        while let Some(entry) = self.events.try_next() {
            self.take(&entry)?;
        }
        let ends = self.results.ends(self.ledger.borrow().sent());
        self.told.extend(ends);
        Ok(())
    }

    /// Waits for the first word on a command that was queued.
    async fn first_word(&mut self, identifier: &str) -> Result<FirstWord, RuleError> {
        let deadline = Instant::now() + FIRST_WORD;
        loop {
            self.look()?;
            if let Some(word) = self.results.first_word(identifier) {
                return Ok(word);
            }
            match timeout_at(deadline, self.events.next()).await {
                Ok(entry) => self.take(&entry)?,
                Err(_) => return Ok(FirstWord::Taken),
            }
        }
    }
}

impl SystemUnderTest<ObsState> for SubarrayUnderTest {
    async fn send(&mut self, command: &str, input: Option<&str>) -> Result<Reply, RuleError> {
        let key = (command.to_owned(), input.unwrap_or_default().to_owned());
        let argument = match self.arguments.get(&key) {
            Some(argument) => argument.clone(),
            None => self
                .subarray
                .inputs()
                .of(command)
                .map_or(Value::Void, Value::from),
        };
        let traced = self.subarray.traced();
        let name = self.subarray.command_names().of(command);
        let answer = match traced.command(name, argument).await {
            Ok(answer) => answer,
            Err(error) => {
                let refusal = Refusal::of_error(&error, name).ok_or(error)?;
                return Ok(refused(&refusal));
            }
        };
        let reply = LrcReply::try_from(&answer)?;
        if let Some(refusal) = Refusal::of_reply(traced.name(), name, &reply) {
            return Ok(refused(&refusal));
        }
        let Some(identifier) = reply.id().map(str::to_owned) else {
            return Ok(Reply::Accepted { command: None });
        };
        self.ledger.borrow_mut().enter(&identifier);
        if !self.believes_queued
            && let FirstWord::Refused(reason) = self.first_word(&identifier).await?
        {
            self.results.leave_out(&identifier);
            return Ok(Reply::Refused { reason });
        }
        Ok(Reply::Accepted {
            command: Some(identifier),
        })
    }

    async fn next(&mut self, within: Duration) -> Result<Option<Told<ObsState>>, RuleError> {
        let deadline = Instant::now() + within;
        loop {
            self.look()?;
            if let Some(told) = self.told.pop_front() {
                return Ok(Some(told));
            }
            // a timer takes a millisecond at least
            if within.is_zero() {
                return Ok(None);
            }
            match timeout_at(deadline, self.events.next()).await {
                Ok(entry) => self.take(&entry)?,
                Err(_) => return Ok(None),
            }
        }
    }

    async fn listen_anew(&mut self) -> Result<(), RuleError> {
        let traced = self.subarray.traced();
        for attribute in traced.tracer().watched(traced.name()) {
            if let Some(reason) = traced.tracer().lost(traced.name(), &attribute) {
                let words = format!("{attribute} is not heard: {reason}");
                return Err(RuleError::failed(words));
            }
        }
        self.ledger.borrow_mut().forget_all();
        self.forget();
        Ok(())
    }

    async fn state(&mut self) -> Result<ObsState, RuleError> {
        Ok(self.subarray.obs_state().await?)
    }

    async fn holdings(&mut self) -> Result<Json, RuleError> {
        if !self.holds_resources {
            return Ok(Json::Null);
        }
        Ok(self.resources().await?.into())
    }
}

fn refused(refusal: &Refusal) -> Reply {
    Reply::Refused {
        reason: refusal.to_string(),
    }
}

/// Whether the subarray tells what is assigned to it.
pub(super) async fn tells_resources(subarray: &Subarray) -> bool {
    subarray.traced().read(RESOURCES).await.is_ok()
}
