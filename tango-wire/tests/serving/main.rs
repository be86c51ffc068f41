//! Device server and database, tried through the client and through raw connections.

mod black_box;
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
