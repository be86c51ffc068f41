//! The words of SKA control systems and their numbers, as `ska-control-model` defines them.
//!
//! Each type knows its number and its label, reads either from text or from a
//! [`Value`](harness_core::Value), and lists the known words when it cannot. In JSON it is its
//! label.
//!
//! ```
//! use harness_tango::control_model::ObsState;
//!
//! assert_eq!("obs_fault".parse(), Ok(ObsState::Fault));
//! assert_eq!(ObsState::Ready.number(), 4);
//! let error = "REDY".parse::<ObsState>().unwrap_err();
//! assert!(error.to_string().contains("did you mean READY?"));
//! ```

mod device_state;
mod modes;
mod obs_state;
mod results;
mod vocabulary;

pub use device_state::DevState;
pub use modes::{AdminMode, HealthState};
pub use obs_state::ObsState;
pub use results::{ResultCode, TaskStatus};
pub use vocabulary::UnknownWord;
