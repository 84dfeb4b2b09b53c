//! One call of a method: a message given to the guest, its reply copied out, its room given back.
//!
//! The reply itself is never given back: only guests of TinyGo since go-plugin 0.8 expect it, and others abort. What a
//! run leaks ends with its instance.

use super::plan::Planned;
use crate::abi::command::drive;
use crate::abi::go_plugin::{FREE, MALLOC, nonsense, room_at};
use crate::machine::memory::{check, read_bytes};
use crate::machine::{Instance, Stopped, Trap, Value};
use crate::report::Limit;
use crate::request::Budget;
use crate::run::{Pace, Progress};
use crate::words;

/// Set in the size of a result that is an error's text.
const IS_ERROR: u64 = 1 << 31;

/// How a call ended.
pub(super) enum End {
    Reply(Vec<u8>),
    /// The service's own error.
    Error(String),
    Trap(Trap),
    /// Why it is no answer.
    Malformed(String),
}

/// What came of a call.
pub(super) struct Exchange {
    pub(super) end: End,
    /// What to say beside it.
    pub(super) note: Option<String>,
    /// Whether the instance must not be called again.
    pub(super) is_broken: bool,
}

impl Exchange {
    fn broken(end: End) -> Self {
        Self { end, note: None, is_broken: true }
    }
}

/// The guest that is called, and how far its run is.
pub(super) struct Caller<'a> {
    pub(super) instance: &'a mut dyn Instance,
    pub(super) budget: &'a Budget,
    /// Fuel that earlier instances used.
    pub(super) before: u64,
    pub(super) progress: &'a mut Progress,
}

impl Caller<'_> {
    /// Calls an export.
    pub(super) async fn call(
        &mut self,
        export: &str,
        args: &[Value],
        pace: &mut impl Pace,
    ) -> Result<Option<Value>, Trap> {
        drive((self.instance, export, args), self.before, self.budget, (pace, self.progress)).await
    }

    /// Makes a call.
    pub(super) async fn exchange(&mut self, call: &Planned, pace: &mut impl Pace) -> Exchange {
        let size = u32::try_from(call.request.len()).unwrap_or(u32::MAX);
        let pointer = match self.give(&call.request, size, pace).await {
            Ok(pointer) => pointer,
            Err(trap) => return Exchange::broken(End::Trap(trap)),
        };
        let args = [pointer, size].map(|number| Value::I32(number.cast_signed()));
        let end = match self.call(&call.export, &args, pace).await {
            Err(trap) => return Exchange::broken(End::Trap(trap)),
            Ok(Some(Value::I64(result))) => self.take(result.cast_unsigned()),
            Ok(_) => {
                let cause = format!("`{}` returns something else than a number of 64 bits", call.export);
                return Exchange::broken(End::Malformed(cause));
            }
        };
        let (note, is_stuck) = match self.give_back(pointer, pace).await {
            Ok(()) => (None, false),
            // A limit ends the run whatever the reply was.
            Err(trap @ Trap::Stopped(_)) => return Exchange::broken(End::Trap(trap)),
            Err(trap) => (Some(format!("`{FREE}` after `{}`: {trap}", call.method)), true),
        };
        let is_broken = is_stuck || matches!(end, End::Trap(_) | End::Malformed(_));
        Exchange { end, note, is_broken }
    }

    /// Puts a message into the guest's memory; an empty one is nowhere.
    async fn give(&mut self, message: &[u8], size: u32, pace: &mut impl Pace) -> Result<u32, Trap> {
        if message.is_empty() {
            return Ok(0);
        }
        let room = self.call(MALLOC, &[Value::I32(size.cast_signed())], pace).await;
        let pointer = room_at(room, size)?;
        let mut guest = self.instance.guest();
        guest.write(u64::from(pointer), message).map_err(|error| nonsense(&error))?;
        Ok(pointer)
    }

    async fn give_back(&mut self, pointer: u32, pace: &mut impl Pace) -> Result<(), Trap> {
        if pointer == 0 {
            return Ok(());
        }
        self.call(FREE, &[Value::I32(pointer.cast_signed())], pace).await.map(|_| ())
    }

    /// Copies a result out, before anything else can move it.
    fn take(&mut self, result: u64) -> End {
        let [pointer, size] = [result >> 32, result & 0xffff_ffff];
        let is_error = size & IS_ERROR != 0;
        let size = size & !IS_ERROR;
        let (pointer, size) =
            (u32::try_from(pointer).unwrap_or(u32::MAX), u32::try_from(size).unwrap_or(u32::MAX));
        let outside = |error| End::Malformed(format!("its result points outside of its memory: {error}"));
        let guest = self.instance.guest();
        if let Err(error) = check(guest.as_ref(), pointer, size.into()) {
            return outside(error);
        }
        if u64::from(size) > self.budget.stdout_bytes {
            let (size, limit) = (words::grouped(size.into()), words::grouped(self.budget.stdout_bytes));
            let detail =
                format!("its answer has {size} bytes, more than the {limit} that an answer may have");
            return End::Trap(Trap::Stopped(Stopped { limit: Limit::Output, detail }));
        }
        match read_bytes(guest.as_ref(), pointer, size) {
            Ok(bytes) if is_error => End::Error(String::from_utf8_lossy(&bytes).into_owned()),
            Ok(bytes) => End::Reply(bytes),
            Err(error) => outside(error),
        }
    }
}
