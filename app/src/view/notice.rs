//! A sentence for the person, until the next one or until it is closed.

use leptos::prelude::*;

use super::icon::{CROSS, Icon};
use crate::store::use_store;
use crate::visible::sentence;

/// The notice.
#[component]
pub(super) fn Notice() -> impl IntoView {
    let store = use_store();
    view! {
        <div class="notice" role="alert" aria-label="Notice" hidden=move || store.notice.with(Option::is_none)>
            <p>{move || store.notice.get().map(|notice| {
                let hint = notice.hint.map(|hint| format!(" {}", sentence(&hint))).unwrap_or_default();
                format!("{}{hint}", sentence(&notice.message))
            })}</p>
            <button type="button" class="row__act" aria-label="Close the notice" on:click=move |_| store.notice.set(None)><Icon path=CROSS size=14/></button>
        </div>
    }
}
