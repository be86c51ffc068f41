//! What a listener can be told to do.

use std::io;

use tokio::sync::{mpsc, oneshot};

use super::Arrival;

/// What a listener is told to do; it answers when it is done.
#[derive(Debug)]
pub(crate) enum ArrivalOrder {
    /// From now on, new connections are met like this.
    Begin(u64, Arrival, oneshot::Sender<io::Result<()>>),
    /// No longer.
    End(u64, oneshot::Sender<io::Result<()>>),
    /// All of them are met as they should.
    Reset(oneshot::Sender<io::Result<()>>),
    /// None is met any more, for good.
    Stop(oneshot::Sender<io::Result<()>>),
}

/// Gives an order, and waits until it is done. A listener that is gone has nothing to do.
pub(crate) async fn ask(
    orders: &mpsc::UnboundedSender<ArrivalOrder>,
    order: impl FnOnce(oneshot::Sender<io::Result<()>>) -> ArrivalOrder,
) -> io::Result<()> {
    let (done, answer) = oneshot::channel();
    if orders.send(order(done)).is_err() {
        return Ok(());
    }
    answer.await.unwrap_or(Ok(()))
}
