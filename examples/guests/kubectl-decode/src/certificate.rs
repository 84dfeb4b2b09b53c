//! For whom a certificate is and until when, out of its DER. It verifies nothing, and reads nothing else.

/// Tags of DER.
const INTEGER: u8 = 0x02;
const OID: u8 = 0x06;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const VERSION: u8 = 0xa0;

/// The attribute `commonName`, 2.5.4.3.
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];

/// A certificate in words.
pub(crate) fn describe(der: &[u8]) -> String {
    match read(der) {
        Some((name, until)) => format!("certificate of {name}, until {until}, {} bytes", der.len()),
        None => format!("certificate of {} bytes that cannot be read", der.len()),
    }
}

/// The name of its subject, and the day of its end.
fn read(der: &[u8]) -> Option<(String, String)> {
    let mut whole = Reader(der).enter(SEQUENCE)?.enter(SEQUENCE)?;
    if whole.0.first() == Some(&VERSION) {
        whole.next(VERSION)?;
    }
    whole.next(INTEGER)?;
    let _algorithm = whole.next(SEQUENCE)?;
    let _issuer = whole.next(SEQUENCE)?;
    let mut validity = whole.enter(SEQUENCE)?;
    validity.any()?;
    let until = day(validity.any()?)?;
    let subject = whole.enter(SEQUENCE)?;
    Some((common_name(subject).unwrap_or_else(|| "nobody".to_owned()), until))
}

/// The first common name of a list of names.
fn common_name(mut names: Reader<'_>) -> Option<String> {
    loop {
        let mut attribute = names.enter(SET)?.enter(SEQUENCE)?;
        if attribute.next(OID)? == COMMON_NAME {
            let (_, name) = attribute.any()?;
            return Some(String::from_utf8_lossy(name).into_owned());
        }
    }
}

/// A day as `2027-01-31`. Years of two digits are those from 1950 to 2049.
fn day((tag, time): (u8, &[u8])) -> Option<String> {
    let time = std::str::from_utf8(time).ok().filter(|time| time.is_ascii())?;
    let (year, rest) = match tag {
        UTC_TIME => {
            let (year, rest) = time.split_at_checked(2)?;
            (format!("{}{year}", if year < "50" { "20" } else { "19" }), rest)
        }
        GENERALIZED_TIME => {
            let (year, rest) = time.split_at_checked(4)?;
            (year.to_owned(), rest)
        }
        _ => return None,
    };
    Some(format!("{year}-{}-{}", rest.get(..2)?, rest.get(2..4)?))
}

/// Elements of DER, one after the other.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// The tag and the content of the next element.
    fn any(&mut self) -> Option<(u8, &'a [u8])> {
        let (&tag, rest) = self.0.split_first()?;
        let (&first, mut rest) = rest.split_first()?;
        let mut length = usize::from(first);
        if first >= 0x80 {
            let (bytes, after) = rest.split_at_checked(usize::from(first & 0x7f))?;
            length = bytes
                .iter()
                .try_fold(0_usize, |length, byte| Some(length.checked_mul(256)? + usize::from(*byte)))?;
            rest = after;
        }
        let (content, after) = rest.split_at_checked(length)?;
        self.0 = after;
        Some((tag, content))
    }

    /// The content of the next element, which must have a tag.
    fn next(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.any().filter(|(found, _)| *found == tag).map(|(_, content)| content)
    }

    /// The elements inside of the next one.
    fn enter(&mut self, tag: u8) -> Option<Reader<'a>> {
        self.next(tag).map(Reader)
    }
}
