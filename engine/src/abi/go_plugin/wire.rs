//! Protocol buffers as bytes: fields read one after the other, and written.
//!
//! It knows no types. Nothing that it reads is copied or followed deeper than it is asked to, and whatever does not add
//! up is an error with its place, never a guess.

use std::fmt;

/// The highest number that a field may have.
pub(crate) const MAX_NUMBER: u32 = (1 << 29) - 1;

/// How deep groups may be nested in each other: as deep as the usual readers go.
const MAX_GROUPS: usize = 100;

/// A value as it lies there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Varint(u64),
    Fixed64(u64),
    /// A text, bytes, a message, or packed numbers.
    Bytes(&'a [u8]),
    /// What lies between the beginning and the end of a group.
    Group(&'a [u8]),
    Fixed32(u32),
}

/// Why bytes are no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    /// Where, from the beginning of the bytes.
    at: usize,
    cause: &'static str,
}

impl fmt::Display for Broken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "at byte {}: {}", self.at, self.cause)
    }
}

/// The fields of a message, one after the other; the first error ends it.
#[derive(Clone, Debug)]
pub(crate) struct Fields<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Fields<'a> {
    pub(crate) fn of(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    fn broken<T>(&self, cause: &'static str) -> Result<T, Broken> {
        Err(Broken { at: self.at, cause })
    }

    fn take(&mut self, length: u64) -> Result<&'a [u8], Broken> {
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let end = self.at.checked_add(length);
        match end.and_then(|end| self.bytes.get(self.at..end)) {
            Some(bytes) => {
                self.at += length;
                Ok(bytes)
            }
            None => self.broken("the message is cut off"),
        }
    }

    fn number<const N: usize>(&mut self) -> Result<[u8; N], Broken> {
        let mut number = [0; N];
        number.copy_from_slice(self.take(N as u64)?);
        Ok(number)
    }

    pub(crate) fn varint(&mut self) -> Result<u64, Broken> {
        let mut value = 0;
        for place in 0..10 {
            let [byte] = self.number()?;
            let bits = u64::from(byte & 0x7f);
            // The tenth byte has room for one bit.
            if place == 9 && byte > 1 {
                return self.broken("a number has more than 64 bits");
            }
            value |= bits << (7 * place);
            if byte < 0x80 {
                return Ok(value);
            }
        }
        self.broken("a number has more than 64 bits")
    }

    /// The number of a field, and how its value is written.
    fn tag(&mut self) -> Result<(u32, u64), Broken> {
        let tag = self.varint()?;
        match u32::try_from(tag >> 3) {
            Ok(number @ 1..=MAX_NUMBER) => Ok((number, tag & 7)),
            _ => self.broken("a field's number is none from 1 to 536,870,911"),
        }
    }

    fn field(&mut self) -> Result<(u32, Value<'a>), Broken> {
        let (number, wire) = self.tag()?;
        let value = match wire {
            0 => Value::Varint(self.varint()?),
            1 => Value::Fixed64(u64::from_le_bytes(self.number()?)),
            2 => {
                let length = self.varint()?;
                Value::Bytes(self.take(length)?)
            }
            3 => Value::Group(self.group(number)?),
            4 => return self.broken("a group ends that did not begin"),
            5 => Value::Fixed32(u32::from_le_bytes(self.number()?)),
            _ => return self.broken("a field is written in a way that there is none of"),
        };
        Ok((number, value))
    }

    /// Passes a group over, whatever is nested in it.
    fn group(&mut self, number: u32) -> Result<&'a [u8], Broken> {
        let begin = self.at;
        let mut open = vec![number];
        loop {
            let end = self.at;
            let (number, wire) = self.tag()?;
            match wire {
                0 => drop(self.varint()?),
                1 => drop(self.take(8)?),
                2 => {
                    let length = self.varint()?;
                    self.take(length)?;
                }
                3 if open.len() >= MAX_GROUPS => return self.broken("groups are nested too deep"),
                3 => open.push(number),
                4 if open.pop() != Some(number) => return self.broken("a group ends that did not begin"),
                4 if open.is_empty() => return Ok(self.bytes.get(begin..end).unwrap_or_default()),
                4 => {}
                5 => drop(self.take(4)?),
                _ => return self.broken("a field is written in a way that there is none of"),
            }
        }
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u32, Value<'a>), Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.bytes.len() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.bytes = &[];
        }
        Some(field)
    }
}

/// Numbers that are packed into one value, each as long as it is.
pub(crate) fn packed_varints(bytes: &[u8]) -> impl Iterator<Item = Result<u64, Broken>> {
    let mut rest = Fields::of(bytes);
    std::iter::from_fn(move || {
        if rest.at >= rest.bytes.len() {
            return None;
        }
        let number = rest.varint();
        if number.is_err() {
            rest.bytes = &[];
        }
        Some(number)
    })
}

/// Writes a number.
pub(crate) fn write_varint(mut value: u64, into: &mut Vec<u8>) {
    loop {
        let [low, ..] = value.to_le_bytes();
        value >>= 7;
        if value == 0 {
            into.push(low & 0x7f);
            return;
        }
        into.push(low | 0x80);
    }
}

/// Writes a field.
pub(crate) fn write(number: u32, value: Value<'_>, into: &mut Vec<u8>) {
    let tag = |wire: u64| u64::from(number) << 3 | wire;
    match value {
        Value::Varint(value) => {
            write_varint(tag(0), into);
            write_varint(value, into);
        }
        Value::Fixed64(value) => {
            write_varint(tag(1), into);
            into.extend(value.to_le_bytes());
        }
        Value::Bytes(bytes) => {
            write_varint(tag(2), into);
            write_varint(bytes.len() as u64, into);
            into.extend(bytes);
        }
        Value::Group(bytes) => {
            write_varint(tag(3), into);
            into.extend(bytes);
            write_varint(tag(4), into);
        }
        Value::Fixed32(value) => {
            write_varint(tag(5), into);
            into.extend(value.to_le_bytes());
        }
    }
}

/// A number below 0 as a small one: 0, -1, 1, -2 are 0, 1, 2, 3.
pub(crate) fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)).cast_unsigned()
}

/// The number that [`zigzag`] was given.
pub(crate) fn unzigzag(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -(value & 1).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: Result<&[(u32, Value<'_>)], &str>) {
        let found: Result<Vec<_>, _> = Fields::of(bytes).collect();
        match (found, expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected),
            (found, expected) => {
                assert_eq!(
                    found.map_err(|error| error.to_string()),
                    expected.map(Vec::from).map_err(str::to_owned)
                )
            }
        }
    }

    #[test]
    fn fields_are_read_as_they_lie_there() {
        check(b"", Ok(&[]));
        check(
            b"\x0a\x04demo\x12\x07default",
            Ok(&[(1, Value::Bytes(b"demo")), (2, Value::Bytes(b"default"))]),
        );
        check(b"\x08\x96\x01", Ok(&[(1, Value::Varint(150))]));
        check(b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", Ok(&[(1, Value::Varint(u64::MAX))]));
        check(
            b"\x0d\x01\x00\x00\x00\x11\x02\0\0\0\0\0\0\0",
            Ok(&[(1, Value::Fixed32(1)), (2, Value::Fixed64(2))]),
        );
        check(b"\x0b\x10\x01\x0c", Ok(&[(1, Value::Group(b"\x10\x01"))]));
        check(b"\x0b\x13\x14\x0c\x18\x05", Ok(&[(1, Value::Group(b"\x13\x14")), (3, Value::Varint(5))]));
        check(b"\xf8\xff\xff\xff\x0f\x01", Ok(&[(MAX_NUMBER, Value::Varint(1))]));
    }

    #[test]
    fn what_does_not_add_up_is_told() {
        for (bytes, expected) in [
            (&b"\xff\xff\xff"[..], "at byte 3: the message is cut off"),
            (b"\x0a\x05demo", "at byte 2: the message is cut off"),
            (b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "at byte 11: the message is cut off"),
            (b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", "at byte 11: a number has more than 64 bits"),
            (
                b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
                "at byte 11: a number has more than 64 bits",
            ),
            (b"\x00\x01", "at byte 1: a field's number is none from 1 to 536,870,911"),
            (b"\x80\x80\x80\x80\x10\x01", "at byte 5: a field's number is none from 1 to 536,870,911"),
            (b"\x0c", "at byte 1: a group ends that did not begin"),
            (b"\x0b\x08\x01", "at byte 3: the message is cut off"),
            (b"\x0b\x14", "at byte 2: a group ends that did not begin"),
            (b"\x0e\x01", "at byte 1: a field is written in a way that there is none of"),
            (b"\x0b\x0f\x0c", "at byte 2: a field is written in a way that there is none of"),
            (&[0x0b; 200], "at byte 101: groups are nested too deep"),
        ] {
            check(bytes, Err(expected));
        }
    }

    #[test]
    fn what_is_written_is_what_is_read() {
        let fields = [
            (1, Value::Varint(0)),
            (2, Value::Varint(u64::MAX)),
            (15, Value::Bytes(b"")),
            (16, Value::Bytes(b"text")),
            (2047, Value::Fixed32(u32::MAX)),
            (2048, Value::Fixed64(1 << 63)),
            (MAX_NUMBER, Value::Group(b"\x08\x01")),
        ];
        let mut bytes = Vec::new();
        for (number, value) in fields {
            write(number, value, &mut bytes);
        }
        check(&bytes, Ok(&fields));
        for number in [0, -1, 1, -2, i64::MAX, i64::MIN] {
            assert_eq!(unzigzag(zigzag(number)), number);
        }
        assert_eq!([0, -1, 1, -2, 2].map(zigzag), [0, 1, 2, 3, 4]);
        let packed: Result<Vec<_>, _> = packed_varints(b"\x01\x96\x01").collect();
        assert_eq!(packed, Ok(vec![1, 150]));
        assert!(packed_varints(b"\x01\x96").any(|number| number.is_err()));
    }
}
