//! Counts how often processes ask the disk to make their writes durable, from outside of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::failure::Failure;
use crate::host::interrupt;

/// How long a tracer may take to attach to every thread.
const ATTACHING: Duration = Duration::from_millis(500);

/// Which tool counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tool {
    /// Tracepoints of the kernel: costs the traced processes nothing.
    Perf,
    /// Stops the process at every system call: counts right, but slows it.
    Strace,
}

impl Tool {
    /// What the report calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Tool::Perf => "perf stat, fsync and fdatasync",
            Tool::Strace => "strace -c -f -e fsync,fdatasync (slows the server)",
        }
    }
}

/// A tracer at work.
pub(crate) struct Tracer {
    tool: Tool,
    child: Child,
    output: PathBuf,
}

impl Tracer {
    /// Attaches the better tool that this machine has to the processes; `None` where neither works.
    pub(crate) fn attach(pids: &[u32], dir: &Path) -> Option<Self> {
        [Tool::Perf, Tool::Strace].into_iter().find_map(|tool| Self::attach_with(tool, pids, dir))
    }

    fn attach_with(tool: Tool, pids: &[u32], dir: &Path) -> Option<Self> {
        let output = dir.join("flushes.txt");
        let list = pids.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
        let mut command = match tool {
            Tool::Perf => {
                let mut command = Command::new("perf");
                command.args(["stat", "-x,", "-e", "syscalls:sys_enter_fsync,syscalls:sys_enter_fdatasync"]);
                command
            }
            Tool::Strace => {
                let mut command = Command::new("strace");
                command.args(["-c", "-f", "-e", "trace=fsync,fdatasync"]);
                command
            }
        };
        command.arg("-o").arg(&output).arg("-p").arg(list);
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
        std::thread::sleep(ATTACHING);
        match child.try_wait() {
            Ok(None) => Some(Self { tool, child, output }),
            // It ended at once: not allowed here, or no such tracepoint.
            _ => None,
        }
    }

    /// Detaches, and tells the tool and the number of calls since it was attached.
    pub(crate) fn detach(mut self) -> Result<(Tool, u64), Failure> {
        interrupt(&self.child, "INT")?;
        self.child.wait().map_err(Failure::because("cannot wait for the tracer"))?;
        let text =
            fs::read_to_string(&self.output).map_err(Failure::because("the tracer has written nothing"))?;
        Ok((self.tool, total(self.tool, &text)))
    }
}

/// The calls in the tool's output; a call that never happened is missing there.
fn total(tool: Tool, text: &str) -> u64 {
    let count = |line: &str| match tool {
        Tool::Perf => {
            line.contains("sys_enter_f").then(|| line.split(',').next()?.parse::<u64>().ok()).flatten()
        }
        // % time, seconds, usecs/call, calls, errors (may be missing), syscall
        Tool::Strace => {
            let known = line.ends_with(" fsync") || line.ends_with(" fdatasync");
            known.then(|| line.split_ascii_whitespace().nth(3)?.parse::<u64>().ok()).flatten()
        }
    };
    text.lines().filter_map(count).sum::<u64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_perf_writes() {
        let text = "# started on Sun Nov 22\n\n12,,syscalls:sys_enter_fsync,1,100.00,,\n\
                    3401,,syscalls:sys_enter_fdatasync,1,100.00,,\n";
        assert_eq!(total(Tool::Perf, text), 3413);
    }

    #[test]
    fn reads_what_strace_writes() {
        let text = "% time     seconds  usecs/call     calls    errors syscall\n\
                    ------ ----------- ----------- --------- --------- ----------------\n \
                    99.10    0.123456          36      3401         1 fdatasync\n  \
                    0.90    0.001000          83        12           fsync\n\
                    100.00    0.124456          36      3413         1 total\n";
        assert_eq!(total(Tool::Strace, text), 3413);
    }
}
