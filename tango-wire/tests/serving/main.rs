//! Device server and database, tried through the client and through raw connections.

mod browsing;
mod database;
mod devices;
mod events;
mod hostile;
mod requests;
mod shutdown;
mod state_file;
mod support;
