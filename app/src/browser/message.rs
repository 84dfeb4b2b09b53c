//! Messages between page and worker: an object of JSON text and buffers that are transferred, not copied. The
//! texts that a message holds are one of the buffers.

use js_sys::{Array, Object, Reflect, Uint8Array, Uint32Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};

use crate::protocol::texts::{self, Texts};
use engine::json;

/// A message with its buffers.
pub(crate) struct Packet<T> {
    pub(crate) message: T,
    pub(crate) buffers: Vec<Uint8Array>,
}

/// What to post, and what to transfer with it. The buffers are given away.
pub(crate) fn write<T: Serialize + Texts>(mut message: T, buffers: Vec<Uint8Array>) -> (JsValue, JsValue) {
    let (bytes, lengths) = texts::take(&mut message);
    let text = json::write(&message);
    let (bytes, lengths) = (Uint8Array::from(bytes.as_slice()), Uint32Array::from(lengths.as_slice()));
    let data = Object::new();
    let list: Array = buffers.iter().collect();
    let transfer: Array = buffers.iter().chain([&bytes]).map(Uint8Array::buffer).collect();
    let parts = [
        ("text", text.into()),
        ("texts", bytes.into()),
        ("lengths", lengths.into()),
        ("buffers", list.into()),
    ];
    for (name, part) in parts {
        // Setting a property of a fresh object cannot fail.
        let _: Result<bool, JsValue> = Reflect::set(&data, &name.into(), &part);
    }
    (data.into(), transfer.into())
}

/// Reads what was posted; `None` for a message of another kind, which is passed over.
pub(crate) fn read<T: DeserializeOwned + Texts>(data: &JsValue) -> Option<Packet<T>> {
    let part = |name: &str| Reflect::get(data, &name.into()).ok();
    let mut message = json::read(&part("text")?.as_string()?).ok()?;
    let bytes: Uint8Array = part("texts")?.dyn_into().ok()?;
    let lengths: Uint32Array = part("lengths")?.dyn_into().ok()?;
    texts::put(&mut message, &bytes.to_vec(), &lengths.to_vec());
    let list: Array = part("buffers")?.dyn_into().ok()?;
    let buffers = list.iter().filter_map(|value| value.dyn_into().ok()).collect();
    Some(Packet { message, buffers })
}
