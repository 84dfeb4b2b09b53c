//! Tabs by the ARIA pattern: arrow keys move, one tab stop for all.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

/// A tab: its value, its name, and a count beside the name (empty: none).
pub(super) type Tab<T> = (T, &'static str, Signal<String>);

/// A row of tabs. The panel of each is labelled by it: `tab-NAME` and `panel-NAME`, in lower case.
#[component]
pub(super) fn Tabs<T>(
    /// What the tabs choose, for those who do not see them.
    label: &'static str,
    /// The tabs.
    tabs: Vec<Tab<T>>,
    /// The one that is chosen.
    selected: RwSignal<T>,
    /// The class of the row.
    #[prop(default = "tabs")]
    class: &'static str,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let values: Vec<T> = tabs.iter().map(|tab| tab.0).collect();
    let keydown = move |event: KeyboardEvent| {
        let now = values.iter().position(|value| *value == selected.get_untracked()).unwrap_or(0);
        let last = values.len().saturating_sub(1);
        let next = match event.key().as_str() {
            "ArrowRight" if now == last => 0,
            "ArrowRight" => now + 1,
            "ArrowLeft" if now == 0 => last,
            "ArrowLeft" => now - 1,
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        if let Some(value) = values.get(next) {
            selected.set(*value);
        }
        focus(&event, next);
    };
    let buttons = tabs.into_iter().map(|(value, name, count)| {
        let chosen = move || selected.get() == value;
        let key = name.to_ascii_lowercase();
        view! {
            <button type="button" role="tab" id=format!("tab-{key}") aria-controls=format!("panel-{key}") aria-label=name
                aria-selected=move || chosen().to_string() tabindex=move || if chosen() { "0" } else { "-1" }
                on:click=move |_| selected.set(value)>
                {name}
                <span class="count" data-count=count></span>
            </button>
        }
    });
    view! { <div class=class role="tablist" aria-label=label on:keydown=keydown>{buttons.collect_view()}</div> }
}

fn focus(event: &KeyboardEvent, index: usize) {
    let row = event.current_target().and_then(|row| row.dyn_into::<HtmlElement>().ok());
    let tab = row.and_then(|row| row.children().item(u32::try_from(index).ok()?));
    if let Some(tab) = tab.and_then(|tab| tab.dyn_into::<HtmlElement>().ok()) {
        let _ = tab.focus();
    }
}
