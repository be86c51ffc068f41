//! How a load ended, told and as an exit code.

use harness_explore::load::{LoadReport, Verdict};

use crate::{exit::Exit, output};

/// Tells what came of a load, and gives the code to end with.
pub(super) fn tell(report: &LoadReport) -> Exit {
    output::say(report);
    match report.verdict {
        Verdict::Passed => Exit::Passed,
        Verdict::Failed => Exit::Failed,
        Verdict::NothingRan => {
            output::complain(
                "next: nothing was measured: make the load longer, or the warm-up shorter",
            );
            Exit::NothingRan
        }
    }
}
