//! What a subscription needs of the device it subscribes to.

use std::{future::Future, pin::Pin};

use super::{SubscribeError, SubscriptionPoint};
use crate::types::DevFailed;

/// A boxed future, since sources are used as objects.
pub(crate) type SourceFuture<'a, T> =
    Pin<Box<dyn Future<Output = Result<T, SubscribeError>> + Send + 'a>>;

/// What one subscription is about, of which a `C` can be read. Each call finds the device anew if
/// it has moved.
pub(crate) trait EventSource<C>: Send + Sync + 'static {
    /// Device and attribute, for messages.
    fn name(&self) -> String;

    /// Asks the server for a subscription, or confirms one.
    fn request(&self) -> SourceFuture<'_, SubscriptionPoint>;

    /// Reads what there is; the inner result is the device's answer.
    fn read(&self) -> SourceFuture<'_, Result<C, DevFailed>>;
}
