//! What must not be, in words.

use tokio::time::Instant;

use super::conservation::{Claim, Contradiction, Entry};
use super::rules::Rules;
use crate::load::engine::Recorder;

/// A change of state that the graph does not know.
pub(super) fn unknown_step(from: &str, to: &str) -> String {
    format!("went from {from} to {to}, where no command leads")
}

/// What nothing explains.
pub(super) fn contradiction(
    contradiction: &Contradiction,
    rules: &Rules,
    recorder: &Recorder,
) -> String {
    let telling = Telling { rules, recorder };
    match contradiction {
        Contradiction::Unasked(entry) => {
            format!("went {}, which no command asked for", telling.entry(entry))
        }
        Contradiction::Excess {
            claim,
            others,
            entries,
        } => telling.excess(claim, others, entries),
    }
}

/// What words are made with.
struct Telling<'a> {
    rules: &'a Rules,
    recorder: &'a Recorder,
}

impl Telling<'_> {
    fn excess(&self, claim: &Claim, others: &[Claim], entries: &[Entry]) -> String {
        let taken = self.claim(claim);
        if entries.is_empty() {
            return format!("accepted {taken}, and did not begin with it");
        }
        let heard = entries.iter().map(|it| self.entry(it)).collect::<Vec<_>>();
        let heard = heard.join(", ");
        if others.is_empty() {
            return format!(
                "accepted {taken}, which was not allowed from then to its reply: went {heard}"
            );
        }
        let others = others.iter().map(|it| self.claim(it)).collect::<Vec<_>>();
        format!(
            "accepted both {taken} and {}, which excludes the other: went {heard}",
            others.join(" and ")
        )
    }

    fn claim(&self, claim: &Claim) -> String {
        let command = &self.rules.commands[claim.command];
        let (user, sent) = (claim.user, self.time(claim.sent));
        match claim.answered {
            Some(answered) => {
                let answered = self.time(answered);
                format!("{command} (user {user}, sent at {sent}, answered at {answered})")
            }
            None => format!("{command} (user {user}, sent at {sent})"),
        }
    }

    fn entry(&self, entry: &Entry) -> String {
        let step = &self.rules.steps[entry.step];
        format!("{} -> {} at {}", step.from, step.to, self.time(entry.at))
    }

    fn time(&self, at: Instant) -> String {
        format!("{:.3} s", self.recorder.offset(at).as_secs_f64())
    }
}
