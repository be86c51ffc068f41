//! Planning against naive planners, navigation against scripted systems, drawings.

mod cancelling;
mod drawing;
mod hooks;
mod lamp;
mod navigating;
mod planning;
mod searching;
mod setbacks;
mod transients;
