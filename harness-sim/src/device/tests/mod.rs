mod bench;

mod abort;
mod at_random;
mod defects;
mod delays;
mod lifecycle;
mod queue;
mod refusals;
mod steering;
mod transitions;
