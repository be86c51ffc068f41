//! Kinds of words that lines fill in, and the ways of saying what patterns name by `{verb}`.

use std::{collections::BTreeMap, sync::LazyLock};

use super::Pattern;

/// One observation state, as people write it: `OBS_FAULT` is FAULT, and who assigns is RESOURCING.
pub(super) const OBS: &str = "(?:obs[_ ]?(?:state[._ ])?)?(?:empty|resourcing|assigning|idle|configuring|ready|scanning\
                              |aborting|aborted|resetting|fault|restarting)";
/// One state that every Tango device can have.
pub(super) const STATE: &str = "(?:devstate[._])?(?:on|off|standby|disabled?|fault|init|alarm|unknown|moving|open|close\
                                |insert|extract|running)";
const HEALTH: &str = "(?:healthstate[._])?(?:ok|degraded|failed|unknown|normal)";
const WORD: &str = "[^ ]+";
const QUOTED: &str = "\"[^\"]*\"|`[^`]*`|'[^']*'";
const NUMBER: &str = "[0-9]+(?:\\.[0-9]+)?";

/// The regular expression of a kind, over small letters; [`None`] if there is none of that name.
/// `who` is not here: it depends on the telescope.
pub(super) fn regex(kind: &str) -> Option<String> {
    let list = |item: &str, between: &str| format!("{item}(?:{between}{item})*");
    Some(match kind {
        "obs" => OBS.to_owned(),
        "obs_list" => list(&format!("(?:{OBS})"), "(?:,? (?:and|or|then|to)|,) ?"),
        "state" => STATE.to_owned(),
        "state_list" => list(&format!("(?:{STATE})"), "(?:,? (?:and|or)|,) ?"),
        "health_list" => list(&format!("(?:{HEALTH})"), "(?:,? (?:and|or)|,) ?"),
        "number" => NUMBER.to_owned(),
        "integer" => "[0-9]+".to_owned(),
        "word" => WORD.to_owned(),
        "quoted" => QUOTED.to_owned(),
        "value" => format!("{QUOTED}|\\[[^\\]]*\\]?|{WORD}"),
        "text" => ".+".to_owned(),
        "list" => {
            let item = format!("(?:{QUOTED}|[^ ,\\[\"]+)");
            format!("\\[[^\\]]*\\]?|{item}(?:(?: ?, ?| and ){item})*")
        }
        "command" => "(?:assign|release|release all) resources|release all|end scan|obs reset\
                      |(?:go to|goto) idle|telescope (?:on|off|standby)|[a-z][a-z0-9_]*"
            .to_owned(),
        "attribute" | "property" => "(?:obs|observation|health|admin|dish|pointing|power|telescope) (?:state|mode)\
                        |(?:telescope )?health state|scan (?:type|id)|configured band|[a-z][a-z0-9_]*"
            .to_owned(),
        _ => return None,
    })
}

/// Whether there are words of this kind.
pub(super) fn is_known(kind: &str) -> bool {
    matches!(kind, "who") || regex(kind).is_some()
}

/// Whether what was filled in is of its kind as far as the regular expression, which sees small
/// letters only, could not tell.
pub(super) fn accepts(kind: &str, words: &str) -> bool {
    match kind {
        "command" => is_command(words),
        "attribute" => is_attribute(words),
        "property" => is_property(words),
        _ => true,
    }
}

/// Words that are commands although they are written without a capital, or in two words.
const COMMANDS: &[&str] = &[
    "assign",
    "assignresources",
    "release",
    "releaseresources",
    "releaseallresources",
    "releaseall",
    "configure",
    "scan",
    "endscan",
    "end",
    "abort",
    "restart",
    "obsreset",
    "on",
    "off",
    "standby",
    "reset",
    "init",
    "disable",
    "gotoidle",
    "telescopeon",
    "telescopeoff",
    "telescopestandby",
];

/// One of the commands that every suite knows, or a name as commands have them: `LoadDishCfg`.
fn is_command(words: &str) -> bool {
    let joined: String = words.split([' ', '_']).collect();
    COMMANDS.contains(&joined.to_ascii_lowercase().as_str())
        || !words.contains(' ') && words.starts_with(|first: char| first.is_ascii_uppercase())
}

/// Attributes that people write in other ways than devices do: without spaces and capitals, and as
/// devices call them.
const ATTRIBUTES: &[(&str, &str)] = &[
    ("obsstate", "obsState"),
    ("observationstate", "obsState"),
    ("healthstate", "healthState"),
    ("adminmode", "adminMode"),
    ("dishmode", "dishMode"),
    ("pointingstate", "pointingState"),
    ("powerstate", "powerState"),
    ("telescopestate", "telescopeState"),
    ("telescopehealthstate", "telescopeHealthState"),
    ("scantype", "scanType"),
    ("scanid", "scanID"),
    ("configuredband", "configuredBand"),
    ("state", "State"),
    ("status", "Status"),
];

fn known_attribute(words: &str) -> Option<&'static str> {
    let joined: String = words.split([' ', '_']).collect();
    let small = joined.to_ascii_lowercase();
    let mut known = ATTRIBUTES.iter();
    known.find(|(key, _)| *key == small).map(|(_, name)| *name)
}

/// An attribute as devices call it: `health state` is `healthState`.
pub(crate) fn attribute_name(words: &str) -> String {
    known_attribute(words).unwrap_or(words).to_owned()
}

/// One of the attributes that every suite knows, or a name as attributes have them: `kValue`.
fn is_attribute(words: &str) -> bool {
    let camel = || {
        words.starts_with(|first: char| first.is_ascii_lowercase())
            && words.contains(|letter: char| letter.is_ascii_uppercase())
    };
    known_attribute(words).is_some() || !words.contains(' ') && camel()
}

/// An attribute other than State and obsState, which have phrases of their own.
fn is_property(words: &str) -> bool {
    is_attribute(words)
        && !matches!(
            known_attribute(words),
            Some("State" | "Status" | "obsState")
        )
}

/// The ways of saying what a pattern names by `{verb}`.
pub(super) fn verb(name: &str) -> Option<&'static Pattern> {
    VERBS.get(name)
}

/// Which words may stand in a pattern as `{verb}`. Later ones are made of earlier ones.
const WAYS: &[(&str, &str)] = &[
    // changing to something
    (
        "becomes",
        "([(should|must|shall|will|can|has to|have to)] (transition|transitions|go|goes|change|changes|move|moves\
         |switch|switches|turn|turns|return|returns|come|comes|get|gets) [back] [(to|into|in)] [back] [to]\
         |[(should|must|shall|will)] (is|are|be|gets|get|has|have|was|were) [been] \
          (transitioned|changed|moved|switched|turned|brought|gone|set|put) [back] [(to|into|in)]\
         |[(should|must|shall|will|has|have)] (become|becomes|reach|reaches|reached|enter|enters|entered|attain|attains\
         |report|reports|show|shows) [being] [in]|(ends|end) up in|went [back] (to|into))",
    ),
    // being something
    (
        "is",
        "([(should|must|shall|will|has to|have to)] (is|are|be|was|were) [now] [(in|at)])",
    ),
    // not changing
    (
        "remains",
        "([(should|must|shall|will)] [(is|are|be|gets|get)] (remain|remains|remained|stay|stays|stayed|keep|keeps\
         |still|stuck|continues|continue) [(being|to be)] [(in|at|on)])",
    ),
    // what an observation state is called
    (
        "obsstate",
        "(obsState|obs_state|obs state|observation state|observing state|state|obststate)",
    ),
    // what a state of all devices is called
    ("state", "(state|states|power state|status)"),
    // what comes by itself
    (
        "afterwards",
        "((after|when|once) [(scan|scanning|configuration|command|it|they)] [(duration|period|time)] \
          [(is|are|has|have|been)] [been] (elapsed|finished|finishes|over|done|complete|completed|passed|duration|period)\
         |(after|when|once) scan (duration|period|time)|by itself|automatically)",
    ),
    // asking for something
    (
        "i",
        "([I|we|user|tester|operator|TMC|client] [(then|now|also|again|successfully)] [(try|tries|attempt|attempts) to])",
    ),
    // sending a command
    (
        "issue",
        "(issue|issues|issued|invoke|invokes|invoked|send|sends|sent|call|calls|called|execute|executes|executed|run|runs\
         |trigger|triggers|triggered|give|gives|request|requests|perform|performs)",
    ),
    // a command that is sent
    (
        "issued",
        "((is|was|are|has been|gets) [(then|now|also|again)] (issued|invoked|sent|called|executed|run|triggered|given|requested\
         |performed))",
    ),
    // where a command goes
    ("to", "(to|on|onto|for|at|over|from|of|in)"),
    // by way of the telescope manager
    ("using", "((using|via|through|by) TMC)"),
    // what must be
    ("should", "(should|must|shall|will|has to|have to|can)"),
];

static VERBS: LazyLock<BTreeMap<&str, Pattern>> = LazyLock::new(|| {
    // a way that is no pattern is missing, which the test below notices
    let parsed = WAYS
        .iter()
        .filter_map(|(name, ways)| Some((*name, ways.parse().ok()?)));
    parsed.collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_ways_are_patterns() {
        for (name, ways) in WAYS {
            ways.parse::<Pattern>().unwrap();
            assert!(verb(name).is_some(), "{name}");
        }
    }

    #[test]
    fn commands_are_names_with_a_capital_or_well_known() {
        for command in [
            "Abort",
            "abort",
            "Endscan",
            "assign resources",
            "LoadDishCfg",
        ] {
            assert!(accepts("command", command), "{command}");
        }
        for other in ["resources", "the command", "script"] {
            assert!(!accepts("command", other), "{other}");
        }
    }

    #[test]
    fn attributes_are_in_camel_case_or_well_known() {
        for attribute in [
            "kValue",
            "observation state",
            "health state",
            "State",
            "obs_state",
        ] {
            assert!(accepts("attribute", attribute), "{attribute}");
        }
        for other in ["script", "resources", "DISH"] {
            assert!(!accepts("attribute", other), "{other}");
        }
    }
}
