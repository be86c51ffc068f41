//! One subscription, from its request to its end.

use std::sync::Arc;

use tokio::{
    task::JoinHandle,
    time::{Instant, sleep},
};

use super::{
    EventChannels, EventHandler, EventNotice, EventOptions, EventSource, SubscribeError,
    channel::EventChannel,
    content::EventContent,
    route::{EventSink, Route},
};
use crate::types::{DevFailed, EventKind};

/// A subscription to events of one kind, for as long as it is held.
///
/// It survives its server: when the connection breaks or the heartbeat stops, the handler is told
/// [`EventNotice::Lost`], and when the device answers again, wherever that is by then,
/// [`EventNotice::Gap`] and [`EventNotice::Back`].
#[must_use = "dropping a subscription ends it"]
#[derive(Debug)]
pub struct EventSubscription {
    route: Arc<dyn EventSink>,
    supervising: JoinHandle<()>,
}

impl Drop for EventSubscription {
    /// When this returns, the handler will not be called again, and is not running: unless it is
    /// the handler itself that drops its subscription, which it may.
    fn drop(&mut self) {
        self.route.close();
        self.supervising.abort();
    }
}

/// Subscribes. When this returns, the first notice has been handed over and every later event will
/// be. Cancel-safe: a dropped future leaves no subscription behind.
pub(crate) async fn subscribe<T: EventContent>(
    kind: EventKind,
    source: Arc<dyn EventSource<T::Current>>,
    channels: EventChannels,
    handler: Arc<dyn EventHandler<T, T::Current>>,
) -> Result<EventSubscription, SubscribeError> {
    let route = Arc::new(Route::new(kind, handler));
    let (session, read) = Session::open(&*source, &channels, &route).await?;
    route.settle(read, EventNotice::Initial);
    let supervising = tokio::spawn(supervise(source, channels, Arc::clone(&route), session));
    Ok(EventSubscription { route, supervising })
}

/// Renews the subscription, and brings it back for as long as it takes.
async fn supervise<T: EventContent>(
    source: Arc<dyn EventSource<T::Current>>,
    channels: EventChannels,
    route: Arc<Route<T>>,
    mut session: Session,
) {
    let options = channels.options();
    let mut pause = options.retry_pause;
    loop {
        let opened = Instant::now();
        let reason = session.watch(&*source, options).await;
        drop(session);
        tracing::debug!(attribute = source.name(), reason, "events lost");
        route.lose(reason.clone());
        // what breaks as soon as it is made would else be made again a hundred times a second
        if opened.elapsed() < options.longest_retry_pause {
            sleep(pause).await;
            pause = (pause * 2).min(options.longest_retry_pause);
        } else {
            pause = options.retry_pause;
        }
        let read;
        (session, read) = reopen(&*source, &channels, &route).await;
        tracing::debug!(attribute = source.name(), "events are back");
        route.tell(EventNotice::Gap {
            missed: None,
            reason,
        });
        route.settle(read, EventNotice::Back);
    }
}

/// Tries until it succeeds.
async fn reopen<T: EventContent>(
    source: &dyn EventSource<T::Current>,
    channels: &EventChannels,
    route: &Arc<Route<T>>,
) -> (Session, Result<T::Current, DevFailed>) {
    let options = channels.options();
    let lost = Instant::now();
    let mut reminded = lost;
    let mut pause = options.retry_pause;
    loop {
        match Session::open(source, channels, route).await {
            Ok(opened) => return opened,
            Err(error) => {
                tracing::debug!(attribute = source.name(), %error, "no events yet");
                if reminded.elapsed() >= options.reminder_period {
                    reminded = Instant::now();
                    route.tell(EventNotice::StillLost {
                        lasting: lost.elapsed(),
                        reason: in_one_line(&error),
                    });
                }
            }
        }
        sleep(pause).await;
        pause = (pause * 2).min(options.longest_retry_pause);
    }
}

/// The words of an error and of those below it.
fn in_one_line(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(below) => format!("{error}: {}", in_one_line(below)),
        None => error.to_string(),
    }
}

/// A route's place in a connection, given up when dropped.
struct Session {
    channel: Arc<EventChannel>,
    topic: Vec<u8>,
    route: Arc<dyn EventSink>,
}

impl Session {
    async fn open<T: EventContent>(
        source: &dyn EventSource<T::Current>,
        channels: &EventChannels,
        route: &Arc<Route<T>>,
    ) -> Result<(Self, Result<T::Current, DevFailed>), SubscribeError> {
        let point = source.request().await?;
        let channel = channels.open(&point).await?;
        route.begin();
        let route: Arc<dyn EventSink> = Arc::<Route<T>>::clone(route);
        channel.add(&point.topic, &route)?;
        let session = Self {
            channel,
            topic: point.topic,
            route,
        };
        session.channel.confirm().await?;
        let read = source.read().await?;
        // what was sent before the value was read is part of it: let it arrive before settling
        session.channel.catch_up().await;
        if session.channel.is_live() {
            Ok((session, read))
        } else {
            let reason = session.channel.ended().await.to_string();
            Err(SubscribeError::Ended { reason })
        }
    }

    /// Waits until the events stop, and says why; confirms the subscription meanwhile.
    async fn watch<C: 'static>(
        &self,
        source: &dyn EventSource<C>,
        options: &EventOptions,
    ) -> String {
        tokio::select! {
            reason = self.channel.ended() => reason.to_string(),
            reason = self.renew(source, options) => reason,
        }
    }

    /// Confirms the subscription every `period`. Gives up, with the reason, when it has failed for
    /// another such period: servers keep an unconfirmed subscription for three.
    async fn renew<C: 'static>(
        &self,
        source: &dyn EventSource<C>,
        options: &EventOptions,
    ) -> String {
        let period = options.renewal_period;
        let mut confirmed = Instant::now();
        let mut pause = period;
        loop {
            sleep(pause).await;
            match source.request().await {
                Ok(point) if point.topic != self.topic => {
                    return "the server has moved its events to another topic".to_owned();
                }
                // with a database the topic is the same at whichever server the device is
                Ok(point) if !point.endpoints.contains(self.channel.endpoints()) => {
                    return "the device has moved to another server".to_owned();
                }
                Ok(_) => {
                    confirmed = Instant::now();
                    pause = period;
                }
                Err(error) if confirmed.elapsed() >= 2 * period => {
                    return format!("the subscription could not be renewed: {error}");
                }
                Err(_) => pause = options.longest_retry_pause,
            }
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.channel.remove(&self.topic, &self.route);
    }
}

#[cfg(test)]
mod tests;
