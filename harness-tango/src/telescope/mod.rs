//! A telescope: which devices it consists of and by which roles tests speak of them.
//!
//! Device names are configuration, never code. A configuration file:
//!
//! ```toml
//! name = "SKA Low, integration"
//! tango_host = "databaseds:10000"     # without it: TANGO_HOST
//! subarrays = [1, 2]
//!
//! [roles]
//! central_node = "low-tmc/central-node/0"
//! subarray = "low-tmc/subarray/{subarray:02}"
//! csp_subarray = "low-csp/subarray/{subarray:02}"
//!
//! [timeouts]                          # in seconds
//! command = 30
//! reach = 60
//! recovery = 120
//!
//! [inputs]                            # JSON files, relative to this one
//! folder = "data"                     # or folders = ["data", "more"]: found below by stem
//! assign_resources = "assign_resources_low"
//! configure = "inputs/configure.json" # a path will do too; without it, an embedded input
//! ```

mod config;
mod connect;
mod error;
mod file;
mod role;
mod template;
mod whole;

pub use config::{ConfiguredDevice, TelescopeConfig, Timeouts};
pub use connect::Connector;
pub use error::{AbsentDevice, ConfigError, ConnectError, NoSuchSubarray};
pub use role::{Role, UnknownRole};
pub use template::{NameTemplate, TemplateError};
pub use whole::Telescope;
