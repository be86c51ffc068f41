//! The ways to devices through the gates of a network.

use harness_chaos::{Link, Network};
use harness_tango::device::{Address, Destination, HostPort, Routes, Service};

/// What faults call the Tango database, which is no device of the telescope.
pub(crate) const DATABASE: &str = "tango-database";

/// The ways to all devices of a telescope through the gates of a network: one gate for each device and
/// service, also where devices share a server. The Tango database has one, too.
///
/// ```no_run
/// use harness_bdd::network::ThroughGates;
/// use harness_chaos::Network;
/// use harness_core::Tracer;
/// use harness_tango::device::TangoConnector;
/// use harness_tango::telescope::{Telescope, TelescopeConfig};
///
/// # async fn connect(config: TelescopeConfig) -> Result<(), Box<dyn std::error::Error>> {
/// let network = Network::new();
/// let connector = TangoConnector::for_telescope(&config).await?;
/// let connector = connector.with_routes(ThroughGates::of(&network));
/// let telescope = Telescope::connect_with(config, &connector, &Tracer::default()).await?;
/// # drop(telescope);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct ThroughGates(Network);

impl ThroughGates {
    /// Those of this network.
    pub fn of(network: &Network) -> Self {
        Self(network.clone())
    }
}

impl Routes for ThroughGates {
    fn route<'a>(&'a self, device: &'a str, destination: &'a Destination) -> Address<'a> {
        let node = match destination.service {
            Service::Database => DATABASE,
            _ => device,
        };
        let link = Link::new(node, destination.service.to_string());
        Box::pin(async move {
            let way = self.0.way(&link, &destination.place.to_string()).await?;
            Ok(HostPort {
                host: way.ip().to_string(),
                port: way.port(),
            })
        })
    }
}
