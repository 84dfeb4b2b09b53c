//! Checked copies between the host and a guest's memory: the only place that adds a guest pointer to a length.
//!
//! It trusts no number from a guest: every length is capped before anything is allocated.

use super::{Guest, OutOfBounds};

/// Reads `length` bytes at `address`.
///
/// # Errors
/// [`OutOfBounds`] when the range does not lie inside the memory: checked before the allocation, so that a
/// guest cannot make the host allocate more than the guest itself holds.
pub fn read_bytes(guest: &dyn Guest, address: u32, length: u32) -> Result<Vec<u8>, OutOfBounds> {
    check(guest, address, u64::from(length))?;
    let mut bytes = vec![0; usize::try_from(length).unwrap_or(usize::MAX)];
    guest.read(u64::from(address), &mut bytes)?;
    Ok(bytes)
}

/// Fails unless `length` bytes at `address` lie inside the memory.
///
/// # Errors
/// [`OutOfBounds`] as said.
pub fn check(guest: &dyn Guest, address: u32, length: u64) -> Result<(), OutOfBounds> {
    let size = guest.memory_size();
    let address = u64::from(address);
    match address.checked_add(length) {
        Some(end) if end <= size => Ok(()),
        _ => Err(OutOfBounds { address, length, size }),
    }
}

/// Reads a little-endian 32-bit number.
///
/// # Errors
/// [`OutOfBounds`] when it does not lie inside the memory.
pub fn read_u32(guest: &dyn Guest, address: u32) -> Result<u32, OutOfBounds> {
    let mut bytes = [0; 4];
    guest.read(u64::from(address), &mut bytes)?;
    Ok(u32::from_le_bytes(bytes))
}

/// Reads a little-endian 64-bit number.
///
/// # Errors
/// [`OutOfBounds`] when it does not lie inside the memory.
pub fn read_u64(guest: &dyn Guest, address: u32) -> Result<u64, OutOfBounds> {
    let mut bytes = [0; 8];
    guest.read(u64::from(address), &mut bytes)?;
    Ok(u64::from_le_bytes(bytes))
}

/// Writes a byte.
///
/// # Errors
/// [`OutOfBounds`] when it does not lie inside the memory.
pub fn write_u8(guest: &mut dyn Guest, address: u32, value: u8) -> Result<(), OutOfBounds> {
    guest.write(u64::from(address), &[value])
}

/// Writes a little-endian 32-bit number.
///
/// # Errors
/// [`OutOfBounds`] when it does not lie inside the memory.
pub fn write_u32(guest: &mut dyn Guest, address: u32, value: u32) -> Result<(), OutOfBounds> {
    guest.write(u64::from(address), &value.to_le_bytes())
}

/// Writes a little-endian 64-bit number.
///
/// # Errors
/// [`OutOfBounds`] when it does not lie inside the memory.
pub fn write_u64(guest: &mut dyn Guest, address: u32, value: u64) -> Result<(), OutOfBounds> {
    guest.write(u64::from(address), &value.to_le_bytes())
}

/// A field of a guest's structure: `address` plus `offset`, which may leave the 32-bit range and is then an
/// address that no memory holds.
///
/// # Errors
/// [`OutOfBounds`] when the sum leaves the 32-bit range.
pub fn offset(guest: &dyn Guest, address: u32, offset: u32) -> Result<u32, OutOfBounds> {
    address.checked_add(offset).ok_or(OutOfBounds {
        address: u64::from(address),
        length: u64::from(offset),
        size: guest.memory_size(),
    })
}
