//! Light or dark, on the document's root, where the tokens read it.

use gloo::events::EventListener;
use web_sys::MediaQueryList;

fn system() -> Option<MediaQueryList> {
    web_sys::window()?.match_media("(prefers-color-scheme: dark)").ok().flatten()
}

/// Whether the system prefers dark.
pub(crate) fn system_is_dark() -> bool {
    system().is_some_and(|query| query.matches())
}

/// Calls back when the system's preference changes. For the page's whole life.
pub(crate) fn on_system_change(call: impl Fn(bool) + 'static) {
    if let Some(query) = system() {
        let asked = query.clone();
        EventListener::new(&query, "change", move |_| call(asked.matches())).forget();
    }
}

/// Shows a theme.
pub(crate) fn show(dark: bool) {
    let root = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.document_element());
    if let Some(root) = root {
        let _ = root.set_attribute("data-theme", if dark { "dark" } else { "light" });
    }
}
