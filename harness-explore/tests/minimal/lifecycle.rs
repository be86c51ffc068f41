//! A device whose life has states, and a defect that takes six steps to show.

use harness_explore::{Explorer, Machine, Produced, Rule, RuleError, ensure};

use crate::with_fifty_seeds;

/// A device that forgets to let go of its resources when it is restarted after a scan that was
/// configured twice and aborted.
#[derive(Debug)]
struct Device {
    state: &'static str,
    configured: u32,
    leaks: bool,
}

impl Device {
    fn command(&mut self, command: &str) -> Result<(), RuleError> {
        self.state = match command {
            "assign" => "IDLE",
            "configure" => {
                self.configured += 1;
                "READY"
            }
            "scan" => "SCANNING",
            "end_scan" => "READY",
            "end" => {
                self.configured = 0;
                "IDLE"
            }
            "abort" => {
                self.leaks = self.state == "SCANNING" && self.configured >= 2;
                "ABORTED"
            }
            "release" => "EMPTY",
            "restart" => {
                ensure(!self.leaks, "resources are still assigned")?;
                self.configured = 0;
                "EMPTY"
            }
            other => return Err(RuleError::failed(format!("no command {other}"))),
        };
        Ok(())
    }
}

fn lifecycle() -> Machine<Device> {
    let commands: [(&'static str, &'static [&'static str]); 8] = [
        ("assign", &["EMPTY", "IDLE"]),
        ("configure", &["IDLE", "READY"]),
        ("scan", &["READY"]),
        ("end_scan", &["SCANNING"]),
        ("end", &["READY"]),
        ("abort", &["IDLE", "READY", "SCANNING"]),
        ("release", &["IDLE"]),
        ("restart", &["ABORTED"]),
    ];
    let start = async || {
        Ok(Device {
            state: "EMPTY",
            configured: 0,
            leaks: false,
        })
    };
    Machine::new("Lifecycle", start)
        .rules(commands.map(|(command, sources)| {
            Rule::new(command)
                .when("it is allowed", move |device: &Device| {
                    sources.contains(&device.state)
                })
                .run(async move |device: &mut Device, _| {
                    device.command(command)?;
                    Ok(Produced::nothing())
                })
        }))
        .model(|device| device.state)
}

#[test]
fn the_leak_takes_six_steps() {
    with_fifty_seeds(
        || Explorer::new(lifecycle()),
        |seed, finding| {
            let expected = "\
state = Lifecycle()
state.assign()
state.configure()
state.configure()
state.scan()
state.abort()
state.restart()
state.teardown()
";
            assert_eq!(finding.script(), expected, "seed {seed}");
        },
    );
}
