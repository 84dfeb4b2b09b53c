//! `poll_oneoff`: waiting for clocks and descriptors.
//!
//! Nothing is ever waited for: descriptors here are always ready, and when there are only clocks the virtual
//! clock moves to the first of them.

use super::clock::ClockId;
use super::descriptors::Object;
use super::errno::{Errno, Failure, Outcome};
use super::fdstat::put;
use super::{Wasi, state};
use crate::machine::memory;
use crate::machine::{Args, Guest};

/// How many subscriptions one call may pass: four for each descriptor that can be open.
const MOST_SUBSCRIPTIONS: u32 = 4096;

const SUBSCRIPTION_SIZE: u32 = 48;
const EVENT_SIZE: usize = 32;

/// `subclockflags`: the timeout is a moment, not a duration.
const ABSOLUTE: u16 = 1;

/// `eventrwflags`: the other side is gone; here, the input is used up.
const HANGUP: u16 = 1;

/// What a write to a stream can take at once, as pipes of Linux say.
const STREAM_ROOM: u64 = 64 << 10;

/// What a guest waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wait {
    /// A clock: how far away the moment is, in nanoseconds.
    Clock(u64),
    /// Input from a descriptor.
    Read(u32),
    /// Room for output to a descriptor.
    Write(u32),
}

/// A subscription.
struct Subscription {
    userdata: u64,
    kind: u8,
    wait: Wait,
}

/// `poll_oneoff(subscriptions, events, count, happened)`: a subscription that cannot be served fails the call,
/// as in wasmtime, and not only its own event.
pub(super) fn poll_oneoff(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    let count = args.u32(2);
    if count == 0 || count > MOST_SUBSCRIPTIONS {
        return Err(Errno::Inval.into());
    }
    memory::check(guest, args.u32(1), u64::from(count) * EVENT_SIZE as u64)?;
    memory::check(guest, args.u32(3), 4)?;
    let subscriptions = read_subscriptions(guest, args.u32(0), count)?;
    let wasi = state(guest);
    let mut events = ready(wasi, &subscriptions, 0)?;
    if events.is_empty() {
        let clocks = subscriptions.iter().filter_map(|subscription| match subscription.wait {
            Wait::Clock(distance) => Some(distance),
            _ => None,
        });
        // Without an event there are only clocks.
        let first = clocks.min().ok_or(Errno::Inval)?;
        wasi.clock.sleep(first)?;
        events = ready(wasi, &subscriptions, first)?;
    }
    guest.host().gate.charge((events.len() * EVENT_SIZE) as u64)?;
    guest.write(u64::from(args.u32(1)), events.as_flattened())?;
    memory::write_u32(guest, args.u32(3), u32::try_from(events.len()).map_err(|_| Errno::Overflow)?)?;
    Ok(())
}

fn read_subscriptions(guest: &mut dyn Guest, address: u32, count: u32) -> Result<Vec<Subscription>, Failure> {
    let bytes = memory::read_bytes(guest, address, count * SUBSCRIPTION_SIZE)?;
    guest.host().gate.charge(bytes.len() as u64)?;
    let wasi = state(guest);
    let subscriptions = bytes.as_chunks::<48>().0.iter().map(|bytes| subscription(wasi, bytes));
    Ok(subscriptions.collect::<Result<_, _>>()?)
}

/// One subscription, as the interface lays it out.
fn subscription(wasi: &Wasi, bytes: &[u8; 48]) -> Result<Subscription, Errno> {
    let kind = byte(bytes, 8);
    let number = u32::try_from(field(bytes, 16, 4)).unwrap_or(u32::MAX);
    let wait = match kind {
        0 => Wait::Clock(distance(wasi, number, field(bytes, 24, 8), field(bytes, 40, 2))?),
        1 => Wait::Read(number),
        2 => Wait::Write(number),
        _ => return Err(Errno::Inval),
    };
    Ok(Subscription { userdata: field(bytes, 0, 8), kind, wait })
}

fn byte(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or(0)
}

/// A little-endian number of `size` bytes.
fn field(bytes: &[u8], at: usize, size: usize) -> u64 {
    (0..size).rev().fold(0, |number, index| (number << 8) | u64::from(byte(bytes, at + index)))
}

/// How far away a moment is.
fn distance(wasi: &Wasi, clock: u32, timeout: u64, flags: u64) -> Result<u64, Errno> {
    let clock = ClockId::from_number(clock)?;
    if clock == ClockId::Cputime {
        return Err(Errno::Notsup);
    }
    match u16::try_from(flags) {
        Ok(0) => Ok(timeout),
        Ok(ABSOLUTE) => Ok(timeout.saturating_sub(wasi.clock.peek(clock))),
        _ => Err(Errno::Inval),
    }
}

/// The events that have happened once `passed` nanoseconds have passed, in the order they were asked for.
fn ready(
    wasi: &mut Wasi,
    subscriptions: &[Subscription],
    passed: u64,
) -> Result<Vec<[u8; EVENT_SIZE]>, Errno> {
    let mut events = Vec::new();
    for subscription in subscriptions {
        let (bytes, flags) = match subscription.wait {
            Wait::Clock(distance) if distance > passed => continue,
            Wait::Clock(_) => (0, 0),
            Wait::Read(number) => readable(wasi, number)?,
            Wait::Write(number) => writable(wasi, number)?,
        };
        events.push(event(subscription, bytes, flags));
    }
    Ok(events)
}

/// The interface's `event`.
fn event(subscription: &Subscription, bytes: u64, flags: u16) -> [u8; EVENT_SIZE] {
    let mut event = [0; EVENT_SIZE];
    put(&mut event, 0, &subscription.userdata.to_le_bytes());
    put(&mut event, 10, &[subscription.kind]);
    put(&mut event, 16, &bytes.to_le_bytes());
    put(&mut event, 24, &flags.to_le_bytes());
    event
}

/// How many bytes can be read, and whether that is all there will ever be.
fn readable(wasi: &mut Wasi, number: u32) -> Result<(u64, u16), Errno> {
    match wasi.descriptors.get(number)?.object {
        Object::Stdin => {
            let unread = wasi.stdio.unread().len() as u64;
            Ok((unread, if unread == 0 { HANGUP } else { 0 }))
        }
        Object::File { node, offset } => Ok((wasi.files.size(node)?.saturating_sub(offset), 0)),
        _ => Err(Errno::Badf),
    }
}

/// How many bytes can be written.
fn writable(wasi: &Wasi, number: u32) -> Result<(u64, u16), Errno> {
    match wasi.descriptors.get(number)?.object {
        Object::Stdout | Object::Stderr | Object::File { .. } => Ok((STREAM_ROOM, 0)),
        _ => Err(Errno::Badf),
    }
}
