//! What a plugin may ask the dashboard. Each may be refused, and outside a dashboard everything is.

use serde_json::Value;

use crate::memory;

/// Gets what the API server has at a path, such as `/api/v1/pods`.
///
/// # Errors
/// When the dashboard refuses, or what it has is a `Status` that says why there is nothing.
pub fn get(path: &str) -> Result<Value, String> {
    let answer = read(path, calls::k8s_api_call(path))?;
    if answer.get("kind").and_then(Value::as_str) == Some("Status") {
        let message = answer.get("message").and_then(Value::as_str).unwrap_or_default();
        return Err(format!("{path}: {message}"));
    }
    Ok(answer)
}

/// The plugin's settings: an object by their names.
///
/// # Errors
/// When the dashboard gives none.
pub fn config() -> Result<Value, String> {
    read("the settings", calls::get_config())
}

/// What is stored under a key. What was never stored is null, or an empty object: dashboards differ.
///
/// # Errors
/// When the dashboard refuses, or what is stored is no JSON.
pub fn stored(key: &str) -> Result<Value, String> {
    read(key, calls::storage_get(key))
}

/// Stores a value under a key.
///
/// # Errors
/// When the dashboard refuses.
pub fn store(key: &str, value: &Value) -> Result<(), String> {
    match calls::storage_set(key, &value.to_string()) {
        1 => Ok(()),
        _ => Err(format!("{key}: the dashboard does not store it")),
    }
}

/// Writes a line to the dashboard's log.
pub fn log(message: &str) {
    calls::log(message);
}

/// The JSON at the address that a host function answered with.
fn read(what: &str, address: u32) -> Result<Value, String> {
    if address == 0 {
        return Err(format!("{what}: the dashboard gives no answer"));
    }
    let answer = memory::take(address as usize);
    serde_json::from_slice(&answer)
        .map_err(|error| format!("{what}: the dashboard's answer is no JSON: {error}"))
}

#[cfg(target_family = "wasm")]
mod calls {
    //! The imports. The host reads texts while it is called, and keeps no address.

    #![expect(unsafe_code, reason = "the host reads this module's memory")]

    #[link(wasm_import_module = "env")]
    unsafe extern "C" {
        fn host_k8s_api_call(path: *const u8, length: usize) -> u32;
        fn host_get_config(unused: u32) -> u32;
        fn host_storage_get(key: *const u8, length: usize) -> u32;
        fn host_storage_set(key: *const u8, key_length: usize, value: *const u8, value_length: usize) -> u32;
        fn host_log(message: *const u8, length: usize);
    }

    pub(super) fn k8s_api_call(path: &str) -> u32 {
        // SAFETY: as all of these, a text that lives until the call is over.
        unsafe { host_k8s_api_call(path.as_ptr(), path.len()) }
    }

    pub(super) fn get_config() -> u32 {
        unsafe { host_get_config(0) }
    }

    pub(super) fn storage_get(key: &str) -> u32 {
        unsafe { host_storage_get(key.as_ptr(), key.len()) }
    }

    pub(super) fn storage_set(key: &str, value: &str) -> u32 {
        unsafe { host_storage_set(key.as_ptr(), key.len(), value.as_ptr(), value.len()) }
    }

    pub(super) fn log(message: &str) {
        unsafe { host_log(message.as_ptr(), message.len()) }
    }
}

#[cfg(not(target_family = "wasm"))]
mod calls {
    //! Nobody is there to be asked.

    pub(super) fn k8s_api_call(_: &str) -> u32 {
        0
    }

    pub(super) fn get_config() -> u32 {
        0
    }

    pub(super) fn storage_get(_: &str) -> u32 {
        0
    }

    pub(super) fn storage_set(_: &str, _: &str) -> u32 {
        0
    }

    pub(super) fn log(_: &str) {}
}
