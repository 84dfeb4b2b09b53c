//! The address's fragment: what should be shareable stands there, and never reaches a server.

use gloo::events::EventListener;

/// The fragment without `#`.
pub(crate) fn read() -> String {
    let hash = web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default();
    hash.trim_start_matches('#').to_owned()
}

/// Replaces the fragment without a new entry in the history and without an event.
pub(crate) fn replace(fragment: &str) {
    if let Some(history) = web_sys::window().and_then(|window| window.history().ok()) {
        let _ =
            history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&format!("#{fragment}")));
    }
}

/// The whole address with another fragment.
pub(crate) fn address(fragment: &str) -> String {
    let href = web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    let base = href.split('#').next().unwrap_or_default();
    if fragment.is_empty() { base.to_owned() } else { format!("{base}#{fragment}") }
}

/// Calls back when the person follows a link or edits the address. For the page's whole life.
pub(crate) fn on_change(call: impl Fn(String) + 'static) {
    if let Some(window) = web_sys::window() {
        EventListener::new(&window, "hashchange", move |_| call(read())).forget();
    }
}
