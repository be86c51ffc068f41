//! What a connection can be told to do.

use super::Direction;
use crate::condition::Ending;
use crate::stage::{Stage, StageId};

/// What a connection is told to do by its gate.
#[derive(Debug)]
pub(crate) enum Order {
    /// A condition begins.
    Begin {
        direction: Direction,
        id: StageId,
        stage: Box<dyn Stage>,
    },
    /// A condition is in the place of another one from now on, or concerns this direction no more.
    Replace {
        direction: Direction,
        id: StageId,
        stage: Option<Box<dyn Stage>>,
    },
    /// A condition ends, in whichever directions it is.
    End(StageId),
    /// The connection is to be closed.
    Close(Ending),
}
