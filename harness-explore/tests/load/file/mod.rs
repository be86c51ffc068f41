//! Loads as TOML files.

mod mistakes;
mod parse;
mod reading;
