//! The client: the database, addresses, forwards, locks, and what else it asks devices.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod address_book;
mod addresses;
mod asking;
mod database;
mod database_failures;
mod forwards;
mod lamp;
mod lock_connection;
mod locking;
mod peer;
mod registration;
mod silent;
mod unsendable;
