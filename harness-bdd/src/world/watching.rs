//! Whose attributes lines look at.

use futures_util::future::join_all;
use harness_tango::telescope::{RoleKind, System};

use super::{Aspect, SessionError, Target, TelescopeSession};
use crate::phrase::{self, Part, Who};

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
    pub(super) async fn watch_wanted(&self) {
        let wanted = phrase::watched();
        let watched = wanted.iter().filter_map(|wanted| {
            let holders = self.holders(wanted.who.as_ref(), &wanted.attribute).ok()?;
            Some(
                holders
                    .into_iter()
                    .map(|holder| (holder.device, &wanted.attribute)),
            )
        });
        let watching = watched.flatten().map(|(device, attribute)| async move {
            // one that it has not, or pushes no events for, is not asked for again
            let _ = device.watch_if_pushed(attribute).await;
        });
        join_all(watching).await;
    }
}
