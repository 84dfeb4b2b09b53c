//! Standard input, output and error: bytes in memory with limits.
//!
//! It is connected to no terminal: an input that is used up is at its end. It waits for nobody, unless the runner
//! gives the input only once it is asked for.

use crate::machine::{Stopped, Trap};
use crate::report::Limit;
use crate::request::Budget;
use crate::words;

/// The three streams.
#[derive(Debug)]
pub(super) struct Stdio {
    stdin: Vec<u8>,
    /// Gives all of stdin, once the guest asks for it.
    source: Option<fn() -> Vec<u8>>,
    /// How much of `stdin` the guest has read.
    consumed: usize,
    stdout: Vec<u8>,
    /// What was taken from stdout before: the limit counts all that a guest ever prints.
    taken: u64,
    stdout_limit: u64,
    stderr: Vec<u8>,
    stderr_limit: u64,
    stderr_dropped: u64,
}

impl Stdio {
    pub(super) fn new(budget: &Budget) -> Self {
        Self {
            stdin: Vec::new(),
            source: None,
            consumed: 0,
            stdout: Vec::new(),
            taken: 0,
            stdout_limit: budget.stdout_bytes,
            stderr: Vec::new(),
            stderr_limit: budget.stderr_bytes,
            stderr_dropped: 0,
        }
    }

    pub(super) fn set_input(&mut self, bytes: Vec<u8>) {
        self.stdin = bytes;
        self.source = None;
        self.consumed = 0;
    }

    pub(super) fn set_source(&mut self, source: fn() -> Vec<u8>) {
        self.source = Some(source);
    }

    pub(super) fn push_input(&mut self, bytes: &[u8]) {
        self.stdin.drain(..self.consumed.min(self.stdin.len()));
        self.consumed = 0;
        self.stdin.extend_from_slice(bytes);
    }

    /// What the guest has not read yet.
    pub(super) fn unread(&mut self) -> &[u8] {
        if let Some(source) = self.source.take() {
            self.stdin = source();
            self.consumed = 0;
        }
        self.stdin.get(self.consumed..).unwrap_or_default()
    }

    /// Copies up to `into.len()` unread bytes; 0 is the end of the input.
    pub(super) fn read(&mut self, into: &mut [u8]) -> usize {
        let unread = self.unread();
        let count = unread.len().min(into.len());
        for (slot, byte) in into.iter_mut().zip(unread) {
            *slot = *byte;
        }
        self.consumed += count;
        count
    }

    pub(super) fn stdout(&self) -> &[u8] {
        &self.stdout
    }

    pub(super) fn take_stdout(&mut self) -> Vec<u8> {
        self.taken = self.taken.saturating_add(self.stdout.len() as u64);
        std::mem::take(&mut self.stdout)
    }

    /// How much more may be printed to stdout, in bytes.
    fn stdout_room(&self) -> u64 {
        self.stdout_limit.saturating_sub(self.taken).saturating_sub(self.stdout.len() as u64)
    }

    /// Appends to stdout.
    ///
    /// # Errors
    /// [`Trap::Stopped`] with [`Limit::Output`] once the limit is passed; what fits is kept.
    pub(super) fn print(&mut self, bytes: &[u8]) -> Result<(), Trap> {
        let room = self.stdout_room();
        let kept = prefix(bytes, room);
        grow(&mut self.stdout, kept, self.stdout_limit);
        if kept.len() == bytes.len() {
            return Ok(());
        }
        Err(Trap::Stopped(Stopped {
            limit: Limit::Output,
            detail: format!(
                "printed more than the {} bytes that stdout may hold",
                words::grouped(self.stdout_limit)
            ),
        }))
    }

    pub(super) fn stderr(&self) -> &[u8] {
        &self.stderr
    }

    pub(super) fn take_stderr(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.stderr)
    }

    pub(super) fn stderr_dropped(&self) -> u64 {
        self.stderr_dropped
    }

    /// Appends to stderr; what is over the limit is counted and dropped, so that a guest that complains a lot
    /// still runs to its end.
    pub(super) fn complain(&mut self, bytes: &[u8]) {
        let room = self.stderr_limit.saturating_sub(self.stderr.len() as u64);
        let kept = prefix(bytes, room);
        grow(&mut self.stderr, kept, self.stderr_limit);
        self.stderr_dropped = self.stderr_dropped.saturating_add((bytes.len() - kept.len()) as u64);
    }
}

/// The first `most` bytes at most.
fn prefix(bytes: &[u8], most: u64) -> &[u8] {
    let end = usize::try_from(most).unwrap_or(usize::MAX).min(bytes.len());
    bytes.get(..end).unwrap_or_default()
}

/// Appends without reserving more than `limit` in all, which doubling would do.
fn grow(buffer: &mut Vec<u8>, bytes: &[u8], limit: u64) {
    let needed = buffer.len().saturating_add(bytes.len());
    if needed > buffer.capacity() {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let wanted = buffer.capacity().saturating_mul(2).min(limit).max(needed);
        buffer.reserve_exact(wanted - buffer.len());
    }
    buffer.extend_from_slice(bytes);
}
