//! What this process uses of the machine.

use std::time::Duration;

use tokio::time::Instant;

/// How much processor time and memory this process has used, as Linux tells it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Usage {
    at: Instant,
    processor: Duration,
    /// In octets.
    pub(super) memory: u64,
}

impl Usage {
    /// As it is now; none where the system does not tell it.
    pub(super) fn now() -> Option<Usage> {
        let at = Instant::now();
        let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        Some(Usage {
            at,
            processor: processor(&stat)?,
            memory: memory(&status)?,
        })
    }

    /// How much of one processor was used since then.
    pub(super) fn share_since(&self, before: &Usage) -> Option<f64> {
        let passed = self.at.saturating_duration_since(before.at);
        let used = self.processor.saturating_sub(before.processor);
        (!passed.is_zero()).then(|| used.as_secs_f64() / passed.as_secs_f64())
    }
}

/// User and system time: the 14th and 15th field, of which the second may hold blanks and brackets. Linux
/// counts both in hundredths of a second there, on every architecture.
fn processor(stat: &str) -> Option<Duration> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_ascii_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(Duration::from_millis((user + system) * 10))
}

fn memory(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|it| it.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_linux_tells_is_read_even_of_a_process_with_an_odd_name() {
        let stat = "42 (a) b (c) S 1 42 42 0 -1 4194560 900 0 0 0 123 45 0 0 20 0 1 0 7 8 9";
        assert_eq!(processor(stat), Some(Duration::from_millis(1680)));
        assert_eq!(memory("Name:\tx\nVmRSS:\t    2048 kB\n"), Some(2048 * 1024));
        assert_eq!((processor("nonsense"), memory("nonsense")), (None, None));
    }
}
