//! Times tango-wire: beside PyTango on a PyTango device, and alone under load. Run by
//! `tests/interop/bench_wire/run`.
//!
//! - `bench_wire latencies DEVICE CALLS [threads]`: calls, events and subscriptions, as `client.py`
//!   times them; one line of JSON each.
//! - `bench_wire serve DEVICES`: a server of devices that push events on request; prints the
//!   address of its first device.
//! - `bench_wire flood DEVICE RATE SECONDS`: so many events a second, all of which must arrive.
//! - `bench_wire many DEVICE DEVICES`: one subscription to each device of that server.

mod flood;
mod latencies;
mod many;
mod process;
mod serve;

use std::error::Error;

type Outcome = Result<(), Box<dyn Error>>;

fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let threads = arguments.last() == Some(&"threads");
    let runtime = if threads {
        tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?
    } else {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?
    };
    let client = if threads {
        "tango-wire, multi-thread runtime"
    } else {
        "tango-wire"
    };
    runtime.block_on(async {
        match arguments.as_slice() {
            ["latencies", device, calls, ..] => {
                latencies::measure(client, device, calls.parse()?).await
            }
            ["serve", devices] => serve::serve(devices.parse()?).await,
            ["flood", device, rate, seconds, ..] => {
                flood::measure(client, device, rate.parse()?, seconds.parse()?).await
            }
            ["many", device, devices, ..] => many::measure(device, devices.parse()?).await,
            _ => Err("usage: see the first lines of tests/interop/bench_wire/main.rs".into()),
        }
    })
}
