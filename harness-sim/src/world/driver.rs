//! The task that turns the clock of a world.

use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use tokio::sync::{Notify, broadcast};
use tokio::time::sleep_until;

use super::population::World;
use crate::device::{DeviceChange, DeviceId};
use crate::transition::{Changes, TransitionController};
use crate::wire::Line;

/// A world and the bell that tells its driver of something earlier to wait for, or of the end.
#[derive(Debug)]
pub(crate) struct Shared {
    world: Mutex<World>,
    bell: Arc<Notify>,
    pub(super) changes: broadcast::Sender<DeviceChange>,
    pub(super) transitions: TransitionController,
    /// By the numbers of the devices, if they have any.
    lines: OnceLock<Vec<Arc<Line>>>,
}

impl Shared {
    /// Lets a world live, in a task of the present tokio runtime, until nobody holds it any more.
    pub(crate) fn spawn(
        world: World,
        changes: broadcast::Sender<DeviceChange>,
        transitions: TransitionController,
    ) -> Arc<Shared> {
        let shared = Arc::new(Shared {
            world: Mutex::new(world),
            bell: Arc::new(Notify::new()),
            changes,
            transitions,
            lines: OnceLock::new(),
        });
        // from now on, not from when the task runs for the first time
        let changes = shared.transitions.changes();
        tokio::spawn(drive(Arc::downgrade(&shared), changes));
        shared
    }

    /// Lets testers disturb what lies between the devices, in the order of their numbers, and their
    /// clients.
    pub(crate) fn connect(&self, lines: Vec<Arc<Line>>) {
        // a world is connected once, when it is made
        self.lines.set(lines).ok();
    }

    /// What lies between a device and its clients, if it has any.
    pub(crate) fn line(&self, id: DeviceId) -> Option<&Arc<Line>> {
        self.lines.get()?.get(usize::try_from(id.0).ok()?)
    }

    /// Does something with the world.
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        // a panic elsewhere has left the world as it was between two steps
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        let before = world.next_due();
        let done = act(&mut world);
        let after = world.next_due();
        drop(world);
        if after.is_some_and(|after| before.is_none_or(|before| after < before)) {
            self.bell.notify_one();
        }
        done
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.bell.notify_one();
    }
}

/// Advances the world whenever something is due or testers have changed how transitions go, until
/// nobody holds it any more.
///
/// No timer runs while nothing is due.
async fn drive(shared: Weak<Shared>, mut changes: Changes) {
    loop {
        // held for this moment only: while the driver sleeps it must not keep the world alive
        let look = shared.upgrade().map(|shared| {
            let wake = shared.with(|world| {
                world.advance();
                world.next_wake()
            });
            (wake, Arc::clone(&shared.bell))
        });
        let Some((wake, bell)) = look else {
            return;
        };
        let due = async {
            match wake {
                Some(wake) => sleep_until(wake).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = bell.notified() => {}
            () = due => {}
            () = changes.changed() => {
                if let Some(shared) = shared.upgrade() {
                    shared.with(World::look_again);
                }
            }
        }
    }
}
