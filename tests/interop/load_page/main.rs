//! Makes pages of loads, for the trials of `tests/interop/report_page.sh`.
//!
//! ```console
//! load_page run OUT.html       a load of six seconds in this process, in two parts
//! load_page made OUT.html      a made-up load with everything that a page can show
//! load_page large OUT.html     ten minutes of twenty actions
//! load_page empty OUT.html     nothing was measured
//! ```

mod live;
mod made;

use std::{env, error::Error, fs};

use harness_explore::load::{LoadReport, page};

const USAGE: &str = "run OUT | made OUT | large OUT | empty OUT";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (report, path) = match *arguments {
        ["run", path] => (live::run().await?, path),
        ["made", path] => (made::run(240, 3), path),
        ["large", path] => (made::run(600, 20), path),
        ["empty", path] => (LoadReport::default(), path),
        _ => return Err(USAGE.into()),
    };
    println!("{report}");
    Ok(fs::write(path, page(&report))?)
}
