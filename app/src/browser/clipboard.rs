//! Puts text on the clipboard.

use wasm_bindgen_futures::JsFuture;

/// Whether it worked: browsers refuse without a click, and on pages that are not secure.
pub(crate) async fn write(text: &str) -> bool {
    let Some(window) = web_sys::window() else { return false };
    JsFuture::from(window.navigator().clipboard().write_text(text)).await.is_ok()
}
