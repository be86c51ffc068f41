//! Commands that gates hold up and let go in an order: the same each time, over Tango.

use std::sync::Arc;
use std::time::Duration;

use harness_chaos::{Hold, Link, Network};
use harness_core::fault::Fault;
use harness_explore::race::{Contest, Race};
use harness_tango::control_model::ObsState;
use harness_tango::device::{Address, Destination, HostPort, Routes};

use crate::bench::{Bench, lifecycle};

/// How often each order is tried.
const HEATS: u32 = 10;

/// The way through the gates of a network.
struct Through(Network);

impl Routes for Through {
    fn route<'a>(&'a self, device: &'a str, destination: &'a Destination) -> Address<'a> {
        let link = Link::new(device, destination.service.to_string());
        Box::pin(async move {
            let way = self.0.way(&link, &destination.place.to_string()).await?;
            Ok(HostPort {
                host: way.ip().to_string(),
                port: way.port(),
            })
        })
    }
}

/// How many commands are accepted when Configure and Abort of two clients race in READY, in this order.
fn accepted_in(turns: [usize; 2]) -> u32 {
    // one network for each client, and one for the one that listens
    let networks = [Network::new(), Network::new(), Network::new()];
    let bench = Bench::through(Duration::from_millis(250), networks.clone().map(Through));
    let holds = networks.iter().map(|network| {
        let calls = network.all().for_services(["calls"]);
        Arc::new(calls.requests(Hold)) as Arc<dyn Fault>
    });
    let race = Race::of(lifecycle())
        .with_lag(Duration::from_millis(200))
        .with_heats(HEATS)
        .in_order(holds.take(2), turns);
    let contest = Contest::from(ObsState::Ready)
        .with("Configure")
        .with("Abort");
    let clients = bench.clients.clone().believing_queued();
    let report = bench
        .runtime
        .block_on(race.run(&contest, async |count| clients.start(count).await));
    let report = report.unwrap();
    assert_eq!(report.hits(), 0, "{report}");
    assert_eq!(report.accepted + report.refused, 2 * HEATS, "{report}");
    report.accepted
}

#[test]
fn what_the_gates_let_go_first_comes_first() {
    // CONFIGURING can be aborted, and in ABORTING nothing is configured
    assert_eq!(accepted_in([0, 1]), 2 * HEATS);
    assert_eq!(accepted_in([1, 0]), HEATS);
}
