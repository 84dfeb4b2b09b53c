//! Reading, writing and seeking through descriptors.
//!
//! Bytes move in chunks: a guest that passes a buffer of a gigabyte makes the host hold one chunk.

use super::descriptors::{Descriptor, Object};
use super::errno::{Errno, Failure, Outcome};
use super::fdstat::APPEND;
use super::files::NodeId;
use super::rights::{self, Rights};
use super::state;
use super::vectors::{Vector, read_vectors};
use crate::machine::memory;
use crate::machine::{Args, Guest};

/// How much is copied at once, in bytes: large enough that the copy dominates, small enough to be nothing.
pub(super) const CHUNK: u64 = 64 << 10;

/// The largest offset of a file, as in POSIX.
const LARGEST_OFFSET: u64 = i64::MAX as u64;

/// Where bytes come from or go to.
#[derive(Clone, Copy, Debug)]
enum Place {
    Stdin,
    Stdout,
    Stderr,
    /// A file, from an offset on.
    File(NodeId, u64),
}

/// `fd_read(fd, vectors, count, read)`
pub(super) fn fd_read(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    let number = args.u32(0);
    let place = open_place(state(guest).descriptors.get(number)?, rights::FD_READ)?;
    memory::check(guest, args.u32(3), 4)?;
    let vectors = read_vectors(guest, args.u32(1), args.u32(2))?;
    let moved = read_into(guest, place, &vectors)?;
    advance(guest, number, place, moved)?;
    memory::write_u32(guest, args.u32(3), moved)?;
    Ok(())
}

/// `fd_pread(fd, vectors, count, offset, read)`
pub(super) fn fd_pread(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    let place = file_place(state(guest).descriptors.get(args.u32(0))?, rights::FD_READ, args.u64(3))?;
    memory::check(guest, args.u32(4), 4)?;
    let vectors = read_vectors(guest, args.u32(1), args.u32(2))?;
    let moved = read_into(guest, place, &vectors)?;
    memory::write_u32(guest, args.u32(4), moved)?;
    Ok(())
}

/// `fd_write(fd, vectors, count, written)`
pub(super) fn fd_write(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    let number = args.u32(0);
    let wasi = state(guest);
    let descriptor = wasi.descriptors.get(number)?;
    let mut place = open_place(descriptor, rights::FD_WRITE)?;
    if let (Place::File(node, _), true) = (place, descriptor.flags & APPEND != 0) {
        place = Place::File(node, wasi.files.size(node)?);
    }
    memory::check(guest, args.u32(3), 4)?;
    let vectors = read_vectors(guest, args.u32(1), args.u32(2))?;
    let moved = write_from(guest, place, &vectors)?;
    advance(guest, number, place, moved)?;
    memory::write_u32(guest, args.u32(3), moved)?;
    Ok(())
}

/// `fd_pwrite(fd, vectors, count, offset, written)`: at the offset even in append mode, as POSIX says.
pub(super) fn fd_pwrite(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    let place = file_place(state(guest).descriptors.get(args.u32(0))?, rights::FD_WRITE, args.u64(3))?;
    memory::check(guest, args.u32(4), 4)?;
    let vectors = read_vectors(guest, args.u32(1), args.u32(2))?;
    let moved = write_from(guest, place, &vectors)?;
    memory::write_u32(guest, args.u32(4), moved)?;
    Ok(())
}

/// `fd_seek(fd, offset, whence, position)`
pub(super) fn fd_seek(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    let wasi = state(guest);
    let descriptor = wasi.descriptors.get(args.u32(0))?;
    let (node, offset) = descriptor.file()?;
    let by = args.u64(1).cast_signed();
    let from = match args.u32(2) {
        0 => 0,
        1 => offset,
        2 => wasi.files.size(node)?,
        _ => return Err(Errno::Inval.into()),
    };
    // Asking where one is needs the smaller right.
    let asks_only = by == 0 && args.u32(2) == 1;
    descriptor.allow(if asks_only { rights::FD_TELL } else { rights::FD_SEEK })?;
    let position =
        from.checked_add_signed(by).filter(|position| *position <= LARGEST_OFFSET).ok_or(Errno::Inval)?;
    memory::check(guest, args.u32(3), 8)?;
    set_offset(guest, args.u32(0), position)?;
    memory::write_u64(guest, args.u32(3), position)?;
    Ok(())
}

/// `fd_tell(fd, position)`
pub(super) fn fd_tell(guest: &mut dyn Guest, args: Args<'_>) -> Outcome {
    let descriptor = state(guest).descriptors.get(args.u32(0))?;
    let (_, offset) = descriptor.file()?;
    descriptor.allow(rights::FD_TELL)?;
    memory::write_u64(guest, args.u32(1), offset)?;
    Ok(())
}

/// Where a descriptor reads from or writes to at its own offset.
fn open_place(descriptor: &Descriptor, needed: Rights) -> Result<Place, Errno> {
    let place = match (&descriptor.object, needed == rights::FD_READ) {
        (Object::Stdin, true) => Place::Stdin,
        (Object::Stdout, false) => Place::Stdout,
        (Object::Stderr, false) => Place::Stderr,
        (Object::File { node, offset }, _) => Place::File(*node, *offset),
        _ => return Err(Errno::Badf),
    };
    allow_transfer(descriptor, needed)?;
    Ok(place)
}

/// Where a descriptor reads from or writes to at an offset that the guest chose.
fn file_place(descriptor: &Descriptor, needed: Rights, offset: u64) -> Result<Place, Errno> {
    let (node, _) = descriptor.file()?;
    allow_transfer(descriptor, needed)?;
    if offset > LARGEST_OFFSET {
        return Err(Errno::Inval);
    }
    Ok(Place::File(node, offset))
}

/// A descriptor that was not opened for this is a bad one, as in POSIX.
fn allow_transfer(descriptor: &Descriptor, needed: Rights) -> Result<(), Errno> {
    descriptor.allow(needed).map_err(|_| Errno::Badf)
}

/// Moves a file's offset past what was transferred.
fn advance(guest: &mut dyn Guest, number: u32, place: Place, moved: u32) -> Result<(), Errno> {
    match place {
        Place::File(_, offset) => set_offset(guest, number, offset.saturating_add(u64::from(moved))),
        _ => Ok(()),
    }
}

fn set_offset(guest: &mut dyn Guest, number: u32, position: u64) -> Result<(), Errno> {
    if let Object::File { offset, .. } = &mut state(guest).descriptors.get_mut(number)?.object {
        *offset = position;
    }
    Ok(())
}

/// Fills the buffers until they are full or the source is at its end; gives how many bytes.
fn read_into(guest: &mut dyn Guest, place: Place, vectors: &[Vector]) -> Result<u32, Failure> {
    let mut buffer = chunk_for(vectors);
    let mut moved: u64 = 0;
    for piece in pieces(vectors) {
        let into = buffer.get_mut(..piece.1).unwrap_or_default();
        let wasi = state(guest);
        let count = match place {
            Place::Stdin => wasi.stdio.read(into),
            Place::File(node, offset) => wasi.files.read_at(node, offset.saturating_add(moved), into)?,
            Place::Stdout | Place::Stderr => 0,
        };
        guest.host().gate.charge(count as u64)?;
        guest.write(piece.0, into.get(..count).unwrap_or_default())?;
        moved += count as u64;
        if count < piece.1 {
            break;
        }
    }
    Ok(u32::try_from(moved).map_err(|_| Errno::Overflow)?)
}

/// Writes the buffers until all is written or nothing more fits; gives how many bytes.
fn write_from(guest: &mut dyn Guest, place: Place, vectors: &[Vector]) -> Result<u32, Failure> {
    let mut buffer = chunk_for(vectors);
    let mut moved: u64 = 0;
    for piece in pieces(vectors) {
        let from = buffer.get_mut(..piece.1).unwrap_or_default();
        guest.read(piece.0, from)?;
        guest.host().gate.charge(from.len() as u64)?;
        let count = match write_piece(guest, place, moved, from) {
            // What was written counts; the next call says why there is no more.
            Err(Failure::Errno(_)) if moved > 0 => break,
            other => other?,
        };
        moved += count as u64;
        if count < piece.1 {
            break;
        }
    }
    Ok(u32::try_from(moved).map_err(|_| Errno::Overflow)?)
}

fn write_piece(guest: &mut dyn Guest, place: Place, moved: u64, bytes: &[u8]) -> Result<usize, Failure> {
    let wasi = state(guest);
    match place {
        Place::Stdout => wasi.stdio.print(bytes)?,
        Place::Stderr => wasi.stdio.complain(bytes),
        Place::File(node, offset) => {
            let at = offset.saturating_add(moved);
            let (now, size) = (wasi.clock.stamp(), wasi.files.size(node)?);
            let count = wasi.files.write_at(node, at, bytes, now)?;
            // Filling a gap with zeros is work like copying.
            guest.host().gate.charge(at.saturating_sub(size))?;
            return Ok(count);
        }
        Place::Stdin => return Err(Errno::Badf.into()),
    }
    Ok(bytes.len())
}

/// A buffer for the largest piece.
fn chunk_for(vectors: &[Vector]) -> Vec<u8> {
    let longest = vectors.iter().map(|vector| vector.length).max().unwrap_or(0);
    vec![0; usize::try_from(longest.min(CHUNK)).unwrap_or(0)]
}

/// The buffers cut into pieces of at most a chunk: address and length.
fn pieces(vectors: &[Vector]) -> impl Iterator<Item = (u64, usize)> + '_ {
    vectors.iter().flat_map(|vector| {
        let starts = (0..vector.length.div_ceil(CHUNK)).map(|index| index * CHUNK);
        starts.map(|start| {
            let length = (vector.length - start).min(CHUNK);
            (vector.address + start, usize::try_from(length).unwrap_or(0))
        })
    })
}
