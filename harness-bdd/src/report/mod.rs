//! Telling people how a run goes, and what came of it.
//!
//! A [`Reporter`] is told everything in order; [`TextReporter`] writes it for a terminal or a log,
//! [`JournalReporter`] into the record of the telescope. [`RunReport`] is the whole of it as data.
//! [`ReportFiles`] writes that in the forms that others read, and [`merge`] makes one of several.

mod cucumber_json;
mod files;
mod journal;
mod junit;
mod junit_xml;
mod merge;
mod notice;
mod run_report;
#[cfg(test)]
mod sample;
mod text;
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
