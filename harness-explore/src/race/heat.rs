//! One heat: the commands are sent, and all that comes of it is written down.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use futures_util::future::join_all;
use harness_core::state_machine::State;
use tokio::time::{Instant, sleep_until};

use super::contest::{Contest, Entrant};
use super::history::{Heard, History, Operation, Response};
use super::order::Order;
use crate::lifecycle::{Lifecycle, Outcome, Reply, SystemUnderTest, Told};
use crate::machine::RuleError;

/// How long the observer listens at a time, before it looks whether there is more to come.
const GLANCE: Duration = Duration::from_millis(5);

/// How late a timer is anyhow.
const TIMER: Duration = Duration::from_millis(1);

/// Who takes part: clients that send, and one more that only listens.
pub(super) struct Field<T> {
    clients: Vec<T>,
    observer: T,
}

impl<T> Field<T> {
    /// The last of them listens; none if there is nobody.
    pub(super) fn of(mut systems: Vec<T>) -> Option<Field<T>> {
        let observer = systems.pop()?;
        Some(Field {
            clients: systems,
            observer,
        })
    }

    pub(super) fn clients(&self) -> usize {
        self.clients.len()
    }

    /// Brings the system from home to the state in which the race begins, by the observer.
    pub(super) async fn go_to<S: State>(
        &mut self,
        state: &S,
        lifecycle: &Lifecycle<S>,
    ) -> Result<(), RuleError>
    where
        T: SystemUnderTest<S>,
    {
        let ways = lifecycle.way_to(state).ok_or_else(|| {
            RuleError::failed(format!("no command leads to {state}")).of_kind("no way")
        })?;
        for way in ways {
            let mut inputs = lifecycle.inputs(&way.command).iter();
            let input = inputs.find(|input| input.is_taken());
            let input = input.map(|input| input.name.as_str());
            match self.observer.send(&way.command, input).await? {
                Reply::Accepted { command } => self.until(&way.to, command, lifecycle).await?,
                Reply::Refused { reason } => {
                    let words = format!("{} in {}: {reason}", way.command, way.from);
                    return Err(RuleError::failed(words).of_kind("refused though allowed"));
                }
            }
        }
        for client in &mut self.clients {
            while client.next(Duration::ZERO).await?.is_some() {}
        }
        while self.observer.next(Duration::ZERO).await?.is_some() {}
        Ok(())
    }

    /// Waits until the state is told, and the end of the command if it has one.
    async fn until<S: State>(
        &mut self,
        state: &S,
        mut command: Option<String>,
        lifecycle: &Lifecycle<S>,
    ) -> Result<(), RuleError>
    where
        T: SystemUnderTest<S>,
    {
        let mut is_there = self.observer.state().await? == *state;
        while !is_there || command.is_some() {
            match self.observer.next(lifecycle.patience()).await? {
                Some(Told::State(told)) => is_there = told == *state,
                Some(Told::Finished { command: ended, .. }) => {
                    command = command.filter(|command| *command != ended);
                }
                None => {
                    let words = format!("nothing more was told on the way to {state}");
                    return Err(RuleError::failed(words).of_kind("stuck"));
                }
            }
        }
        Ok(())
    }

    /// Sends all commands at their times, and listens until there is nothing more to come.
    pub(super) async fn run<S: State>(
        &mut self,
        contest: &Contest<S>,
        lifecycle: &Lifecycle<S>,
        order: Option<&Order>,
    ) -> Result<History<S>, RuleError>
    where
        T: SystemUnderTest<S>,
    {
        let held = self.observer.holdings().await?;
        let start = Instant::now();
        let (replies, sending) = (RefCell::new(Vec::new()), Cell::new(true));
        let turns = match order {
            Some(order) => Some(order.hold(self.clients.len()).await?),
            None => None,
        };
        let send = async {
            let clients = self.clients.iter_mut().enumerate().map(|(number, client)| {
                let entrants = contest.entrants.iter();
                let own: Vec<&Entrant> = entrants.filter(|it| it.client == number).collect();
                compete(client, own, start, &replies)
            });
            let released = async {
                match turns {
                    Some(turns) => turns.release(|client| has_replied(&replies, client)).await,
                    None => Ok(()),
                }
            };
            let (_, released) = tokio::join!(join_all(clients), released);
            sending.set(false);
            released
        };
        let listen = listen(
            &mut self.observer,
            (&contest.from, lifecycle),
            start,
            || (!sending.get()).then(|| expected(&replies.borrow())),
        );
        let over = Cell::new(false);
        let listen = async {
            let told = listen.await;
            over.set(true);
            told
        };
        let (sent, told, held_up) = tokio::join!(send, listen, held_up(&over));
        sent?;
        let told = told?;
        let to = self.observer.state().await?;
        let holds = self.observer.holdings().await?;
        let mut operations = replies.into_inner();
        operations.sort_by_key(|operation| operation.sent);
        Ok(History {
            from: contest.from.clone(),
            held,
            operations,
            told,
            to: Some(to),
            holds,
            ended: start.elapsed(),
            held_up,
        })
    }

    pub(super) async fn close<S: State>(&mut self) -> Result<(), RuleError>
    where
        T: SystemUnderTest<S>,
    {
        let mut closed = Ok(());
        for client in self.clients.iter_mut().chain([&mut self.observer]) {
            closed = closed.and(client.close().await);
        }
        closed
    }
}

/// How much later than they should short sleeps have ended at most, until it is over.
async fn held_up(over: &Cell<bool>) -> Duration {
    let mut most = Duration::ZERO;
    while !over.get() {
        let until = Instant::now() + GLANCE;
        sleep_until(until).await;
        // a timer is a millisecond late at any time
        let late = until.elapsed().saturating_sub(TIMER);
        most = most.max(late);
    }
    most
}

/// One client sends its commands, one after the other.
async fn compete<S: State, T: SystemUnderTest<S>>(
    client: &mut T,
    entrants: Vec<&Entrant>,
    start: Instant,
    replies: &RefCell<Vec<Operation>>,
) {
    for entrant in entrants {
        sleep_until(start + entrant.offset).await;
        let sent = start.elapsed();
        let reply = client
            .send(&entrant.command, entrant.input.as_deref())
            .await;
        let response = match reply {
            Ok(Reply::Accepted { command }) => Response::Accepted(command),
            Ok(Reply::Refused { reason }) => Response::Refused(reason),
            Err(error) => Response::Unknown(error.to_string()),
        };
        replies.borrow_mut().push(Operation {
            entrant: entrant.clone(),
            sent,
            replied: start.elapsed(),
            response,
        });
    }
}

fn has_replied(replies: &RefCell<Vec<Operation>>, client: usize) -> bool {
    let replies = replies.borrow();
    replies.iter().any(|it| it.entrant.client == client)
}

/// The commands whose ends are to be told.
fn expected(replies: &[Operation]) -> Vec<String> {
    let accepted = replies.iter().filter_map(|it| match &it.response {
        Response::Accepted(identifier) => identifier.clone(),
        Response::Refused(_) | Response::Unknown(_) => None,
    });
    accepted.collect()
}

/// Writes down what is told, until all is told that is expected and the system is at rest, in the state that
/// was told last; or until nothing is told for as long as the lifecycle is patient.
async fn listen<S: State, T: SystemUnderTest<S>>(
    observer: &mut T,
    (from, lifecycle): (&S, &Lifecycle<S>),
    start: Instant,
    expected: impl Fn() -> Option<Vec<String>>,
) -> Result<Vec<(Duration, Heard<S>)>, RuleError> {
    let mut told: Vec<(Duration, Heard<S>)> = Vec::new();
    let mut silent_since = Instant::now();
    let mut sending = true;
    let quiet = lifecycle.quiet().max(GLANCE);
    loop {
        let next = observer.next(GLANCE).await?;
        if let Some(next) = next {
            told.push((start.elapsed(), heard(next)));
            silent_since = Instant::now();
            continue;
        }
        let expected = match expected() {
            Some(expected) if !sending => expected,
            // silence counts from when all was sent
            expected => {
                sending = expected.is_none();
                silent_since = Instant::now();
                continue;
            }
        };
        let silent = silent_since.elapsed();
        let rests = match expected.iter().all(|it| has_ended(&told, it)) {
            true => Some(observer.state().await?).filter(|it| !lifecycle.is_transient(it)),
            false => None,
        };
        let enough = match rests {
            None => lifecycle.patience(),
            Some(state) if state == *last_state(&told, from) => quiet,
            // the event is on its way
            Some(_) => lifecycle.lag().min(lifecycle.patience()).max(quiet),
        };
        if silent >= enough {
            return Ok(told);
        }
    }
}

fn heard<S>(told: Told<S>) -> Heard<S> {
    match told {
        Told::State(state) => Heard::State(state),
        Told::Finished { command, outcome } => match outcome {
            Outcome::Done => Heard::Done(command),
            Outcome::Aborted => Heard::Aborted(command),
            Outcome::Failed(reason) => Heard::Failed(command, reason),
        },
    }
}

/// The state that was told last.
fn last_state<'t, S>(told: &'t [(Duration, Heard<S>)], from: &'t S) -> &'t S {
    let states = told.iter().rev().find_map(|(_, heard)| match heard {
        Heard::State(state) => Some(state),
        _ => None,
    });
    states.unwrap_or(from)
}

fn has_ended<S>(told: &[(Duration, Heard<S>)], identifier: &str) -> bool {
    told.iter().any(|(_, heard)| match heard {
        Heard::State(_) => false,
        Heard::Done(it) | Heard::Aborted(it) | Heard::Failed(it, _) => it == identifier,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_holds_the_process_up_is_measured() {
        let over = Cell::new(false);
        let hold = async {
            tokio::time::advance(Duration::from_millis(40)).await;
            over.set(true);
        };
        let (late, ()) = tokio::join!(held_up(&over), hold);
        assert!(late >= Duration::from_millis(30), "{late:?}");
    }
}
