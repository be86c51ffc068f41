//! Nothing: its build script says which packages are missing for the feature `tango-rs`, before the
//! build scripts of others fail with words that name none.
