//! The keyboard, on one sheet; and the frame that all dialogs share.

use leptos::html;
use leptos::prelude::*;

use super::icon::{CROSS, Icon};
use crate::store::{Dialog, use_store};

const KEYS: [(&str, &str); 11] = [
    ("Ctrl Enter", "run, from anywhere (Cmd on a Mac)"),
    ("Ctrl .", "stop"),
    ("Ctrl S", "share, or download the workspace; in the window, save it (Ctrl Shift S: elsewhere)"),
    ("Ctrl O", "in the window: open a file"),
    ("Escape, then Tab", "leave an editor; Tab alone indents"),
    ("Ctrl F", "search in an editor"),
    ("Ctrl Space", "what can stand here, in an editor; Tab or Enter puts it in"),
    ("Ctrl Z, Ctrl Shift Z", "undo and redo typing, in an editor"),
    ("← →, Home, End", "move between tabs"),
    ("Tab", "move between the parts of the page"),
    ("?", "this sheet"),
];

/// The sheet.
#[component]
pub(super) fn Keys() -> impl IntoView {
    let row = |(keys, what): (&'static str, &'static str)| view! { <tr><th scope="row"><kbd>{keys}</kbd></th><td>{what}</td></tr> };
    view! {
        <Frame dialog=Dialog::Keys title="Keys">
            <table class="keys"><tbody>{KEYS.map(row).collect_view()}</tbody></table>
        </Frame>
    }
}

/// A dialog: modal, closed by Escape, its button, or a click beside it.
#[component]
pub(super) fn Frame(
    /// Which.
    dialog: Dialog,
    /// Its title, which is its name too.
    title: &'static str,
    /// What it holds.
    children: ChildrenFn,
) -> impl IntoView {
    let store = use_store();
    let node = NodeRef::<html::Dialog>::new();
    let is_open = Memo::new(move |_| store.dialog.get() == Some(dialog));
    Effect::new(move |_| {
        let open = is_open.get();
        let Some(node) = node.get() else { return };
        if open && !node.open() {
            // Fails only for a dialog that is not in the document.
            let _ = node.show_modal();
        } else if !open && node.open() {
            node.close();
        }
    });
    let closed = move |_| {
        if is_open.get_untracked() {
            store.dialog.set(None);
        }
    };
    let beside = move |event: leptos::ev::MouseEvent| {
        let on_itself = event.target() == event.current_target();
        if on_itself {
            store.dialog.set(None);
        }
    };
    view! {
        <dialog class="dialog" aria-label=title node_ref=node on:close=closed on:click=beside>
            <div class="dialog__box">
                <header><h2>{title}</h2>
                    <button type="button" class="row__act" aria-label="Close" on:click=move |_| store.dialog.set(None)><Icon path=CROSS/></button>
                </header>
                {move || is_open.get().then(|| children())}
            </div>
        </dialog>
    }
}
