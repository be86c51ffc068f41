//! Telling people how a run goes.
//!
//! A [`Reporter`] is told everything in order; [`TextReporter`] writes it for a terminal or a log,
//! [`JournalReporter`] into the record of the telescope. [`RunReport`] is the whole of it as data,
//! [`timeline`] what the devices did meanwhile, and [`page`] draws both.

mod journal;
mod notice;
pub mod page;
mod run_report;
mod text;
pub mod timeline;

pub use self::{
    journal::JournalReporter,
    notice::{Notice, Reporter},
    run_report::{
        AttemptReport, NotApplicableReport, REPORT_SCHEMA, RunReport, RunVerdict, ScenarioClass,
        ScenarioReport, StepClass, StepReport,
    },
    text::TextReporter,
};
