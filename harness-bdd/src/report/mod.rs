//! Telling people how a run goes, and what came of it.
//!
//! A [`Reporter`] is told everything in order; [`TextReporter`] writes it for a terminal or a log,
//! [`JournalReporter`] into the record of the telescope. [`RunReport`] is the whole of it as data,
//! [`timeline`] what the devices did meanwhile, and [`page`] draws both. [`ReportFiles`] writes that in the forms that others read, and [`merge`] makes one of several.

mod cucumber_json;
mod files;
mod journal;
mod junit;
mod junit_xml;
mod merge;
mod notice;
pub mod page;
mod run_report;
#[cfg(test)]
mod sample;
mod text;
pub mod timeline;
mod verdict;

pub use self::{
    cucumber_json::cucumber_json,
    files::{ReportError, ReportFiles},
    journal::JournalReporter,
    junit::junit,
    merge::{MergeError, merge},
    notice::{Notice, Reporter},
    run_report::{
        AttemptReport, NotApplicableReport, REPORT_SCHEMA, RunReport, RunVerdict, ScenarioClass,
        ScenarioReport, StepClass, StepReport,
    },
    text::TextReporter,
};
