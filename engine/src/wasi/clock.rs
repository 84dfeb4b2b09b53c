//! The guest's clocks: virtual, deterministic, and moved only by the guest itself.
//!
//! It reads no clock of the machine and never waits: a sleep moves the clock and is counted against the time
//! that the budget grants.

use super::errno::{Errno, Outcome};
use super::state;
use crate::machine::memory;
use crate::machine::{Args, Guest, Stopped, Trap};
use crate::report::Limit;
use crate::request::{Budget, World};
use crate::words;

/// How far every look at a clock moves it: a guest that waits in a loop for a moment to come gets there, and
/// two files written one after the other have different times.
const TICK: u64 = 1_000;

/// Where the monotonic clock starts. Not zero: guests take zero for "not set".
const MONOTONIC_START: u64 = 1_000_000_000;

const NANOSECONDS_PER_SECOND: u64 = 1_000_000_000;
const NANOSECONDS_PER_MILLISECOND: u64 = 1_000_000;

/// The clocks of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ClockId {
    /// The time of day.
    Realtime,
    /// Since an arbitrary moment.
    Monotonic,
    /// Time that the guest did not sleep: of the process, and of its only thread.
    Cputime,
}

impl ClockId {
    /// The clock of this number.
    pub(super) fn from_number(number: u32) -> Result<Self, Errno> {
        match number {
            0 => Ok(Self::Realtime),
            1 => Ok(Self::Monotonic),
            2 | 3 => Ok(Self::Cputime),
            _ => Err(Errno::Inval),
        }
    }
}

/// The state of the clocks, in nanoseconds.
#[derive(Debug)]
pub(super) struct Clock {
    start: u64,
    elapsed: u64,
    slept: u64,
    sleep_limit: u64,
    limit_ms: u64,
}

impl Clock {
    pub(super) fn new(budget: &Budget, world: &World) -> Self {
        Self {
            start: world.start_seconds.saturating_mul(NANOSECONDS_PER_SECOND),
            elapsed: 0,
            slept: 0,
            sleep_limit: budget.time_ms.saturating_mul(NANOSECONDS_PER_MILLISECOND),
            limit_ms: budget.time_ms,
        }
    }

    /// The time on `clock`, without moving it.
    pub(super) fn peek(&self, clock: ClockId) -> u64 {
        match clock {
            ClockId::Realtime => self.start.saturating_add(self.elapsed),
            ClockId::Monotonic => MONOTONIC_START.saturating_add(self.elapsed),
            ClockId::Cputime => self.elapsed.saturating_sub(self.slept),
        }
    }

    /// The time on `clock`, after moving it by a tick.
    pub(super) fn read(&mut self, clock: ClockId) -> u64 {
        self.elapsed = self.elapsed.saturating_add(TICK);
        self.peek(clock)
    }

    /// The time of day for a file's times, after moving it by a tick.
    pub(super) fn stamp(&mut self) -> u64 {
        self.read(ClockId::Realtime)
    }

    /// How long all sleeps were together, in milliseconds.
    pub(super) fn slept_ms(&self) -> u64 {
        self.slept / NANOSECONDS_PER_MILLISECOND
    }

    /// Takes off the time limit what other guests of the same run slept.
    pub(super) fn share_limit(&mut self, slept_ms: u64) {
        self.sleep_limit =
            self.sleep_limit.saturating_sub(slept_ms.saturating_mul(NANOSECONDS_PER_MILLISECOND));
    }

    /// Pretends to sleep for `nanoseconds`.
    ///
    /// # Errors
    /// [`Trap::Stopped`] with [`Limit::Time`] once all sleeps together are longer than the time limit.
    pub(super) fn sleep(&mut self, nanoseconds: u64) -> Result<(), Trap> {
        let slept = self.slept.saturating_add(nanoseconds);
        if slept > self.sleep_limit {
            return Err(Trap::Stopped(Stopped {
                limit: Limit::Time,
                detail: format!(
                    "asked to sleep for {} in all; the time limit is {}",
                    words::millis(slept / NANOSECONDS_PER_MILLISECOND),
                    words::millis(self.limit_ms)
                ),
            }));
        }
        self.slept = slept;
        self.elapsed = self.elapsed.saturating_add(nanoseconds);
        Ok(())
    }
}

/// `clock_res_get(id, resolution)`
pub(super) fn clock_res_get(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    ClockId::from_number(args.u32(0))?;
    memory::write_u64(guest, args.u32(1), TICK)?;
    Ok(())
}

/// `clock_time_get(id, precision, time)`. The precision is a wish: every reading is exact.
pub(super) fn clock_time_get(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    let clock = ClockId::from_number(args.u32(0))?;
    let time = state(guest).clock.read(clock);
    memory::write_u64(guest, args.u32(2), time)?;
    Ok(())
}
