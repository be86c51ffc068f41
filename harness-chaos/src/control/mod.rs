//! Gates that are made and changed over HTTP, by the clients that Toxiproxy has in many languages.
//!
//! A [`Control`] keeps gates by name; Toxiproxy calls them proxies, and what goes wrong in them toxics. A
//! [`ControlServer`] serves it. What there is to ask for, and where it differs from Toxiproxy, is on the
//! page docs/gate.md.
//!
//! | file | holds |
//! |---|---|
//! | `handle`, `registry` | the gates, owned by a task that does one thing after the other |
//! | `proxy`, `declaration` | a gate with a name and toxics, and how it is declared |
//! | `toxic` | toxics read, turned into conditions, and written |
//! | `server`, `routes`, `admission`, `error` | the server, which path leads where, who may ask |
//! | `proxies`, `toxics`, `whole`, `metrics` | what is answered |
//! | `request`, `problem` | bodies read, and what was wrong with them |

mod admission;
mod declaration;
mod error;
mod handle;
mod metrics;
mod problem;
mod proxies;
mod proxy;
mod registry;
mod request;
mod routes;
mod server;
mod toxic;
mod toxics;
mod whole;

pub use error::ControlError;
pub use handle::{Control, ProxySummary};
pub use server::{ControlServer, RunningControlServer};
