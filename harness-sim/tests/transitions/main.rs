//! Transitions under the tester's control, through the public interface. `docs/conformance.md` says
//! which test stands for which of moto's.

mod bench;
mod chains;
mod edges;
mod events;
mod held;
mod json;
mod layers;
mod live;
mod mission;
mod outcomes;
mod properties;
mod services;
mod threads;
mod time;
