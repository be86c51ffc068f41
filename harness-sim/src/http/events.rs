//! What happens, as it happens: server-sent events.
//!
//! First comes all of it, as `telescope`; then each device that has changed, as `device`, and what
//! is set for transitions whenever that changes, as `transitions`. `alive` comes when nothing else
//! does, so that a client notices a connection that was lost.

use std::collections::{BTreeSet, VecDeque};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream::unfold;
use serde_json::{Value, json};
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::time::{sleep, timeout};

use super::control::Control;
use super::description;
use super::problem::{Problem, Result};
use super::server::gone;
use crate::device::DeviceChange;
use crate::transition::Changes;

/// How long changes are gathered: a command changes a dozen attributes at once.
const GATHER: Duration = Duration::from_millis(60);

/// How often a client hears of the server at least.
const ALIVE: Duration = Duration::from_secs(2);

/// `GET /events`
pub(super) async fn events(State(control): State<Arc<Control>>) -> Result<Response> {
    let seat = Arc::clone(&control.seats)
        .try_acquire_owned()
        .map_err(|_| {
            let problem = Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "too many follow the events",
            );
            problem.with_header("retry-after", "5")
        })?;
    // from now on; what was before comes first of all
    let mut feed = Feed {
        changes: control.telescope.changes(),
        settings: control.telescope.transitions().changes(),
        due: VecDeque::new(),
        told: Value::Null,
        control,
        _seat: seat,
    };
    feed.tell_all();
    let stream = unfold(feed, |mut feed| async move {
        let event = feed.next().await?;
        Some((Ok::<_, Infallible>(event), feed))
    });
    let mut response = Sse::new(stream).into_response();
    let no_store = header::HeaderValue::from_static("no-store");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, no_store);
    Ok(response)
}

/// What one client is still to be told.
struct Feed {
    control: Arc<Control>,
    changes: Receiver<DeviceChange>,
    settings: Changes,
    due: VecDeque<Event>,
    /// The transitions that the client has been told of.
    told: Value,
    _seat: OwnedSemaphorePermit,
}

enum News {
    Devices(BTreeSet<Arc<str>>),
    /// More than could be followed.
    Missed,
    Settings,
    Nothing,
    End,
}

impl Feed {
    /// The next event; `None` when the server stops.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.due.pop_front() {
                return Some(event);
            }
            match self.news().await {
                News::Devices(names) => {
                    for name in names {
                        if let Some(status) = self.control.telescope.status(&name) {
                            let device = description::device(&self.control, &status);
                            self.due.push_back(event("device", &device));
                        }
                    }
                    // a command may have used one up
                    self.tell_transitions();
                }
                News::Missed => self.tell_all(),
                News::Settings => self.tell_transitions(),
                News::Nothing => self.due.push_back(event("alive", &json!({}))),
                News::End => return None,
            }
        }
    }

    fn tell_all(&mut self) {
        self.told = description::all_overridden(&self.control);
        let devices = description::devices(&self.control);
        let all = json!({"devices": devices, "transitions": self.told});
        self.due.push_back(event("telescope", &all));
    }

    fn tell_transitions(&mut self) {
        let transitions = description::all_overridden(&self.control);
        if transitions != self.told {
            let all = json!({"transitions": transitions});
            self.due.push_back(event("transitions", &all));
            self.told = transitions;
        }
    }

    async fn news(&mut self) -> News {
        let first = tokio::select! {
            () = gone(self.control.stop.clone()) => return News::End,
            heard = timeout(ALIVE, self.changes.recv()) => heard,
            () = self.settings.changed() => {
                sleep(GATHER).await;
                return News::Settings;
            }
        };
        let mut names = BTreeSet::new();
        match first {
            Ok(Ok(change)) => names.insert(change.device),
            Ok(Err(RecvError::Lagged(_))) => return News::Missed,
            Ok(Err(RecvError::Closed)) => return News::End,
            Err(_) => return News::Nothing,
        };
        sleep(GATHER).await;
        loop {
            match self.changes.try_recv() {
                Ok(change) => names.insert(change.device),
                Err(TryRecvError::Lagged(_)) => return News::Missed,
                Err(TryRecvError::Empty | TryRecvError::Closed) => return News::Devices(names),
            };
        }
    }
}

/// JSON has no line breaks of its own, so that it is one line of an event.
fn event(name: &str, data: &Value) -> Event {
    Event::default().event(name).data(data.to_string())
}
