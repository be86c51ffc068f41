//! A telescope: which devices it consists of and by which roles tests speak of them.
//!
//! Device names are configuration, never code. A configuration file:
//!
//! ```toml
//! name = "SKA Low, integration"
//! kind = "low"                        # or "mid"; without it, as the device names tell
//! tango_host = "databaseds:10000"     # without it: TANGO_HOST
//! preamble = "on"                     # before each scenario: bring it on if it is not
//! subarrays = [1, 2]
//! optional = ["pst_beam", "station"]  # roles and devices that may be absent
//!
//! [roles]
//! central_node = "low-tmc/central-node/0"
//! subarray = "low-tmc/subarray/{subarray:02}"
//! csp_subarray = "low-csp/subarray/{subarray:02}"
//! csp_subarray_leaf = "low-tmc/subarray-leaf-node-csp/{subarray:02}"
//! pst_beam = "low-pst/beam/01"
//!
//! [devices]                           # any other, by what feature files call it
//! station = "low-mccs/station/ci-1"
//! tiles = ["low-mccs/tile/ci-1-tpm01", "low-mccs/tile/ci-1-tpm02"]
//! "alarm handler" = "alarm/handler/01"    # alarm_handler is the same
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
//!
//! The roles are listed at [`Role`]. A full name, `tango://host:port/domain/family/member`, is of
//! use for devices in another Tango database, as dishes often are.
//!
//! All devices must be there when the telescope is connected, except for those named by
//! `optional`: the record then says which are absent, and
//! [`Telescope::absent`](Telescope::absent) lists them.

mod config;
mod connect;
mod error;
mod file;
mod kind;
mod left;
mod listing;
mod named;
mod role;
mod switch;
mod system;
mod template;
mod whole;

pub use config::{ConfiguredDevice, TelescopeConfig, Timeouts};
pub use connect::Connector;
pub use error::{AbsentDevice, ConfigError, ConnectError, NoSuchSubarray};
pub use kind::{TelescopeKind, UnknownTelescopeKind};
pub use left::LeftBehind;
pub use role::{Role, UnknownRole};
pub use switch::{Switch, SwitchError, Switched, TelescopeState};
pub use system::{RoleKind, System, UnknownSystem};
pub use template::{NameTemplate, TemplateError};
pub use whole::Telescope;
