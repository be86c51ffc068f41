//! Device server and database, tried through the client and through raw connections.

mod admin;
mod browsing;
mod configuration;
mod database;
mod devices;
mod event_kinds;
mod events;
mod hostile;
mod interface;
mod requests;
mod shutdown;
mod state_file;
mod support;
