//! Device server and database, tried through the client and through raw connections.

mod admin;
mod answers;
mod black_box;
mod browsing;
mod configuration;
mod crowds;
mod database;
mod devices;
mod event_kinds;
mod events;
mod hostile;
mod interface;
mod locking;
mod logging;
mod raw;
mod requests;
mod serialization;
mod shapes;
mod shutdown;
mod state_file;
mod succession;
mod support;
