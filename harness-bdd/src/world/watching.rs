//! What lines look at, and whose it is: attributes and logs.

use std::{collections::BTreeMap, sync::Arc};

use futures_util::future::join_all;
use harness_core::TracedDevice;
use harness_tango::{
    log::{DeviceLog, LogCollector, LogError},
    telescope::{RoleKind, System},
};

use super::{Aspect, SessionError, Target, TelescopeSession};
use crate::phrase::{self, Part, Seen, Watched, Who};

impl TelescopeSession {
    /// The devices of whose attribute a line speaks that names `who`: those of the whole telescope are
    /// the central node's.
    ///
    /// # Errors
    /// [`SessionError::NobodyIs`] and the like.
    pub(crate) fn holders(
        &self,
        who: Option<&Who>,
        attribute: &str,
    ) -> Result<Vec<Target>, SessionError> {
        let finder = self.finder()?;
        let is_manager = |part: &Part| part.system == Some(System::Tmc) && part.kind.is_none();
        let of_telescope = attribute.to_ascii_lowercase().starts_with("telescope")
            && who.is_none_or(|who| who.parts().iter().all(is_manager));
        if of_telescope {
            return finder.all(
                Some(&Who::of(System::Tmc, RoleKind::CentralNode)),
                Aspect::System,
            );
        }
        finder.all(who, Aspect::System)
    }

    /// Watches what the lines of the suite look at. What can't be watched is told by the line that
    /// needs it.
    pub(super) async fn watch_wanted(&mut self) -> Result<(), SessionError> {
        let wanted = phrase::watched();
        let mut attributes = Vec::new();
        let mut logs = Vec::new();
        for Watched { who, what } in wanted.iter() {
            match what {
                Seen::Attribute(attribute) => {
                    let holders = self.holders(who.as_ref(), attribute).unwrap_or_default();
                    attributes.extend(holders.into_iter().map(|holder| (holder.device, attribute)));
                }
                Seen::Log => {
                    let finder = self.finder()?;
                    logs.extend(finder.all(who.as_ref(), Aspect::System).unwrap_or_default());
                }
            }
        }
        let watching = attributes
            .into_iter()
            .map(|(device, attribute)| async move {
                // one that it has not, or pushes no events for, is not asked for again
                let _ = device.watch_if_pushed(attribute).await;
            });
        join_all(watching).await;
        for target in logs {
            self.listen(&target.device).await?;
        }
        Ok(())
    }

    /// Listens to the log of a device from now on; whether that can be is told by
    /// [`heard_as`](Self::heard_as).
    async fn listen(&mut self, device: &TracedDevice) -> Result<(), SessionError> {
        if self.logs.heard.contains_key(device.name()) {
            return Ok(());
        }
        if self.logs.collector.is_none() {
            let collector = LogCollector::of_telescope(self.telescope()?).await;
            self.logs.collector = Some(collector.map_err(Arc::new));
        }
        let heard = match &self.logs.collector {
            Some(Ok(collector)) => collector.listen(device.name()).await.map_err(Arc::new),
            Some(Err(error)) => Err(Arc::clone(error)),
            None => return Ok(()),
        };
        self.logs.heard.insert(device.name().clone(), heard);
        Ok(())
    }

    /// The name under which a device writes into its log, which has been listened to since the first
    /// When.
    ///
    /// # Errors
    /// If it could not be listened to, or nothing was done yet.
    pub(crate) fn heard_as(&self, device: &TracedDevice) -> Result<&str, Unheard> {
        let of = device.name().to_string();
        match self.logs.heard.get(device.name()) {
            Some(Ok(log)) => Ok(log.device()),
            Some(Err(source)) => Err(Unheard::Failed {
                of,
                source: Arc::clone(source),
            }),
            None => Err(Unheard::NoWhen { of }),
        }
    }
}

/// The logs that a scenario listens to.
#[derive(Debug, Default)]
pub(super) struct Logs {
    collector: Option<Result<LogCollector, Arc<LogError>>>,
    heard: BTreeMap<Arc<str>, Result<DeviceLog, Arc<LogError>>>,
}

/// The log of a device is not known.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unheard {
    /// It can't be listened to.
    #[error("the log of {of} can't be listened to")]
    Failed {
        /// The device.
        of: String,
        /// Why.
        source: Arc<LogError>,
    },
    /// Nobody listened.
    #[error(
        "nothing was done yet, and the log of {of} not listened to: this line needs a When before it"
    )]
    NoWhen {
        /// The device.
        of: String,
    },
}
