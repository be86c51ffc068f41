//! The figures of a load that goes on, as Prometheus reads them.

mod capped;
mod exposition;
mod page;
#[cfg(test)]
mod tests;

pub use exposition::{CONTENT_TYPE, exposition};
