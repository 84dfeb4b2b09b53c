//! Inflates a gzip file within bounds: a bomb is refused while it grows, never after.
//!
//! Checksums and sizes are verified. Source: RFC 1952.

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress, inflate_flags};

use super::{MAX_RATIO, MAX_UNPACKED_BYTES, MIN_RATIO_BYTES, PackageError};
use crate::visible::bytes;
use crate::words;

/// What a gzip file begins with.
pub(super) const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// The only method there is: deflate.
const DEFLATE: u8 = 8;

/// The most files one after the other, which together are one: tools that compress in parts write some.
const MAX_MEMBERS: usize = 1_000;

/// All that a gzip file holds.
pub(super) fn inflate(package: &[u8], notes: &mut Vec<String>) -> Result<Vec<u8>, PackageError> {
    if !package.starts_with(&MAGIC) {
        return Err(damaged("it is no gzip file"));
    }
    let most = MAX_UNPACKED_BYTES.min(package.len().saturating_mul(MAX_RATIO).max(MIN_RATIO_BYTES));
    let mut output = Vec::new();
    let mut rest = package;
    for _ in 0..MAX_MEMBERS {
        rest = member(rest, &mut output, most)?;
        if !rest.starts_with(&MAGIC) {
            break;
        }
    }
    if rest.iter().any(|byte| *byte != 0) {
        notes.push(format!(
            "{} behind the compressed archive are passed over",
            words::count(rest.len() as u64, "byte")
        ));
    }
    Ok(output)
}

/// Inflates one file, and gives what follows it.
fn member<'a>(bytes: &'a [u8], output: &mut Vec<u8>, most: usize) -> Result<&'a [u8], PackageError> {
    let mut rest = header(bytes)?;
    let begin = output.len();
    let mut state = Box::new(DecompressorOxide::new());
    let mut written = 0;
    // The window of deflate lies in the output, so earlier members must not: a part of its own for each.
    let mut part = Vec::new();
    loop {
        let room = part.len().max(32 << 10).saturating_mul(2);
        part.resize(room.min(most.saturating_sub(begin)), 0);
        let flags = inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
        let (status, read, out) = decompress(&mut state, rest, &mut part, written, flags);
        rest = rest.get(read..).unwrap_or_default();
        written += out;
        match status {
            TINFLStatus::Done => break,
            TINFLStatus::HasMoreOutput if begin + written < most => {}
            TINFLStatus::HasMoreOutput => return Err(bomb(most)),
            _ => return Err(damaged("it ends too early, or its compressed data makes no sense")),
        }
    }
    part.truncate(written);
    let (sum, rest) = number(rest)?;
    let (size, rest) = number(rest)?;
    if sum != crc32(&part) {
        return Err(damaged("its checksum does not match"));
    }
    if u64::from(size) != part.len() as u64 & 0xffff_ffff {
        return Err(damaged("its size does not match"));
    }
    output.append(&mut part);
    Ok(rest)
}

fn bomb(most: usize) -> PackageError {
    let cause = if most == MAX_UNPACKED_BYTES {
        format!("it inflates to more than {}", bytes(most as u64))
    } else {
        format!("it inflates to more than {MAX_RATIO} times its size")
    };
    PackageError::TooLarge(cause)
}

fn damaged(cause: &str) -> PackageError {
    PackageError::Damaged(cause.to_owned())
}

/// What follows the header.
fn header(bytes: &[u8]) -> Result<&[u8], PackageError> {
    let cut = || damaged("its header is cut off");
    let (head, mut rest) = bytes.split_at_checked(10).ok_or_else(cut)?;
    let &[_, _, method, flags, ..] = head else { return Err(cut()) };
    if method != DEFLATE || flags & 0xe0 != 0 {
        return Err(damaged("its header makes no sense"));
    }
    if flags & 4 != 0 {
        let (length, after) = rest.split_at_checked(2).ok_or_else(cut)?;
        let length = length.iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
        rest = after.get(length..).ok_or_else(cut)?;
    }
    // A name and a comment, each of which a zero ends.
    for flag in [8, 16] {
        if flags & flag != 0 {
            let end = rest.iter().position(|byte| *byte == 0).ok_or_else(cut)?;
            rest = rest.get(end + 1..).unwrap_or_default();
        }
    }
    match flags & 2 {
        0 => Ok(rest),
        _ => rest.get(2..).ok_or_else(cut),
    }
}

fn number(bytes: &[u8]) -> Result<(u32, &[u8]), PackageError> {
    match bytes.split_first_chunk() {
        Some((number, rest)) => Ok((u32::from_le_bytes(*number), rest)),
        None => Err(damaged("its end is cut off")),
    }
}

/// The checksum of gzip.
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    let mut table = [0_u32; 256];
    for (index, slot) in (0_u32..).zip(table.iter_mut()) {
        *slot = (0..8).fold(index, |sum, _| if sum & 1 == 0 { sum >> 1 } else { sum >> 1 ^ 0xedb8_8320 });
    }
    let step = |sum: u32, byte: &u8| {
        let index = usize::from(sum.to_le_bytes()[0] ^ byte);
        sum >> 8 ^ table.get(index).copied().unwrap_or_default()
    };
    !bytes.iter().fold(!0, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_one_of_gzip() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b""), 0);
    }
}
