//! A Tango database in memory: where servers say which devices they run, and clients find them.
//!
//! It answers the commands of a real one (DataBaseds 9.3.4) as that does, lists and refusals
//! included: for clients, device servers, and browsers such as Jive and Astor. No MySQL, no
//! set-up.
//!
//! ```
//! use tango_wire::database::Database;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let database = Database::new()
//!     .with_device("Subarray/1", "low/subarray/01", "Subarray")
//!     .with_alias("low/subarray/01", "sub1")
//!     .with_property("low/subarray/01", "SkaLevel", ["2"])
//!     .start()
//!     .await?;
//! println!("export TANGO_HOST={}", database.tango_host());
//! println!("{}", database.to_json()?);
//! database.shutdown().await?;
//! # Ok(())
//! # }
//! ```
//!
//! What it holds can be kept in a file ([`Database::with_state_file`]) that people can read and
//! edit; [`Database::to_json`] shows its form. How much clients may store has limits:
//! [`StorageLimits`].
//!
//! Where it differs from the real one:
//!
//! - `DbGetDataForServerCache`, the answer to everything that a starting server may ask, is
//!   refused with `API_CommandNotFound`. Servers then ask one by one by themselves; the answer would
//!   have to follow every version of cppTango, which reads it by position.
//! - `DbMySqlSelect` is refused, too: there is no SQL here. Jive and Astor use it for some searches
//!   only.
//! - Histories of properties are empty, and nobody measures times. There is no access control.
//! - Malformed arguments are refused with `DB_IncorrectArguments` and change nothing, where the
//!   real one fails half-way or stores a part.
//! - A device that is defined again keeps its alias, and a renamed server what the starter was
//!   told about it.
//! - Names in all the letters of Unicode are taken; times are in UTC.

mod commands;
mod error;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod limits;
mod prepared;
mod running_database;
mod servant;
mod state;
mod store;

pub use error::DatabaseError;
pub use limits::StorageLimits;
pub use prepared::Database;
pub use running_database::RunningDatabase;
pub use state::StateError;
