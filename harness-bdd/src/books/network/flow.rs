//! What part of the network a line is about, and which way what goes over it goes.

use harness_chaos::{Condition, NetworkFault, Part};
use harness_tango::{
    device::Service,
    telescope::{Role, RoleKind, System},
};

use crate::{
    BoxError, TelescopeSession,
    phrase::{Part as Named, Who, Words},
    world::Aspect,
};

/// What goes over a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Goods {
    Everything,
    Requests,
    Replies,
    Events,
}

/// The words for goods that are not everything.
const GOODS: [(&str, Goods); 7] = [
    ("requests", Goods::Requests),
    ("calls", Goods::Requests),
    ("commands", Goods::Requests),
    ("replies", Goods::Replies),
    ("answers", Goods::Replies),
    ("responses", Goods::Replies),
    ("events", Goods::Events),
];

/// A part of the network, and what goes over it.
#[derive(Debug)]
pub(super) struct Flow {
    pub(super) part: Part,
    goods: Goods,
}

impl Flow {
    /// What the line is about: the devices that it names, or all.
    pub(super) fn of(session: &mut TelescopeSession, words: &Words) -> Result<Self, BoxError> {
        let goods = goods(words.line());
        let who = words.who("who");
        let part = match who {
            None => session.network()?.all(),
            Some(who) => {
                let nodes = nodes(session, who, words)?;
                session.network()?.to(nodes)
            }
        };
        let services: &[Service] = match goods {
            Goods::Everything => return Ok(Self { part, goods }),
            Goods::Requests | Goods::Replies => &[Service::Calls],
            Goods::Events => &[Service::Events, Service::Heartbeats],
        };
        let part = part.for_services(services.iter().map(ToString::to_string));
        Ok(Self { part, goods })
    }

    /// Something that goes wrong with what goes that way.
    pub(super) fn suffers(&self, condition: impl Into<Condition>) -> NetworkFault {
        match self.goods {
            Goods::Everything => self.part.both(condition),
            Goods::Requests => self.part.requests(condition),
            Goods::Replies | Goods::Events => self.part.replies(condition),
        }
    }
}

fn goods(line: &str) -> Goods {
    let line = line.to_lowercase();
    let mut words = line.split(' ');
    let named = words.find_map(|word| GOODS.iter().find(|(name, _)| *name == word));
    named.map_or(Goods::Everything, |(_, goods)| *goods)
}

/// The devices that a line names; all of a system that is named without a kind of device, but for the
/// nodes of the telescope manager that stand before it. Where the line says `all`, they are those of
/// all subarrays, not of the scenario's alone.
pub(super) fn nodes(
    session: &mut TelescopeSession,
    who: &Who,
    words: &Words,
) -> Result<Vec<String>, BoxError> {
    let all = says_all(words.text("who").unwrap_or_default());
    let mut nodes = Vec::new();
    for (part, single) in who.parts().iter().zip(who.each()) {
        let is_open = part.number.is_none() && part.names.is_empty() && part.pronoun.is_none();
        let whole = part.system.filter(|_| part.kind.is_none());
        if !is_open || (whole.is_none() && !all) {
            let targets = session.targets(Some(&single), Aspect::Observation)?;
            nodes.extend(
                targets
                    .into_iter()
                    .map(|target| target.device.name().to_string()),
            );
            continue;
        }
        let before = nodes.len();
        let meant = session
            .telescope()?
            .devices()
            .filter(|(device, _)| is_meant(part, device.role));
        nodes.extend(meant.map(|(_, traced)| traced.name().to_string()));
        if nodes.len() == before {
            // says whom it has not, and what to do
            session.targets(Some(&single), Aspect::System)?;
        }
    }
    Ok(nodes)
}

/// Whether a device that plays this role is one of those that a line names without a number.
fn is_meant(part: &Named, role: Option<Role>) -> bool {
    let Some(role) = role else {
        return part.system.is_none() && part.kind.is_none();
    };
    match (part.system, part.kind) {
        (None, None) => true,
        (None, Some(RoleKind::Subarray)) => {
            role.kind() == RoleKind::Subarray && role.system() == System::Tmc
        }
        (None, Some(kind)) => role.kind() == kind,
        (Some(system), Some(kind)) => role.system() == system && role.kind() == kind,
        (Some(system), None) => {
            let stands_before = matches!(
                role.kind(),
                RoleKind::MasterLeaf | RoleKind::SubarrayLeaf | RoleKind::DishLeaf
            );
            role.system() == system && !stands_before
        }
    }
}

/// Whether those named are not only the scenario's.
fn says_all(who: &str) -> bool {
    let who = who.to_lowercase();
    who.split(' ')
        .any(|word| matches!(word, "all" | "each" | "every"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_say_what_suffers() {
        for (line, expected) in [
            ("network to csp subarray corrupts replies", Goods::Replies),
            ("events of csp subarray are lost", Goods::Events),
            (
                "commands to csp subarray are delayed by 2 s",
                Goods::Requests,
            ),
            ("network is slow", Goods::Everything),
            ("network corrupts all data", Goods::Everything),
        ] {
            assert_eq!(goods(line), expected, "{line}");
        }
    }

    #[test]
    fn all_are_more_than_the_scenarios_own() {
        for (who, expected) in [
            ("all devices", true),
            ("every CSP subarray", true),
            ("the CSP subarray", false),
            ("CSP subarray 1", false),
        ] {
            assert_eq!(says_all(who), expected, "{who}");
        }
    }
}
