//! Planning against a brute-force planner, navigation against scripted systems, drawings.

mod drawing;
mod navigating;
mod planning;
