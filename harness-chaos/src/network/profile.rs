//! Kinds of networks, by name.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use harness_core::fault::{Fault, Timetable};
use thiserror::Error;

use super::{NetworkFault, Part};
use crate::condition::{Bandwidth, Condition, Delay, Stall, Swallow};

/// How long a packet that got lost holds up those behind it: the shortest time after which Linux sends
/// it again (`TCP_RTO_MIN`).
const RESENT_AFTER: Duration = Duration::from_millis(200);

/// A kind of network, by name: `3g`, `site-wan`, `flapping`.
///
/// Times are one way and for each direction; a loss of packets is told as stalls of 200 ms, which is
/// what a stream sees of it. Figures of mobile networks and of the high and the lossy ones are those of
/// Loadero's public table of network conditions; the others are the harness's own.
///
/// ```
/// use harness_chaos::Profile;
///
/// let profile: Profile = "trans-oceanic".parse()?;
/// assert_eq!(profile.to_string(), "trans-oceanic: 150 ms each way");
/// # Ok::<(), harness_chaos::network::UnknownProfile>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Profile {
    name: &'static str,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    /// To the client and from it, in kbit/s (0: no limit); delay and jitter in ms; lost packets in %.
    Line {
        down: u32,
        up: u32,
        delay: u64,
        jitter: u64,
        loss: f64,
    },
    /// Stalls of this many ms, more or less by so many, at a part of the chunks.
    Bursts { time: u64, spread: u64, rate: f64 },
    /// Away for so many seconds, then there for so many.
    Flapping { away: u64, there: u64 },
    /// What clients are sent gets lost.
    HalfDead,
    /// Clients take so many octets a second.
    SlowReader { rate: u32 },
}

const fn line(
    name: &'static str,
    [down, up]: [u32; 2],
    [delay, jitter]: [u64; 2],
    loss: f64,
) -> Profile {
    let kind = Kind::Line {
        down,
        up,
        delay,
        jitter,
        loss,
    };
    Profile { name, kind }
}

const fn other(name: &'static str, kind: Kind) -> Profile {
    Profile { name, kind }
}

const ALL: [Profile; 20] = [
    line("lan", [1_000_000, 1_000_000], [0, 0], 0.0),
    line("site-wan", [1_000_000, 1_000_000], [20, 2], 0.0),
    line("trans-oceanic", [0, 0], [150, 0], 0.0),
    line("satellite", [1_000, 256], [600, 0], 0.0),
    line("high-latency", [0, 0], [500, 50], 0.0),
    line("high-jitter", [0, 0], [200, 100], 0.0),
    line("4g", [100_000, 50_000], [45, 10], 0.2),
    line("3.5g", [20_000, 10_000], [150, 10], 0.5),
    line("3g", [1_200, 1_200], [250, 50], 0.5),
    line("edge", [200, 260], [650, 100], 1.0),
    line("gprs", [80, 20], [650, 100], 1.0),
    line("loss-5", [0, 0], [0, 0], 5.0),
    line("loss-10", [0, 0], [0, 0], 10.0),
    line("loss-20", [0, 0], [0, 0], 20.0),
    line("loss-50", [0, 0], [0, 0], 50.0),
    line("loss-100", [0, 0], [0, 0], 100.0),
    other(
        "congested-switch",
        Kind::Bursts {
            time: 275,
            spread: 225,
            rate: 0.05,
        },
    ),
    other("flapping", Kind::Flapping { away: 1, there: 5 }),
    other("half-dead", Kind::HalfDead),
    other("slow-reader", Kind::SlowReader { rate: 10_000 }),
];

impl Profile {
    /// All profiles.
    pub const ALL: &'static [Profile] = &ALL;

    /// Its name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// All is as in this kind of network, in that part.
    pub(super) fn fault(&self, part: &Part) -> Box<dyn Fault> {
        let words = format!("is like {self}");
        let fault: NetworkFault = match self.kind {
            Kind::Line { loss: 100.0, .. } => part.cut_off(),
            Kind::Line {
                down,
                up,
                delay,
                jitter,
                loss,
            } => {
                let [milliseconds, spread] = [delay, jitter].map(Duration::from_millis);
                let delay = Delay::of(milliseconds).with_jitter(spread);
                let requests = Line {
                    delay,
                    loss,
                    kilobits: up,
                };
                let replies = Line {
                    delay,
                    loss,
                    kilobits: down,
                };
                let mut faults = requests
                    .conditions()
                    .into_iter()
                    .map(|it| part.requests(it));
                let replies = replies.conditions().into_iter().map(|it| part.replies(it));
                let first = faults.next().unwrap_or_else(|| part.requests(delay));
                faults.chain(replies).fold(first, NetworkFault::and)
            }
            Kind::Bursts { time, spread, rate } => {
                let [time, spread] = [time, spread].map(Duration::from_millis);
                part.both(Stall::of(time).with_spread(spread).at_rate(rate))
            }
            Kind::Flapping { away, there } => {
                let [away, there] = [away, there].map(Duration::from_secs);
                return Box::new(Timetable::alternating(part.cut_off(), away, there));
            }
            Kind::HalfDead => part.replies(Swallow),
            Kind::SlowReader { rate } => part.replies(Bandwidth::octets_per_second(rate).shared()),
        };
        Box::new(fault.in_words(words))
    }
}

/// One direction of a line.
struct Line {
    delay: Delay,
    loss: f64,
    kilobits: u32,
}

impl Line {
    fn conditions(&self) -> Vec<Condition> {
        let mut conditions = vec![Condition::from(self.delay)];
        if self.loss > 0.0 {
            conditions.push(Stall::of(RESENT_AFTER).at_rate(self.loss / 100.0).into());
        }
        if self.kilobits > 0 {
            let octets = f64::from(self.kilobits) * 125.0;
            conditions.push(Bandwidth::octets_per_second(octets).shared().into());
        }
        conditions
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.name, self.kind)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Kind::Line { loss: 100.0, .. } => formatter.write_str("all is lost"),
            Kind::Line {
                down,
                up,
                delay,
                jitter,
                loss,
            } => {
                let mut parts = Vec::new();
                if down > 0 {
                    parts.push(format!("{} down, {} up", Bits(down), Bits(up)));
                }
                if delay > 0 {
                    let jitter = if jitter > 0 {
                        format!(" ± {jitter}")
                    } else {
                        String::new()
                    };
                    parts.push(format!("{delay}{jitter} ms each way"));
                }
                if loss > 0.0 {
                    parts.push(format!("{loss} % of packets lost"));
                }
                formatter.write_str(&parts.join(", "))
            }
            Kind::Bursts { time, spread, rate } => {
                let (least, most, part) = (time - spread, time + spread, rate * 100.0);
                write!(
                    formatter,
                    "{part} % of what is sent stalls for {least} to {most} ms"
                )
            }
            Kind::Flapping { away, there } => write!(formatter, "{away} s away, {there} s there"),
            Kind::HalfDead => formatter.write_str("replies get lost"),
            Kind::SlowReader { rate } => {
                write!(formatter, "clients take {} kB a second", rate / 1000)
            }
        }
    }
}

struct Bits(u32);

impl fmt::Display for Bits {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            1_000_000.. => write!(formatter, "{} Gbit/s", self.0 / 1_000_000),
            1_000.. => write!(formatter, "{} Mbit/s", f64::from(self.0) / 1000.0),
            kilobits => write!(formatter, "{kilobits} kbit/s"),
        }
    }
}

/// No network is called so.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("there is no network profile \"{given}\"; there are {}", names())]
pub struct UnknownProfile {
    given: String,
}

fn names() -> String {
    let names: Vec<&str> = ALL.iter().map(Profile::name).collect();
    names.join(", ")
}

/// Reads a name in any case; `3G`, `site WAN` and `trans_oceanic` too.
impl FromStr for Profile {
    type Err = UnknownProfile;

    fn from_str(text: &str) -> Result<Profile, UnknownProfile> {
        let folded = text.trim().to_lowercase().replace([' ', '_'], "-");
        let found = ALL.into_iter().find(|profile| profile.name == folded);
        found.ok_or_else(|| UnknownProfile {
            given: text.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Network;

    #[test]
    fn names_are_read_in_any_form_and_unknown_ones_told_with_those_there_are() {
        for profile in ALL {
            assert_eq!(profile.name().to_uppercase().parse(), Ok(profile));
        }
        assert_eq!("Site WAN".parse::<Profile>().unwrap().name(), "site-wan");
        let error = "5G".parse::<Profile>().unwrap_err().to_string();
        assert!(
            error.contains("\"5G\"") && error.contains("3.5g, 3g"),
            "{error}"
        );
    }

    #[test]
    fn each_says_what_it_is() {
        let said: Vec<String> = ALL.iter().map(ToString::to_string).collect();
        assert_eq!(
            said[6],
            "4g: 100 Mbit/s down, 50 Mbit/s up, 45 ± 10 ms each way, 0.2 % of packets lost"
        );
        assert_eq!(
            said[10],
            "gprs: 80 kbit/s down, 20 kbit/s up, 650 ± 100 ms each way, 1 % of packets lost"
        );
        assert_eq!(
            said[16],
            "congested-switch: 5 % of what is sent stalls for 50 to 500 ms"
        );
        let network = Network::new();
        let words: Vec<String> = ALL
            .iter()
            .map(|it| network.all().like(it).describe())
            .collect();
        assert_eq!(
            words[2],
            "the network is like trans-oceanic: 150 ms each way"
        );
        assert_eq!(words[15], "the network is like loss-100: all is lost");
        assert_eq!(
            words[17],
            "the network is cut off, for 1s and then not for 5s, again and again"
        );
    }

    #[test]
    fn each_is_in_the_documentation_as_it_is() {
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/gate.md");
        let page = std::fs::read_to_string(page).unwrap();
        for Profile { name, kind } in ALL {
            let row = format!("| `{name}` | {kind} |");
            assert!(page.lines().any(|line| line == row), "{row}");
        }
    }
}
