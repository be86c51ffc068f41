//! The device to which others send their logs.

use std::future::ready;
use std::time::{Duration, SystemTime};

use harness_core::Journal;
use harness_core::journal::LogLine;
use tango_wire::server::{BoxFuture, ReadingToServe, Servant};
use tango_wire::types::{AttributeConfig, CommandInfo, DataType, DevFailed, DevState, Value};

/// Its name.
pub(super) const NAME: &str = "harness/log/1";

/// Writes what it gets into the record.
#[derive(Debug)]
pub(super) struct Consumer {
    journal: Journal,
}

impl Consumer {
    pub(super) const fn new(journal: Journal) -> Consumer {
        Consumer { journal }
    }
}

/// Milliseconds, level, device and message, as log consumers get them, with a context and a thread
/// behind them.
fn line(texts: &[String]) -> Option<LogLine> {
    let [milliseconds, level, device, message, ..] = texts else {
        return None;
    };
    let line = LogLine::new(device.to_lowercase(), level.as_str(), message.as_str());
    let time = milliseconds.parse().ok().map(Duration::from_millis);
    let time = time.and_then(|since| SystemTime::UNIX_EPOCH.checked_add(since));
    Some(match time {
        Some(time) => line.at(time),
        None => line,
    })
}

impl Servant for Consumer {
    fn class(&self) -> String {
        "HarnessLog".to_owned()
    }

    fn commands(&self) -> Vec<CommandInfo> {
        vec![CommandInfo::new(
            "Log",
            DataType::VarStringArray,
            DataType::Void,
        )]
    }

    fn attributes(&self) -> Vec<AttributeConfig> {
        Vec::new()
    }

    fn state(&self) -> DevState {
        DevState::On
    }

    fn command<'a>(
        &'a self,
        _: &'a str,
        argument: Value,
    ) -> BoxFuture<'a, Result<Value, DevFailed>> {
        let line = match &argument {
            Value::Strings(texts) => line(texts),
            _ => None,
        };
        let taken = line.map(|line| self.journal.log(line));
        let answer = taken.map(|_| Value::Void).ok_or_else(|| {
            DevFailed::new(
                "API_MethodArgument",
                "Log takes a time, a level, a device and a message",
                "HarnessLog",
            )
        });
        Box::pin(ready(answer))
    }

    fn read<'a>(&'a self, attribute: &'a str) -> BoxFuture<'a, Result<ReadingToServe, DevFailed>> {
        let refusal = DevFailed::new("API_AttrNotFound", attribute, "HarnessLog");
        Box::pin(ready(Err(refusal)))
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, SystemTime, line};

    #[test]
    fn a_line_is_read_as_devices_send_it() {
        let texts = ["1795709975287", "INFO", "T/Lamp/1", "hello", "", "@7f [6]"];
        let line = line(&texts.map(str::to_owned)).unwrap();
        assert_eq!(&*line.device, "t/lamp/1");
        assert_eq!(line.to_string(), "INFO: hello");
        let time = SystemTime::UNIX_EPOCH + Duration::from_millis(1_795_709_975_287);
        assert_eq!(line.device_time, Some(time));
    }

    #[test]
    fn what_is_no_line_is_none_and_a_time_that_is_none_is_left_out() {
        let texts = |texts: &[&str]| {
            let texts: Vec<_> = texts.iter().map(|&text| text.to_owned()).collect();
            line(&texts)
        };
        assert_eq!(texts(&["1", "INFO", "a/b/c"]), None);
        let line = texts(&["soon", "INFO", "a/b/c", "hello"]).unwrap();
        assert_eq!(line.device_time, None);
        texts(&["18446744073709551615", "INFO", "a/b/c", "hello"]).unwrap();
    }
}
