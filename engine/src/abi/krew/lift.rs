//! Reads the parameters of a call out of the guest's memory, by the rules of the interface.
//!
//! What the interface calls a trap ends the guest: a tag that is none, a pointer outside the memory, text that is not
//! UTF-8. No number from a guest is believed before it is checked.

use crate::cluster::MAX_REQUEST_BYTES;
use crate::machine::memory::{check, offset, read_bytes, read_u32};
use crate::machine::{Guest, OutOfBounds, Trap};
use crate::words;

/// The methods, by their tags.
const METHODS: [&str; 7] = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];

/// The most headers, parameters or certificates that one call may carry: the most headers that a server takes are some
/// hundred.
pub(super) const MAX_ENTRIES: u32 = 1_000;

/// The size of a pair of texts in a list, in bytes: two pointers and two lengths.
const PAIR_BYTES: u32 = 16;

/// The size of a certificate in a list, in bytes: its encoding, a pointer and a length, aligned to four.
const CERTIFICATE_BYTES: u32 = 12;

/// What a list or a body came to: what it holds, or why it is not read. That is no trap: the guest is told.
pub(super) type Bounded<T> = Result<T, String>;

/// The reader of one call.
pub(super) struct Lift<'a> {
    guest: &'a mut dyn Guest,
    function: &'static str,
}

impl<'a> Lift<'a> {
    pub(super) fn new(guest: &'a mut dyn Guest, function: &'static str) -> Self {
        Self { guest, function }
    }

    fn trap(&self, what: &str, cause: impl std::fmt::Display) -> Trap {
        Trap::Host(format!("`{}`: {what}: {cause}", self.function))
    }

    /// A method's name.
    pub(super) fn method(&self, tag: u32) -> Result<&'static str, Trap> {
        let method = usize::try_from(tag).ok().and_then(|tag| METHODS.get(tag));
        method.copied().ok_or_else(|| self.trap("the method", format!("{tag} is none of the tags 0 to 6")))
    }

    /// A tag that says 0 or 1: a boolean, or whether there is something.
    pub(super) fn some(&self, tag: u32, what: &str) -> Result<bool, Trap> {
        match tag {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(self.trap(what, format!("{tag} is neither of the tags 0 and 1"))),
        }
    }

    /// Fails unless bytes lie in the guest's memory.
    pub(super) fn range(&self, pointer: u32, length: u64, what: &str) -> Result<(), Trap> {
        check(self.guest, pointer, length).map_err(|error| self.trap(what, error))
    }

    fn bytes(&mut self, pointer: u32, length: u32, what: &str) -> Result<Vec<u8>, Trap> {
        self.range(pointer, u64::from(length), what)?;
        self.guest.host().gate.charge(u64::from(length))?;
        read_bytes(self.guest, pointer, length).map_err(|error| self.trap(what, error))
    }

    /// A text.
    pub(super) fn text(&mut self, pointer: u32, length: u32, what: &str) -> Result<String, Trap> {
        let bytes = self.bytes(pointer, length, what)?;
        String::from_utf8(bytes)
            .map_err(|error| self.trap(what, format!("not UTF-8: {}", error.utf8_error())))
    }

    /// A body.
    pub(super) fn body(&mut self, pointer: u32, length: u32) -> Result<Bounded<Vec<u8>>, Trap> {
        self.range(pointer, u64::from(length), "the body")?;
        if u64::from(length) > MAX_REQUEST_BYTES as u64 {
            let (length, limit) = (words::grouped(length.into()), words::grouped(MAX_REQUEST_BYTES as u64));
            return Ok(Err(format!(
                "its body has {length} bytes, more than the {limit} that an API server takes"
            )));
        }
        self.bytes(pointer, length, "the body").map(Ok)
    }

    /// A list of pairs of texts.
    pub(super) fn pairs(
        &mut self,
        pointer: u32,
        count: u32,
        what: &str,
    ) -> Result<Bounded<Vec<(String, String)>>, Trap> {
        if let Err(cause) = self.list(pointer, count, PAIR_BYTES, what)? {
            return Ok(Err(cause));
        }
        let mut pairs = Vec::new();
        for index in 0..count {
            let element = self.element(pointer, index, PAIR_BYTES, what)?;
            let [name, name_length, value, value_length] = self.numbers(element, what)?;
            pairs.push((self.text(name, name_length, what)?, self.text(value, value_length, what)?));
        }
        Ok(Ok(pairs))
    }

    /// How many certificates there are. They are looked at as far as the interface demands, and not read.
    pub(super) fn certificates(&mut self, pointer: u32, count: u32) -> Result<Bounded<u32>, Trap> {
        let what = "certificates";
        if let Err(cause) = self.list(pointer, count, CERTIFICATE_BYTES, what)? {
            return Ok(Err(cause));
        }
        for index in 0..count {
            let element = self.element(pointer, index, CERTIFICATE_BYTES, what)?;
            let [encoding, data, length] = self.numbers(element, what)?;
            // The tag is one byte; the three after it are padding, and may hold anything.
            if encoding & 0xff > 1 {
                return Err(
                    self.trap("an encoding", format!("{} is neither of the tags 0 and 1", encoding & 0xff))
                );
            }
            self.range(data, u64::from(length), "a certificate")?;
        }
        Ok(Ok(count))
    }

    /// Checks a list before its elements are read.
    fn list(&mut self, pointer: u32, count: u32, size: u32, what: &str) -> Result<Bounded<()>, Trap> {
        let bytes = u64::from(count) * u64::from(size);
        self.range(pointer, bytes, what)?;
        if count > MAX_ENTRIES {
            let (count, limit) = (words::grouped(count.into()), words::grouped(MAX_ENTRIES.into()));
            return Ok(Err(format!("{count} {what} are more than the {limit} that a call may carry")));
        }
        self.guest.host().gate.charge(bytes)?;
        Ok(Ok(()))
    }

    fn element(&self, pointer: u32, index: u32, size: u32, what: &str) -> Result<u32, Trap> {
        offset(self.guest, pointer, index.saturating_mul(size)).map_err(|error| self.trap(what, error))
    }

    /// The words of an element.
    fn numbers<const N: usize>(&self, element: u32, what: &str) -> Result<[u32; N], Trap> {
        let mut numbers = [0; N];
        for (slot, place) in numbers.iter_mut().zip((0..).step_by(4)) {
            let read = offset(self.guest, element, place).and_then(|address| read_u32(self.guest, address));
            *slot = read.map_err(|error: OutOfBounds| self.trap(what, error))?;
        }
        Ok(numbers)
    }
}
