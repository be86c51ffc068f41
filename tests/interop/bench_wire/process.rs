//! What this process has used so far, as Linux tells it.

use std::error::Error;
use std::fs;
use std::time::Duration;

/// How long a tick of `/proc/self/stat` lasts on Linux.
const TICK: Duration = Duration::from_millis(10);

/// The memory that this process holds, in KiB.
pub(crate) fn resident_kib() -> Result<u64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .ok_or("no VmRSS in /proc/self/status")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

/// The processor time that this process has used.
pub(crate) fn processor_time() -> Result<Duration, Box<dyn Error>> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // the name of the process is in parentheses, and may itself have spaces
    let (_, fields) = stat.rsplit_once(')').ok_or("no name in /proc/self/stat")?;
    let ticks = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(str::parse::<u32>)
        .sum::<Result<u32, _>>()?;
    Ok(TICK * ticks)
}
