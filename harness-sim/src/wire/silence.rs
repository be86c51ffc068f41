//! Whether a device answers.

use tango_wire::server::BoxFuture;
use tokio::sync::watch;

/// How many testers want a device to be silent; with none it answers.
#[derive(Debug, Default)]
pub(crate) struct Silence {
    testers: watch::Sender<u32>,
}

impl Silence {
    pub(crate) fn begin(&self) {
        self.testers.send_modify(|testers| *testers += 1);
    }

    pub(crate) fn end(&self) {
        self.testers
            .send_modify(|testers| *testers = testers.saturating_sub(1));
    }

    /// What a call has to wait for, if it has to.
    pub(super) fn wait(&self) -> Option<BoxFuture<'_, ()>> {
        if *self.testers.borrow() == 0 {
            return None;
        }
        let mut testers = self.testers.subscribe();
        Some(Box::pin(async move {
            // the sender is our own: it does not go away meanwhile
            let _ = testers.wait_for(|testers| *testers == 0).await;
        }))
    }
}
