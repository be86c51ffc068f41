//! Makes pages of runs, for the trials of `tests/interop/report_page.sh`.
//!
//! ```console
//! report_page run FEATURE OUT.html           runs it against a simulated Low
//! report_page made OUT.html                  a made-up run with everything that a page can show
//! report_page large SCENARIOS DEVICES EVENTS OUT.html
//! ```

mod live;
mod made;

use std::{env, error::Error, fs};

use harness_bdd::report::page::page;

const USAGE: &str = "run FEATURE OUT | made OUT | large SCENARIOS DEVICES EVENTS OUT";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (report, path) = match *arguments {
        ["run", feature, path] => (live::run(feature).await?, path),
        ["made", path] => (made::run(), path),
        ["large", scenarios, devices, events, path] => {
            let report = made::large(scenarios.parse()?, devices.parse()?, events.parse()?);
            (report, path)
        }
        _ => return Err(USAGE.into()),
    };
    Ok(fs::write(path, page(&report))?)
}
