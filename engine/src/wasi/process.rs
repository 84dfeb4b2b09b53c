//! The process itself: arguments, environment, exit, signals, yielding.
//!
//! There is one process with one thread and no signals.

use super::errno::{Errno, Outcome};
use super::state;
use crate::machine::memory;
use crate::machine::{Args, Guest, Trap};

/// `args_get(pointers, bytes)`
pub(super) fn args_get(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    let strings = state(guest).args.clone();
    write_strings(guest, &strings, args)
}

/// `args_sizes_get(count, bytes)`
pub(super) fn args_sizes_get(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    let sizes = sizes(&state(guest).args)?;
    write_sizes(guest, sizes, args)
}

/// `environ_get(pointers, bytes)`
pub(super) fn environ_get(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    let strings = state(guest).env.clone();
    write_strings(guest, &strings, args)
}

/// `environ_sizes_get(count, bytes)`
pub(super) fn environ_sizes_get(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    let sizes = sizes(&state(guest).env)?;
    write_sizes(guest, sizes, args)
}

/// `proc_exit(code)`: never returns to the guest.
pub(super) fn proc_exit(_guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    Err(Trap::Exit(args.u32(0).cast_signed()).into())
}

/// `proc_raise(signal)`: there are no signals.
pub(super) fn proc_raise(_guest: &mut dyn Guest, _args: Args<'_>) -> Outcome {
    Err(Errno::Notsup.into())
}

/// `sched_yield()`: there is nobody to yield to.
pub(super) fn sched_yield(_guest: &mut dyn Guest, _args: Args<'_>) -> Outcome {
    Ok(())
}

/// How many strings there are, and their bytes with a zero after each.
fn sizes(strings: &[String]) -> Result<(u32, u32), Errno> {
    let bytes: usize = strings.iter().map(|string| string.len() + 1).sum();
    let count = u32::try_from(strings.len()).map_err(|_| Errno::Overflow)?;
    Ok((count, u32::try_from(bytes).map_err(|_| Errno::Overflow)?))
}

fn write_sizes(guest: &mut dyn Guest, (count, bytes): (u32, u32), args: Args<'_>) -> Outcome {
    memory::check(guest, args.u32(0), 4)?;
    memory::check(guest, args.u32(1), 4)?;
    memory::write_u32(guest, args.u32(0), count)?;
    memory::write_u32(guest, args.u32(1), bytes)?;
    Ok(())
}

/// Writes the strings one after the other to the second argument, and a pointer to each to the first.
fn write_strings(guest: &mut dyn Guest, strings: &[String], args: Args<'_>) -> Outcome {
    let (count, bytes) = sizes(strings)?;
    memory::check(guest, args.u32(0), u64::from(count) * 4)?;
    memory::check(guest, args.u32(1), u64::from(bytes))?;
    guest.host().gate.charge(u64::from(count) * 4 + u64::from(bytes))?;
    let (mut pointer, mut text) = (args.u32(0), args.u32(1));
    for string in strings {
        memory::write_u32(guest, pointer, text)?;
        guest.write(u64::from(text), string.as_bytes())?;
        let end = memory::offset(guest, text, u32::try_from(string.len()).map_err(|_| Errno::Overflow)?)?;
        memory::write_u8(guest, end, 0)?;
        // The last string may end where the address space ends; nothing is written after it.
        text = end.saturating_add(1);
        pointer = pointer.saturating_add(4);
    }
    Ok(())
}
