//! Why a database did not stop as it should.

use super::StateError;
use crate::server::ServerError;

/// Why a database did not stop as it should.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DatabaseError {
    /// Its server did not stop.
    #[error("the database did not stop")]
    Server(#[from] ServerError),
    /// What it held is not saved.
    #[error("what the database held is not saved")]
    State(#[from] StateError),
}
