//! Writes an answer into the guest's memory, by the rules of the interface: numbers into the area that the guest names,
//! texts and lists where the guest's own allocator puts them.
//!
//! The allocator is the guest's, so nothing that it says is believed: an address that is 0, not aligned or outside the
//! memory ends the guest.

use super::Form;
use super::host::{Answer, HttpError};
use crate::machine::memory::{check, offset, write_u32};
use crate::machine::{Fault, Guest, Trap, Value};

/// The guest's allocator.
pub(super) const REALLOC: &str = "canonical_abi_realloc";

/// How many numbers the answer of `request` has, and that of `register-request-config`.
pub(super) const RESPONSE: u32 = 8;
pub(super) const ID: u32 = 3;

/// Each number has a slot of eight bytes, of which it fills the lower four.
const SLOT_BYTES: u32 = 8;

/// The size of a pair of texts in a list, in bytes.
const PAIR_BYTES: u32 = 16;

/// Fails unless the area lies in the guest's memory: before anything is asked, so that no answer is lost.
pub(super) fn check_area(guest: &dyn Guest, function: &str, area: u32, slots: u32) -> Result<(), Trap> {
    // The upper half of the last slot is not written.
    let bytes = u64::from(slots * SLOT_BYTES - 4);
    check(guest, area, bytes)
        .map_err(|error| Trap::Host(format!("`{function}`: the answer's place: {error}")))
}

type Called = Result<Option<Value>, Trap>;

/// The answer of `request`.
pub(super) fn response(
    guest: &mut dyn Guest,
    area: u32,
    answer: Result<Answer, HttpError>,
    form: Form,
) -> Called {
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => return fill(guest, area, [1, error.tag(form), 0, 0, 0, 0, 0, 0]),
    };
    let (tag, pointer, count) = match &answer.content_type {
        Some(content_type) => (1, headers(guest, content_type)?, 1),
        None => (0, 0, 0),
    };
    let (body, length) = bytes(guest, &answer.body)?;
    fill(guest, area, [0, answer.status.into(), tag, pointer, count, 1, body, length])
}

/// The answer of `register-request-config`.
pub(super) fn id(guest: &mut dyn Guest, area: u32, answer: Result<String, HttpError>) -> Called {
    match answer {
        Ok(id) => {
            let (pointer, length) = bytes(guest, id.as_bytes())?;
            fill(guest, area, [0, pointer, length])
        }
        Err(error) => fill(guest, area, [1, error.tag(Form::Configured), 0]),
    }
}

/// The one header that is told.
fn headers(guest: &mut dyn Guest, content_type: &str) -> Result<u32, Trap> {
    let list = allocate(guest, 4, PAIR_BYTES)?;
    let (name, name_length) = bytes(guest, b"content-type")?;
    let (value, value_length) = bytes(guest, content_type.as_bytes())?;
    guest.host().gate.charge(PAIR_BYTES.into())?;
    for (number, place) in [name, name_length, value, value_length].into_iter().zip((0..).step_by(4)) {
        write(guest, list, place, number)?;
    }
    Ok(list)
}

fn bytes(guest: &mut dyn Guest, bytes: &[u8]) -> Result<(u32, u32), Trap> {
    let length = u32::try_from(bytes.len()).map_err(|_| Trap::Host("an answer beyond 4 GiB".into()))?;
    guest.host().gate.charge(length.into())?;
    let pointer = allocate(guest, 1, length)?;
    guest.write(pointer.into(), bytes).map_err(|error| nonsense(&error))?;
    Ok((pointer, length))
}

/// Room in the guest's memory. It is asked for nothing too: the address is then any but 0.
fn allocate(guest: &mut dyn Guest, align: u32, size: u32) -> Result<u32, Trap> {
    let args = [0, 0, align, size].map(|number| Value::I32(number.cast_signed()));
    let pointer = match guest.call(REALLOC, &args) {
        Ok(Some(Value::I32(pointer))) => pointer.cast_unsigned(),
        // A machine has no name for a call with other types.
        Ok(_) | Err(Trap::Fault(Fault::Other)) => {
            return Err(nonsense(&"it takes four numbers of 32 bits and returns one, and this one does not"));
        }
        Err(trap) => return Err(trap),
    };
    if pointer == 0 || pointer % align != 0 {
        return Err(nonsense(&format!("{pointer} is no address for {size} bytes aligned to {align}")));
    }
    if size > 0 {
        check(guest, pointer, size.into()).map_err(|error| nonsense(&error))?;
    }
    Ok(pointer)
}

fn nonsense(cause: &dyn std::fmt::Display) -> Trap {
    Trap::Host(format!("`{REALLOC}`: {cause}"))
}

fn fill<const N: usize>(guest: &mut dyn Guest, area: u32, numbers: [u32; N]) -> Called {
    for (number, place) in numbers.into_iter().zip((0..).step_by(SLOT_BYTES as usize)) {
        write(guest, area, place, number)?;
    }
    Ok(None)
}

fn write(guest: &mut dyn Guest, base: u32, place: u32, number: u32) -> Result<(), Trap> {
    let address = offset(guest, base, place);
    address
        .and_then(|address| write_u32(guest, address, number))
        .map_err(|error| Trap::Host(format!("the answer's place: {error}")))
}
