//! The plan of a file: how many users, or starts a second, and when.

use std::time::Duration;

use super::table::Table;
use crate::load::plan::{Plan, PlanError, Stage};
use crate::load::threshold::Threshold;

/// The keys of the plan that times are.
struct Shape {
    users: Option<u64>,
    cycles: Option<u64>,
    stages: Option<Vec<Stage>>,
    lasting: Option<Duration>,
    rate: Option<f64>,
}

/// So many users at most.
const MOST_USERS: u64 = 1_000_000;

/// Reads the plan; what else the table has is left alone.
pub(super) fn read(table: &Table<'_>) -> Option<Plan> {
    let name = table.need("name", "what the load is called in reports");
    let name = name.and_then(|it| it.text());
    let model = table.get("model");
    let model = model.map(|it| it.one_of("model", &["closed", "open"]));
    let shape = Shape {
        users: table.get("users").and_then(|it| it.whole(1..=MOST_USERS)),
        cycles: table.get("cycles").and_then(|it| it.whole(1..=u64::MAX)),
        stages: table.get("stages").and_then(|it| {
            let text = it.text()?;
            let read = Stage::parse_all(text);
            read.map_err(|error| it.wrong(error.to_string())).ok()
        }),
        lasting: table.get("lasting").and_then(|it| it.some_time()),
        rate: table.get("rate").and_then(|it| {
            let rate = it.number()?;
            if rate <= 0.0 || rate > MOST_USERS as f64 {
                it.wrong("must be a number of starts a second above 0, at most 1000000");
                return None;
            }
            Some(rate)
        }),
    };
    // told already, if it is none
    let plan = match model.unwrap_or(Some("closed")) {
        Some("open") => shape.open(table, name.unwrap_or_default()),
        Some(_) => shape.closed(table, name.unwrap_or_default()),
        None => None,
    };
    let plan = details(table, plan)?;
    name?;
    if table.notes.is_clean()
        && let Err(error) = plan.check()
    {
        let entry = table.get(key_of(&error));
        match entry {
            Some(entry) => entry.wrong(error.to_string()),
            None => table.wrong(error.to_string()),
        }
        return None;
    }
    Some(plan)
}

impl Shape {
    fn closed(self, table: &Table<'_>, name: &str) -> Option<Plan> {
        table.refuse(
            "rate",
            "is that of an open load: with `model = \"open\"` starts come at a rate",
        );
        if table.has("stages") {
            let words = "`stages` say how many users there are, and for how long";
            table.refuse("users", words);
            table.refuse("lasting", words);
            let plan = Plan::closed(name, self.stages?);
            return match self.cycles {
                Some(cycles) => Some(plan.with_cycles(cycles)),
                None => Some(plan),
            };
        }
        let users = table.need("users", "say how many users there are, or give `stages`");
        if table.has("cycles") {
            table.refuse("lasting", "there is `cycles` too: one of them is enough");
            users?;
            let users = u32::try_from(self.users?).ok()?;
            return Some(Plan::cycles(name, users, self.cycles?));
        }
        if !table.has("lasting") {
            table.wrong(
                "it is not said how long it takes: `cycles = 10` for each user, \
                 `lasting = \"1m\"`, or `stages = \"100, 10s; 100, 1m\"`",
            );
            return None;
        }
        Some(Plan::closed(name, level(self.users? as f64, self.lasting?)))
    }

    fn open(self, table: &Table<'_>, name: &str) -> Option<Plan> {
        let words = "is that of a closed load: an open one ends after its `stages`, or `lasting`";
        table.refuse("cycles", words);
        let users = table.need("users", "how many users wait to make the starts");
        let stages = if table.has("stages") {
            let words = "`stages` say how many starts a second there are, and for how long";
            table.refuse("rate", words);
            table.refuse("lasting", words);
            self.stages?
        } else {
            let why = "how many starts a second there are; or give `stages`";
            let rate = table.need("rate", why);
            let lasting = table.need("lasting", "for how long, as \"1m\"");
            rate.and(lasting)?;
            level(self.rate?, self.lasting?)
        };
        users?;
        Some(Plan::open(name, self.users?, stages))
    }
}

fn level(target: f64, lasting: Duration) -> Vec<Stage> {
    vec![
        Stage::new(target, Duration::ZERO),
        Stage::new(target, lasting),
    ]
}

/// A plan to which something is said; none once anything was wrong.
struct Said(Option<Plan>);

impl Said {
    fn and<T>(self, read: Option<Option<T>>, say: impl FnOnce(Plan, T) -> Plan) -> Said {
        match (self.0, read) {
            (plan, None) => Said(plan),
            (Some(plan), Some(Some(value))) => Said(Some(say(plan, value))),
            _ => Said(None),
        }
    }
}

/// What else there is of a plan: read also where there is none, since all of it must be known.
fn details(table: &Table<'_>, plan: Option<Plan>) -> Option<Plan> {
    let time = |key| table.get(key).map(|it| it.time());
    Said(plan)
        .and(time("warm-up"), Plan::with_warm_up)
        .and(
            table.get("pause").map(|it| it.times()),
            |plan, (shortest, longest)| plan.with_pause(shortest, longest),
        )
        .and(table.get("pace").map(|it| it.some_time()), Plan::with_pace)
        .and(time("most-late"), Plan::with_most_late)
        .and(
            table.get("throttle").map(|it| it.number()),
            Plan::with_throttle,
        )
        .and(
            table.get("seed").map(|it| it.whole(0..=u64::MAX)),
            Plan::with_seed,
        )
        .and(time("grace"), Plan::with_grace)
        .and(
            table
                .get("thresholds")
                .map(|it| it.list_of(|threshold| threshold.parsed::<Threshold>())),
            Plan::with_thresholds,
        )
        .0
}

/// Whether thresholds of one action are of one that there is: another would only be told as "no samples"
/// when the load is over.
pub(super) fn check_thresholds(
    root: &Table<'_>,
    actions: &[&str],
    is_measured: impl Fn(&str) -> bool,
) {
    let Some(entry) = root.get("thresholds") else {
        return;
    };
    for entry in entry.list().unwrap_or_default() {
        // one that can't be read was told
        let text = entry.is_text().then(|| entry.text()).flatten();
        let threshold = text.and_then(|text| text.parse::<Threshold>().ok());
        let Some(action) = threshold.as_ref().and_then(Threshold::action) else {
            continue;
        };
        if !is_measured(action) {
            entry.wrong(format!(
                "nothing is measured that is called `{action}`, but {}",
                actions.join(", ")
            ));
        }
    }
}

/// Which key a mistake is of.
fn key_of(error: &PlanError) -> &'static str {
    match error {
        PlanError::AllWarmUp => "warm-up",
        PlanError::NoUsers | PlanError::TooManyUsers { .. } => "users",
        PlanError::Value { what, .. } => what,
        _ => "stages",
    }
}
