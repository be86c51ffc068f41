//! How a load is going, for a person: a line that moves, or one every ten seconds.

use std::time::Duration;

use harness_explore::load::{Live, ResultClass};

use crate::{output, terminal::StatusLine};

/// How often a plain line is written.
const PLAIN_EVERY: u64 = 10;

/// Tells once a second how a load is going.
pub(super) fn observer(line: StatusLine) -> impl FnMut(&Live) + Send + 'static {
    let mut seconds = 0_u64;
    let mut before = (Duration::ZERO, 0);
    move |live| {
        seconds += 1;
        let is_plain = line.is_hidden();
        if is_plain && !seconds.is_multiple_of(PLAIN_EVERY) {
            return;
        }
        let (elapsed, by_class) = (live.elapsed(), live.by_class());
        let count: u64 = by_class.iter().sum();
        let time = elapsed.saturating_sub(before.0);
        let rate = (count - before.1) as f64 / time.as_secs_f64().max(0.001);
        before = (elapsed, count);
        let text = told(live, elapsed, rate, by_class);
        match is_plain {
            true => output::complain(text),
            false => line.doing(text),
        }
    }
}

fn told(
    live: &Live,
    elapsed: Duration,
    rate: f64,
    by_class: [u64; ResultClass::ALL.len()],
) -> String {
    let plan = live.plan();
    if elapsed.is_zero() {
        return format!("{}: users begin", plan.name());
    }
    let classes = ResultClass::ALL.into_iter().zip(by_class);
    let errors: u64 = classes
        .filter(|(class, _)| class.is_error())
        .map(|(_, count)| count)
        .sum();
    let gauge = live.gauge();
    let mut parts = vec![format!(
        "{} users, {} in a cycle, {rate:.0}/s",
        gauge.users, gauge.busy
    )];
    if let Some(p99) = live.summary().total.latency.percentile(99.0) {
        parts.push(format!("p99 {:.3?}", p99));
    }
    parts.push(format!("{errors} errors"));
    let violations = live.violations();
    if violations > 0 {
        parts.push(format!("{violations} violations"));
    }
    let faults = live.faults();
    let on = faults
        .iter()
        .filter(|it| it.to.is_none() && it.problem.is_none());
    parts.extend(on.map(|it| format!("now: {}", it.fault)));
    let left = plan.length().map(|all| all.saturating_sub(elapsed));
    parts.extend(left.map(|left| format!("{} s left", left.as_secs())));
    let text = format!("{}: {}", plan.name(), parts.join(", "));
    // names come from files, and nothing in them may move the cursor
    text.chars().filter(|it| !it.is_control()).collect()
}
