//! Whether the changes of state of a device are what the commands that it took lead to: each of these begins
//! with exactly one, and none comes of nothing.
//!
//! An event may come before the reply of its command or after it, and a command without a reply may have been
//! done, or be done later. So nothing is held against a device that any order of what happened explains:
//! commands and changes are matched, and only what no matching explains is told.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use super::matching::matching;
use super::rules::Rules;
use crate::load::measure::ResultClass;

/// After so many changes that are not accounted for yet nothing is made of them.
const MOST_ENTRIES: usize = 128;

/// So many commands that may have been done are remembered; with more of them nothing is said of changes
/// that nobody seems to have asked for.
const MOST_DOUBTFUL: usize = 256;

/// So many ends of commands are remembered that came before the reply.
const MOST_ENDS: usize = 256;

/// How long it may take until events that nobody sends any more are known to be missing: the heartbeats of a
/// Tango server come every ten seconds.
const UNTIL_A_LOSS_IS_KNOWN: Duration = Duration::from_secs(30);

/// How a command stands.
#[derive(Clone, Debug, PartialEq)]
enum Standing {
    /// Its reply has not come. In doubt it counts as one that may have been done, whatever the reply says.
    InFlight { doubtful: bool },
    /// It was accepted, and its end is not told yet.
    Pending { id: String, doubtful: bool },
    /// It was taken.
    Taken,
    /// It was taken, and is one that may change nothing.
    Idle,
    /// It may have been taken, or be taken yet.
    Doubtful,
}

/// A command that was sent.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    number: u64,
    pub(super) command: usize,
    pub(super) user: u64,
    pub(super) sent: Instant,
    pub(super) answered: Option<Instant>,
    /// When it had been taken at the latest, if that is known.
    taken_by: Option<Instant>,
    standing: Standing,
}

/// A change of state that begins a command.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) step: usize,
    pub(super) at: Instant,
    /// When the state before it was told.
    before: Instant,
}

/// What no order of events explains.
#[derive(Clone, Debug)]
pub(super) enum Contradiction {
    /// Nobody has asked for this change.
    Unasked(Entry),
    /// This command was taken beside these others, though there are not so many changes.
    Excess {
        claim: Claim,
        others: Vec<Claim>,
        entries: Vec<Entry>,
    },
}

/// What a device does with commands.
#[derive(Debug)]
pub(super) struct Conservation {
    /// Whether an answer that names a command tells that it was taken.
    pub(super) believes_queued: bool,
    /// Whether ends of commands are heard.
    pub(super) hears_ends: bool,
    next: u64,
    claims: Vec<Claim>,
    entries: Vec<Entry>,
    /// Ends that came before the reply.
    ends: VecDeque<(String, ResultClass)>,
    /// Too much is in doubt.
    inconclusive: bool,
}

impl Conservation {
    pub(super) fn new(believes_queued: bool, hears_ends: bool) -> Conservation {
        Conservation {
            believes_queued,
            hears_ends,
            next: 0,
            claims: Vec::new(),
            entries: Vec::new(),
            ends: VecDeque::new(),
            inconclusive: false,
        }
    }

    /// A command is sent; in doubt where events may be missing.
    pub(super) fn sent(&mut self, command: usize, user: u64, at: Instant, doubtful: bool) -> u64 {
        let number = self.next;
        self.next += 1;
        self.claims.push(Claim {
            number,
            command,
            user,
            sent: at,
            answered: None,
            taken_by: None,
            standing: Standing::InFlight { doubtful },
        });
        number
    }

    /// Its reply has come.
    pub(super) fn answered(
        &mut self,
        rules: &Rules,
        number: u64,
        class: ResultClass,
        id: Option<&str>,
        at: Instant,
    ) {
        let Some(place) = self.claims.iter().rposition(|it| it.number == number) else {
            return;
        };
        if class == ResultClass::Rejected {
            self.claims.swap_remove(place);
            return;
        }
        let claim = &mut self.claims[place];
        claim.answered = Some(at);
        let doubtful = claim.standing == Standing::InFlight { doubtful: true };
        if id.is_none() || self.believes_queued {
            claim.taken_by = Some(at);
        }
        let taken = Self::taken(rules, claim.command);
        claim.standing = match id {
            _ if class != ResultClass::Ok => Standing::Doubtful,
            Some(id) if self.hears_ends => Standing::Pending {
                id: id.to_owned(),
                doubtful,
            },
            Some(_) if !self.believes_queued => Standing::Doubtful,
            _ if doubtful => Standing::Doubtful,
            _ => taken,
        };
        let known = id.and_then(|id| self.ends.iter().position(|(it, _)| it == id));
        if let Some((id, class)) = known.and_then(|place| self.ends.remove(place)) {
            self.ended(rules, &id, class, at);
        }
    }

    /// How a command stands that was taken.
    fn taken(rules: &Rules, command: usize) -> Standing {
        match rules.shown[command] {
            true => Standing::Taken,
            false => Standing::Idle,
        }
    }

    /// Nobody waits for its reply any more.
    pub(super) fn given_up(&mut self, number: u64) {
        let flying = self.claims.iter_mut().rfind(|it| it.number == number);
        if let Some(claim) = flying.filter(|it| it.answered.is_none()) {
            claim.standing = Standing::Doubtful;
        }
    }

    /// A command was told to have ended.
    pub(super) fn ended(&mut self, rules: &Rules, id: &str, class: ResultClass, at: Instant) {
        let is_it =
            |it: &Claim| matches!(&it.standing, Standing::Pending { id: own, .. } if own == id);
        let Some(place) = self.claims.iter().position(is_it) else {
            // told again and again, as long as the device remembers it
            if !self.ends.iter().any(|(it, _)| it == id) {
                if self.ends.len() == MOST_ENDS {
                    self.ends.pop_front();
                }
                self.ends.push_back((id.to_owned(), class));
            }
            return;
        };
        let claim = &mut self.claims[place];
        let doubtful = matches!(claim.standing, Standing::Pending { doubtful: true, .. });
        match class {
            ResultClass::Rejected => {
                self.claims.swap_remove(place);
            }
            ResultClass::Ok if !doubtful => {
                claim.standing = Self::taken(rules, claim.command);
                claim.taken_by.get_or_insert(at);
            }
            // it may have ended before it was begun
            _ => claim.standing = Standing::Doubtful,
        }
    }

    /// The state has changed by a step that a command may begin with. The state before it was told at
    /// `before`.
    pub(super) fn changed(&mut self, step: usize, before: Instant, at: Instant) {
        if self.entries.len() == MOST_ENTRIES {
            self.forget();
        }
        self.entries.push(Entry { step, at, before });
    }

    /// Changes may have been missed: nothing is made of what was heard until now.
    pub(super) fn forget(&mut self) {
        self.entries.clear();
        for claim in &mut self.claims {
            match &mut claim.standing {
                Standing::InFlight { doubtful } | Standing::Pending { doubtful, .. } => {
                    *doubtful = true;
                }
                standing => *standing = Standing::Doubtful,
            }
        }
    }

    /// What nothing explains by now. `since` is when the present state was told, if that is known.
    pub(super) fn examine(
        &mut self,
        rules: &Rules,
        now: Instant,
        since: Option<Instant>,
    ) -> Option<Contradiction> {
        self.limit_doubt();
        let found = self.excess(rules, now, since);
        let found = found.or_else(|| self.unasked(rules));
        match found {
            None => self.close(rules, now),
            // it is told once
            Some(_) => self.forget(),
        }
        found
    }

    fn limit_doubt(&mut self) {
        let doubtful = self.claims.iter();
        let doubtful = doubtful.filter(|it| it.standing == Standing::Doubtful);
        let mut surplus = doubtful.count().saturating_sub(MOST_DOUBTFUL);
        if surplus > 0 {
            self.claims.retain(|claim| {
                let goes = surplus > 0 && claim.standing == Standing::Doubtful;
                surplus -= usize::from(goes);
                self.inconclusive |= goes;
                !goes
            });
        }
    }

    /// Whether this command begins with such a change, and was sent before it.
    fn may_begin(rules: &Rules, claim: &Claim, entry: &Entry) -> bool {
        let step = &rules.steps[entry.step];
        step.commands.contains(&claim.command) && claim.sent <= entry.at
    }

    /// Whether it was taken where it is allowed, too.
    fn fits(rules: &Rules, claim: &Claim, entry: &Entry) -> bool {
        let allowed = |taken_by| entry.before <= taken_by + rules.lag;
        Self::may_begin(rules, claim, entry) && claim.taken_by.is_none_or(allowed)
    }

    /// A change that nobody has asked for.
    fn unasked(&self, rules: &Rules) -> Option<Contradiction> {
        if self.inconclusive {
            return None;
        }
        let entries = self.entries.iter();
        let asked: Vec<&Entry> = entries
            .filter(|it| !rules.steps[it.step].by_itself)
            .collect();
        let pairs = matching(asked.len(), self.claims.len(), |entry, claim| {
            // when it was taken is asked of the command, once it is known that it was
            Self::may_begin(rules, &self.claims[claim], asked[entry])
        });
        let place = pairs.iter().position(Option::is_none)?;
        Some(Contradiction::Unasked(asked[place].clone()))
    }

    /// A command that was taken and has led nowhere, and will not any more.
    fn excess(&self, rules: &Rules, now: Instant, since: Option<Instant>) -> Option<Contradiction> {
        let taken = self.claims.iter();
        let due: Vec<&Claim> = taken
            .filter(|it| it.standing == Standing::Taken && !Self::may_show(rules, it, now, since))
            .collect();
        let pairs = matching(due.len(), self.entries.len(), |claim, entry| {
            Self::fits(rules, due[claim], &self.entries[entry])
        });
        let place = pairs.iter().position(Option::is_none)?;
        let claim = due[place];
        let own = |entry: &&Entry| rules.steps[entry.step].commands.contains(&claim.command);
        let entries: Vec<Entry> = self.entries.iter().filter(own).cloned().collect();
        let rivals = due.iter().filter(|it| it.number != claim.number);
        let others = rivals.filter(|it| entries.iter().any(|entry| Self::fits(rules, it, entry)));
        Some(Contradiction::Excess {
            others: others.map(|it| (*it).clone()).collect(),
            claim: claim.clone(),
            entries,
        })
    }

    /// Whether the change that a command begins with may still come.
    fn may_show(rules: &Rules, claim: &Claim, now: Instant, since: Option<Instant>) -> bool {
        let asked = claim.answered.unwrap_or(claim.sent);
        if now > asked + rules.patience.max(UNTIL_A_LOSS_IS_KNOWN) {
            return false;
        }
        match (claim.taken_by, since) {
            (Some(taken_by), Some(since)) => since <= taken_by + rules.lag,
            _ => true,
        }
    }

    /// Lets go of what is accounted for, if nothing that is under way can have to do with it.
    fn close(&mut self, rules: &Rules, now: Instant) {
        // what changes nothing has not changed anything when that would have been told by now
        let is_over = |it: &Claim| it.taken_by.is_some_and(|at| now > at + rules.lag);
        if self.entries.is_empty() {
            self.claims
                .retain(|it| it.standing != Standing::Idle || !is_over(it));
        }
        let Some(last) = self.entries.last().map(|it| it.at) else {
            return;
        };
        let is_apart = |it: &Claim| match it.standing {
            Standing::InFlight { .. } | Standing::Pending { .. } => it.sent > last,
            Standing::Taken | Standing::Idle | Standing::Doubtful => true,
        };
        if !self.claims.iter().all(is_apart) {
            return;
        }
        let taken = self.claims.iter();
        let taken: Vec<&Claim> = taken.filter(|it| it.standing == Standing::Taken).collect();
        let pairs = matching(taken.len(), self.entries.len(), |claim, entry| {
            Self::fits(rules, taken[claim], &self.entries[entry])
        });
        if pairs.iter().all(Option::is_some) {
            self.claims.retain(|it| it.standing != Standing::Taken);
            self.entries.clear();
        }
    }

    /// Whether something is still to come.
    pub(super) fn is_settled(&self) -> bool {
        self.entries.is_empty() && !self.claims.iter().any(|it| it.standing == Standing::Taken)
    }
}

#[cfg(test)]
mod tests;
