//! The control of a telescope over HTTP: JSON for programs, a status page for people.
//!
//! An [`HttpServer`] serves it on the loopback address, or elsewhere to those who know a token.
//! What there is to ask for is described at `/openapi.json`; moto's three paths are among it.
//!
//! | file | holds |
//! |---|---|
//! | `server`, `error` | the server, started and stopped |
//! | `admission` | who may ask |
//! | `routes`, `control` | which path leads where, and what all have in common |
//! | `moto` | the three paths of moto's state manager |
//! | `models`, `transitions`, `advance`, `history` | the fuller state manager |
//! | `devices`, `direct`, `defects` | devices, and what testers do to them |
//! | `events` | what happens, as it happens |
//! | `files` | the status page and the description of it all |
//! | `request`, `problem`, `description` | JSON and queries read, what was wrong with them, JSON written |

mod admission;
mod advance;
mod control;
mod defects;
mod description;
mod devices;
mod direct;
mod error;
mod events;
mod files;
mod history;
mod models;
mod moto;
mod problem;
mod request;
mod routes;
mod server;
mod transitions;

pub use error::HttpError;
pub use server::{HttpServer, RunningHttpServer};
