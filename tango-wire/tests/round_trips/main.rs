//! Everything that is read is written, too: what was written comes back as it was, to the bit.

mod covered;
mod messages;
mod strategies;
mod types;
