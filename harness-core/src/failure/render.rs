//! The account on a terminal.

use std::fmt::{self, Debug, Display, Formatter};

use super::Failure;

impl Display for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.headline())?;
        for expected in self.expected() {
            write!(
                f,
                "\n  {} {}",
                if expected.met { "seen   " } else { "MISSING" },
                expected.description
            )?;
        }
        Ok(())
    }
}

/// Shows the account, since this is what a test that returns the error prints.
impl Debug for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}
