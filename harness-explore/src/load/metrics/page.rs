//! The text format of Prometheus, version 0.0.4.

use std::fmt::{Display, Write as _};

use crate::load::measure::FixedBuckets;

/// What every name begins with.
const PREFIX: &str = "harness_load_";

/// Families of samples, one after the other.
#[derive(Default)]
pub(super) struct Page(String);

/// What a family is.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Counter,
    Gauge,
    Histogram,
}

/// One family: its name without what every name begins with.
pub(super) struct Family<'a> {
    page: &'a mut Page,
    name: &'static str,
}

impl Page {
    /// Begins a family, all samples of which come before the next one begins.
    pub(super) fn family(&mut self, name: &'static str, kind: Kind, help: &str) -> Family<'_> {
        let kind = match kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        };
        let help = help.replace('\\', r"\\").replace('\n', r"\n");
        // writing to a string does not fail
        let _ = writeln!(self.0, "# HELP {PREFIX}{name} {help}");
        let _ = writeln!(self.0, "# TYPE {PREFIX}{name} {kind}");
        Family { page: self, name }
    }

    /// A counter without labels.
    pub(super) fn counter(&mut self, name: &'static str, help: &str, value: u64) {
        self.family(name, Kind::Counter, help).sample(&[], value);
    }

    /// A gauge without labels.
    pub(super) fn gauge(&mut self, name: &'static str, help: &str, value: impl Display) {
        self.family(name, Kind::Gauge, help).sample(&[], value);
    }

    pub(super) fn into_text(self) -> String {
        self.0
    }
}

impl Family<'_> {
    pub(super) fn sample(&mut self, labels: &[(&str, &str)], value: impl Display) {
        self.line("", &written(labels), value);
    }

    pub(super) fn histogram(&mut self, labels: &[(&str, &str)], times: &FixedBuckets) {
        let labels = written(labels);
        let comma = if labels.is_empty() { "" } else { "," };
        for (bound, count) in times.cumulative() {
            let bucket = format!("{labels}{comma}le=\"{bound}\"");
            self.line("_bucket", &bucket, count);
        }
        let last = format!("{labels}{comma}le=\"+Inf\"");
        self.line("_bucket", &last, times.count());
        self.line("_sum", &labels, times.sum().as_secs_f64());
        self.line("_count", &labels, times.count());
    }

    fn line(&mut self, suffix: &str, labels: &str, value: impl Display) {
        let (text, name) = (&mut self.page.0, self.name);
        let _ = match labels {
            "" => writeln!(text, "{PREFIX}{name}{suffix} {value}"),
            labels => writeln!(text, "{PREFIX}{name}{suffix}{{{labels}}} {value}"),
        };
    }
}

/// Labels as they are written, without brackets.
fn written(labels: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (label, value) in labels {
        if !text.is_empty() {
            text.push(',');
        }
        text.push_str(label);
        text.push_str("=\"");
        push_escaped(&mut text, value);
        text.push('"');
    }
    text
}

/// The value of a label, in which these three would end it.
fn push_escaped(text: &mut String, value: &str) {
    for letter in value.chars() {
        match letter {
            '\\' => text.push_str(r"\\"),
            '"' => text.push_str("\\\""),
            '\n' => text.push_str(r"\n"),
            letter => text.push(letter),
        }
    }
}
