//! What testers read when something went wrong: snapshots of whole accounts, at exact times.
//!
//! After a change that is meant, look at the `.snap.new` files beside the snapshots, and keep those
//! that read better: `INSTA_UPDATE=always cargo test -p harness-core --test failures`.

mod bench;
mod going_wrong;
mod hearing_nothing;
mod much;
