//! How much is explored.

use std::path::PathBuf;
use std::time::Duration;

/// How much is explored, and what is kept.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub seed: Option<u64>,
    pub programs: u64,
    pub steps: usize,
    pub time: Option<Duration>,
    pub findings: usize,
    pub shrink_runs: u64,
    pub shrink_time: Duration,
    pub confirmations: u32,
    pub database: Option<PathBuf>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            seed: None,
            programs: 100,
            steps: 50,
            time: None,
            findings: 1,
            shrink_runs: 5_000,
            shrink_time: Duration::from_secs(300),
            confirmations: 5,
            database: None,
        }
    }
}
