//! Printing that survives a closed pipe: `println!` would panic under `harness graph | head -1`.

use std::{
    fmt::Display,
    io::{self, Write as _},
};

/// A line of results.
pub(crate) fn say(text: impl Display) {
    let _ = writeln!(io::stdout(), "{text}");
}

/// A line about what is wrong, or going on.
pub(crate) fn complain(text: impl Display) {
    let _ = writeln!(io::stderr(), "{text}");
}
