//! A clock that never jumps, in a page and in a worker alike.

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// Milliseconds since some moment: `performance.now()`.
pub(crate) fn now() -> f64 {
    let read = || -> Option<f64> {
        let performance = Reflect::get(&js_sys::global(), &"performance".into()).ok()?;
        let now: Function = Reflect::get(&performance, &"now".into()).ok()?.dyn_into().ok()?;
        now.call0(&performance).ok()?.as_f64()
    };
    read().unwrap_or_else(|| JsValue::from(js_sys::Date::now()).as_f64().unwrap_or_default())
}
