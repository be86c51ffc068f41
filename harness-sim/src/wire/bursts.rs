//! Events that are sent in bursts, as the base class sends them.

use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{MissedTickBehavior, interval};

use super::EventPort;
use crate::attribute::{Attribute, AttributePort, AttributeValue};

/// What waits for the next burst.
type Waiting = (EventPort, Attribute, AttributeValue);

/// Keeps the changes of all devices of a telescope until the next burst, which sends them in their
/// order.
#[derive(Clone, Debug)]
pub(crate) struct EventBursts {
    sender: UnboundedSender<Waiting>,
}

impl EventBursts {
    /// Sends a burst every so often, in a task of the present tokio runtime that ends with the last
    /// port.
    pub(crate) fn spawn(period: Duration) -> EventBursts {
        let (sender, receiver) = unbounded_channel();
        // an interval cannot be zero
        let period = period.max(Duration::from_millis(1));
        tokio::spawn(send_bursts(receiver, period));
        EventBursts { sender }
    }

    /// A port that keeps changes until the next burst.
    pub(crate) fn port(&self, port: EventPort) -> BurstPort {
        BurstPort {
            port,
            bursts: self.clone(),
        }
    }
}

/// A port that keeps changes until the next burst.
#[derive(Debug)]
pub(crate) struct BurstPort {
    port: EventPort,
    bursts: EventBursts,
}

impl AttributePort for BurstPort {
    fn push(&self, attribute: Attribute, value: AttributeValue) {
        let waiting = (self.port.clone(), attribute, value);
        // the task ends only after the last port
        self.bursts.sender.send(waiting).ok();
    }

    fn wants(&self, attribute: Attribute) -> bool {
        self.port.wants(attribute)
    }
}

async fn send_bursts(mut receiver: UnboundedReceiver<Waiting>, period: Duration) {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        // no timer runs while nothing waits
        let Some(first) = receiver.recv().await else {
            return;
        };
        ticks.reset();
        ticks.tick().await;
        let mut next = Some(first);
        while let Some((port, attribute, value)) = next {
            port.push(attribute, value);
            next = receiver.try_recv().ok();
        }
    }
}
