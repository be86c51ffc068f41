mod bench;

mod abort;
mod defects;
mod delays;
mod lifecycle;
mod queue;
mod refusals;
