//! Which way the calls to devices take.

use clap::ValueEnum;
use harness_bdd::network::ThroughGates;
use harness_chaos::Network;
use harness_core::Tracer;
use harness_tango::{
    device::TangoConnector,
    telescope::{ConnectError, Telescope, TelescopeConfig},
};

use crate::problem::Problem;

/// A way to devices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Via {
    /// tango-wire, which is part of this command
    #[default]
    Wire,
    /// cppTango, with tango-wire for what the crate tango-client can't do (docs/backends.md)
    TangoRs,
}

/// What is to be done where this command was built without a way.
const BUILD_IT: &str = "build it with `cargo build --release --features tango-rs`, which needs Debian's \
                        libtango-dev, g++ and pkg-config; or leave --via out";

impl Via {
    /// Whether this command was built with that way.
    pub(crate) fn check(self) -> Result<(), Problem> {
        match self {
            Self::TangoRs if cfg!(not(feature = "tango-rs")) => {
                let words = "--via tango-rs: this harness was built without tango-rs";
                Err(Problem::usage(words).advise(BUILD_IT))
            }
            _ => Ok(()),
        }
    }

    /// Connects all devices of a telescope, by tango-wire through the gates of a network if there is
    /// one. cppTango goes past gates.
    pub(crate) async fn connect(
        self,
        config: TelescopeConfig,
        tracer: &Tracer,
        network: Option<&Network>,
    ) -> Result<Telescope, ConnectError> {
        #[cfg(feature = "tango-rs")]
        if self == Self::TangoRs {
            let connector = harness_tango::device::TangoRsConnector::for_telescope(&config).await?;
            tell(&connector);
            return Telescope::connect_with(config, &connector, tracer).await;
        }
        let connector = TangoConnector::for_telescope(&config).await?;
        let connector = match network {
            Some(network) => connector.with_routes(ThroughGates::of(network)),
            None => connector,
        };
        Telescope::connect_with(config, &connector, tracer).await
    }
}

/// Says what the journal says too.
#[cfg(feature = "tango-rs")]
fn tell(connector: &dyn harness_tango::telescope::Connector) {
    if let Some(way) = connector.way() {
        crate::output::complain(way);
    }
}
