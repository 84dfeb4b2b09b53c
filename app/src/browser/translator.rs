//! The translator of WebAssembly text, loaded when the first text comes.

use engine::module::is_text;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;

use crate::protocol::WireError;

#[wasm_bindgen(inline_js = "
let loaded;
export const translate = async (bytes) => {
  loaded ??= import(new URL('translator.js', self.location.href).href).then(async (m) => { await m.default(); return m; });
  return (await loaded).translate(bytes);
};")]
extern "C" {
    #[wasm_bindgen(catch)]
    async fn translate(bytes: Uint8Array) -> Result<JsValue, JsValue>;
}

/// The binary of a module that may be text.
pub(crate) async fn binary(bytes: Vec<u8>) -> Result<Vec<u8>, WireError> {
    if !is_text(&bytes) {
        return Ok(bytes);
    }
    let wrong = |error: JsValue| match error.dyn_into::<Array>() {
        Ok(sentences) => {
            let sentence = |index| sentences.get(index).as_string().unwrap_or_default();
            WireError::new(sentence(0), &sentence(1))
        }
        Err(_) => WireError::new(
            "the translator of WebAssembly text could not be loaded",
            "reload the page, or open a binary",
        ),
    };
    let binary = translate(Uint8Array::from(bytes.as_slice())).await.map_err(wrong)?;
    Ok(Uint8Array::new(&binary).to_vec())
}
