//! The account of a run.

use std::collections::BTreeMap;

use serde::Serialize;

use super::coverage::{RuleReport, StateReport};
use super::finding::Finding;

/// Why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// As many programs were run as were wanted.
    Programs,
    /// The time was up.
    Time,
    /// Somebody wanted it to end.
    Asked,
    /// As many failures were found as were wanted.
    Found,
    /// There are no other programs.
    Exhausted,
}

/// What came of exploring a machine. Shown, it tells what was found and what was never done.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The machine's name.
    pub machine: String,
    /// The seed that decided everything.
    pub seed: u64,
    /// How many programs were made and run.
    pub programs: u64,
    /// How many steps they took together, without those of replaying and shrinking.
    pub steps: u64,
    /// How many times a program of an earlier run was replayed.
    pub replayed: u64,
    /// How long it all took, in seconds.
    pub seconds: f64,
    /// Why it ended.
    pub ended: Ended,
    /// What was found: different failures, each with the program that it was shrunk to.
    pub findings: Vec<Finding>,
    /// What was done of each rule.
    pub rules: Vec<RuleReport>,
    /// How often each rule was run in each state of the model.
    pub states: Vec<StateReport>,
    /// How many values each bundle held at most.
    pub bundles: BTreeMap<String, usize>,
    /// States of the model in which no rule was enabled.
    pub dead_ends: Vec<String>,
    /// What else is to be told, of the programs that are kept.
    pub notes: Vec<String>,
}

impl Report {
    pub(crate) fn new(machine: &str, seed: u64) -> Report {
        Report {
            machine: machine.to_owned(),
            seed,
            programs: 0,
            steps: 0,
            replayed: 0,
            seconds: 0.0,
            ended: Ended::Exhausted,
            findings: Vec::new(),
            rules: Vec::new(),
            states: Vec::new(),
            bundles: BTreeMap::new(),
            dead_ends: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }
}
