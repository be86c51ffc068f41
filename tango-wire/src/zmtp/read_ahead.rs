//! What a subscriber has read and its consumer has not taken yet.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use super::{Message, ZmtpError};

/// Messages read ahead of the consumer; beyond it the publisher's own queue fills.
const MESSAGES_AHEAD: usize = 65_536;
/// Octets that those may take together: twice the largest message, and far more than so many
/// ordinary events. A flood of large ones must not fill the memory.
pub(super) const SIZE_AHEAD: usize = 128 << 20;

/// A message that waits, and its share of the room.
type Received = (Message, OwnedSemaphorePermit);

/// A queue with room for messages of `size` octets together.
pub(super) fn read_ahead(size: usize) -> (ReadAhead, Backlog) {
    let (queue, waiting) = mpsc::channel(MESSAGES_AHEAD);
    let room = Arc::new(Semaphore::new(size));
    (ReadAhead { queue, room, size }, Backlog { waiting })
}

/// The reader's end.
#[derive(Debug)]
pub(super) struct ReadAhead {
    queue: mpsc::Sender<Result<Received, ZmtpError>>,
    /// A permit for each octet that may still be taken.
    room: Arc<Semaphore>,
    size: usize,
}

impl ReadAhead {
    /// Waits until there is room for a message; one that is larger than all the room gets it when
    /// no other is waiting. False when there is no consumer any more.
    pub(super) async fn put(&self, message: Message) -> bool {
        let share = u32::try_from(message.memory().min(self.size)).unwrap_or(u32::MAX);
        let Ok(share) = Arc::clone(&self.room).acquire_many_owned(share).await else {
            return false;
        };
        self.queue.send(Ok((message, share))).await.is_ok()
    }

    /// Leaves the reason why nothing more comes.
    pub(super) async fn end(self, reason: ZmtpError) {
        let _ = self.queue.send(Err(reason)).await;
    }
}

/// The consumer's end.
#[derive(Debug)]
pub(super) struct Backlog {
    waiting: mpsc::Receiver<Result<Received, ZmtpError>>,
}

impl Backlog {
    /// Waits for the next message. Cancel-safe.
    ///
    /// # Errors
    /// Once the reason why nothing more comes, then [`ZmtpError::Closed`] for ever.
    pub(super) async fn next(&mut self) -> Result<Message, ZmtpError> {
        let received = self.waiting.recv().await;
        let (message, _share) = received.unwrap_or(Err(ZmtpError::Closed))?;
        Ok(message)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use tokio::time::timeout;

    fn message(number: u8, size: usize) -> Message {
        Message::new(vec![vec![number], vec![number; size]])
    }

    /// Puts messages until one of them finds no room, and says how many did.
    async fn flood(ahead: &ReadAhead, size: usize) -> u8 {
        for number in 0..=u8::MAX {
            // the clock is paused: it moves when all others wait
            let put = timeout(Duration::from_secs(1), ahead.put(message(number, size)));
            if put.await.is_err() {
                return number;
            }
        }
        u8::MAX
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_read_ahead_is_bounded_by_its_size() {
        let (ahead, mut backlog) = read_ahead(100_000);
        assert_eq!(flood(&ahead, 10_000).await, 9, "and the parts' own memory");
        for number in 0..9 {
            assert_eq!(backlog.next().await.unwrap().topic(), [number]);
        }
        assert_eq!(
            flood(&ahead, 20_000).await,
            4,
            "what was taken is free again"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_message_larger_than_the_room_passes_alone() {
        let (ahead, mut backlog) = read_ahead(1000);
        assert_eq!(flood(&ahead, 5000).await, 1);
        assert_eq!(backlog.next().await.unwrap().topic(), [0]);
        assert_eq!(flood(&ahead, 5000).await, 1);
        assert_eq!(backlog.next().await.unwrap().topic(), [0]);
        ahead.end(ZmtpError::Congested).await;
        assert!(matches!(backlog.next().await, Err(ZmtpError::Congested)));
        assert!(matches!(backlog.next().await, Err(ZmtpError::Closed)));
    }

    #[tokio::test]
    async fn without_a_consumer_nothing_waits() {
        let (ahead, backlog) = read_ahead(1000);
        assert!(ahead.put(message(1, 900)).await);
        drop(backlog);
        assert!(!ahead.put(message(2, 900)).await);
    }
}
