//! Long running commands, from when they are sent or first told of until their end is told.

use std::collections::BTreeMap;

use harness_core::{Event, Signal, Value};
use harness_tango::{
    control_model::ResultCode,
    lrc::{ClassicProtocol, ListsProtocol, LrcProtocol, LrcReply, LrcReport},
};

use super::{
    clock::shortened,
    data::{LongRunningSpan, Moment},
};

/// The long running commands of one device.
#[derive(Debug, Default)]
pub(super) struct LongRunning {
    spans: Vec<LongRunningSpan>,
    by_id: BTreeMap<String, usize>,
}

impl LongRunning {
    /// Takes in an answer; if it names a long running command, that began when it was sent.
    pub(super) fn answered(&mut self, sent: f64, command: &str, answer: &Value) {
        let reply = LrcReply::try_from(answer).ok();
        if let Some(id) = reply.as_ref().and_then(LrcReply::id) {
            let name = command.to_owned();
            // its events may have overtaken the answer
            if let Some(span) = self.span(sent, id, || name.clone()) {
                span.at = span.at.min(sent);
                span.name = name;
            }
        }
    }

    /// Takes in an event; `None` if it tells of no long running commands, and otherwise whether it
    /// tells anything new.
    pub(super) fn hear(&mut self, at: f64, begin: f64, event: &Event) -> Option<bool> {
        let protocol = protocol(&event.attribute)?;
        let Some(reading) = event.reading() else {
            return Some(false);
        };
        let was_there = matches!(event.signal, Signal::Initial(_));
        let before = event.previous.as_ref().filter(|_| !was_there);
        let mut is_news = false;
        for told in told_of(&event.attribute, &reading.value, before) {
            let Some(now) = protocol.report(&event.attribute, &reading.value, &told.id) else {
                continue;
            };
            if was_there && is_end(&now) && !self.by_id.contains_key(&told.id) {
                continue;
            }
            is_news = true;
            let since = if was_there { begin } else { at };
            self.report(at, since, told, &now);
        }
        Some(is_news)
    }

    fn report(&mut self, at: f64, since: f64, told: ToldOf, report: &LrcReport) {
        let ToldOf { id, name } = told;
        let Some(span) = self.span(since, &id, || name.unwrap_or_else(|| name_in(&id))) else {
            return;
        };
        let text = shortened(report.to_string());
        if is_end(report) {
            span.until.get_or_insert(at);
            let code = report.completion.as_ref().map(|completion| completion.code);
            span.failed |= code.is_some_and(|code| code != ResultCode::Ok);
            // a status alone says less than the result that may follow it
            if code.is_some() || span.result.is_none() {
                span.result = Some(text.clone());
            }
        }
        if span.reports.last().is_none_or(|last| last.text != text) {
            let failed = false;
            span.reports.push(Moment { at, text, failed });
        }
    }

    fn span(
        &mut self,
        at: f64,
        id: &str,
        name: impl FnOnce() -> String,
    ) -> Option<&mut LongRunningSpan> {
        let next = self.spans.len();
        let index = *self.by_id.entry(id.to_owned()).or_insert(next);
        if index == next {
            self.spans.push(LongRunningSpan {
                at,
                id: id.to_owned(),
                name: name(),
                ..LongRunningSpan::default()
            });
        }
        self.spans.get_mut(index)
    }

    pub(super) fn finish(mut self) -> Vec<LongRunningSpan> {
        self.spans.sort_by(|a, b| a.at.total_cmp(&b.at));
        self.spans
    }
}

/// A long running command that a value tells of.
struct ToldOf {
    id: String,
    name: Option<String>,
}

/// The protocol that has an attribute of that name.
fn protocol(attribute: &str) -> Option<&'static dyn LrcProtocol> {
    const PROTOCOLS: [&dyn LrcProtocol; 2] = [&ClassicProtocol, &ListsProtocol];
    PROTOCOLS.into_iter().find(|protocol| {
        let others = protocol.progress_attributes().iter();
        std::iter::once(&protocol.result_attribute())
            .chain(others)
            .any(|name| name.eq_ignore_ascii_case(attribute))
    })
}

/// What is new in a value: ids are the first halves of pairs, or what JSON objects call `uid`.
fn told_of(attribute: &str, value: &Value, before: Option<&Value>) -> Vec<ToldOf> {
    let now = texts(value);
    let before = before.map(texts).unwrap_or_default();
    if attribute.to_ascii_lowercase().starts_with("longrunning") {
        let before: Vec<_> = before.chunks_exact(2).collect();
        let new = now.chunks_exact(2).filter(|pair| !before.contains(pair));
        let ids = new
            .filter_map(|pair| pair.first())
            .filter(|id| !id.is_empty());
        let told = ids.map(|id| ToldOf {
            id: (*id).to_owned(),
            name: None,
        });
        return told.collect();
    }
    let new = now.iter().filter(|text| !before.contains(text));
    let objects = new.filter_map(|text| {
        let object: serde_json::Value = serde_json::from_str(text).ok()?;
        let text = |key| object.get(key)?.as_str().map(str::to_owned);
        Some(ToldOf {
            id: text("uid")?,
            name: text("name"),
        })
    });
    objects.collect()
}

fn texts(value: &Value) -> Vec<&str> {
    let elements = value.as_list().unwrap_or_default().iter();
    elements.filter_map(Value::as_str).collect()
}

fn is_end(report: &LrcReport) -> bool {
    let by_result = report.completion.as_ref();
    by_result.is_some_and(|completion| !completion.code.is_accepted())
        || report.status.is_some_and(|status| status.is_final())
}

/// By convention an id ends with the name of the command.
fn name_in(id: &str) -> String {
    let end = id.rsplit(['_', '-']).next().unwrap_or_default();
    match !end.is_empty() && end.chars().all(char::is_alphabetic) {
        true => end.to_owned(),
        false => "long running command".to_owned(),
    }
}
