//! Translates WebAssembly text: a program of its own, which the worker loads when somebody brings text. It runs
//! nothing.

use engine::module::to_binary;
use wasm_bindgen::prelude::*;

fn main() {}

/// The binary of a module's text; anything else as it is.
///
/// # Errors
/// An array of two sentences: what is wrong and where, and the way out.
#[wasm_bindgen]
pub fn translate(input: &[u8]) -> Result<Vec<u8>, JsValue> {
    to_binary(input)
        .map_err(|error| js_sys::Array::of2(&error.to_string().into(), &error.hint().into()).into())
}
