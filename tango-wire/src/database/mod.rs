//! A Tango database in memory: where servers say which devices they run, and clients find them.
//!
//! It answers the commands that clients and device servers (PyTango, cppTango) really send, for
//! the length of one program: no MySQL, no files, no set-up.
//!
//! ```
//! use tango_wire::database::Database;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), tango_wire::server::ServerError> {
//! let database = Database::new().start().await?;
//! println!("export TANGO_HOST={}", database.tango_host());
//! database.shutdown().await
//! # }
//! ```
//!
//! Not there: histories, access control, the start-up cache for servers (they fall back to single
//! calls by themselves), and what nobody calls.

mod commands;
mod limits;
mod running_database;
mod servant;
mod store;

pub use limits::StorageLimits;
pub use running_database::{Database, RunningDatabase};
