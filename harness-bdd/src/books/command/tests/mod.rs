//! Lines as engineers write them, and which step each is.

mod acting;
mod recogniser;
mod results;
