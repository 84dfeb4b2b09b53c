//! A message as bytes: JSON for what is small, buffers as they are for bytes and texts. Before each part stands
//! its length, as four bytes, the lowest first.
//!
//! It refuses a packet whose lengths do not fit; it trusts nothing of what a length says before it has the bytes.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::WireError;

/// A message with its buffers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet<'a, T> {
    /// The message.
    pub message: T,
    /// The buffers.
    pub buffers: Vec<&'a [u8]>,
}

/// A message and its buffers as bytes.
///
/// # Errors
/// When a part is 4 GiB or more.
pub fn write<T: Serialize>(message: &T, buffers: &[&[u8]]) -> Result<Vec<u8>, WireError> {
    let text = serde_json::to_vec(message).map_err(|error| broken(&error.to_string()))?;
    let parts: Vec<&[u8]> = std::iter::once(text.as_slice()).chain(buffers.iter().copied()).collect();
    let mut bytes = Vec::with_capacity(parts.iter().map(|part| part.len() + 4).sum());
    for part in parts {
        let length = u32::try_from(part.len()).map_err(|_| broken("a part has 4 GiB or more"))?;
        bytes.extend(length.to_le_bytes());
        bytes.extend(part);
    }
    Ok(bytes)
}

/// What [`write`] wrote.
///
/// # Errors
/// When the bytes are no such message.
pub fn read<T: DeserializeOwned>(mut bytes: &[u8]) -> Result<Packet<'_, T>, WireError> {
    // As text, like all that the page reads: for bytes, its program would hold the code of every message twice.
    let text = std::str::from_utf8(part(&mut bytes)?).map_err(|error| broken(&error.to_string()))?;
    let message = serde_json::from_str(text).map_err(|error| broken(&error.to_string()))?;
    let mut buffers = Vec::new();
    while !bytes.is_empty() {
        buffers.push(part(&mut bytes)?);
    }
    Ok(Packet { message, buffers })
}

fn part<'a>(bytes: &mut &'a [u8]) -> Result<&'a [u8], WireError> {
    let cut = || broken("it is cut off");
    let (length, rest) = bytes.split_first_chunk::<4>().ok_or_else(cut)?;
    let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_| cut())?;
    let (part, rest) = rest.split_at_checked(length).ok_or_else(cut)?;
    *bytes = rest;
    Ok(part)
}

fn broken(cause: &str) -> WireError {
    WireError::new(
        format!("a message between the page and its window cannot be read: {cause}"),
        "start the window again",
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for buffers in [&[][..], &[&b""[..]], &[&b"\0asm"[..], b"", b"text"]] {
            let bytes = write(&"message", buffers).unwrap();
            let packet = read::<String>(&bytes).unwrap();
            assert_eq!(packet, Packet { message: "message".to_owned(), buffers: buffers.to_vec() });
        }
    }

    #[test]
    fn what_is_cut_is_refused() {
        let bytes = write(&"message", &[b"buffer"]).unwrap();
        let whole = write(&"message", &[]).unwrap().len();
        for length in (0..bytes.len()).filter(|length| *length != whole) {
            assert!(read::<String>(bytes.get(..length).unwrap()).is_err(), "{length}");
        }
        assert!(read::<u32>(&bytes).is_err());
        assert!(read::<String>(&[255, 255, 255, 255, 1]).is_err());
    }
}
