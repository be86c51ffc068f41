//! Cucumber for telescopes: step books, suite and reporters.
