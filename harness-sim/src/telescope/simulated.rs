//! A simulated telescope that is not started yet.

use std::sync::Arc;
use std::time::Duration;

use tango_wire::database::Database;
use tango_wire::server::{DeviceServer, EventPublisher};

use super::{RunningTelescope, StartError};
use crate::live::SubarrayHandle;
use crate::model::{CommandTable, Delays, Progression};
use crate::subarray::SimulatedSubarray;
use crate::wire::{EventPort, SubarrayServant};

/// Long enough for a client to meet a transient state, short enough not to be waited for.
const STANDARD_DWELL: Duration = Duration::from_millis(50);

/// A simulated telescope: subarrays named as those of SKA Low, served over Tango.
///
/// It has a Tango database of its own, so that every Tango client can find its devices, and by
/// default can be reached from this machine only.
///
/// ```
/// use std::time::Duration;
///
/// use harness_sim::SimulatedTelescope;
/// use harness_tango::control_model::ObsState;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let telescope = SimulatedTelescope::new()
///     .with_subarrays(2)
///     .with_dwell(Duration::from_millis(10))
///     .with_dwell_for("Configure", Duration::from_secs(5))
///     .start()
///     .await?;
/// println!("TANGO_HOST={}", telescope.tango_host());
/// assert_eq!(telescope.subarray(2)?.name(), "low-tmc/subarray/02");
/// assert_eq!(telescope.subarray(2)?.obs_state(), ObsState::Empty);
/// telescope.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a telescope does nothing before it is started"]
pub struct SimulatedTelescope {
    subarrays: u32,
    delays: Delays,
    commands: CommandTable,
    host: String,
    port: u16,
}

impl SimulatedTelescope {
    /// A telescope with two subarrays whose commands take 50 ms, on free ports of the loopback
    /// address.
    pub fn new() -> SimulatedTelescope {
        SimulatedTelescope {
            subarrays: 2,
            delays: Delays::new(Progression::After(STANDARD_DWELL)),
            commands: CommandTable::SKA_TANGO_BASE,
            host: "127.0.0.1".to_owned(),
            port: 0,
        }
    }

    /// Has this many subarrays, numbered from 1.
    pub fn with_subarrays(mut self, count: u32) -> SimulatedTelescope {
        self.subarrays = count;
        self
    }

    /// Stays this long in each transient state; a command that has none takes this long. With zero,
    /// commands are done before their reply is sent; the events of the transient states are
    /// published nevertheless. Commands that were given a dwell of their own keep it.
    pub fn with_dwell(self, dwell: Duration) -> SimulatedTelescope {
        self.with_progression(Progression::after(dwell))
    }

    /// Takes this long for one command.
    pub fn with_dwell_for(self, command: &str, dwell: Duration) -> SimulatedTelescope {
        self.with_progression_for(command, Progression::after(dwell))
    }

    /// Gets commands done at once, after a time, or after some reads of obsState.
    pub fn with_progression(mut self, progression: Progression) -> SimulatedTelescope {
        self.delays.set_all(progression);
        self
    }

    /// Gets one command done at once, after a time, or after some reads of obsState.
    pub fn with_progression_for(
        mut self,
        command: &str,
        progression: Progression,
    ) -> SimulatedTelescope {
        self.delays.set(command, progression);
        self
    }

    /// Has the commands of another kind of subarray than `ska-tango-base`'s.
    pub fn with_commands(mut self, commands: CommandTable) -> SimulatedTelescope {
        self.commands = commands;
        self
    }

    /// Listens on this host name or address. One that others can reach opens the telescope to
    /// everybody there: Tango knows no passwords.
    pub fn with_bind(mut self, host: impl Into<String>) -> SimulatedTelescope {
        self.host = host.into();
        self
    }

    /// Puts the Tango database on this port; 0, the default, takes a free one. The other ports are
    /// always free ones.
    pub fn with_port(mut self, port: u16) -> SimulatedTelescope {
        self.port = port;
        self
    }

    /// Starts serving, in the present tokio runtime.
    ///
    /// # Errors
    ///
    /// [`StartError`] if an address cannot be bound, for example because the port is taken.
    pub async fn start(self) -> Result<RunningTelescope, StartError> {
        let database = Database::new()
            .bind(address(&self.host, self.port))
            .start()
            .await
            .map_err(StartError::Database)?;
        let events = EventPublisher::new();
        let mut server = DeviceServer::new("harness-sim/1")
            .with_events(events.clone())
            .with_database(database.tango_host())
            .bind(address(&self.host, 0));
        let mut subarrays = Vec::new();
        for number in 1..=self.subarrays {
            let name: Arc<str> = format!("low-tmc/subarray/{number:02}").into();
            let port = EventPort::new(Arc::clone(&name), events.clone());
            let subarray = SimulatedSubarray::new(Arc::clone(&name), Arc::new(port))
                .with_commands(self.commands)
                .with_delays(self.delays.clone());
            let subarray = SubarrayHandle::spawn(subarray);
            let servant = SubarrayServant::new(subarray.clone());
            server = server.with_device(&*name, Arc::new(servant));
            subarrays.push(subarray);
        }
        let server = server.start().await.map_err(StartError::Devices)?;
        Ok(RunningTelescope::new(database, server, subarrays))
    }
}

impl Default for SimulatedTelescope {
    fn default() -> SimulatedTelescope {
        SimulatedTelescope::new()
    }
}

/// An IPv6 address needs brackets before its port.
fn address(host: &str, port: u16) -> String {
    if host.contains(':') && !host.starts_with('[') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    }
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn an_address_of_either_kind_gets_its_port() {
        assert_eq!(address("127.0.0.1", 10000), "127.0.0.1:10000");
        assert_eq!(address("::1", 0), "[::1]:0");
        assert_eq!(address("[::1]", 0), "[::1]:0");
    }
}
