//! Loads of simulated subarrays: the mission's loop, what is right under it, and what is found that is not.

mod conflicts;
mod disruptions;
mod ground;
mod mission;
mod walking;
