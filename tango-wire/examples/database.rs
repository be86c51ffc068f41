//! Serves a Tango database in memory until Ctrl-C.
//!
//! ```text
//! cargo run -p tango-wire --example database                        # on a free port
//! cargo run -p tango-wire --example database -- 10000               # on this port
//! cargo run -p tango-wire --example database -- --state site.json   # kept from run to run
//! ```
//!
//! Then, with the `TANGO_HOST` it prints: `TangoTest test`, a PyTango server, `jive`.

use std::{env, error::Error};

use tango_wire::database::Database;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut port = "0".to_owned();
    let mut state_file = None;
    let mut arguments = env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--state" => state_file = Some(arguments.next().ok_or("--state needs a file")?),
            _ => port = argument,
        }
    }
    let mut database = Database::new().bind(format!("127.0.0.1:{port}"));
    if let Some(file) = state_file {
        database = database.with_state_file(file).await?;
    }
    let database = database.start().await?;
    println!("export TANGO_HOST={}", database.tango_host());
    tokio::signal::ctrl_c().await?;
    database.shutdown().await?;
    Ok(())
}
