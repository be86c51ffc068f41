//! How much is explored.

use std::fmt::{self, Debug, Formatter};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// How much is explored, and what is kept.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub seed: Option<u64>,
    pub programs: u64,
    pub steps: usize,
    pub time: Option<Duration>,
    pub end: End,
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
            end: End::default(),
            findings: 1,
            shrink_runs: 5_000,
            shrink_time: Duration::from_secs(300),
            confirmations: 5,
            database: None,
        }
    }
}

/// Whether somebody wants the run to end before its time.
#[derive(Clone, Default)]
pub(crate) struct End(Option<Arc<dyn Fn() -> bool + Send + Sync>>);

impl End {
    pub(crate) fn when(asked: impl Fn() -> bool + Send + Sync + 'static) -> End {
        End(Some(Arc::new(asked)))
    }

    pub(crate) fn is_wanted(&self) -> bool {
        self.0.as_ref().is_some_and(|asked| asked())
    }
}

impl Debug for End {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_tuple("End").field(&self.is_wanted()).finish()
    }
}
