//! Transitions under the tester's control, through the public interface.

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
