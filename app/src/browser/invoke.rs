//! The only way out of the page to the window around it, where there is one: a command with bytes, and a channel
//! on which the window speaks meanwhile.

use js_sys::{Object, Reflect, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

use crate::protocol::WireError;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["window", "__TAURI__", "core"], catch)]
    async fn invoke(command: &str, body: Uint8Array, options: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = ["window", "__TAURI__", "core"])]
    type Channel;
    #[wasm_bindgen(constructor, js_namespace = ["window", "__TAURI__", "core"])]
    fn new(hear: &Closure<dyn FnMut(String)>) -> Channel;
    #[wasm_bindgen(method, getter)]
    fn id(this: &Channel) -> u32;
}

/// The one command of the window.
const COMMAND: &str = "ask";

/// Whether the page stands in a window that answers.
pub(crate) fn is_window() -> bool {
    web_sys::window().is_some_and(|window| Reflect::has(&window, &"__TAURI__".into()).unwrap_or(false))
}

/// Asks the window; gives the answer's bytes. `hear` is called for what is said before the answer.
pub(crate) async fn ask(bytes: &[u8], hear: Option<Box<dyn FnMut(String)>>) -> Result<Vec<u8>, WireError> {
    let listener = hear.map(Closure::wrap);
    let channel = listener.as_ref().map(Channel::new);
    let headers = Object::new();
    if let Some(channel) = &channel {
        // Setting a property of a fresh object cannot fail.
        let _ = Reflect::set(&headers, &"channel".into(), &format!("__CHANNEL__:{}", channel.id()).into());
    }
    let options = Object::new();
    let _ = Reflect::set(&options, &"headers".into(), &headers);
    let answer = invoke(COMMAND, Uint8Array::from(bytes), &options).await.map_err(|error| wrong(&error))?;
    Ok(Uint8Array::new(&answer).to_vec())
}

/// An error of the window, which is one of ours unless the window itself refused.
fn wrong(error: &JsValue) -> WireError {
    let text = js_sys::JSON::stringify(error).map(String::from).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_else(|_| {
        let cause = error.as_string().or_else(|| error.dyn_ref::<js_sys::Error>()?.message().as_string());
        let cause = cause.unwrap_or(text);
        WireError::new(format!("the window did not answer: {cause}"), "start it again")
    })
}
