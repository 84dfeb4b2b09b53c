//! Writes WebAssembly binaries byte by byte, also such as no tool would write.
//!
//! Checks nothing: to be wrong is what these modules are for.

/// The header of a core module.
pub(crate) const HEADER: &[u8] = b"\0asm\x01\0\0\0";

/// Numbers of sections.
pub(crate) const TYPE: u8 = 1;
pub(crate) const IMPORT: u8 = 2;
pub(crate) const FUNCTION: u8 = 3;
pub(crate) const TABLE: u8 = 4;
pub(crate) const MEMORY: u8 = 5;
pub(crate) const GLOBAL: u8 = 6;
pub(crate) const EXPORT: u8 = 7;
pub(crate) const ELEMENT: u8 = 9;
pub(crate) const CODE: u8 = 10;
pub(crate) const DATA: u8 = 11;

/// A module of these sections.
pub(crate) fn module(sections: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = HEADER.to_vec();
    sections.iter().for_each(|section| bytes.extend_from_slice(section));
    bytes
}

/// A section with its length.
pub(crate) fn section(id: u8, body: &[u8]) -> Vec<u8> {
    [&[id], leb(body.len() as u64).as_slice(), body].concat()
}

/// A section that claims a count of entries and holds these bytes.
pub(crate) fn counted(id: u8, count: u64, entries: &[u8]) -> Vec<u8> {
    section(id, &[leb(count).as_slice(), entries].concat())
}

/// A name with its length.
pub(crate) fn name(text: &[u8]) -> Vec<u8> {
    [leb(text.len() as u64).as_slice(), text].concat()
}

/// An unsigned number in LEB128.
pub(crate) fn leb(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = (number & 0x7F) as u8;
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

/// A module whose `_start` has these locals and this body, `end` not included.
pub(crate) fn start_with(locals: &[u8], body: &[u8]) -> Vec<u8> {
    let code = [locals, body, &[0x0B]].concat();
    module(&[
        counted(TYPE, 1, &[0x60, 0, 0]),
        counted(FUNCTION, 1, &[0]),
        counted(EXPORT, 1, &[name(b"_start"), vec![0, 0]].concat()),
        counted(CODE, 1, &[leb(code.len() as u64), code].concat()),
    ])
}
