//! Calling the command.

use std::{
    path::Path,
    process::{Command, Output, Stdio},
};

/// What a call printed, and how it ended.
#[derive(Debug)]
pub(crate) struct Called {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// The command with these arguments, in a folder, with nothing of this machine's Tango.
pub(crate) fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_harness"));
    command
        .args(arguments)
        .current_dir(folder)
        .env_remove("TANGO_HOST")
        .env_remove("HARNESS_HTTP_TOKEN")
        .stdin(Stdio::null());
    command
}

/// Calls the command in the project's folder.
pub(crate) fn harness(arguments: &[&str]) -> Called {
    harness_in(Path::new(env!("CARGO_MANIFEST_DIR")), arguments)
}

/// Calls the command in a folder.
pub(crate) fn harness_in(folder: &Path, arguments: &[&str]) -> Called {
    Called::new(command(folder, arguments).output().unwrap())
}

impl Called {
    pub(crate) fn new(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let called = Self {
            code: output.status.code(),
            out: text(output.stdout),
            err: text(output.stderr),
        };
        // Whatever goes wrong, no user should see this.
        assert!(!called.err.contains("panicked at"), "{}", called.err);
        called
    }

    /// Panics with all that was printed unless it ended with this code.
    #[track_caller]
    pub(crate) fn ended_with(self, code: i32) -> Self {
        assert_eq!(
            self.code,
            Some(code),
            "\n--- out\n{}\n--- err\n{}",
            self.out,
            self.err
        );
        self
    }

    /// Panics unless standard error has all of these.
    #[track_caller]
    pub(crate) fn complains_of(&self, words: &[&str]) {
        for word in words {
            assert!(self.err.contains(word), "`{word}` is not in:\n{}", self.err);
        }
    }
}
