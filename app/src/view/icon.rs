//! The page's few pictures: paths in the document, drawn in the colour of the text around them.

use leptos::prelude::*;

/// The ship in its dock.
pub(super) const DOCK: &str =
    "M3 14h18l-2.5 5.5a2 2 0 0 1-1.8 1.2H7.3a2 2 0 0 1-1.8-1.2zM12 14V4M8 8h8M4 10v4M20 10v4";
/// Good.
pub(super) const CHECK: &str = "M4 12.5l5 5L20 6.5";
/// Bad, and close.
pub(super) const CROSS: &str = "M6 6l12 12M18 6L6 18";
/// Stopped.
pub(super) const HAND: &str = "M12 7v6M12 17v.01M4.5 19h15L12 5z";
/// Nothing yet.
pub(super) const DOT: &str = "M12 11v2";
/// Undo.
pub(super) const UNDO: &str = "M9 7L4 12l5 5M4 12h10a6 6 0 0 1 6 6";
/// Redo.
pub(super) const REDO: &str = "M15 7l5 5-5 5M20 12H10a6 6 0 0 0-6 6";
/// The sun.
pub(super) const SUN: &str = "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6L19 19M19 5l-1.4 1.4M6.4 17.6L5 19";
/// The moon.
pub(super) const MOON: &str = "M20 14.5A8 8 0 0 1 9.5 4a8 8 0 1 0 10.5 10.5z";
/// The list on the left.
pub(super) const LIST: &str = "M4 6h16M4 12h16M4 18h16";

/// A picture without a name of its own: what it stands beside says it.
#[component]
pub(super) fn Icon(
    /// The path, on a field of 24 by 24.
    path: &'static str,
    /// Its size in CSS pixels.
    #[prop(default = 16)]
    size: u32,
) -> impl IntoView {
    view! {
        <svg width=size height=size viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"
            stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
            <path d=path/>
        </svg>
    }
}
