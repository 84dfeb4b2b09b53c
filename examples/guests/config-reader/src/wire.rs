//! How go-plugin calls: messages go by address and size, answers come as both in one number, and bit 31 of the size says
//! that the answer is an error.
//!
//! All that is unsafe is here. Answers are given away: a host that frees them may, and one that does not leaks them.

#![expect(unsafe_code, reason = "the host and this module read each other's messages in its memory")]

use prost::Message;

use crate::message::{GetReply, GetRequest};

/// The bit of the size that marks an error.
const ERROR: u64 = 1 << 31;

/// Answers a call. A request that cannot be read is answered with nothing, as plugins in Go do it.
pub(crate) fn serve<Q: Message + Default, R: Message>(
    address: *const u8,
    length: usize,
    method: impl FnOnce(Q) -> Result<R, String>,
) -> u64 {
    let request: &[u8] = match length {
        0 => &[],
        // SAFETY: the host has put a message of this length there, and frees it after the call.
        _ => unsafe { std::slice::from_raw_parts(address, length) },
    };
    let Ok(request) = Q::decode(request) else { return 0 };
    match method(request) {
        Ok(reply) => give(&reply.encode_to_vec()),
        Err(reason) => give(reason.as_bytes()) | ERROR,
    }
}

/// Gives bytes to the host: the address in the high half, the size in the low one. No bytes are 0.
fn give(bytes: &[u8]) -> u64 {
    if bytes.is_empty() {
        return 0;
    }
    let given = Box::leak(Box::<[u8]>::from(bytes));
    (given.as_ptr().addr() as u64) << 32 | given.len() as u64
}

/// `Proxy.Get` of wasm-k8s-host-proxy. Where the object is not to be had, the host ends the call, and this never returns.
#[cfg(target_family = "wasm")]
pub(crate) fn kubernetes_get(asked: &GetRequest) -> Result<GetReply, String> {
    #[link(wasm_import_module = "kubernetes")]
    unsafe extern "C" {
        fn get(address: *const u8, length: usize) -> u64;
    }
    let request = asked.encode_to_vec();
    // SAFETY: the request lives until the call is over.
    let packed = unsafe { get(request.as_ptr(), request.len()) };
    let (address, length) = ((packed >> 32) as usize, packed as u32 as usize);
    if length == 0 {
        return Ok(GetReply::default());
    }
    // SAFETY: the host has allocated it with `malloc`, which is what stands behind a Vec of bytes on this target.
    let reply = unsafe { Vec::from_raw_parts(address as *mut u8, length, length) };
    GetReply::decode(reply.as_slice()).map_err(|error| format!("the host's answer cannot be read: {error}"))
}

/// Outside a host there is no cluster.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn kubernetes_get(_: &GetRequest) -> Result<GetReply, String> {
    Err("there is no host here to ask".to_owned())
}
