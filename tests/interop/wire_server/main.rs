//! Serves the device of `everything.py`, by `tango-wire`.
//!
//! ```text
//! cargo run --example wire_server -- [--port PORT] [--tango-host HOST:PORT] [--device NAME]
//! cargo run --example wire_server -- --database [--port PORT] [--state FILE]
//! ```
//!
//! The first serves the device, without a database unless one is named; the second serves an
//! in-memory database, which is kept in a file if one is named. Prints `Ready to accept request`, as PyTango does, and runs until it is
//! killed. SIGTERM ends it properly: the database is told.

use std::error::Error;
use std::sync::Arc;

use tango_wire::database::Database;
use tango_wire::server::{DeviceServer, EventPublisher};
use tokio::signal::unix::{SignalKind, signal};

mod commands;
mod everything;
#[expect(dead_code, reason = "the client needs more of it")]
#[path = "../wire_client/values.rs"]
mod values;

use everything::Everything;

/// What the command line says.
struct Options {
    port: u16,
    tango_host: Option<String>,
    device: String,
    server: String,
    database: bool,
    state: Option<String>,
}

fn options() -> Result<Options, Box<dyn Error>> {
    let mut options = Options {
        port: 0,
        tango_host: None,
        device: "test/everything/1".to_owned(),
        server: "Everything/test".to_owned(),
        database: false,
        state: None,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
        match argument.as_str() {
            "--port" => options.port = value()?.parse()?,
            "--tango-host" => options.tango_host = Some(value()?),
            "--device" => options.device = value()?,
            "--server" => options.server = value()?,
            "--database" => options.database = true,
            "--state" => options.state = Some(value()?),
            other => return Err(format!("there is no option {other}").into()),
        }
    }
    Ok(options)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let options = options()?;
    let address = format!("127.0.0.1:{}", options.port);
    let mut ended = signal(SignalKind::terminate())?;
    if options.database {
        let mut database = Database::new().bind(address);
        if let Some(file) = options.state {
            database = database.with_state_file(file).await?;
        }
        let database = database.start().await?;
        println!(
            "TANGO_HOST={}\nReady to accept request",
            database.tango_host()
        );
        ended.recv().await;
        return Ok(database.shutdown().await?);
    }
    let events = EventPublisher::new();
    let everything = Arc::new(Everything::new(options.device.clone(), events.clone()));
    let server = DeviceServer::new(options.server)
        .with_device(&options.device, everything.clone())
        .with_events(events)
        .with_database(options.tango_host)
        .bind(address)
        .start()
        .await?;
    let url = server.device_url(&options.device).unwrap_or_default();
    println!("{url}\nReady to accept request");
    let polling = tokio::spawn(everything.poll());
    ended.recv().await;
    polling.abort();
    Ok(server.shutdown().await?)
}
