//! The last calls of a device, for those who want to know what happened to it.

use std::{
    collections::VecDeque,
    fmt::Write as _,
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use super::{
    caller::{Caller, Program},
    operation::Operation,
};
use crate::types::{DevFailed, Source};

/// How many calls are kept: as many as in cppTango.
const DEPTH: usize = 50;
/// The most octets kept of what a call was about, lest a call about many attributes stays.
const SUBJECT_LIMIT: usize = 256;

/// The last calls of one device.
#[derive(Debug, Default)]
pub(super) struct BlackBox {
    /// The newest last.
    entries: Mutex<VecDeque<Entry>>,
}

#[derive(Debug)]
struct Entry {
    time: SystemTime,
    operation: String,
    /// The command, or the attributes.
    subject: String,
    caller: Caller,
}

impl BlackBox {
    /// Notes a call. Nothing is put into words yet, and the oldest call's room is used again.
    pub(super) fn note(&self, name: &str, operation: &Operation, caller: &Caller) {
        match operation {
            // nobody wants to know about these; and who reads the box is noted when it was read
            Operation::IsA(_) | Operation::NonExistent | Operation::BlackBox(_) => {}
            _ => self.push(name, operation, caller),
        }
    }

    fn push(&self, name: &str, operation: &Operation, caller: &Caller) {
        let time = SystemTime::now();
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let used = (entries.len() >= DEPTH).then(|| entries.pop_front());
        let (mut text, mut subject) = match used.flatten() {
            Some(used) => (used.operation, used.subject),
            None => (String::new(), String::new()),
        };
        text.clear();
        text.push_str(name);
        subject.clear();
        write_subject(&mut subject, operation);
        entries.push_back(Entry {
            time,
            operation: text,
            subject,
            caller: caller.clone(),
        });
    }

    /// The newest `count` calls in words, the newest first, and notes that they were asked for.
    ///
    /// # Errors
    /// The count is below 1.
    pub(super) fn read(
        &self,
        count: i32,
        operation: &Operation,
        caller: &Caller,
    ) -> Result<Vec<String>, DevFailed> {
        let Some(count) = usize::try_from(count).ok().filter(|&count| count > 0) else {
            return Err(DevFailed::new(
                "API_BlackBoxArgument",
                "Argument to read black box out of range",
                "BlackBox::read",
            ));
        };
        let texts = {
            let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
            entries.iter().rev().take(count).map(Entry::text).collect()
        };
        self.push("blackbox", operation, caller);
        Ok(texts)
    }
}

fn write_subject(subject: &mut String, operation: &Operation) {
    match operation {
        Operation::Command { name, .. } => list(subject, "", [name.as_str()]),
        Operation::Read { names, .. } => list(subject, "", names.iter().map(String::as_str)),
        Operation::Write(writes) => {
            list(subject, "", writes.iter().map(|write| write.name.as_str()));
        }
        Operation::WriteAndRead { writes, names, .. } => {
            list(subject, "", writes.iter().map(|write| write.name.as_str()));
            list(subject, "/", names.iter().map(String::as_str));
        }
        _ => {}
    }
}

/// Adds names until they are too long; then three points.
fn list<'a>(subject: &mut String, before: &str, names: impl IntoIterator<Item = &'a str>) {
    let mut separator = before;
    for name in names {
        let full = subject.len() + name.len() > SUBJECT_LIMIT;
        subject.push_str(separator);
        subject.push_str(if full { "..." } else { name });
        if full {
            return;
        }
        separator = ", ";
    }
}

impl Entry {
    /// As cppTango says it, except that the time is UTC.
    fn text(&self) -> String {
        let mut text = date(self.time);
        match self.operation.strip_prefix("_get_") {
            Some(attribute) => {
                text.push_str(" : Attribute ");
                text.push_str(attribute);
            }
            None => {
                text.push_str(" : Operation ");
                text.push_str(&self.operation);
            }
        }
        let is_command = self.operation.starts_with("command_inout");
        if is_command {
            text.push_str(" (cmd = ");
            text.push_str(&self.subject);
            text.push(')');
        } else if !self.subject.is_empty() {
            text.push_str(" (");
            text.push_str(&self.subject);
            text.push(')');
        }
        // commands of the first kind have no choice
        let only = is_command.then_some(Source::Device);
        match self.caller.source.or(only) {
            Some(Source::Device) => text.push_str(" from device"),
            Some(Source::Cache) => text.push_str(" from cache"),
            Some(Source::CacheOrDevice) => text.push_str(" from cache_device"),
            None => {}
        }
        text.push_str(" requested from ");
        text.push_str(&self.caller.host());
        // writing to a string does not fail
        let _ = match &self.caller.program {
            Some(Program::Process(process)) => {
                write!(text, " (CPP/Python client with PID {process})")
            }
            Some(Program::Java { class, .. }) => {
                write!(text, " (Java client with main class {class})")
            }
            None => Ok(()),
        };
        text
    }
}

/// Day/month/year hours:minutes:seconds:hundredths, UTC.
fn date(time: SystemTime) -> String {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    let (seconds, hundredths) = (since.as_secs(), since.subsec_millis() / 10);
    let (day, month, year) = civil(seconds / 86_400);
    let (hours, minutes) = (seconds / 3600 % 24, seconds / 60 % 60);
    let seconds = seconds % 60;
    format!("{day:02}/{month:02}/{year} {hours:02}:{minutes:02}:{seconds:02}:{hundredths:02}")
}

/// Day, month and year of the day with this number after the first of January 1970.
fn civil(days: u64) -> (u64, u64, u64) {
    // counted from a first of March, leap days come last; 400 years are always 146097 days
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let march = (5 * day + 2) / 153;
    let month = if march < 10 { march + 3 } else { march - 9 };
    let year = era * 400 + year + u64::from(month <= 2);
    (day - (153 * march + 2) / 5 + 1, month, year)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{AttributeVersion, Value};

    fn caller(program: Option<Program>, source: Option<Source>) -> Caller {
        Caller {
            address: "127.0.0.1:4000".parse().expect("an address"),
            program,
            source,
        }
    }

    fn read(names: &[&str]) -> Operation {
        Operation::Read {
            names: names.iter().map(|&name| name.to_owned()).collect(),
            version: AttributeVersion::Five,
        }
    }

    /// The newest entry, without its time.
    fn newest(black_box: &BlackBox) -> String {
        let asking = caller(None, None);
        let texts = black_box.read(1, &Operation::BlackBox(1), &asking);
        let text = texts.expect("in range").remove(0);
        text.split_once(" : ").expect("a time").1.to_owned()
    }

    #[test]
    fn calls_are_told_as_cpptango_tells_them() {
        let black_box = BlackBox::default();
        let python = caller(Some(Program::Process(7)), Some(Source::CacheOrDevice));
        let command = Operation::Command {
            name: "Scan".into(),
            argument: Value::Void,
        };
        black_box.note("command_inout_4", &command, &python);
        assert_eq!(
            newest(&black_box),
            "Operation command_inout_4 (cmd = Scan) from cache_device requested from localhost \
             (CPP/Python client with PID 7)"
        );
        assert_eq!(
            newest(&black_box),
            "Operation blackbox requested from localhost"
        );
        black_box.note("command_inout", &command, &caller(None, None));
        assert_eq!(
            newest(&black_box),
            "Operation command_inout (cmd = Scan) from device requested from localhost"
        );
        let java = Program::Java {
            class: "Main".into(),
            id: [1, 2],
        };
        let java = caller(Some(java), Some(Source::Device));
        black_box.note("read_attributes_5", &read(&["power", "State"]), &java);
        assert_eq!(
            newest(&black_box),
            "Operation read_attributes_5 (power, State) from device requested from localhost \
             (Java client with main class Main)"
        );
        black_box.note("_get_state", &Operation::State, &caller(None, None));
        assert_eq!(
            newest(&black_box),
            "Attribute state requested from localhost"
        );
        black_box.note("_is_a", &Operation::NonExistent, &python);
        assert_eq!(
            newest(&black_box),
            "Operation blackbox requested from localhost"
        );
    }

    #[test]
    fn the_newest_fifty_are_kept_in_bounded_room() {
        let black_box = BlackBox::default();
        let somebody = caller(None, None);
        let many = vec!["x".repeat(100).leak() as &str; 4096];
        for _ in 0..DEPTH {
            black_box.note("ping", &Operation::Ping, &somebody);
        }
        black_box.note("read_attributes_5", &read(&many), &somebody);
        let texts = black_box.read(100, &Operation::BlackBox(100), &somebody);
        let texts = texts.expect("in range");
        assert_eq!(texts.len(), DEPTH);
        assert!(texts[0].contains("x, ...)"), "{}", texts[0]);
        assert!(texts[0].len() < 2 * SUBJECT_LIMIT);
        assert!(texts[1].contains("ping"));
        for count in [0, -1, i32::MIN] {
            let refused = black_box.read(count, &Operation::BlackBox(count), &somebody);
            let refused = refused.expect_err("out of range");
            assert_eq!(refused.reason(), "API_BlackBoxArgument");
        }
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        let at = |seconds, nanos| date(UNIX_EPOCH + Duration::new(seconds, nanos));
        assert_eq!(at(0, 0), "01/01/1970 00:00:00:00");
        assert_eq!(at(951_782_400, 999_000_000), "29/02/2000 00:00:00:99");
        assert_eq!(at(1_709_251_199, 10_000_000), "29/02/2024 23:59:59:01");
        assert_eq!(at(1_735_689_599, 0), "31/12/2024 23:59:59:00");
        assert_eq!(at(4_107_542_400, 0), "01/03/2100 00:00:00:00");
    }
}
