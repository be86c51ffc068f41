mod bench;

mod abort;
mod at_random;
mod defects;
mod delays;
mod lifecycle;
mod planted;
mod queue;
mod refusals;
mod steering;
mod transitions;
