//! Messages between page and worker: an object of JSON text and buffers that are transferred, not copied.

use js_sys::{Array, Object, Reflect, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};

/// A message with its buffers.
pub(crate) struct Packet<T> {
    pub(crate) message: T,
    pub(crate) buffers: Vec<Uint8Array>,
}

/// What to post, and what to transfer with it. The buffers are given away.
pub(crate) fn write<T: Serialize>(message: &T, buffers: Vec<Uint8Array>) -> (JsValue, JsValue) {
    let text = serde_json::to_string(message).unwrap_or_default();
    let data = Object::new();
    let list: Array = buffers.iter().collect();
    let transfer: Array = buffers.iter().map(Uint8Array::buffer).collect();
    // Setting a property of a fresh object cannot fail.
    let _ = Reflect::set(&data, &"text".into(), &text.into());
    let _ = Reflect::set(&data, &"buffers".into(), &list);
    (data.into(), transfer.into())
}

/// Reads what was posted; `None` for a message of another kind, which is passed over.
pub(crate) fn read<T: DeserializeOwned>(data: &JsValue) -> Option<Packet<T>> {
    let text = Reflect::get(data, &"text".into()).ok()?.as_string()?;
    let message = serde_json::from_str(&text).ok()?;
    let list: Array = Reflect::get(data, &"buffers".into()).ok()?.dyn_into().ok()?;
    let buffers = list.iter().filter_map(|value| value.dyn_into().ok()).collect();
    Some(Packet { message, buffers })
}
