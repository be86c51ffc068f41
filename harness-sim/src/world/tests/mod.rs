mod bench;

mod at_random;
mod failures;
mod low;
mod mid;
mod moments;
mod observed;
mod sdp;
mod trouble;
