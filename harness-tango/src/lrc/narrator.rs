//! What devices say of long running commands, in words.

use harness_core::Value;
use harness_core::event::{Event, Signal};
use harness_core::journal::{EntryKind, Journal, Narrator};

use super::classic;
use super::lists::{self, Listed};
use super::protocol::LrcReport;
use super::reply::LrcReply;

/// Puts into words what devices say of long running commands, for the record and for failures:
/// `Configure (id 17.1_4_Configure): IN_PROGRESS, 33 %`, `Configure ended with FAILED: no beams
/// left`, `Configure answered QUEUED, id 17.1_4_Configure`.
///
/// Of the lists of commands it tells what is new in them. [`Telescope`](crate::telescope::Telescope)
/// gives it to its journal, and so does whoever sends a long running command.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct LrcNarrator;

impl LrcNarrator {
    /// Lets it tell of a journal, unless another narrator does.
    pub(crate) fn tell(journal: &Journal) {
        let _ = journal.clone().with_narrator(LrcNarrator);
    }
}

impl Narrator for LrcNarrator {
    fn narrate(&self, entry: &EntryKind) -> Option<String> {
        match entry {
            EntryKind::Reply {
                command,
                outcome: Ok(answer),
                ..
            } => {
                let reply = LrcReply::try_from(answer).ok()?;
                Some(format!("{command} answered {}", reply.in_words()))
            }
            EntryKind::Event(event) => told(event),
            _ => None,
        }
    }
}

/// What an event of one of the attributes of long running commands tells.
fn told(event: &Event) -> Option<String> {
    let reading = event.reading()?;
    let tell = teller(&event.attribute)?;
    let previous = match event.signal {
        // what was there before is all new to who reads the record
        Signal::Initial(_) => None,
        _ => event.previous.as_ref(),
    };
    let words = tell(&event.attribute, &reading.value, previous)?;
    Some(match event.signal {
        Signal::Initial(_) => format!("{words} (initial value)"),
        Signal::Back(_) => format!("{words} (read after a gap)"),
        _ => words,
    })
}

type Teller = fn(&str, &Value, Option<&Value>) -> Option<String>;

fn teller(attribute: &str) -> Option<Teller> {
    let is_one_of = |names: &[&str]| {
        names
            .iter()
            .any(|name| attribute.eq_ignore_ascii_case(name))
    };
    if is_one_of(&[classic::RESULT, classic::STATUS, classic::PROGRESS]) {
        Some(pairs)
    } else if is_one_of(&[lists::FINISHED, lists::EXECUTING, lists::QUEUE]) {
        Some(objects)
    } else {
        None
    }
}

/// What is new in pairs of an id and a text.
fn pairs(attribute: &str, value: &Value, previous: Option<&Value>) -> Option<String> {
    let pairs = texts(value)?;
    let before = previous.and_then(texts).unwrap_or_default();
    let before: Vec<_> = before.chunks_exact(2).collect();
    let new = pairs
        .chunks_exact(2)
        .filter(|pair| !before.contains(pair))
        .filter_map(|pair| match pair {
            ["", ""] => None,
            [id, text] => Some(match classic::report_of(attribute, id, text) {
                Some(report) => fares(name_in(id), id, &report),
                None => format!("{} (id {id}): {text}", name_in(id)),
            }),
            _ => None,
        });
    let is_empty = pairs.iter().all(|text| text.is_empty());
    Some(news(attribute, new.collect(), is_empty))
}

/// What is new in a list of JSON objects.
fn objects(attribute: &str, value: &Value, previous: Option<&Value>) -> Option<String> {
    let objects = texts(value)?;
    let before = previous.and_then(texts).unwrap_or_default();
    let new = objects
        .iter()
        .filter(|text| !before.contains(text))
        .map(|text| {
            let Some(listed) = Listed::parse(text) else {
                return format!("{attribute} has {text}");
            };
            let name = listed.name.as_deref().unwrap_or(name_in(&listed.uid));
            match listed.report(attribute) {
                Some(report) => fares(name, &listed.uid, &report),
                None => format!("{name} (id {})", listed.uid),
            }
        });
    Some(news(attribute, new.collect(), objects.is_empty()))
}

/// How many commands one line tells of; a list that is read for the first time may be long.
const COMMANDS: usize = 3;

fn news(attribute: &str, new: Vec<String>, is_empty: bool) -> String {
    match new.len() {
        0 if is_empty => format!("{attribute} is empty"),
        0 => format!("{attribute} tells nothing new"),
        many if many > COMMANDS => {
            let more = many - COMMANDS;
            // the last ones are the latest
            format!("{}; and {more} before", new[more..].join("; "))
        }
        _ => new.join("; "),
    }
}

/// `Configure ended with FAILED: no beams left`, `Configure (id 17.1_4_Configure): QUEUED`.
fn fares(name: &str, id: &str, report: &LrcReport) -> String {
    match &report.completion {
        Some(completion) => format!("{name} ended with {completion}"),
        None => format!("{name} (id {id}): {report}"),
    }
}

/// By convention an id ends with the name of the command.
fn name_in(id: &str) -> &str {
    let end = id.rsplit(['_', '-']).next().unwrap_or_default();
    match end.chars().all(char::is_alphabetic) && !end.is_empty() {
        true => end,
        false => "a command",
    }
}

fn texts(value: &Value) -> Option<Vec<&str>> {
    value.as_list()?.iter().map(Value::as_str).collect()
}

#[cfg(test)]
mod tests {
    use harness_core::journal::{EntryKind, Narrator};
    use harness_core::{Event, Reading, Signal, Value};

    use super::LrcNarrator;

    fn told(attribute: &str, signal: Signal, previous: &[&str]) -> Option<String> {
        let previous = Some(previous.iter().copied().collect());
        let event = Event::new("a/b/c".into(), attribute.into(), signal, previous);
        LrcNarrator.narrate(&EntryKind::Event(event))
    }

    fn change(texts: &[&str]) -> Signal {
        Signal::Change(Reading::new(texts.iter().copied().collect::<Value>()))
    }

    fn answered(code: i64, text: &str) -> Option<String> {
        LrcNarrator.narrate(&EntryKind::Reply {
            device: "a/b/c".into(),
            command: "Configure".into(),
            to: 0,
            outcome: Ok(Value::List(vec![[code].into(), [text].into()])),
        })
    }

    #[test]
    fn an_answer_is_told_without_a_bare_number() {
        let queued = answered(2, "17.1_4_Configure").unwrap();
        assert_eq!(queued, "Configure answered QUEUED, id 17.1_4_Configure");
        let rejected = answered(5, "no beams left").unwrap();
        assert_eq!(rejected, "Configure answered REJECTED: no beams left");
        assert_eq!(answered(99, "another kind of answer"), None);
    }

    #[test]
    fn what_is_new_in_pairs_is_told() {
        let status =
            |new: &[&str], old: &[&str]| told("longRunningCommandStatus", change(new), old);
        let running = status(
            &["1_On", "COMPLETED", "2_Scan", "IN_PROGRESS"],
            &["1_On", "COMPLETED", "2_Scan", "QUEUED"],
        );
        assert_eq!(running.unwrap(), "Scan (id 2_Scan): IN_PROGRESS");
        let both = status(&["1_On", "COMPLETED", "2_Scan", "QUEUED"], &[]).unwrap();
        assert_eq!(both, "On (id 1_On): COMPLETED; Scan (id 2_Scan): QUEUED");
        let forgotten = status(
            &["2_Scan", "QUEUED"],
            &["1_On", "COMPLETED", "2_Scan", "QUEUED"],
        );
        let nothing = "longRunningCommandStatus tells nothing new";
        assert_eq!(forgotten.unwrap(), nothing);
        assert_eq!(
            status(&[], &[]).unwrap(),
            "longRunningCommandStatus is empty"
        );
        let progress = told("longRunningCommandProgress", change(&["4711", "33"]), &[]);
        assert_eq!(progress.unwrap(), "a command (id 4711): 33 %");
    }

    #[test]
    fn results_are_told_with_their_words_and_how_they_were_learnt() {
        let result = |signal| told("LONGRUNNINGCOMMANDRESULT", signal, &["1_On", "[0]"]).unwrap();
        let texts = || Reading::new(Value::from(["2_Scan", r#"[3, "no beams left"]"#]));
        let told = "Scan ended with FAILED: no beams left";
        assert_eq!(result(Signal::Change(texts())), told);
        let again = result(Signal::Back(texts()));
        assert_eq!(again, format!("{told} (read after a gap)"));
        let initial = result(Signal::Initial(texts()));
        assert_eq!(initial, format!("{told} (initial value)"));
        let empty = result(Signal::Initial(Reading::new(Value::from(["", ""]))));
        assert_eq!(empty, "LONGRUNNINGCOMMANDRESULT is empty (initial value)");
        let words = result(change(&["2_Scan", "the dish is stuck"]));
        assert_eq!(words, "Scan (id 2_Scan): the dish is stuck");
    }

    #[test]
    fn of_the_lists_of_newer_devices_the_new_objects_are_told_and_of_many_the_last() {
        let one = r#"{"uid": "1_On", "name": "On", "result": [0, "done"]}"#;
        let two = r#"{"uid": "2", "name": "Scan", "status": "ABORTED"}"#;
        let finished = |new: &[&str], old: &[&str]| told("lrcFinished", change(new), old).unwrap();
        assert_eq!(finished(&[one, two], &[one]), "Scan ended with ABORTED");
        let many = finished(&[two, "no JSON", one, one, one], &[]);
        let done = "On ended with OK: done";
        assert_eq!(many, format!("{done}; {done}; {done}; and 2 before"));
        let odd = finished(&["no JSON"], &[]);
        assert_eq!(odd, "lrcFinished has no JSON");
        let running = r#"{"uid": "3_End", "progress": 5}"#;
        let running = told("lrcExecuting", change(&[running]), &[]).unwrap();
        assert_eq!(running, "End (id 3_End): IN_PROGRESS, 5 %");
        assert_eq!(told("obsState", change(&["1"]), &[]), None);
    }
}
