//! The import module `wasi-outbound-http` in krew-wasm's form: 14 numbers for `request`, 15 for
//! `register-request-config`. It is the canonical ABI of an early wit-bindgen, written out by hand.
//!
//! All that is unsafe is here; the rest of the crate sees bytes and texts.

#![expect(
    unsafe_code,
    reason = "the host reads and writes this program's memory, and calls an export by its name"
)]

use std::alloc::{Layout, alloc, realloc};
use std::ptr;

use crate::http::{Config, Request, Response};

#[link(wasm_import_module = "wasi-outbound-http")]
unsafe extern "C" {
    #[link_name = "request"]
    fn request(
        method: u32,
        url: *const u8,
        url_len: usize,
        headers: *const Pair,
        header_count: usize,
        params: *const Pair,
        param_count: usize,
        has_body: u32,
        body: *const u8,
        body_len: usize,
        has_config: u32,
        config: *const u8,
        config_len: usize,
        area: *mut u64,
    );

    #[link_name = "register-request-config"]
    fn register_request_config(
        accept_invalid_hostnames: u32,
        accept_invalid_certificates: u32,
        certificates: *const Certificate,
        certificate_count: usize,
        has_identity: u32,
        key: *const u8,
        key_len: usize,
        cert: *const u8,
        cert_len: usize,
        authority: *const u8,
        authority_len: usize,
        has_id: u32,
        id: *const u8,
        id_len: usize,
        area: *mut u64,
    );
}

/// A list of bytes in memory, as elements of lists hold it.
#[repr(C)]
struct Slice {
    at: *mut u8,
    len: usize,
}

impl Slice {
    /// What the host only reads.
    fn of(bytes: &[u8]) -> Self {
        Self { at: bytes.as_ptr().cast_mut(), len: bytes.len() }
    }
}

/// An element of a list of headers.
#[repr(C)]
struct Pair {
    name: Slice,
    value: Slice,
}

/// An element of a list of certificates.
#[repr(C)]
struct Certificate {
    encoding: u8,
    data: Slice,
}

/// The tag of a certificate in PEM.
const PEM: u8 = 1;

/// Where the host writes an answer: number k of it at eight times k bytes, in the low half.
#[repr(C, align(8))]
struct Area([u64; 8]);

impl Area {
    fn new() -> Self {
        Self([0; 8])
    }

    fn number(&self, index: usize) -> usize {
        self.0.get(index).map_or(0, |slot| *slot as u32 as usize)
    }

    /// The list of bytes whose address and length stand at `index` and behind it.
    ///
    /// # Safety
    /// The host must have put it there, and it must be taken once.
    unsafe fn take_bytes(&self, index: usize) -> Vec<u8> {
        unsafe { take(self.number(index) as *mut u8, self.number(index + 1)) }
    }
}

/// Makes what the host allocated this program's own.
///
/// # Safety
/// `at` must come from [`canonical_abi_realloc`] for `len` elements, and must be taken once.
unsafe fn take<T>(at: *mut T, len: usize) -> Vec<T> {
    if len == 0 {
        return Vec::new();
    }
    unsafe { Vec::from_raw_parts(at, len, len) }
}

/// Sends a request. `Err` holds the number of the error.
pub(crate) fn send(asked: &Request<'_>) -> Result<Response, usize> {
    let headers: Vec<Pair> = asked
        .headers
        .iter()
        .map(|(name, value)| Pair { name: Slice::of(name.as_bytes()), value: Slice::of(value.as_bytes()) })
        .collect();
    let config = Slice::of(asked.config.unwrap_or_default().as_bytes());
    let mut area = Area::new();
    // SAFETY: all that is pointed to lives until the call is over, and the area has the size of an answer.
    unsafe {
        request(
            asked.method,
            asked.url.as_ptr(),
            asked.url.len(),
            headers.as_ptr(),
            headers.len(),
            ptr::null(),
            0,
            1,
            asked.body.as_ptr(),
            asked.body.len(),
            u32::from(asked.config.is_some()),
            config.at,
            config.len,
            area.0.as_mut_ptr(),
        );
    }
    if area.number(0) != 0 {
        return Err(area.number(1));
    }
    // SAFETY: where the tags of headers and body say that there are any, the host has made them with the export below.
    unsafe {
        if area.number(2) == 1 {
            for Pair { name, value } in take(area.number(3) as *mut Pair, area.number(4)) {
                drop((take(name.at, name.len), take(value.at, value.len)));
            }
        }
        let body = if area.number(5) == 1 { area.take_bytes(6) } else { Vec::new() };
        Ok(Response { status: area.number(1) as u16, body })
    }
}

/// Registers how connections are made. `Err` holds the number of the error.
pub(crate) fn register(config: &Config) -> Result<String, usize> {
    let certificates: Vec<Certificate> =
        config.authority.iter().map(|pem| Certificate { encoding: PEM, data: Slice::of(pem) }).collect();
    let identity = config.identity.as_ref();
    let key = Slice::of(identity.map_or(&[], |identity| &identity.key));
    let certificate = Slice::of(identity.map_or(&[], |identity| &identity.certificate));
    let authority = Slice::of(config.authority.as_deref().unwrap_or_default());
    let mut area = Area::new();
    // SAFETY: as in `send`.
    unsafe {
        register_request_config(
            0,
            u32::from(config.insecure),
            certificates.as_ptr(),
            certificates.len(),
            u32::from(identity.is_some()),
            key.at,
            key.len,
            certificate.at,
            certificate.len,
            authority.at,
            authority.len,
            0,
            ptr::null(),
            0,
            area.0.as_mut_ptr(),
        );
    }
    if area.number(0) != 0 {
        return Err(area.number(1));
    }
    // SAFETY: an id is there when there is no error.
    let id = unsafe { area.take_bytes(1) };
    Ok(String::from_utf8_lossy(&id).into_owned())
}

/// Makes room for an answer: the host calls it while it is being asked.
///
/// # Safety
/// `old` must be null with a size of 0, or what this function returned for that size and alignment.
#[unsafe(no_mangle)]
unsafe extern "C" fn canonical_abi_realloc(
    old: *mut u8,
    old_size: usize,
    align: usize,
    size: usize,
) -> *mut u8 {
    if size == 0 {
        // Nothing is ever read there, but an address of 0 is none.
        return ptr::without_provenance_mut(align);
    }
    let Ok(layout) = Layout::from_size_align(if old_size == 0 { size } else { old_size }, align) else {
        return ptr::null_mut();
    };
    // SAFETY: sizes are not 0, and the layout of what is enlarged is the one that it was made with.
    unsafe { if old_size == 0 { alloc(layout) } else { realloc(old, layout, size) } }
}
