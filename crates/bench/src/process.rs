//! What Linux tells about processes: processor time, memory, and how busy the machine was besides.

use std::fs;
use std::time::Duration;

use crate::failure::Failure;

/// `/proc` counts processor time in hundredths of a second on every Linux (USER_HZ).
const TICK: Duration = Duration::from_millis(10);

/// Processor time, user and system, that a process and the children it has waited for have used.
pub(crate) fn cpu(pid: u32) -> Result<Duration, Failure> {
    let stat = read(&format!("/proc/{pid}/stat"))?;
    // Times of the process itself, then those of its waited-for children.
    Ok(fields(&stat).skip(11).take(4).map(ticks).sum())
}

/// Processor time of a process and its living children, such as a PostgreSQL server's.
pub(crate) fn cpu_of_family(pid: u32) -> Result<Duration, Failure> {
    let mut total = cpu(pid)?;
    for child in children(pid) {
        // A child that ends between the two reads is counted by its parent.
        total += cpu(child).unwrap_or_default();
    }
    Ok(total)
}

/// The living children of a process.
pub(crate) fn children(pid: u32) -> Vec<u32> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    let pids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter(|child| parent(*child) == Some(pid)).collect()
}

fn parent(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    fields(&stat).nth(1)?.parse().ok()
}

/// Resident memory in bytes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Memory {
    /// Now (`VmRSS`).
    pub(crate) resident: u64,
    /// The most it has been (`VmHWM`).
    pub(crate) peak: u64,
}

/// The memory of a process.
pub(crate) fn memory(pid: u32) -> Result<Memory, Failure> {
    let status = read(&format!("/proc/{pid}/status"))?;
    Ok(Memory { resident: kibibytes(&status, "VmRSS:")?, peak: kibibytes(&status, "VmHWM:")? })
}

/// Busy time of all processors since boot, whoever used it; what a hypervisor stole counts as busy.
pub(crate) fn machine_cpu() -> Result<Duration, Failure> {
    let stat = read("/proc/stat")?;
    let line = stat.lines().next().unwrap_or_default();
    // user nice system idle iowait irq softirq steal
    let times = line.split_ascii_whitespace().skip(1).enumerate();
    Ok(times.filter(|(index, _)| matches!(index, 0 | 1 | 2 | 5 | 6 | 7)).map(|(_, text)| ticks(text)).sum())
}

/// Name of the processor as the kernel knows it.
pub(crate) fn processor() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    name.map_or_else(|| "unknown processor".to_owned(), |(_, name)| name.trim().to_owned())
}

/// The fields of a `stat` line from the third on: the second is a name that may hold spaces.
fn fields(stat: &str) -> impl Iterator<Item = &str> {
    stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_ascii_whitespace()
}

fn ticks(text: &str) -> Duration {
    TICK * text.parse::<u32>().unwrap_or(0)
}

fn kibibytes(status: &str, name: &str) -> Result<u64, Failure> {
    let value = status.lines().find_map(|line| line.strip_prefix(name)?.trim().strip_suffix(" kB"));
    let value = value.and_then(|value| value.trim().parse::<u64>().ok());
    value.map(|kib| kib * 1024).ok_or_else(|| Failure::new(format!("/proc has no {name} for the server")))
}

fn read(path: &str) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(Failure::because(format!("cannot read {path}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_its_own_process() {
        let pid = std::process::id();
        let memory = memory(pid).unwrap();
        assert!(memory.resident > 0 && memory.peak >= memory.resident);
        // In this order: time goes on between the two.
        let own = cpu(pid).unwrap();
        assert!(cpu_of_family(pid).unwrap() >= own);
        assert!(machine_cpu().unwrap() > Duration::ZERO);
    }

    #[test]
    fn a_name_with_spaces_and_brackets_does_not_shift_the_fields() {
        let stat = "7 (a) b (c) S 3 0 0 0 0 0 0 0 0 0 150 50 25 25 0";
        assert_eq!(fields(stat).nth(1), Some("3"));
        assert_eq!(fields(stat).skip(11).take(4).map(ticks).sum::<Duration>(), Duration::from_millis(2500));
    }
}
