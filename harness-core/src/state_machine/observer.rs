//! How a state machine learns which state the system is in, and which it has been in.

use std::error::Error;
use std::fmt::{self, Debug};
use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;

use super::transition::State;
use crate::device::{BoxFuture, DeviceError};
use crate::journal::Mark;
use crate::tracer::{TracedDevice, TracerError};
use crate::value::Value;

/// Why the state of the system is not known.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ObserveError {
    /// The device did not tell.
    #[error("the state could not be read")]
    Read(#[source] DeviceError),
    /// The attribute that holds the state could not be subscribed to.
    #[error("the changes of the state can not be watched")]
    Watch(#[source] TracerError),
    /// The device told something that is no state.
    #[error("{device}.{attribute} is {value}, which is no known state")]
    NotAState {
        /// The device.
        device: String,
        /// The attribute.
        attribute: String,
        /// What it holds.
        value: Value,
        /// Why it is no state.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// The state was not told while there was time.
    #[error("the state was not told within {} s", .0.as_secs_f64())]
    OutOfTime(Duration),
    /// A getter supplied by the user failed.
    #[error("the state getter failed")]
    Getter(#[source] Box<dyn Error + Send + Sync>),
}

/// Tells which state the system is in.
///
/// Implemented for asynchronous closures that return the state or an error. Such an observer knows
/// only the present: a transient state that is already over when it is asked for was never there.
/// [`AttributeObserver`] knows the past too, from change events.
pub trait StateObserver<S>: Send + Sync {
    /// Reads the present state from the system.
    fn current(&self) -> BoxFuture<'_, Result<S, ObserveError>>;

    /// Called before the first step of a navigation, to subscribe to what is needed.
    fn prepare(&self) -> BoxFuture<'_, Result<(), ObserveError>> {
        Box::pin(async { Ok(()) })
    }

    /// Where the state is looked for, if that is one place: `lab/lamp/1 colour`.
    fn place(&self) -> Option<String> {
        None
    }

    /// The states entered since the mark, in order, from change events.
    fn entered_since(&self, mark: &Mark) -> Vec<S> {
        let _ = mark;
        Vec::new()
    }
}

impl<S, E, F, Told> StateObserver<S> for F
where
    F: Fn() -> Told + Send + Sync,
    Told: Future<Output = Result<S, E>> + Send,
    E: Into<Box<dyn Error + Send + Sync>>,
{
    fn current(&self) -> BoxFuture<'_, Result<S, ObserveError>> {
        Box::pin(async move {
            self()
                .await
                .map_err(|error| ObserveError::Getter(error.into()))
        })
    }
}

type Convert<S> = dyn Fn(&Value) -> Result<S, Box<dyn Error + Send + Sync>> + Send + Sync;

/// Observes one attribute of one device: reads it for the present, and takes the past from its
/// change events.
#[derive(Clone)]
pub struct AttributeObserver<S> {
    device: TracedDevice,
    attribute: String,
    convert: Arc<Convert<S>>,
}

impl<S: State> AttributeObserver<S> {
    /// Observes the attribute, whose values become states by [`TryFrom`].
    #[must_use]
    pub fn new<E>(device: &TracedDevice, attribute: impl Into<String>) -> AttributeObserver<S>
    where
        S: for<'v> TryFrom<&'v Value, Error = E>,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        AttributeObserver::converting(device, attribute, |value| {
            S::try_from(value).map_err(Into::into)
        })
    }

    /// Observes the attribute, whose values become states by the closure.
    #[must_use]
    pub fn converting(
        device: &TracedDevice,
        attribute: impl Into<String>,
        convert: impl Fn(&Value) -> Result<S, Box<dyn Error + Send + Sync>> + Send + Sync + 'static,
    ) -> AttributeObserver<S> {
        AttributeObserver {
            device: device.clone(),
            attribute: attribute.into(),
            convert: Arc::new(convert),
        }
    }
}

impl<S: State> StateObserver<S> for AttributeObserver<S> {
    fn current(&self) -> BoxFuture<'_, Result<S, ObserveError>> {
        Box::pin(async move {
            let reading = self
                .device
                .read(&self.attribute)
                .await
                .map_err(ObserveError::Read)?;
            (self.convert)(&reading.value).map_err(|source| ObserveError::NotAState {
                device: self.device.name().to_string(),
                attribute: self.attribute.clone(),
                value: reading.value.clone(),
                source,
            })
        })
    }

    fn prepare(&self) -> BoxFuture<'_, Result<(), ObserveError>> {
        Box::pin(async move {
            self.device
                .watch(&self.attribute)
                .await
                .map_err(ObserveError::Watch)
        })
    }

    fn place(&self) -> Option<String> {
        Some(format!("{} {}", self.device.name(), self.attribute))
    }

    fn entered_since(&self, mark: &Mark) -> Vec<S> {
        self.device
            .tracer()
            .changes_since(mark, self.device.name(), &self.attribute)
            .iter()
            .filter_map(|change| (self.convert)(&change.reading.value).ok())
            .collect()
    }
}

impl<S> Debug for AttributeObserver<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("AttributeObserver")
            .field("device", &self.device.name())
            .field("attribute", &self.attribute)
            .finish_non_exhaustive()
    }
}
