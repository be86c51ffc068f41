//! Toxics: what goes wrong, in Toxiproxy's words.
//!
//! `kind` lists the types with their attributes, and says which condition each is; `attribute` reads the
//! numbers; `declared` is a toxic as a whole.

mod attribute;
mod declared;
mod kind;

pub(super) use declared::Toxic;
