use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep, sleep_until};

use super::EventHandler;
use super::consumer::{ConsumerGone, Registration};
use super::opening::Opening;
use super::source::EventSource;
use super::topic::with_sources;
use crate::client::DeviceProxy;
use crate::error::Error;
use crate::types::Value;
use crate::zmtp::ZmtpError;

/// A server forgets a subscription that is not renewed for 600 s.
const RENEWAL: Duration = Duration::from_secs(200);
/// A renewal that failed is tried again after that time.
const RENEWAL_RETRY: Duration = Duration::from_secs(20);
/// How soon, after events were lost, the server is looked for again, and how seldom at last.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Keeps a subscription alive; dropping it ends the subscription. Its handler is not called
/// again then, unless a call is under way in another thread.
#[must_use = "dropping it ends the subscription"]
pub struct EventSubscription {
    subject: Arc<Subject>,
    supervisor: AbortHandle,
}

/// What is subscribed to, and for whom.
struct Subject {
    device: DeviceProxy,
    attribute: String,
    handler: Arc<dyn EventHandler>,
    wanted: Arc<AtomicBool>,
}

impl fmt::Debug for EventSubscription {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Subject {
            device, attribute, ..
        } = &*self.subject;
        write!(
            formatter,
            "EventSubscription({}/{attribute})",
            device.name()
        )
    }
}

impl Drop for EventSubscription {
    fn drop(&mut self) {
        self.subject.wanted.store(false, Ordering::Release);
        self.supervisor.abort();
    }
}

impl EventSubscription {
    pub(crate) async fn start(
        device: &DeviceProxy,
        attribute: &str,
        handler: Arc<dyn EventHandler>,
    ) -> Result<EventSubscription, Error> {
        let subject = Arc::new(Subject {
            device: device.clone(),
            attribute: attribute.to_owned(),
            handler,
            wanted: Arc::new(AtomicBool::new(true)),
        });
        let established = subject.establish(Opening::First).await?;
        let supervisor = tokio::spawn(supervise(Arc::clone(&subject), established)).abort_handle();
        Ok(EventSubscription {
            subject,
            supervisor,
        })
    }

    /// The attribute that is followed.
    #[must_use]
    pub fn attribute(&self) -> &str {
        &self.subject.attribute
    }

    /// The device whose attribute is followed.
    #[must_use]
    pub fn device(&self) -> &DeviceProxy {
        &self.subject.device
    }
}

/// A subscription as it stands.
struct Established {
    registration: Registration,
    admin: DeviceProxy,
    source: EventSource,
}

/// Renews a subscription, and makes it again when it was lost, for as long as it lives.
async fn supervise(subject: Arc<Subject>, mut established: Established) {
    loop {
        let mut renewal = Instant::now() + RENEWAL;
        let reason = loop {
            tokio::select! {
                reason = established.registration.lost() => break reason,
                () = sleep_until(renewal) => {}
            }
            match subject.request(&established.admin).await {
                Ok(source) if source == established.source => renewal = Instant::now() + RENEWAL,
                Ok(_) => {
                    let reason = "the server sends its events elsewhere now".to_owned();
                    established.registration.lose(reason.clone());
                    break reason;
                }
                Err(error) => {
                    tracing::debug!(error = with_sources(&error), "a renewal failed");
                    renewal = Instant::now() + RENEWAL_RETRY;
                }
            }
        };
        established = subject.establish_again(&reason).await;
    }
}

impl Subject {
    /// Asks the admin device for events; it says where it sends them.
    async fn request(&self, admin: &DeviceProxy) -> Result<EventSource, Error> {
        let version = self.device.version().await?;
        let mut argument = vec![
            self.device.name().to_owned(),
            self.attribute.to_ascii_lowercase(),
            "subscribe".to_owned(),
            "change".to_owned(),
        ];
        if version > 4 {
            argument.push(version.to_string());
        }
        let answer = admin.command(COMMAND, Value::Strings(argument)).await?;
        EventSource::read(&answer).ok_or_else(|| {
            Error::protocol(admin.name(), COMMAND, "no addresses and topics of events")
        })
    }

    /// Subscribes, confirms, reads, and hands the handler what it begins with.
    async fn establish(&self, opening: Opening) -> Result<Established, Error> {
        let client = self.device.client();
        let admin = self.device.admin().await?;
        let source = self.request(&admin).await?;
        let consumer = client
            .consumers()
            .get(&source, client.connect_timeout())
            .await;
        let consumer = consumer.map_err(|error| unreachable(&source, error))?;
        let gone = |gone| self.gone(gone);
        let (handler, wanted) = (Arc::clone(&self.handler), Arc::clone(&self.wanted));
        let registration = consumer
            .register(&source.event_topic, handler, wanted)
            .await
            .map_err(gone)?;
        consumer.confirm().await.map_err(gone)?;
        let outcome = match self.device.read(&self.attribute).await {
            Ok(reading) => Ok(reading),
            Err(Error::DevFailed { failure, .. }) => Err(failure),
            Err(other) => return Err(other),
        };
        consumer.catch_up().await.map_err(gone)?;
        registration.open(opening, outcome).await.map_err(gone)?;
        Ok(Established {
            registration,
            admin,
            source,
        })
    }

    /// Tries until it succeeds: a server that is being started again may take its time.
    async fn establish_again(&self, reason: &str) -> Established {
        let mut pause = FIRST_PAUSE;
        loop {
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
            // it may have another port by now, and another interface
            let attempt = async {
                self.device.resolve_again().await?;
                self.establish(Opening::Again {
                    reason: reason.to_owned(),
                })
                .await
            };
            match attempt.await {
                Ok(established) => return established,
                Err(error) => {
                    let error = with_sources(&error);
                    tracing::debug!(device = self.device.name(), error, "still no events");
                }
            }
        }
    }

    fn gone(&self, gone: ConsumerGone) -> Error {
        Error::Closed {
            device: self.device.name().to_owned(),
            operation: format!("subscription to {}", self.attribute),
            may_have_run: true,
            source: Some(io::Error::new(io::ErrorKind::ConnectionReset, gone)),
        }
    }
}

const COMMAND: &str = "ZmqEventSubscriptionChange";

fn unreachable(source: &EventSource, error: ZmtpError) -> Error {
    let source = source.endpoint();
    let error = match error {
        ZmtpError::Io(error) => error,
        other => io::Error::other(other),
    };
    Error::Unreachable {
        address: format!("{source} (events)"),
        source: error,
    }
}
