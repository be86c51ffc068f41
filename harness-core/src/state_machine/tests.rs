//! Planning against a brute-force planner, navigation against scripted systems, drawings.

mod drawing;
mod lamp;
mod navigating;
mod planning;
mod searching;
