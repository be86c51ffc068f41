//! Device server and database, tried through the client and through raw connections.

mod black_box;
mod crowds;
mod database;
mod devices;
mod events;
mod hostile;
mod locking;
mod raw;
mod requests;
mod serialization;
mod shutdown;
mod support;
