//! What waits to be written to one subscriber.

use std::sync::Arc;

use tokio::sync::{
    OwnedSemaphorePermit, Semaphore,
    mpsc::{self, error::TrySendError},
};

/// A queue of so many messages, of so many octets together.
pub(super) fn send_queue(messages: usize, size: usize) -> (SendQueue, mpsc::Receiver<Queued>) {
    let (queue, queued) = mpsc::channel(messages.max(1));
    let size = size.min(Semaphore::MAX_PERMITS).min(u32::MAX as usize);
    let room = Arc::new(Semaphore::new(size));
    (SendQueue { queue, room, size }, queued)
}

/// The publisher's end.
#[derive(Clone, Debug)]
pub(super) struct SendQueue {
    queue: mpsc::Sender<Queued>,
    /// A permit for each octet that may still be queued.
    room: Arc<Semaphore>,
    size: usize,
}

/// Frames to be written, and their share of the room, given back when they are dropped.
#[derive(Debug)]
pub(super) struct Queued {
    pub(super) frames: Arc<[u8]>,
    _share: Option<OwnedSemaphorePermit>,
}

impl SendQueue {
    /// Queues a message at once or not at all; one that is larger than all the room goes in when
    /// no other is waiting.
    pub(super) fn put(&self, frames: &Arc<[u8]>) -> Result<(), TrySendError<()>> {
        let share = u32::try_from(frames.len().min(self.size)).unwrap_or(u32::MAX);
        let share = Arc::clone(&self.room).try_acquire_many_owned(share);
        let queued = Queued {
            frames: Arc::clone(frames),
            _share: Some(share.map_err(|_| TrySendError::Full(()))?),
        };
        self.queue.try_send(queued).map_err(|error| match error {
            TrySendError::Full(_) => TrySendError::Full(()),
            TrySendError::Closed(_) => TrySendError::Closed(()),
        })
    }

    /// Waits until a small answer can be queued; false when nobody writes any more.
    pub(super) async fn put_in_turn(&self, frames: Vec<u8>) -> bool {
        let queued = Queued {
            frames: frames.into(),
            _share: None,
        };
        self.queue.send(queued).await.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(size: usize) -> Arc<[u8]> {
        vec![0; size].into()
    }

    #[test]
    fn messages_are_bounded_by_number_and_by_size() {
        let (queue, mut queued) = send_queue(3, 100);
        assert_eq!(queue.put(&frames(60)), Ok(()));
        assert_eq!(queue.put(&frames(50)), Err(TrySendError::Full(())));
        assert_eq!(queue.put(&frames(20)), Ok(()));
        assert_eq!(queue.put(&frames(1)), Ok(()));
        assert_eq!(queue.put(&frames(1)), Err(TrySendError::Full(())));
        assert!(queued.try_recv().is_ok());
        assert_eq!(
            queue.put(&frames(60)),
            Ok(()),
            "what was taken is free again"
        );
        drop(queued);
        assert_eq!(queue.put(&frames(1)), Err(TrySendError::Closed(())));
    }

    #[test]
    fn a_message_larger_than_the_room_goes_alone() {
        let (queue, mut queued) = send_queue(3, 100);
        assert_eq!(queue.put(&frames(1000)), Ok(()));
        assert_eq!(queue.put(&frames(1)), Err(TrySendError::Full(())));
        assert!(queued.try_recv().is_ok());
        assert_eq!(queue.put(&frames(1)), Ok(()));
        assert_eq!(queue.put(&frames(1000)), Err(TrySendError::Full(())));
    }
}
