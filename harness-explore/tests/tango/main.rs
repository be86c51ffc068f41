//! Simulated subarrays over Tango: what is sound is, and each bug of the zoo is found by the tool that
//! must find it, and soon.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod bench;
mod load;
mod ordered;
mod sound;
mod zoo;
