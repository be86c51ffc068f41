//! The cases: what goes wrong, in which direction, with which services.

use std::time::Duration;

use harness_chaos::{Condition, Ending, Network, NetworkFault, Part};

use crate::conditions::{ARRIVALS, in_a_direction};

/// What is said over the connections that are disturbed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Services {
    Calls,
    Events,
    Both,
}

/// When things go wrong, seen from a test that asks for a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// Before it does.
    Before,
    /// While the device is on its way there.
    Midway,
    /// While the device is on its way there, and then no more.
    Passing,
}

/// How long a disturbed test may take: less than some disturbances take.
pub(crate) const SHORT: Duration = Duration::from_secs(3);

/// More than anything takes that is not hanging, on a machine that does much else.
pub(crate) const LONG: Duration = Duration::from_secs(60);

/// What a disturbance may do to a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Things take longer, and come all the same.
    Slows,
    /// Things may fail, and may not be claimed to have succeeded when they have not.
    Hinders,
    /// What is said may be untrue: there are no checksums on the wire. Nothing may hang, and what
    /// comes afterwards must be true again.
    Falsifies,
}

/// One thing that goes wrong.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) moment: Moment,
    pub(crate) services: Services,
    pub(crate) effect: Effect,
    disturbance: Disturbance,
}

#[derive(Debug)]
enum Disturbance {
    Requests(Condition),
    Replies(Condition),
    Arrivals(harness_chaos::Arrival),
    CutOff,
    Down,
    Half(Condition),
}

/// All that can go wrong with these services.
pub(crate) fn all(moment: Moment, services: Services) -> Vec<Case> {
    let case = |effect, disturbance| Case {
        moment,
        services,
        effect,
        disturbance,
    };
    let mut cases = Vec::new();
    for (condition, effect) in in_a_direction() {
        cases.push(case(effect, Disturbance::Requests(condition.clone())));
        cases.push(case(effect, Disturbance::Replies(condition)));
    }
    for arrival in ARRIVALS {
        cases.push(case(Effect::Hinders, Disturbance::Arrivals(arrival)));
    }
    cases.push(case(Effect::Hinders, Disturbance::CutOff));
    cases.push(case(Effect::Hinders, Disturbance::Down));
    let reset = harness_chaos::Close::on_data().by_reset();
    cases.push(case(Effect::Hinders, Disturbance::Half(reset.into())));
    cases
}

impl Case {
    /// What people call it: `calls: requests are not read`.
    pub(crate) fn name(&self) -> String {
        let services = match self.services {
            Services::Calls => "calls",
            Services::Events => "events",
            Services::Both => "calls and events",
        };
        let what = match &self.disturbance {
            Disturbance::Requests(condition) => format!("requests {condition}"),
            Disturbance::Replies(condition) => format!("replies {condition}"),
            Disturbance::Arrivals(arrival) => format!("new connections {arrival}"),
            Disturbance::CutOff => "is cut off".to_owned(),
            Disturbance::Down => "is down".to_owned(),
            Disturbance::Half(condition) => format!("on half of all connections, all {condition}"),
        };
        format!("{:?}, {services}: {what}", self.moment)
    }

    /// Whether nobody can command the device, so that what is asked of it must fail.
    pub(crate) fn lets_nothing_be_done(&self) -> bool {
        self.moment == Moment::Before
            && self.services != Services::Events
            && matches!(
                &self.disturbance,
                Disturbance::CutOff
                    | Disturbance::Down
                    | Disturbance::Requests(Condition::Hold(_) | Condition::Swallow(_))
            )
    }

    /// How long the test may take.
    pub(crate) fn within(&self) -> Duration {
        match self.effect {
            Effect::Slows => LONG,
            Effect::Hinders | Effect::Falsifies => SHORT,
        }
    }

    /// The part of the network that it concerns.
    pub(crate) fn part(&self, network: &Network) -> Part {
        match self.services {
            Services::Calls => network.all().for_services(["calls"]),
            Services::Events => network.all().for_services(["heartbeats", "events"]),
            Services::Both => network.all(),
        }
    }

    /// What goes wrong there.
    pub(crate) fn fault(&self, part: &Part) -> NetworkFault {
        match &self.disturbance {
            Disturbance::Requests(condition) => part.requests(condition.clone()),
            Disturbance::Replies(condition) => part.replies(condition.clone()),
            Disturbance::Arrivals(arrival) => part.new_connections(*arrival),
            Disturbance::CutOff => part.cut_off(),
            Disturbance::Down => part.down(),
            Disturbance::Half(condition) => part.both(condition.clone()).with_probability(0.5),
        }
    }

    /// What makes it felt: new connections, where only these are concerned.
    pub(crate) async fn provoke(&self, part: &Part) {
        if matches!(self.disturbance, Disturbance::Arrivals(_)) {
            part.close_all(Ending::Reset).await;
        }
    }
}
