//! With which code the command ends.

use std::process::ExitCode;

use harness_bdd::suite::Verdict;

/// How a run of the command ended. The codes are documented in `--help`: scripts rely on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All is well.
    Passed = 0,
    /// A scenario, a tear-down or a navigation failed: the telescope isn't as it should be.
    Failed = 1,
    /// The command line, a configuration or a feature file can't be used: nothing was run.
    Usage = 2,
    /// Nothing failed, but nothing was tested either: no scenario to run, or undefined steps.
    NothingRan = 3,
    /// The telescope can't be reached.
    Unreachable = 4,
    /// Everything passed in the end, some of it only when it was tried again.
    Flaky = 5,
    /// Ended by Ctrl-C (128 + SIGINT).
    Interrupted = 130,
}

/// For the end of `--help`.
pub(crate) const EXIT_CODES: &str = "\
Exit codes:
    0  passed
    1  failed: a scenario, a tear-down, or the way to a state
    2  bad usage: the command line, a configuration or a feature file
    3  nothing was tested: no scenario to run, or steps that nothing defines
    4  the telescope can't be reached
    5  flaky: all passed in the end, some scenarios only when tried again (--retry)
  130  ended by Ctrl-C or SIGTERM";

/// For the end of `steps --help`.
pub(crate) const STEPS_EXIT_CODES: &str = "\
Exit codes:
    0  listed; of --explain: the line is a step
    2  bad usage: the command line, or the telescope's file
    3  nothing to list; of --explain: the line is no step, or several";

/// For the end of `lint --help`.
pub(crate) const LINT_EXIT_CODES: &str = "\
Exit codes:
    0  nothing found, or nothing worse than what is let pass
    1  errors, or warnings with --deny-warnings
    2  bad usage: the command line, or a path that can't be read
    3  nothing was looked at: there is no feature";

/// For the end of `explore --help`, `cover --help` and `race --help`.
pub(crate) const EXPLORING_EXIT_CODES: &str = "\
Examples, with the simulated subarray and a bug that is planted in it:
  harness explore --bug wrong-state-after-abort
  harness cover --svg covered.svg
  harness race Configure Configure --from IDLE --bug double-accept --dwell 0.1

Exit codes:
    0  nothing was found
    1  something was found, or it could not be looked for
    2  bad usage: the command line, a configuration, or it is not said what may be sent
    3  nothing was done
    4  the subarray can't be reached
  130  ended by Ctrl-C or SIGTERM";

/// For the end of `load --help`.
pub(crate) const LOAD_HELP: &str = "\
Examples:
  harness load examples/load.toml --report-dir out
  harness load examples/load.toml --check
  harness load examples/load.toml --shard 2/3 --report 2.json    on each of three machines, and then:
  harness load merge 1.json 2.json 3.json --out out

Exit codes:
    0  passed
    1  failed: a threshold, something that must not be, a user that could not begin, worse than the baseline
    2  bad usage: the command line, the file of the load or what it names, reports that can't be merged
    3  nothing was measured
    4  a device can't be reached
  130  ended by Ctrl-C or SIGTERM; the reports are written";

/// For the end of `gate --help`.
pub(crate) const GATE_HELP: &str = "\
Example, with a client that connects to port 10000 and is answered 200 ms late:
  harness gate --listen 127.0.0.1:10000 --upstream tango-db:10000 --control 8474
  curl http://127.0.0.1:8474/proxies/gate/toxics --json \\
    '{\"type\": \"latency\", \"attributes\": {\"latency\": 200}}'

Exit codes:
    1  failed: a port is taken, or not of this machine
    2  bad usage: the command line, an address, or what --config names
  130  ended by Ctrl-C or SIGTERM, as it is meant to";

impl From<Verdict> for Exit {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Passed => Self::Passed,
            Verdict::Flaky => Self::Flaky,
            Verdict::Failed => Self::Failed,
            Verdict::Undefined | Verdict::NothingRan => Self::NothingRan,
            Verdict::Stopped => Self::Interrupted,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_in_the_help() {
        let exits = [
            Exit::Passed,
            Exit::Failed,
            Exit::Usage,
            Exit::NothingRan,
            Exit::Unreachable,
            Exit::Flaky,
            Exit::Interrupted,
        ];
        for exit in exits {
            let code = format!("{:>5}  ", exit as u8);
            assert!(
                EXIT_CODES.lines().any(|line| line.starts_with(&code)),
                "{exit:?}"
            );
        }
    }
}
