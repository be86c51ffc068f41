//! What a device says in its log about the commands that it is given, as SKA's devices do.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value as Json;

/// Where a device writes its log.
pub(crate) trait LogPort: fmt::Debug + Send + Sync {
    /// Whether anybody reads it.
    fn wants(&self) -> bool;

    /// Writes a line of level INFO.
    fn write(&self, line: fmt::Arguments<'_>);
}

/// Numbers transactions and markers: no two of this process are alike.
static COUNT: AtomicU32 = AtomicU32::new(1);

const DAY: u64 = 86_400;

/// A command from when the device takes it until it answers: a line in the log for each.
pub(super) struct Transaction {
    log: Arc<dyn LogPort>,
    id: String,
    command: &'static str,
    marker: u32,
}

impl Transaction {
    /// The command arrives; `None` if nobody reads the log. Its transaction is the one that its
    /// argument names, or one of its own.
    pub(super) fn enter(
        log: Option<&Arc<dyn LogPort>>,
        command: &'static str,
        argument: &str,
    ) -> Option<Transaction> {
        let log = log.filter(|log| log.wants())?;
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let given = transaction_id(argument);
        let transaction = Transaction {
            log: Arc::clone(log),
            id: given.unwrap_or_else(|| local_id(SystemTime::now(), count)),
            command,
            marker: 10_000 + count % 90_000,
        };
        transaction.write("Enter", format_args!(" with parameters [{argument}]"));
        Some(transaction)
    }

    /// The device has answered, or raised an exception.
    pub(super) fn exit(self, raised: bool) {
        let word = if raised { "Exception" } else { "Exit" };
        self.write(word, format_args!(""));
    }

    fn write(&self, word: &str, parameters: fmt::Arguments<'_>) {
        let Transaction {
            log,
            id,
            command,
            marker,
        } = self;
        log.write(format_args!(
            "Transaction[{id}]: {word}[{command}]{parameters} marker[{marker}]"
        ));
    }
}

fn transaction_id(argument: &str) -> Option<String> {
    let json: Json = serde_json::from_str(argument).ok()?;
    let id = json.get("transaction_id")?.as_str()?;
    (!id.is_empty()).then(|| id.to_owned())
}

/// `txn-local-20261126-000000001`.
fn local_id(now: SystemTime, count: u32) -> String {
    let since = now.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    let (year, month, day) = date(since.as_secs() / DAY);
    format!("txn-local-{year:04}{month:02}{day:02}-{count:09}")
}

/// The date so many days after the first of January 1970.
fn date(days: u64) -> (u64, u64, u64) {
    // years that begin in March, in eras of 400 of them
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[derive(Debug, Default)]
    struct Lines(Mutex<Vec<String>>);

    impl LogPort for Lines {
        fn wants(&self) -> bool {
            true
        }
        fn write(&self, line: fmt::Arguments<'_>) {
            self.0.lock().unwrap().push(line.to_string());
        }
    }

    #[test]
    fn a_transaction_has_the_id_of_its_argument_and_one_marker() {
        let lines = Arc::new(Lines::default());
        let log: Arc<dyn LogPort> = Arc::clone(&lines) as Arc<dyn LogPort>;
        let argument = r#"{"transaction_id": "txn-7"}"#;
        let entered = Transaction::enter(Some(&log), "Scan", argument).unwrap();
        let marker = entered.marker;
        entered.exit(false);
        let expected = [
            format!(
                "Transaction[txn-7]: Enter[Scan] with parameters [{argument}] marker[{marker}]"
            ),
            format!("Transaction[txn-7]: Exit[Scan] marker[{marker}]"),
        ];
        assert_eq!(*lines.0.lock().unwrap(), expected);
        assert!(Transaction::enter(None, "Scan", argument).is_none());
    }

    #[test]
    fn a_transaction_without_an_id_gets_one_with_the_date() {
        for argument in ["", "{}", "[", r#"{"transaction_id": ""}"#] {
            assert_eq!(transaction_id(argument), None, "{argument}");
        }
        let moment = UNIX_EPOCH + Duration::from_secs(1_795_709_975);
        assert_eq!(local_id(moment, 42), "txn-local-20261126-000000042");
        assert_eq!(date(0), (1970, 1, 1));
        assert_eq!(date(11_016), (2000, 2, 29));
        assert_eq!(date(11_017), (2000, 3, 1));
    }
}
