//! Says which Debian packages are missing for the feature `tango-rs`.

use std::env;
use std::process::{Command, ExitCode, Stdio};

fn main() -> ExitCode {
    for variable in [
        "PKG_CONFIG",
        "PKG_CONFIG_PATH",
        "PKG_CONFIG_LIBDIR",
        "CXX",
        "PATH",
    ] {
        println!("cargo::rerun-if-env-changed={variable}");
    }
    let program = |variable, usual: &str| env::var(variable).unwrap_or_else(|_| usual.to_owned());
    let pkg_config = program("PKG_CONFIG", "pkg-config");
    let what = if !succeeds(&pkg_config, &["--version"]) {
        "pkg-config is missing"
    } else if !succeeds(&pkg_config, &["--exists", "tango"]) {
        "libtango (cppTango) is missing, or pkg-config does not find its tango.pc"
    } else if !succeeds(&program("CXX", "c++"), &["--version"]) {
        "a C++ compiler is missing"
    } else {
        return ExitCode::SUCCESS;
    };
    println!(
        "cargo::error={what}, and the feature tango-rs needs it; on Debian: \
         apt-get install libtango-dev g++ pkg-config; or build without the feature, which needs \
         neither C nor C++"
    );
    ExitCode::FAILURE
}

fn succeeds(program: &str, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
